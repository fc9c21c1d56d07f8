"""L7: when a page is seen again, or its browser is online again, the page is fresh within 2 s.

Asked where the harness made a page visible that it had hidden, or its browser online that it had taken offline, and no
rule acts until then: the link that it had may be dead, but another one works. Fresh is a page that shows so after
something valid has come. Where a WebSocket is opened, the browser may put it off by `T`.
"""

from collections.abc import Iterator

from proxy_addons.harness.judge.disturbances import closed_port, restarts, told_to_wait, within
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import Life, lives_of
from proxy_addons.harness.judge.run import Run
from proxy_addons.records import PageMoved

WAKE_UP_S = 2.0
"""At scale 1."""
WAKES = {"visible": "hidden", "online": "offline"}
"""What wakes a page, and from what."""


def find(run: Run, limits: Limits) -> list[Difference]:
    """The pages that woke up and went on to show old data."""
    found, at_risk = [], 0
    for life in lives_of(run):
        moves = [each for each in run.of(PageMoved) if each[1].page.partition("#")[0] == life.page.partition("#")[0]]
        for number, woken in _wakings(moves):
            bound = woken.t + WAKE_UP_S * limits.scale + limits.slow_s + limits.clock_error_s
            if any(each.rung == "websocket" and woken.t <= each.t <= bound for each in run.channels(life.client)):
                bound += limits.browser_throttle_s
            sleeps = any(each.to in WAKES.values() and woken.t < each.t <= bound for _, each in moves)
            waits = life.client is not None and told_to_wait(run, life.client, woken.t)
            there = life.begin <= woken.t and bound <= life.acts_until
            if _is_disturbed(run, woken.t, bound) or not there or sleeps or waits:
                continue
            at_risk += 1
            last = life.look_at(bound)
            if last is not None and not last.is_fresh and not _was_fresh(run, life, woken.t, bound):
                text = (
                    f"page {life.page} was {woken.to} again at {woken.t - run.start:.3f} s and showed its data "
                    f"as {last.mark('stale') or 'unknown'} {bound - woken.t:.3f} s later; it should have been fresh by "
                    "then"
                )
                found.append(Difference(bound, text, min(number, last.number), max(number, last.number)))
    if not at_risk:
        raise Undecided("no page was seen again, or online again, with a network that worked, for long enough")
    return found


def _is_disturbed(run: Run, begin: float, end: float) -> bool:
    """Whether anything gets in the way of it then. What a rule did before is what it wakes up to."""
    gone = [*closed_port(run), *restarts(run)]
    return any(begin <= fault.t <= end for _, fault in run.faults) or bool(within(gone, begin, end))


def _wakings(moves: list[tuple[int, PageMoved]]) -> Iterator[tuple[int, PageMoved]]:
    """The moves after which a page neither is hidden nor offline any more."""
    asleep: set[str] = set()
    for number, move in moves:
        if move.to in WAKES.values():
            asleep.add(move.to)
        elif WAKES[move.to] in asleep:
            asleep.remove(WAKES[move.to])
            if not asleep:
                yield number, move


def _was_fresh(run: Run, life: Life, woken: float, bound: float) -> bool:
    """Whether it showed its data as fresh after something valid had come since."""
    came = next((t for t in run.valid_times(life.client) if t >= woken), bound)
    return any(look.is_fresh for look in life.looks_between(came, bound))


CHECK = Check("L7", "pages catch up when they wake", find, frozenset({"display"}))
