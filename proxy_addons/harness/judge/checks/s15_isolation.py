"""S15: one malformed message harms no other: a valid one that comes after it is applied within `G`.

Only pairs count between whose parts, and for `G` afterwards, nothing else went wrong, on connections that no rule slows
down: else it could be the other trouble that keeps the message from the page.
"""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from proxy_addons.harness.judge.disturbances import disturbances, within
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.lives import Life, lives_of
from proxy_addons.harness.judge.run import Delivery, Run

APPLIED = ("snapshot", "event")


def find(run: Run, limits: Limits) -> list[Difference]:
    """The valid messages that a malformed one has kept from the page."""
    found, decided = [], False
    for life in lives_of(run):
        for bad, good in _pairs(run, life, limits):
            bound = good.t + limits.gap_s + limits.clock_error_s
            looks = [look for look in life.looks if bad.t <= look.t <= bound and look.mark("seq") is not None]
            if not looks:
                continue
            decided = True
            assert good.said is not None
            shown = [look for look in looks if look.mark("epoch") == good.said.epoch]
            most = max((number for look in shown if (number := look.number_of("seq")) is not None), default=None)
            if most is None or most < (good.said.seq or 0):
                text = (
                    f"page {life.page} showed {looks[-1].mark('epoch')}.{looks[-1].mark('seq')} {bound - good.t:.3f} s "
                    f"after {good.said.kind} {good.said.epoch}.{good.said.seq} had come, {good.t - bad.t:.3f} s after "
                    "a malformed message; the valid one should have been applied by then"
                )
                last = max(bad.number, good.number, looks[-1].number)
                found.append(Difference(bound, text, min(bad.number, good.number), last))
    if not decided:
        raise Undecided("no malformed message was followed by a valid one in peace")
    return found


def _pairs(run: Run, life: Life, limits: Limits) -> Iterator[tuple[Delivery, Delivery]]:
    """Each malformed message that was delivered, with the first later one that had to be applied."""
    deliveries = run.deliveries(life.client) if life.client else []
    trouble = disturbances(run)
    times = [each.t for each in deliveries]
    channels = run.channels(life.client) if life.client else []
    slowed = {fault.connection for _, fault in run.faults if fault.kind.startswith("connection.")}
    for bad in (each for each in deliveries if each.delivered and each.said is None):
        later = bisect_right(times, bad.t)
        good = next((each for each in islice(deliveries, later, None) if each.said is None or _counts(each)), None)
        if good is None or not _counts(good) or good.exchange.connection in slowed:
            continue
        end = good.t + limits.gap_s + limits.clock_error_s
        between = deliveries[later : bisect_right(times, end)]
        if not all(each.is_valid for each in between) or end > life.acts_until:
            continue
        ends = [each for each in channels if bad.t < each.ended_t <= end]
        broken = [each for each in ends if each.rung != "polling" and each.ended_by != "client"]
        epochs = {each.said.epoch for each in between if each.said}
        if not broken and len(epochs) == 1 and not within(trouble, bad.t + limits.clock_error_s, end):
            yield bad, good


def _counts(delivery: Delivery) -> bool:
    said = delivery.said
    if not delivery.is_valid or said is None or delivery.exchange.purpose != "live":
        return False
    return said.kind in APPLIED and said.seq is not None


CHECK = Check("S15", "a malformed message harms no other", find, frozenset({"cursor", "display"}))
