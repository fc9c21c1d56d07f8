"""A run as the checks see it: the record, sorted by what belongs together."""

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TypeVar, cast

from proxy_addons.harness.judge.exchanges import NEVER as NEVER
from proxy_addons.harness.judge.exchanges import Delivery as Delivery
from proxy_addons.harness.judge.exchanges import Exchange as Exchange
from proxy_addons.harness.judge.exchanges import Rung as Rung
from proxy_addons.harness.judge.exchanges import exchanges_of
from proxy_addons.harness.judge.facts import Contract, Purpose
from proxy_addons.harness.judge.given_up import abandon
from proxy_addons.harness.judge.offline import Offline, offline_spells, pause
from proxy_addons.records import (
    FaultFired,
    ListenerChanged,
    Moment,
    PageClosed,
    PageLooked,
    PageMoved,
    PageOpened,
    Record,
    Released,
    RuleChanged,
    StepTaken,
    TruthTold,
)

R = TypeVar("R", bound=Moment)


class Look:
    """What a page displayed. There are many, and each check asks all of them: so they have their answers ready."""

    __slots__ = ("is_fresh", "mark", "number", "page", "place", "record", "t")

    def __init__(self, number: int, record: PageLooked) -> None:
        self.number, self.record, self.t, self.page = number, record, record.t, record.page
        self.mark: Callable[[str], str | None] = record.marks.get
        """What a mark says, by its name; None: there is no such mark."""
        self.is_fresh = self.mark("stale") == "fresh"
        epoch, seq = self.mark("epoch"), self.mark("seq")
        self.place = (epoch, int(seq)) if epoch and seq is not None and seq.isdecimal() else None
        """The place in the server's log that it shows: epoch and seq."""

    def number_of(self, name: str) -> float | None:
        """A mark as a number; None if there is none, or none that can be read."""
        try:
            return float(self.record.marks[name])
        except (KeyError, ValueError):
            return None


class Run:
    """Everything that a check may know.

    The record stands in the order in which it was written, since a number of a record is a line of the saved history:
    what a page displays and what the server tells come in batches, later than they were. What is said here to be in
    order of time is; `of` and `records` are not.
    """

    def __init__(self, records: Iterable[Record], contract: Contract) -> None:
        self.records = tuple(records)
        self.contract = contract
        self.start = self.records[0].t if self.records else 0.0
        self.end = max((record.t for record in self.records), default=0.0)
        self.known: dict[object, object] = {}
        """What follows from it and was worked out by now: `once`."""
        self._valid_times: dict[str | None, list[float]] = {}

    def of(self, kind: type[R]) -> list[tuple[int, R]]:
        """All records of a class, with their numbers: one list for all who ask."""
        return cast(list[tuple[int, R]], self._by_class.get(kind, []))

    @cached_property
    def _by_class(self) -> dict[type[Moment], list[tuple[int, Record]]]:
        sorted_out: dict[type[Moment], list[tuple[int, Record]]] = {}
        for number, record in enumerate(self.records):
            sorted_out.setdefault(type(record), []).append((number, record))
        return sorted_out

    # -- the wire ---------------------------------------------------------------------------------------------

    @cached_property
    def exchanges(self) -> list[Exchange]:
        """In the order of their requests."""
        found = list(exchanges_of(self.records, self.contract))
        pause(found, self.offline)
        abandon(found, self.records)
        return found

    @cached_property
    def offline(self) -> list[Offline]:
        """When browsers were offline, in order."""
        return offline_spells(self.of(PageMoved), self.of(PageLooked))

    def channels(self, client: str | None = None, *purposes: Purpose) -> list[Exchange]:
        """The exchanges by which messages come in, of one client or of all, for these purposes or for any."""
        own = self._channels.get(client, [])
        return [each for each in own if each.purpose in purposes] if purposes else own

    @cached_property
    def _channels(self) -> dict[str | None, list[Exchange]]:
        """Those of each client, and all under None."""
        sorted_out: dict[str | None, list[Exchange]] = {None: [each for each in self.exchanges if each.is_channel]}
        for each in sorted_out[None]:
            sorted_out.setdefault(each.client, []).append(each)
        return sorted_out

    @cached_property
    def clients(self) -> list[str]:
        """Who asked for messages, in the order of their first request."""
        return list(dict.fromkeys(each.client for each in self.channels()))

    def deliveries(self, client: str | None = None) -> list[Delivery]:
        """All messages on their way to a client, or to any, in order of time."""
        return self._deliveries.get(client, [])

    @cached_property
    def _deliveries(self) -> dict[str | None, list[Delivery]]:
        """Those of each client, and of all under None."""
        found = [delivery for each in self.channels() for delivery in each.deliveries]
        sorted_out: dict[str | None, list[Delivery]] = {None: sorted(found, key=lambda each: (each.t, each.number))}
        for delivery in sorted_out[None]:
            sorted_out.setdefault(delivery.exchange.client, []).append(delivery)
        return sorted_out

    def valid_times(self, client: str | None = None) -> list[float]:
        """When valid messages were delivered, in order."""
        if client not in self._valid_times:
            self._valid_times[client] = [delivery.t for delivery in self.deliveries(client) if delivery.is_valid]
        return self._valid_times[client]

    # -- faults -----------------------------------------------------------------------------------------------

    @cached_property
    def faults(self) -> list[tuple[int, FaultFired]]:
        return self.of(FaultFired)

    @cached_property
    def healed_at(self) -> float:
        """`T_f`: when the last fault was lifted, as far as the record tells; the start where there was none."""
        healed = [record.t for _, record in self.of(StepTaken) if record.step == "healed"]
        lifted = [
            *(record.t for kind in (FaultFired, Released) for _, record in self.of(kind)),
            *(record.t for _, record in self.of(RuleChanged) if record.change in ("removed", "disarmed")),
            *(record.t for _, record in self.of(ListenerChanged) if record.up),
        ]
        online = [record.t for _, record in self.of(PageMoved) if record.to == "online"]
        return max([self.start, *(lifted if self.faults else []), *healed, *online])

    # -- the page and the truth -------------------------------------------------------------------------------

    @cached_property
    def looks(self) -> list[Look]:
        """What pages displayed, in order of time."""
        found = [Look(number, record) for number, record in self.of(PageLooked)]
        return sorted(found, key=lambda look: look.t)

    @cached_property
    def pages(self) -> list[str]:
        return list(self._looks_of)

    def looks_of(self, page: str) -> list[Look]:
        """One list for all who ask."""
        return self._looks_of.get(page, [])

    @cached_property
    def _looks_of(self) -> dict[str, list[Look]]:
        sorted_out: dict[str, list[Look]] = {}
        for look in self.looks:
            sorted_out.setdefault(look.page, []).append(look)
        return sorted_out

    def life_of(self, page: str) -> tuple[float, float]:
        """From its opening to its end, or to that of the run."""
        opened = [record.t for _, record in self.of(PageOpened) if record.page == page]
        closed = [record.t for _, record in self.of(PageClosed) if record.page == page]
        return min(opened, default=self.start), max(closed, default=self.end)

    def client_of(self, page: str) -> str | None:
        """Which client a page is: by its own mark, or the only one there is."""
        named = [name for look in self.looks_of(page) if (name := look.mark("client"))]
        if named:
            return named[0]
        return self.clients[0] if len(self.clients) == 1 else None

    @cached_property
    def truth(self) -> list[tuple[int, TruthTold]]:
        """The server's log, in order of time."""
        return sorted(self.of(TruthTold), key=lambda told: told[1].t)

    def told(self, epoch: str, seq: int) -> TruthTold | None:
        """One event of the server's log."""
        return self._log.get((epoch, seq))

    @cached_property
    def _log(self) -> dict[tuple[str, int], TruthTold]:
        return {(told.epoch, told.seq): told for _, told in self.truth}
