"""The lives of pages, and how long a client has something to do."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from proxy_addons.harness.judge.once import once
from proxy_addons.harness.judge.run import Look, Run
from proxy_addons.records import PageClosed, PageOpened

OVERLAP_S = 0.5
"""A page that is loaded again ends at about the time at which the next life begins."""
TERMINAL = "terminal"
"""What the mark `connection` says when the page has given up for good and says so."""


CROWDED = "several pages were open at once, and nobody can tell whose request is whose"


@dataclass(frozen=True, eq=False)
class Life:
    """A page from its opening, or a reload, to its end or the next reload."""

    page: str
    client: str | None
    """Which client it is; None: nobody can tell."""
    begin: float
    end: float
    """That of the run, if it outlived it."""
    looks: tuple[Look, ...]

    @cached_property
    def given_up_at(self) -> float | None:
        """From when on it says that it has given up for good."""
        since = None
        for look in self.looks:
            if look.mark("connection") != TERMINAL:
                since = None
            elif since is None:
                since = look.t
        return since

    @property
    def acts_until(self) -> float:
        """How long anything can be asked of it."""
        given_up = self.given_up_at
        return self.end if given_up is None else given_up

    def look_at(self, t: float) -> Look | None:
        """What it displayed then."""
        place = bisect_right(self.looks, t, key=lambda look: look.t)
        return self.looks[place - 1] if place else None

    def looks_between(self, begin: float, end: float) -> tuple[Look, ...]:
        """All it displayed from one time to another, both included."""
        first = bisect_left(self.looks, begin, key=lambda look: look.t)
        return self.looks[first : bisect_right(self.looks, end, key=lambda look: look.t)]


@once
def lives_of(run: Run) -> list[Life]:
    """The lives of all pages, in the order of their pages; worked out once."""
    opened = [record.page for _, record in run.of(PageOpened)]
    spans = [(page, begin, end) for page in dict.fromkeys([*opened, *run.pages]) for begin, end in _spans_of(run, page)]
    return [_life(run, page, begin, end, len(spans)) for page, begin, end in spans]


@once
def is_crowded(run: Run) -> bool:
    """Whether several pages were open at once and nobody can tell their requests apart."""
    if "attempts" in run.contract.offers:
        return False
    lives = sorted(lives_of(run), key=lambda life: life.begin)
    return any(then.begin + OVERLAP_S < before.end for before, then in pairwise(lives))


def clients_until(run: Run, lives: list[Life]) -> dict[str, float]:
    """Each client, and until when anything can be asked of it; where its page is not known, the earliest end of those
    that may be it, and without any page that of the run."""
    return {client: _until(run, client, lives) for client in run.clients}


def _spans_of(run: Run, page: str) -> list[tuple[float, float]]:
    begins = sorted(record.t for _, record in run.of(PageOpened) if record.page == page) or [run.start]
    ends = sorted([*(record.t for _, record in run.of(PageClosed) if record.page == page), *begins[1:], run.end])
    return [(begin, next((end for end in ends if end > begin), run.end)) for begin in begins]


def _life(run: Run, page: str, begin: float, end: float, lives: int) -> Life:
    looks = tuple(look for look in run.looks_of(page) if begin <= look.t < end or look.t == end == run.end)
    named = next((name for look in looks if (name := look.mark("client"))), None)
    alone = run.clients[0] if lives == 1 and len(run.clients) == 1 else None
    return Life(page, named or alone, begin, end, looks)


def _until(run: Run, client: str, lives: list[Life]) -> float:
    own = [life for life in lives if life.client == client]
    if not own:
        first = run.channels(client)[0].t
        own = [life for life in lives if life.client is None and life.begin <= first <= life.end]
    return min((life.acts_until for life in own), default=run.end)
