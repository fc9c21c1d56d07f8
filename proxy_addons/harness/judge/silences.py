"""Half-open channels: they stand, the server speaks, and nothing comes through."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from proxy_addons.harness.judge.run import NEVER, Exchange, Run
from proxy_addons.records import FaultFired, MessageSeen, Released

HOLDING = "stall"
"""The effect that keeps what comes, and the connection open."""


@dataclass(frozen=True)
class Silence:
    """From the last delivery on a live channel to the next."""

    exchange: Exchange
    begin: float
    end: float
    """The next delivery, or when somebody else than the client ended it; `NEVER` where neither came."""
    first: int
    """The record of the last delivery, or of the request."""
    kept: int
    """The first record that shows that something was kept from the client."""


def silences(run: Run) -> list[Silence]:
    """Those in which something was kept from the client; a quiet server is none."""
    events = _Events(run)
    return [found for exchange in run.channels(None, "live") for found in _on(exchange, events)]


class _Events:
    """What rules did to each exchange, and to each connection as a whole: the number and time of each record."""

    def __init__(self, run: Run) -> None:
        self.released: dict[int, list[tuple[float, int]]] = defaultdict(list)
        self._stalls: dict[tuple[str, int | None], list[tuple[float, int]]] = defaultdict(list)
        for number, release in run.of(Released):
            self.released[release.exchange].append((release.t, number))
        for number, fault in run.faults:
            whole = fault.exchange is None or fault.kind.startswith("connection.")
            on = ("connection", fault.connection) if whole else ("exchange", fault.exchange)
            if fault.effect == HOLDING and not _only_to_server(run, number, fault):
                self._stalls[on].append((fault.t, number))

    def stalls(self, exchange: Exchange) -> list[tuple[float, int]]:
        """When rules stalled an exchange, or its connection."""
        return self._stalls["exchange", exchange.exchange] + self._stalls["connection", exchange.connection]


def _only_to_server(run: Run, number: int, fault: FaultFired) -> bool:
    """Whether nothing is kept from the client: by the receipt, or by the message that the rule acted on."""
    if fault.kind.startswith("connection."):
        return bool(fault.detail) and "to_client" not in fault.detail
    for place in range(number - 1, -1, -1):
        came = run.records[place]
        if isinstance(came, MessageSeen) and came.exchange == fault.exchange:
            return came.index == fault.index and came.direction == "to_server"
    return False


def _on(exchange: Exchange, events: _Events) -> Iterator[Silence]:
    undelivered = [(each.t, each.number) for each in exchange.deliveries if each.surely and not each.delivered]
    kept = sorted(undelivered + events.stalls(exchange))
    if not kept:
        return
    valid = [(each.t, each.number) for each in exchange.deliveries if each.is_valid]
    came = [(exchange.t, exchange.number), *sorted(valid + events.released[exchange.exchange])]
    over = exchange.ended_t if exchange.ended_by != "client" else NEVER
    for (begin, first), (end, _) in pairwise([*came, (over, 0)]):
        place = bisect_left(kept, (begin, first))
        if place < len(kept) and kept[place][0] <= end:
            yield Silence(exchange, begin, end, first, kept[place][1])
