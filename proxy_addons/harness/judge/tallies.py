"""What the wire says that a client's own figures must be: each as the range in which they may lie.

The low end counts what the client must have noticed, the high end what it may have noticed: what came just before the
end of a connection, or over a slowed one, may have been read or not.
"""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from proxy_addons.harness.judge.attempts import Blind, attempts_of, is_held
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.orders import orders_of
from proxy_addons.harness.judge.run import NEVER, Delivery, Exchange, Run

PLACED = ("snapshot", "event", "tick")
CUT = 200 << 10
"""A message longer than this may be cut in the record, so that it cannot be read there."""


@dataclass(frozen=True)
class Range:
    """From here to there, both included."""

    low: float
    high: float = NEVER


class Wire:
    """The record of one client, up to the time at which it told its figures."""

    def __init__(self, run: Run, client: str, t: float, limits: Limits) -> None:
        self.run, self.client, self.t, self.limits = run, client, t, limits
        before = t + limits.clock_error_s
        self.links = [each for each in attempts_of(run, client, "live", "probe") if each.t <= before]
        self.deliveries = [each for each in run.deliveries(client) if each.t <= before]

    def ranges(self) -> dict[str, Range]:
        """By the name of the figure."""
        run = self.run
        streams = [each for each in self.links if each.rung == "eventsource"]
        polls = sum(each.rung == "polling" and each.worked for each in self.links)
        worked = [each for each in self.links if each.may_have_worked and each.rung != "polling"]
        own = [each for each in worked if each.purpose == "live"]
        lost = [each for each in worked if self._surely_lost(each)]
        return {
            "sse_attempts": Range(
                sum(each.t + self.limits.handover_s <= self.t for each in streams),
                NEVER if Blind(run, self.client).reaches(run.start, self.t) else len(streams),
            ),
            "sse_successes": Range(sum(map(self._surely_live, streams)), sum(each.may_have_worked for each in streams)),
            "reconnect_count": Range(max(0, sum(map(self._surely_live, own)) - 1), max(0, len(own) + polls - 1)),
            "malformed_total": self._malformed(),
            "duplicates_total": Range(0, self._duplicates()),
            "gaps_total": Range(min(1, sum(map(self._jumps, filter(self._surely_live, worked))))),
            "stream_errors": Range(len(lost), len(worked) + sum(each.rung == "polling" for each in self.links)),
            "done": self._done(),
        }

    def switches(self) -> Counter[str] | None:
        """The changes of transport by `from>to`; None where it can't be told whether a link was noticed."""
        worked = [each for each in self.links if each.worked or (each.rung != "polling" and each.may_have_worked)]
        if not all(each.rung == "polling" or self._surely_live(each) for each in worked):
            return None
        worked.sort(key=_began)
        return Counter(f"{a.rung}>{b.rung}" for a, b in pairwise(worked) if a.rung != b.rung)

    def _surely_live(self, link: Exchange) -> bool:
        for each in link.deliveries:
            if each.is_valid and each.surely and each.said is not None and each.said.kind in PLACED:
                return each.t + self.limits.handover_s <= min(self.t, link.ended_t)
        return False

    def _surely_lost(self, link: Exchange) -> bool:
        by_others = link.ended_by in ("origin", "rule") and link.ended_t + self.limits.handover_s <= self.t
        return by_others and self._surely_live(link) and not is_held(self.run, link)

    def _malformed(self) -> Range:
        """Of polls only the high end: one that was cut short fails as a whole, and counts as no message, unless it was
        cut within its head, which a browser takes for a whole answer without a body. One that was redirected brings
        what stands elsewhere, by a request that is nobody's."""
        bad = [each for each in self.deliveries if each.delivered and (each.said is None or len(each.raw) > CUT)]
        odd = [
            each
            for each in self.run.channels(self.client)
            if each.rung == "polling" and (_is_odd(each.status) or is_held(self.run, each))
        ]
        return Range(sum(map(self._surely_read, bad)), len(bad) + len(odd))

    def _surely_read(self, message: Delivery) -> bool:
        link = message.exchange
        if link.rung == "polling" or not message.surely or len(message.raw) > CUT:
            return False
        return message.t + self.limits.handover_s <= min(self.t, link.ended_t) and link is self._newest(message.t)

    def _newest(self, t: float) -> Exchange | None:
        return max((each for each in self.links if each.t <= t), key=lambda each: each.t, default=None)

    def _duplicates(self) -> int:
        """Messages that bring no later event than one before them did, and ticks that are late."""
        most: dict[str | None, int] = {}
        count = 0
        for each in self.deliveries:
            if each.said is not None and each.said.seq is not None and each.said.kind in PLACED:
                count += each.said.seq + (each.said.kind == "tick") <= most.get(each.said.epoch, -1)
                most[each.said.epoch] = max(each.said.seq, most.get(each.said.epoch, -1))
        return count

    def _jumps(self, link: Exchange) -> int:
        """How often an event or a tick on a link named a number beyond the next."""
        most: int | None = None
        count = 0
        for each in link.deliveries:
            said = each.said
            if not each.is_valid or said is None or said.seq is None or said.kind not in PLACED:
                continue
            if not each.surely or each.t + self.limits.handover_s > min(self.t, link.ended_t):
                break
            step = 1 if said.kind == "event" else 0
            count += most is not None and said.kind != "snapshot" and said.seq > most + step
            most = said.seq if most is None else max(most, said.seq)
        return count

    def _done(self) -> Range:
        own = [each for each in orders_of(self.run, self.limits) if each.client == self.client]
        if any(each.effects is None for each in own):
            return Range(0)
        answered = [each for each in own if each.answered is not None and each.effects == 1]
        before = [each for each in answered if self._happened(each.answered)]
        return Range(len(before), sum(each.effects == 1 for each in own))

    def _happened(self, number: int | None) -> bool:
        return number is not None and self.run.records[number].t + self.limits.handover_s <= self.t


def _is_odd(status: int | None) -> bool:
    """No error, and yet no messages with it."""
    return status is not None and status // 100 in (2, 3) and status != 200


def _began(link: Exchange) -> float:
    return link.first_valid.t if link.first_valid is not None else link.t
