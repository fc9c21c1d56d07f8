"""When rules are in force: windows of time, what the page shows, how old a connection is. Times are parameters.

All times are seconds on one clock that never goes back. What `in_force` answers changes in `advance` alone, and there
each rule changes in small steps: a window that is shorter than the caller's tardiness is still seen to open.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import merge

from proxy_addons.plan import Rule
from proxy_addons.when import When


@dataclass(frozen=True, slots=True)
class Armed:
    """A rule came into force: everywhere, or on one connection."""

    rule: str
    connection: int | None = None


@dataclass(frozen=True, slots=True)
class Disarmed:
    """A rule is no longer in force anywhere."""

    rule: str


Change = Armed | Disarmed


class Timeline:
    """Tells which rules are in force. One without conditions of time or page is so at once and for ever."""

    def __init__(self) -> None:
        self._forces: dict[str, _Force] = {}
        self._connections: dict[int, float] = {}
        self._page: tuple[str, str] | None = None

    def add(self, rule: Rule, now_s: float) -> None:
        """From now on the rule's time runs. If it is in force at once, that is not reported."""
        force = _Force(rule.id, rule.when)
        if rule.when.after is None:
            force.open(now_s)
        if self._page:
            force.page_shows(*self._page, now_s)
        force.start(now_s, self._connections)
        self._forces[rule.id] = force

    def remove(self, rule_id: str) -> None:
        del self._forces[rule_id]

    def fired(self, rule_id: str, now_s: float) -> None:
        """A rule fired: others may wait for that."""
        for force in self._forces.values():
            if force.when.after == rule_id:
                force.open(now_s)

    def page_shows(self, transport: str, state: str, now_s: float) -> None:
        self._page = (transport, state)
        for force in self._forces.values():
            force.page_shows(transport, state, now_s)

    def connection_began(self, connection: int, now_s: float) -> None:
        self._connections[connection] = now_s
        for force in self._forces.values():
            force.connection_began(connection, now_s)

    def connection_ended(self, connection: int) -> None:
        self._connections.pop(connection, None)
        for force in self._forces.values():
            force.connection_ended(connection)

    def in_force(self, rule_id: str, connection: int) -> bool:
        """Whether the rule is in force on a connection; 0 is the listener."""
        return self._forces[rule_id].holds_on(connection)

    @property
    def next_change_s(self) -> float | None:
        """When `advance` has something to say next, as known now."""
        return min((moment for force in self._forces.values() if (moment := force.next_s) is not None), default=None)

    def advance(self, now_s: float) -> list[Change]:
        """What changed since the last call, in order of time.

        A rule that came into force stays so until the next call at least, however late this one was.
        """
        changes: list[Change] = []
        armed: set[str] = set()
        while due := [
            (force.next_s, number, force)
            for number, force in enumerate(self._forces.values())
            if force.next_s is not None and force.next_s <= now_s and not (force.next_disarms and force.rule in armed)
        ]:
            force = min(due)[2]
            change = force.step(self._connections)
            if isinstance(change, Armed):
                armed.add(change.rule)
            if change is not None:
                changes.append(change)
        return changes


@dataclass(slots=True)
class _Spans:
    """Times at which something holds: [start, end) each, in order, apart from each other."""

    spans: list[tuple[float, float]] = field(default_factory=list)

    def add(self, start: float, end: float) -> None:
        """Adds a span that starts no earlier than the last one."""
        if self.spans and start <= self.spans[-1][1]:
            start, end = self.spans[-1][0], max(end, self.spans.pop()[1])
        if start < end:
            self.spans.append((start, end))

    def cut(self, now: float) -> None:
        """What still holds ends now, and what was to come does not come."""
        self.spans = [(start, min(end, now)) for start, end in self.spans if start <= now]

    def forget(self, now: float) -> None:
        """Drops what is over."""
        while self.spans and self.spans[0][1] <= now:
            del self.spans[0]

    def hold(self, moment: float) -> bool:
        return any(start <= moment < end for start, end in self.spans)

    def edges(self) -> Iterator[float]:
        for start, end in self.spans:
            yield start
            yield end


class _Force:
    """One rule in time. It holds while a window is open and the page shows what it waits for."""

    def __init__(self, rule: str, when: When) -> None:
        self.rule = rule
        self.when = when
        self.armed = False
        self._since = -math.inf
        """When it last changed; what was before is over."""
        self._windows = _Spans()
        self._page = _Spans([] if when.page else [(-math.inf, math.inf)])
        self._page_shows = False
        self._young: dict[int, float] = {}
        """Connection -> when it will be old enough, in that order; kept while the rule is armed."""
        self._old: set[int] = set()
        self.next_s: float | None = None
        self.next_disarms = False

    def open(self, now: float) -> None:
        """What its window counts from has happened now."""
        start = now + self.when.after_ms / 1000
        self._windows.add(start, math.inf if self.when.for_ms is None else start + self.when.for_ms / 1000)
        self._look_ahead()

    def page_shows(self, transport: str, state: str, now: float) -> None:
        page = self.when.page
        if page is None or page.shows(transport, state) == self._page_shows:
            return
        self._page_shows = not self._page_shows
        if self._page_shows:
            self._page.add(now + page.shown_ms / 1000, math.inf)
        else:
            self._page.cut(now)
        self._look_ahead()

    def connection_began(self, connection: int, now: float) -> None:
        if self.armed and self.when.connection_ms is not None:
            self._young[connection] = now + self.when.connection_ms / 1000
            self._look_ahead()

    def connection_ended(self, connection: int) -> None:
        self._old.discard(connection)
        if self._young.pop(connection, None) is not None:
            self._look_ahead()

    def start(self, now: float, connections: dict[int, float]) -> None:
        """Take the state of this moment, unreported."""
        while self.next_s is not None and self.next_s <= now:
            self.step(connections)
        self._look_ahead()

    def holds_on(self, connection: int) -> bool:
        return self.armed and (self.when.connection_ms is None or connection in self._old)

    def step(self, connections: dict[int, float]) -> Change | None:
        """Make the next change; None if it is nothing to report yet."""
        assert self.next_s is not None, "there is no change to come"
        moment = self.next_s
        if self.armed and not self.next_disarms:
            connection = next(iter(self._young))
            del self._young[connection]
            self._old.add(connection)
            self._look_ahead()
            return Armed(self.rule, connection)
        self.armed = not self.armed
        self._since = moment
        self._windows.forget(moment)
        self._page.forget(moment)
        self._young = {}
        self._old = set()
        if self.armed and self.when.connection_ms is not None:
            age = self.when.connection_ms / 1000
            self._young = {connection: began + age for connection, began in connections.items()}
        self._look_ahead()
        if not self.armed:
            return Disarmed(self.rule)
        return Armed(self.rule) if self.when.connection_ms is None else None

    def _look_ahead(self) -> None:
        """Find the next change: of the rule, or of a connection while the rule is armed."""
        edges = merge(self._windows.edges(), self._page.edges())
        change = next((edge for edge in edges if edge >= self._since and self._holds(edge) != self.armed), None)
        self.next_s = None if change == math.inf else change
        self.next_disarms = self.armed
        oldest = next(iter(self._young.values()), None)
        if oldest is not None and (self.next_s is None or oldest < self.next_s):
            self.next_s, self.next_disarms = oldest, False

    def _holds(self, moment: float) -> bool:
        return self._windows.hold(moment) and self._page.hold(moment)
