"""L2: where a transport is broken for good and a lower one works, valid data comes by a lower one in time.

In time: the client may fail `budget` times before it falls back, each after a connect timeout and the gap before the
next attempt, and then has `LIV`. Broken for good: from the first failure on nothing valid came by that transport to
anybody. A lower one works: valid data came by it to anybody in that time, or rules broke each of those attempts and
touched nothing else, and nothing else failed.
"""

from collections.abc import Callable

from proxy_addons.harness.judge.disturbances import Disturbance, disturbances, told_to_wait, within
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import clients_until, lives_of
from proxy_addons.harness.judge.once import once
from proxy_addons.harness.judge.run import Exchange, Run, Rung
from proxy_addons.records import FaultFired

RUNGS: tuple[Rung, ...] = ("websocket", "eventsource", "polling")
LONGEST_GAP_S = 4.1
"""At scale 1, between the first attempts: 0.1 s and at most 0.5 s x 2^3."""


def find(run: Run, limits: Limits) -> list[Difference]:
    """The clients that did not fall back."""
    found, at_risk = [], 0
    lives, trouble = clients_until(run, lives_of(run)), disturbances(run)
    for client in run.clients:
        for rung in RUNGS[:-1]:
            failed = _failures(run, client, rung)
            if not failed:
                continue
            begin = failed[0].t
            bound = begin + bound_s(limits)
            lower = RUNGS[RUNGS.index(rung) + 1 :]
            came = [each.t for each in run.deliveries(client) if each.is_valid and each.exchange.rung in lower]
            if any(t >= begin for t in came if t <= bound):
                at_risk += 1
            elif bound <= lives[client] and _works(run, trouble, failed, lower, bound):
                at_risk += 1
                number = next((n for n, record in enumerate(run.records) if record.t > bound), len(run.records) - 1)
                text = (
                    f"client {client}: {rung} brought nothing valid from {begin - run.start:.3f} s on "
                    f"({len(failed)} attempts), and yet nothing came by {' or '.join(lower)} within "
                    f"{bound - begin:.1f} s"
                )
                found.append(Difference(bound, text, failed[0].number, number))
    if not at_risk:
        raise Undecided("no transport was broken for good, and for long enough, while a lower one worked")
    return found


def bound_s(limits: Limits) -> float:
    """How long a fall back may take; the browser may put off WebSockets of its own accord."""
    gap = LONGEST_GAP_S * limits.scale
    return limits.budget * (limits.connect_s + gap) + limits.liveness_s + limits.browser_throttle_s + limits.slow_s


def _failures(run: Run, client: str, rung: Rung) -> list[Exchange]:
    """The attempts since anybody last had anything valid by that rung."""
    last = _last_valid(run).get(rung, run.start - 1)
    return [each for each in run.channels(client, "live", "probe") if each.rung == rung and each.t > last]


@once
def _last_valid(run: Run) -> dict[Rung, float]:
    """When anything valid came last, by each rung."""
    return {each.exchange.rung: each.t for each in run.deliveries() if each.is_valid}


def _works(run: Run, trouble: list[Disturbance], failed: list[Exchange], lower: tuple[Rung, ...], bound: float) -> bool:
    begin, client, rung = failed[0].t, failed[0].client, failed[0].rung
    if told_to_wait(run, client, bound):
        return False
    if any(each.is_valid and each.exchange.rung in lower and begin <= each.t <= bound for each in run.deliveries()):
        return True
    hit = {record.exchange for _, record in run.faults}
    by_rules = all(each.by == "rule" or each.exchange in hit for each in failed if each.t <= bound)
    others = [each for each in run.exchanges if begin <= each.t <= bound and each.rung != rung]
    answered = all(each.status is not None and each.status < 400 for each in others)
    touched = _touches(run, lower)
    return by_rules and answered and not any(touched(each) for each in within(trouble, run.start, bound))


def _touches(run: Run, lower: tuple[Rung, ...]) -> Callable[[Disturbance], bool]:
    """Whether something may have hit a lower rung too."""
    rungs = {each.exchange: each.rung for each in run.exchanges}

    def touches(disturbance: Disturbance) -> bool:
        record = run.records[disturbance.number]
        exchange = record.exchange if isinstance(record, FaultFired) else None
        return exchange is None or rungs.get(exchange, "polling") in lower

    return touches


CHECK = Check("L2", "clients fall back from what is broken", find, frozenset({"attempts"}))
