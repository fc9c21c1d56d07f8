"""How things stand in a run at the moment, by its record: for a runner, which must know when to go on.

It decides nothing but that; what was right is for the judge to say, from the whole record.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from proxy_addons.actions import Restart
from proxy_addons.harness.judge.facts import Contract
from proxy_addons.harness.judge.run import Rung
from proxy_addons.records import (
    BodySeen,
    FaultFired,
    MessageSeen,
    OriginRestarted,
    PageLooked,
    Record,
    RequestSeen,
    ResponseSeen,
    StreamEnded,
    TruthTold,
)

_RESTART = Restart.__name__.lower()
STATE_MARKS = ("connection", "stale", "state")
"""The marks whose words a scenario may wait for or expect."""


@dataclass
class Situation:
    """Fed with the records as they come."""

    contract: Contract
    fired: Counter[str] = field(default_factory=Counter)
    """How often each rule has."""
    restarting: int = 0
    """How many restarts of the server have begun and are not done."""
    served_by: dict[str, Rung] = field(default_factory=dict)
    """Client -> by what its latest valid message came, unless that is over."""
    told: tuple[str, int] | None = None
    """The latest event of the server's log: epoch and seq."""
    known: int = 0
    """How many records it has taken in."""
    _marks: dict[str, Mapping[str, str]] = field(default_factory=dict)
    _turned: dict[tuple[str, str], int] = field(default_factory=dict)
    """Page and word -> by which record it came to show it last."""
    _asked: dict[int, tuple[str, Rung]] = field(default_factory=dict)
    _refused: set[int] = field(default_factory=set)

    def learn(self, records: Iterable[Record]) -> None:
        """Takes in what has come."""
        for record in records:
            self.known += 1
            match record:
                case FaultFired():
                    self.fired[record.rule] += 1
                    self.restarting += record.effect == _RESTART
                case OriginRestarted():
                    self.restarting -= 1
                case PageLooked():
                    self._see(record.page.partition("#")[0], record.marks)
                case TruthTold():
                    self.told = record.epoch, record.seq
                case RequestSeen():
                    self._ask(record)
                case ResponseSeen() if record.status not in (101, 200):
                    self._refused.add(record.exchange)
                case MessageSeen(direction="to_client", delivered=True) | BodySeen(direction="to_client"):
                    self._hear(record)
                case StreamEnded():
                    self._end(record.exchange)

    def shows(self, page: str, word: str) -> bool:
        """Whether the page shows this word for its state now."""
        marks = self._marks.get(page, {})
        return any(marks.get(name) == word for name in STATE_MARKS)

    def has_shown(self, page: str, word: str, since: int) -> bool:
        """Whether the page shows this word, or came to show it for a moment after the first `since` records."""
        return self.shows(page, word) or self._turned.get((page, word), 0) > since

    def is_live(self, page: str, transport: str | None, *, shown: bool) -> bool:
        """Whether the page is served, by this transport or by any.

        `shown`: the page says so itself, and that its data is fresh; else the wire must do.
        """
        if not shown:
            return bool(self.served_by) and (transport is None or transport in self.served_by.values())
        marks = self._marks.get(page, {})
        over = transport is None or marks.get("transport") == transport
        return over and marks.get("connection") == "live" and marks.get("stale") == "fresh"

    def is_up_to_date(self, page: str) -> bool:
        """Whether the page shows the latest event of the server's log; so too where nobody tells of one."""
        marks = self._marks.get(page, {})
        return self.told is None or (marks.get("epoch"), marks.get("seq")) == (self.told[0], str(self.told[1]))

    def _see(self, page: str, marks: Mapping[str, str]) -> None:
        before, self._marks[page] = self._marks.get(page, {}), marks
        for name in STATE_MARKS:
            if name in marks and marks[name] != before.get(name):
                self._turned[page, marks[name]] = self.known

    def _ask(self, record: RequestSeen) -> None:
        whose = self.contract.whose(record)
        if whose.purpose in ("live", "probe"):
            rung: Rung = "polling" if record.transport == "http" else record.transport
            self._asked[record.exchange] = whose.client, rung

    def _hear(self, record: MessageSeen | BodySeen) -> None:
        if record.exchange not in self._asked or record.exchange in self._refused:
            return
        client, rung = self._asked[record.exchange]
        if self.served_by.get(client) == rung:
            return  # one more message changes nothing, and need not be read
        if isinstance(record, MessageSeen) or rung == "polling":
            raws = [record.data] if isinstance(record, MessageSeen) else self.contract.polled(record.data)
            if any(self.contract.said(raw) is not None for raw in raws):
                self.served_by[client] = rung

    def _end(self, exchange: int) -> None:
        client, rung = self._asked.get(exchange, ("", None))
        if self.served_by.get(client) == rung:
            self.served_by.pop(client, None)
