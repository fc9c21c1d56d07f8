"""When a page was not what it should be, and since which fault."""

from collections.abc import Iterator
from dataclasses import dataclass

from proxy_addons.harness.judge.disturbances import cut_off
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.lives import Life
from proxy_addons.harness.judge.rightness import Rightness
from proxy_addons.harness.judge.run import NEVER, Exchange, Look, Run


@dataclass(frozen=True)
class Outage:
    """From the fault until the page was right again; clock of the run."""

    begin: float
    end: float
    fine_until: float
    """When the page was last known to be right before."""
    lost: Exchange | None
    """The channel by which the page had heard the last."""


def outages_of(run: Run, life: Life, limits: Limits) -> Iterator[Outage]:
    """Those that a page came back from, in order. One that no fault led to is none: nobody can say when it began.

    Where nobody can read what the page shows, it counts as back with the first valid message of another channel.
    """
    spans = _seen(run, life, limits) if "display" in run.contract.offers else _heard(run, life)
    before = life.begin
    for fine, down, up in spans:
        lost, heard = _last_heard(run, life.client, down)
        begin = _cause(run, lost, max(before, heard), down)
        if begin is not None:
            yield Outage(begin, up, fine, lost)
        before = up


def _seen(run: Run, life: Life, limits: Limits) -> Iterator[tuple[float, float, float]]:
    """From one look at which the page was not live and right to the next at which it was, and when it was before."""
    sight = _Sight(run, life, limits)
    fine: float | None = None
    down: float | None = None
    for look in life.looks:
        if not sight.is_up(look):
            down = look.t if down is None else down
            continue
        if fine is not None and down is not None:
            yield fine, down, look.t
        fine, down = look.t, None


class _Sight:
    """Whether a page is live, fresh, right, and knows what it should know."""

    def __init__(self, run: Run, life: Life, limits: Limits) -> None:
        self._rightness = Rightness(run, limits)
        self._told = [told for _, told in run.truth]
        self._channels = [each for each in run.channels(life.client, "live", "probe") if each.worked]

    def is_up(self, look: Look) -> bool:
        live = look.mark("connection") in (None, "live")
        return live and look.is_fresh and self._rightness.wrong_in(look) is None and self._knows_enough(look)

    def _knows_enough(self, look: Look) -> bool:
        """Whatever the server had said when the page asked last, the answer has brought, if the page is live."""
        asked = max((each.t for each in self._channels if each.t <= look.t), default=None)
        place = look.place
        if asked is None or place is None:
            return True
        epoch, seq = place
        due = [told.seq for told in self._told if told.epoch == epoch and told.t + told.error_s <= asked]
        return seq >= max(due, default=0)


def _heard(run: Run, life: Life) -> Iterator[tuple[float, float, float]]:
    """From the end of a channel, or the fault that silenced it, to the first valid message of one that began later."""
    channels = [each for each in run.channels(life.client) if each.worked]
    for lost in channels:
        if lost.rung == "polling":
            continue
        hit = [fault.t for _, fault in run.faults if fault.exchange == lost.exchange]
        last = max(each.t for each in lost.deliveries if each.is_valid)
        down = min([each for each in hit if each >= last] + [lost.ended_t])
        back = [each.first_valid.t for each in channels if each.first_valid and each.t > down]
        if down != NEVER and back:
            yield last, down, min(back)


def _last_heard(run: Run, client: str | None, t: float) -> tuple[Exchange | None, float]:
    """The newest channel that had brought the client anything valid by that time, and when it did so last. An older one
    may speak again, but nobody listens."""
    newest: Exchange | None = None
    for each in run.channels(client, "live", "probe"):
        if each.first_valid and each.first_valid.t <= t and (newest is None or each.t > newest.t):
            newest = each
    if newest is None:
        return None, run.start
    return newest, max(each.t for each in newest.deliveries if each.is_valid and each.t <= t)


def _cause(run: Run, lost: Exchange | None, since: float, down: float) -> float | None:
    """When the first fault after the last that was heard hit that channel, or everybody."""
    hits = [
        fault.t
        for _, fault in run.faults
        if (fault.exchange is None and fault.connection is None)
        or (lost is not None and (fault.exchange == lost.exchange or fault.connection == lost.connection))
    ]
    hits += [each.begin for each in cut_off(run, lost.client if lost else None)]
    return min((t for t in hits if since <= t <= down), default=None)
