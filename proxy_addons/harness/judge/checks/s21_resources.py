"""S21: a page that loses and finds its connection again and again uses no more than before.

Between a measurement after 20 losses and one after 40, its listeners and the channels that its client has open differ
by 2 at most, its functions by less than one a loss (each timer that is not cancelled holds one), and its heap after a
collection grows by less than 2 MB.
"""

from collections.abc import Iterator

from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import Life, lives_of
from proxy_addons.harness.judge.run import Run
from proxy_addons.records import PageMeasured

CYCLES = 20
MOST_MORE = 2
HEAP_BYTES = 2_000_000

Measured = tuple[int, PageMeasured]


def find(run: Run, limits: Limits) -> list[Difference]:  # noqa: ARG001 - counts and bytes have no scale
    """What grew."""
    found: list[Difference] = []
    decided = False
    for life in lives_of(run):
        pair = _pair(run, life)
        if pair is not None:
            decided = True
            found += _grown(run, life, *pair)
    if not decided:
        raise Undecided(f"no page was measured after {CYCLES} and after {2 * CYCLES} losses of its connection")
    return found


def _pair(run: Run, life: Life) -> tuple[Measured, Measured] | None:
    """The first measurement after 20 losses, and the last after 20 more."""
    measured = [each for each in run.of(PageMeasured) if _is_of(each[1], life)]
    early = next((each for each in measured if _losses(run, life, each[1].t) >= CYCLES), None)
    if early is None:
        return None
    enough = _losses(run, life, early[1].t) + CYCLES
    late = [each for each in measured if _losses(run, life, each[1].t) >= enough]
    return (early, late[-1]) if late else None


def _is_of(record: PageMeasured, life: Life) -> bool:
    return record.page == life.page and life.begin <= record.t <= life.end


def _losses(run: Run, life: Life, t: float) -> int:
    if life.client is None:
        return 0
    return sum(each.worked and each.rung != "polling" and each.ended_t <= t for each in run.channels(life.client))


def _open(run: Run, life: Life, t: float) -> int:
    return sum(each.is_open_at(t) for each in run.channels(life.client))


def _grown(run: Run, life: Life, early: Measured, late: Measured) -> Iterator[Difference]:
    (first, before), (last, after) = early, late
    pairs = (
        ("listeners", before.listeners, after.listeners, MOST_MORE),
        ("open channels", _open(run, life, before.t), _open(run, life, after.t), MOST_MORE),
        ("functions", before.functions, after.functions, CYCLES - 1),
        ("bytes of heap", before.heap_bytes, after.heap_bytes, HEAP_BYTES),
    )
    losses = _losses(run, life, before.t), _losses(run, life, after.t)
    for what, then, now, most in pairs:
        if now - then > most:
            text = (
                f"page {life.page} had {then} {what} after {losses[0]} losses of its connection and {now} after "
                f"{losses[1]}; at most {most} more are right"
            )
            yield Difference(after.t, text, first, last)


CHECK = Check("S21", "what a page uses is bounded", find, frozenset({"health"}))
