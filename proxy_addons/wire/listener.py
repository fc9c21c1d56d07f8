"""One proxy's share of the process: its rules, its record, and what is open on it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from proxy_addons.actions import Action, Refuse, Reset
from proxy_addons.engine import Decision, Engine
from proxy_addons.errors import ProxyError
from proxy_addons.events import ConnectionOpened, Event, ListenerReady, Request
from proxy_addons.history import History
from proxy_addons.plan import Plan, Rule
from proxy_addons.records import (
    ConnectionBegan,
    ConnectionEnded,
    FaultCrashed,
    FaultFired,
    ListenerChanged,
    Released,
    RuleChanged,
    StreamBegan,
    StreamEnded,
)
from proxy_addons.wire.link import ClientLink
from proxy_addons.wire.signals import RuleAdded, RuleRemoved, StreamSignal

Clock = Callable[[], float]


class Gate(Protocol):
    """Opens and closes the listening socket; while closed, a SYN is answered with RST."""

    port: int

    async def open(self) -> None: ...
    async def close(self) -> None: ...


@dataclass(frozen=True)
class LiveStream:
    """A WebSocket or EventSource stream that stands."""

    request: Request
    link: ClientLink
    stream_id: int


class Listener:
    """Everything that belongs to one listening port. Used on the proxy's event loop only."""

    def __init__(self, plan: Plan, history: History, clock: Clock) -> None:
        self.engine = Engine(plan)
        self.history = history
        self.clock = clock
        self.gate: Gate | None = None
        self.closing = False
        """The proxy stops: connections that were accepted last are turned away."""
        self.links: dict[str, ClientLink] = {}
        self.streams: dict[int, LiveStream] = {}
        self.connection_numbers = count(1)
        self.exchange_numbers = count(1)
        self._refused_by: set[str] = set()

    # -- what the rules say ---------------------------------------------------------------------------------

    def consult(self, event: Event, rule: str | None = None) -> Decision | None:
        """Ask the rules (or only one of them) about an event; a rule that crashes has no opinion."""
        try:
            return self.engine.decide(event) if rule is None else self.engine.decide_for(rule, event)
        except ProxyError as error:
            self.history.append(FaultCrashed(self.clock(), rule=error.rule or "", error=str(error)))
            return None

    def fired(
        self, decision: Decision, where: Request | None = None, *, connection: int | None = None,
        index: int | None = None, bytes_sent: int = 0, detail: str = "",
    ) -> None:  # fmt: skip
        """Write the receipt of an effect, just before it is performed."""
        self.history.append(
            FaultFired(
                self.clock(),
                rule=decision.rule,
                kind=decision.kind,
                effect=_word(decision.action),
                connection=where.connection if where else connection,
                exchange=where.exchange if where else None,
                index=index,
                bytes_sent=bytes_sent,
                detail=detail,
            )
        )

    def misfit(self, decision: Decision, event: Event) -> None:
        """An effect that cannot be performed on this event: the kind is wrong, and the record says so."""
        error = f"{decision.kind}: cannot {_word(decision.action)} on {type(event).__name__}"
        self.history.append(FaultCrashed(self.clock(), rule=decision.rule, error=error))

    # -- what opens and ends --------------------------------------------------------------------------------

    def connected(self, client_id: str, link: ClientLink) -> None:
        self.links[client_id] = link
        self.history.append(ConnectionBegan(self.clock(), connection=link.number))
        self._act_on_connection(link, self.consult(ConnectionOpened(link.number)))

    def disconnected(self, client_id: str) -> None:
        link = self.links.pop(client_id, None)
        if link is not None:
            how, by = link.ending or ("fin", "client")
            self.history.append(ConnectionEnded(self.clock(), connection=link.number, how=how, by=by))

    def stream_began(self, stream: LiveStream) -> None:
        request = stream.request
        self.streams[request.exchange] = stream
        self.history.append(StreamBegan(self.clock(), exchange=request.exchange, transport=request.transport))

    def stream_ended(self, request: Request, how: str, by: str, code: int | None = None, reason: str = "") -> None:
        """Record the end of a stream, once: the first end is the one that counts."""
        if self.streams.pop(request.exchange, None) is not None:
            self.history.append(
                StreamEnded(self.clock(), exchange=request.exchange, how=how, by=by, code=code, reason=reason)
            )

    def released(self, rule: str, request: Request, messages: int) -> None:
        self.history.append(Released(self.clock(), rule=rule, exchange=request.exchange, messages=messages))

    # -- rules that come and go -----------------------------------------------------------------------------

    async def open(self, gate: Gate) -> None:
        """Start to listen, unless a rule refuses."""
        self.gate = gate
        await gate.open()
        self.history.append(ListenerChanged(self.clock(), up=True, port=gate.port))
        await self._act_on_listener(self.consult(ListenerReady()))

    async def add(self, rule: Rule) -> None:
        """Add a rule; what stands already is shown to it at once, in the order in which it opened."""
        self.engine.add(rule)
        self._rule_changed(rule, "added")
        await self._act_on_listener(self.consult(ListenerReady(), rule.id))
        for link in list(self.links.values()):
            self._act_on_connection(link, self.consult(ConnectionOpened(link.number), rule.id))
        await self._signal_streams(lambda stream: RuleAdded(stream.stream_id, rule.id))

    async def remove(self, rule_id: str) -> None:
        """Remove a rule and release what it holds back. Raises KeyError if there is no such rule."""
        before = self.engine.rules
        self.engine.remove(rule_id)
        self._rule_changed(next(rule for rule in before if rule.id == rule_id), "removed")
        await self._refuse_no_more(rule_id)
        await self._signal_streams(lambda stream: RuleRemoved(stream.stream_id, rule_id))

    async def _refuse_no_more(self, rule_id: str) -> None:
        """Listen again, unless another rule refuses as well."""
        if self.gate is None or rule_id not in self._refused_by:
            return
        self._refused_by.remove(rule_id)
        if not self._refused_by:
            await self.gate.open()
            self.history.append(ListenerChanged(self.clock(), up=True, port=self.gate.port))

    async def _signal_streams(self, signal: Callable[[LiveStream], StreamSignal]) -> None:
        for stream in list(self.streams.values()):
            await stream.link.deliver(signal(stream))

    async def _act_on_listener(self, decision: Decision | None) -> None:
        if decision is None or self.gate is None:
            return
        if not isinstance(decision.action, Refuse):
            self.misfit(decision, ListenerReady())
            return
        self.fired(decision, detail=f"port {self.gate.port} answers every SYN with RST")
        if not self._refused_by:
            await self.gate.close()
            self.history.append(ListenerChanged(self.clock(), up=False, port=self.gate.port))
        self._refused_by.add(decision.rule)

    def _act_on_connection(self, link: ClientLink, decision: Decision | None) -> None:
        if decision is None:
            return
        if not isinstance(decision.action, Reset):
            self.misfit(decision, ConnectionOpened(link.number))
            return
        self.fired(decision, connection=link.number)
        link.reset()

    def _rule_changed(self, rule: Rule, change: str) -> None:
        self.history.append(RuleChanged(self.clock(), rule=rule.id, kind=rule.fault.kind, change=change))


def _word(action: Action) -> str:
    return type(action).__name__.lower()
