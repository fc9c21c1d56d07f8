"""S22: within 1 s of the end of a page (closed, or left by a navigation) none of its channels is open, and no later
request bears the name of its client.

A page that comes back out of the browser's cache lives on: what it asks for then is its right. Where a rule holds the
bytes of a connection, the proxy does not see its end, and nothing is said of it.
"""

from collections.abc import Iterator

from proxy_addons.harness.judge.attempts import is_held
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import Life, lives_of
from proxy_addons.harness.judge.run import Exchange, Run
from proxy_addons.records import PageClosed, PageLooked, PageOpened

SOON_S = 1.0


def find(run: Run, limits: Limits) -> list[Difference]:
    """What outlived its page."""
    found: list[Difference] = []
    decided = False
    for life in lives_of(run):
        ended = _ended(run, life)
        if ended is None or life.client is None:
            continue
        number, t = ended
        until = _back(run, life, t)
        bound = t + SOON_S + limits.slow_s + limits.clock_error_s
        if bound <= min(until, run.end):
            decided = True
            found += _outliving(run, life, number, (t, bound, until))
    if not decided:
        raise Undecided("no page ended while the record went on for long enough")
    return found


def _ended(run: Run, life: Life) -> tuple[int, float] | None:
    """The record that ends a life."""
    ends = [
        (number, record.t)
        for number, record in run.of(PageClosed) + run.of(PageOpened)
        if isinstance(record, PageClosed | PageOpened) and record.page == life.page and record.t == life.end
    ]
    return ends[0] if ends else None


def _back(run: Run, life: Life, t: float) -> float:
    """When the page shows something again without having been opened anew; the end of the run, if never."""
    opened = next((number for number, each in run.of(PageOpened) if each.page == life.page and each.t >= t), None)
    looked = next((each for each in run.of(PageLooked) if each[1].page == life.page and each[1].t > t), None)
    return run.end if looked is None or (opened is not None and opened < looked[0]) else looked[1].t


def _outliving(run: Run, life: Life, number: int, times: tuple[float, float, float]) -> Iterator[Difference]:
    t, bound, until = times
    for each in run.channels(life.client):
        if each.t < t and each.is_open_at(bound) and not is_held(run, each):
            words = f"was still open {bound - t:.3f} s after its end; it should be closed"
            yield _difference(life, each, number, words)
    late = [each for each in run.exchanges if each.client == life.client and bound < each.t < until]
    if late:
        words = f"came {late[0].t - t:.3f} s after its end, and {len(late) - 1} more; none is right"
        yield _difference(life, late[0], number, words)


def _difference(life: Life, each: Exchange, number: int, words: str) -> Difference:
    text = f"{each.rung} {each.exchange} of page {life.page} {words}"
    return Difference(life.end, text, min(each.number, number), max(each.number, number))


CHECK = Check("S22", "a page leaves nothing behind", find, frozenset({"attempts"}))
