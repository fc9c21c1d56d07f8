"""L7: when a page is seen again, or the browser is online again, the page is fresh within 2 s.

The mark `visible` turns from `hidden` to `visible`, or the mark `online` from `false` to `true`, while the network
works. Where a WebSocket is opened, the browser may put it off by `T`.
"""

from collections.abc import Iterator
from itertools import pairwise

from proxy_addons.harness.judge.disturbances import told_to_wait
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import Life, lives_of
from proxy_addons.harness.judge.run import Look, Run

WAKE_UP_S = 2.0
"""At scale 1."""
WAKING = (("visible", "hidden", "visible"), ("online", "false", "true"))


def find(run: Run, limits: Limits) -> list[Difference]:
    """The pages that woke up and went on to show old data."""
    found, at_risk = [], 0
    for life in lives_of(run):
        for look, mark in _wakings(life):
            bound = look.t + WAKE_UP_S * limits.scale + limits.slow_s + limits.clock_error_s
            if any(each.rung == "websocket" and look.t <= each.t <= bound for each in run.channels(life.client)):
                bound += limits.browser_throttle_s
            slept_again = any(_sleeps(each) for each in life.looks if look.t < each.t <= bound)
            waits = life.client is not None and told_to_wait(run, life.client, look.t)
            if look.t < run.healed_at or bound > life.acts_until or slept_again or waits:
                continue
            at_risk += 1
            last = life.look_at(bound)
            if last is not None and not last.is_fresh:
                text = (
                    f"page {life.page} was {mark} again at {look.t - run.start:.3f} s and showed its data as "
                    f"{last.mark('stale') or 'unknown'} {bound - look.t:.3f} s later; it should have been fresh by then"
                )
                found.append(Difference(bound, text, look.number, last.number))
    if not at_risk:
        raise Undecided("no page was seen again, or online again, with a network that worked, for long enough")
    return found


def _wakings(life: Life) -> Iterator[tuple[Look, str]]:
    for before, look in pairwise(life.looks):
        for name, asleep, awake in WAKING:
            if before.mark(name) == asleep and look.mark(name) == awake and not _sleeps(look):
                yield look, name


def _sleeps(look: Look) -> bool:
    return any(look.mark(name) == asleep for name, asleep, _ in WAKING)


CHECK = Check("L7", "pages catch up when they wake", find, frozenset({"display"}))
