"""S4, no duplicate effect: an event of the server stands in a page's list once at most, and what is counted (points and
rounds) is never more than the server counted up to the event that the page shows."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from proxy_addons.harness.judge.episodes import at, episodes
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.run import Look, Run
from proxy_addons.harness.judge.states import States, number_in, states_of
from proxy_addons.records import TruthTold

_COUNTED = ("home", "away", "round")
_WITH_TIME = re.compile(r"\d?\d:\d\d:\d\d")
_SAME_SECOND_S = 1.1


class _Often(NamedTuple):
    """How many events that may look alike there are, at most."""

    in_a_second: int
    ever: int


def find(run: Run, limits: Limits) -> list[Difference]:  # noqa: ARG001 - it knows no bounds
    states = states_of(run)
    pages = [[look for look in run.looks_of(page) if _is_at_risk(states, look)] for page in run.pages]
    if not any(pages):
        raise Undecided("no page shows events or counts of an epoch of which the truth is known")
    often = _often_alike([told for _, told in run.truth])
    return [found for page in pages for found in episodes(run, _judged(run, states, often, page))]


def _is_at_risk(states: States, look: Look) -> bool:
    place = look.place
    return place is not None and states.knows(place[0])


def _judged(run: Run, states: States, often: _Often, looks: list[Look]) -> Iterable[tuple[float, Difference | None]]:
    before: tuple[object, str | None] = (None, None)
    for look in looks:
        shows = (look.place, look.record.items, *(look.mark(name) for name in _COUNTED))
        words = before[1] if before[0] == shows else _twice(states, often, look)
        before = (shows, words)
        yield look.t, _difference(run, look, words) if words else None


def _difference(run: Run, look: Look, words: str) -> Difference:
    return Difference(look.t, f"page {look.page} {at(run, look.t)} {words}", look.number, look.number)


def _twice(states: States, often: _Often, look: Look) -> str | None:
    """What it shows more than once, in words."""
    place = look.place
    if place is None:
        return None
    last = states.last(*place)
    for name in _COUNTED:
        shown = look.number_of(name)
        counted = number_in(last, name) if last is not None and last.seq == place[1] else None
        if shown is not None and counted is not None and shown > counted:
            return f"shows {name} {shown:.0f} at event {place[1]}; the server had counted {counted:.0f}"
    for item, entries in Counter(look.record.items).items():
        most = often.in_a_second if _WITH_TIME.search(item) else often.ever
        if entries > most:
            return f"lists {item!r} {entries} times; no event that looks like this came more than {most} times"
    if len(look.record.items) > place[1]:
        return f"lists {len(look.record.items)} events at event {place[1]}; there can't be more than that"
    return None


def _note(told: TruthTold) -> str:
    text = told.state.get("text")
    return text if isinstance(text, str) else ""


def _often_alike(log: list[TruthTold]) -> _Often:
    times: dict[object, list[float]] = {}
    for told in log:
        times.setdefault((told.name, _note(told), told.state.get("round")), []).append(told.t)
    most = 1
    for each in times.values():
        begin = 0
        for end, t in enumerate(each):
            while t - each[begin] > _SAME_SECOND_S:
                begin += 1
            most = max(most, end - begin + 1)
    return _Often(most, max(map(len, times.values()), default=1))


CHECK = Check(id="S4", title="No event takes effect twice", find=find, needs=frozenset({"display", "truth", "cursor"}))
