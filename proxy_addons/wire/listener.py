"""One proxy's share of the process: its rules, its record, and what is open on it."""

import asyncio
from collections.abc import Callable, Generator
from dataclasses import dataclass, fields
from itertools import count
from typing import Any, Literal, TypeVar

from proxy_addons.actions import Action, ConnectionAction, Limit, Pace, Refuse, Restart, Stall
from proxy_addons.engine import Armed, Decision, Disarmed, Engine
from proxy_addons.errors import ProxyError
from proxy_addons.events import Answer, ConnectionOpened, Direction, Event, ListenerReady, Request
from proxy_addons.history import History
from proxy_addons.plan import Plan, Rule
from proxy_addons.records import (
    ConnectionBegan,
    ConnectionEnded,
    FaultCrashed,
    FaultFired,
    OriginRestarted,
    PageShown,
    Released,
    RuleChanged,
    StreamBegan,
    StreamEnded,
)
from proxy_addons.wire.answers import Answers
from proxy_addons.wire.link import ClientLink
from proxy_addons.wire.port import Gate, Port
from proxy_addons.wire.signals import Due, RuleAdded, RuleRemoved, StreamSignal
from proxy_addons.wire.waits import Waits

C = TypeVar("C")
R = TypeVar("R")
Clock = Callable[[], float]
RestartHook = Callable[[Restart], object]
"""Stops the subject's server and starts it again; called in a thread of its own."""


@dataclass(frozen=True)
class LiveStream:
    """A WebSocket or EventSource stream that stands."""

    request: Request
    link: ClientLink
    stream_id: int


class Listener:
    """Everything that belongs to one listening port. Used on the proxy's event loop only."""

    def __init__(self, plan: Plan, history: History, clock: Clock, restart: RestartHook | None = None) -> None:
        """`clock` counts seconds, as `time.monotonic`; time conditions of the plan count from now."""
        self.engine = Engine(plan, clock())
        self.history = history
        self.clock = clock
        self._port: Port | None = None
        self.closing = False
        """The proxy stops: connections that were accepted last are turned away."""
        self.links: dict[str, ClientLink] = {}
        """The connections that are not over, by mitmproxy's id of the client."""
        self._sockets: set[ClientLink] = set()
        """Those whose sockets are not closed yet."""
        self._all_closed = asyncio.Event()
        self.streams: dict[int, LiveStream] = {}
        self.connection_numbers = count(1)
        self.exchange_numbers = count(1)
        self._waits = Waits()
        self._answers = Answers()
        self._restart = restart
        self._changing = asyncio.Lock()
        """Rules come, go, and change their force one after the other."""

    # -- what the rules say ---------------------------------------------------------------------------------

    def consult(self, event: Event, rule: str | None = None, *, may_act: bool = True) -> Decision | None:
        """Ask the rules (or only one of them, which may only count) about an event; one that crashes has no opinion."""
        now = self.clock()
        try:
            if rule is None:
                decision = self.engine.decide(event, now)
            else:
                decision = self.engine.decide_for(rule, event, now, may_act=may_act)
        except ProxyError as error:
            self._crashed(error.rule or "", str(error))
            return None
        if decision is not None:
            self._set_timer()  # a rule that waits for this one knows its time now
        return decision

    def fired(
        self, decision: Decision, where: Request | None = None, *, connection: int | None = None,
        index: int | None = None, sent: bytes = b"", detail: str = "",
    ) -> None:  # fmt: skip
        """Write the receipt of an effect, just before it is performed; `sent` goes out in the place of what came."""
        self.history.append(
            FaultFired(
                self.clock(),
                rule=decision.rule,
                kind=decision.kind,
                effect=_word(decision.action),
                connection=where.connection if where else connection,
                exchange=where.exchange if where else None,
                index=index,
                bytes_sent=len(sent),
                detail=detail,
                sent=self.history.text(sent),
            )
        )

    def misfit(self, decision: Decision, event: Event) -> None:
        """An effect that cannot be performed on this event: the kind is wrong, and the record says so."""
        self._crashed(decision.rule, f"{decision.kind}: cannot {_word(decision.action)} on {type(event).__name__}")

    def apply(
        self, decision: Decision, link: ClientLink, request: Request | None = None, index: int | None = None
    ) -> bool:
        """Perform an action on a whole connection, its receipt first; False, and nothing done, if it is no such action.

        After Abort and Reset the event is not to be passed on. After the others it is, as if nothing had been: the
        connection itself holds its bytes, or counts them.
        """
        action = decision.action
        if not isinstance(action, ConnectionAction):
            return False
        sent, detail = getattr(action, "parting", b""), _settings(action)
        self.fired(decision, request, connection=link.number, index=index, sent=sent, detail=detail)
        try:
            link.apply(decision.rule, action, [rule.id for rule in self.engine.rules])
        except Exception as error:  # noqa: BLE001  # whatever goes wrong in an effect is no reason to lose the proxy
            self._crashed(decision.rule, f"{decision.kind}: {_word(action)} failed: {error!r}")
        return True

    def attempt(
        self, decision: Decision, effect: Generator[C, Any, R], instead: Callable[[], Generator[C, Any, R]]
    ) -> Generator[C, Any, R]:
        """Perform an effect; if it fails, the record says so, and the traffic goes on with what comes `instead`."""
        try:
            return (yield from effect)
        except Exception as error:  # noqa: BLE001  # whatever goes wrong in an effect is no reason to lose the proxy
            self._crashed(decision.rule, f"{decision.kind}: {_word(decision.action)} failed: {error!r}")
        return (yield from instead())

    def _crashed(self, rule: str, error: str) -> None:
        self.history.append(FaultCrashed(self.clock(), rule=rule, error=error))

    # -- what opens and ends --------------------------------------------------------------------------------

    def connected(self, client_id: str, link: ClientLink) -> None:
        self.links[client_id] = link
        self.history.append(ConnectionBegan(self.clock(), connection=link.number))
        self.engine.connection_began(link.number, self.clock())
        self._set_timer()
        link.attach(self)
        self._sockets.add(link)
        for rule in self.engine.rules:  # each by itself: several can slow a connection down together
            self._show_connection(link, ConnectionOpened(link.number), rule.id)

    def disconnected(self, client_id: str) -> None:
        """mitmproxy is done with the connection; what waits on a slow line may still be on its way."""
        link = self.links.get(client_id)
        if link is not None:
            self._waits.cancel(link)
            link.detach()

    def client_gone(self, link: ClientLink) -> None:
        self._waits.wake(link)

    def link_over(self, link: ClientLink) -> None:
        self.links = {client_id: each for client_id, each in self.links.items() if each is not link}
        self.engine.connection_ended(link.number)
        how, by = link.ending or ("fin", "client")
        self.history.append(ConnectionEnded(self.clock(), connection=link.number, how=how, by=by))

    def socket_closed(self, link: ClientLink) -> None:
        self._sockets.discard(link)
        if self.closing and not self._sockets:
            self._all_closed.set()

    def pace_failed(self, rule: str, error: Exception) -> None:
        self._crashed(rule, f"a pace failed and was removed: {error!r}")

    def stream_began(self, stream: LiveStream) -> None:
        request = stream.request
        self.streams[request.exchange] = stream
        self.history.append(StreamBegan(self.clock(), exchange=request.exchange, transport=request.transport))

    def stream_ended(self, request: Request, how: str, by: str, code: int | None = None, reason: str = "") -> None:
        """Record the end of a stream, once: the first end is the one that counts."""
        stream = self.streams.pop(request.exchange, None)
        if stream is None:
            return
        if by == "client" and stream.link.ending is not None:  # whose end the layers above could only guess
            how, by = stream.link.ending
        self.history.append(
            StreamEnded(self.clock(), exchange=request.exchange, how=how, by=by, code=code, reason=reason)
        )

    def released(self, rule: str, request: Request, messages: int) -> None:
        self.history.append(Released(self.clock(), rule=rule, exchange=request.exchange, messages=messages))

    # -- what takes time ------------------------------------------------------------------------------------

    def wake(self, link: ClientLink, stream_id: int, ms: float, token: object) -> None:
        """Deliver `Due(stream_id, token)` to the layers of a connection in a while, unless it ends before."""
        self._waits.later(ms / 1000, link, lambda: link.deliver(Due(stream_id, token)))

    async def hold(self, rule: str, for_ms: float | None, link: ClientLink) -> None:
        """Wait until the time is over, the rule is no longer in force, the client is gone, or the proxy stops."""
        if not self.closing and not link.gone:
            await self._waits.hold(rule, link, None if for_ms is None else for_ms / 1000)

    def remember(self, request: Request, answer: Answer) -> None:
        """Keep what the origin answered, while a rule looks back."""
        if self.engine.looks_back:
            self._answers.add(request, answer)

    def earlier(self, request: Request) -> tuple[Answer, ...]:
        """What the origin answered to this method and path before, the latest last."""
        return self._answers.of(request)

    # -- rules that come and go -----------------------------------------------------------------------------

    async def open(self, gate: Gate) -> None:
        """Start to listen, unless a rule refuses."""
        self._port = Port(gate, self.history, self.clock)
        await self._port.open()
        async with self._changing:
            for rule in self.engine.rules:
                await self._show_listener(rule.id)
        self._set_timer()

    async def close(self) -> None:
        """Close every connection at once; what is held or under way is dropped, a restart of the origin is finished."""
        self.closing = True
        await self._waits.close()
        for link in list(self._sockets):
            link.close()

    async def wait_closed(self) -> None:
        """After `close`: until no socket of a client is left."""
        if self._sockets:
            await self._all_closed.wait()

    async def add(self, *rules: Rule) -> None:
        """Add rules; what stands already is shown to them at once, in the order in which it opened.

        All are there before the first can fire, so that none misses the firing that it waits for.
        """
        async with self._changing:
            added = [self.engine.add(rule, self.clock()) for rule in rules]
            for rule in added:
                self._rule_changed(rule, "added")
            for rule in added:
                await self._show_all(rule.id)
        self._set_timer()

    async def remove(self, rule_id: str) -> None:
        """Remove a rule and release what it holds back. Raises KeyError if there is no such rule."""
        async with self._changing:
            before = self.engine.rules
            self.engine.remove(rule_id)
            self._rule_changed(next(rule for rule in before if rule.id == rule_id), "removed")
            await self._release(rule_id)

    async def page_shows(self, transport: str, state: str) -> None:
        """The page shows this state of its connection; rules that wait for it come into force."""
        self.history.append(PageShown(self.clock(), transport=transport, state=state))
        self.engine.page_shows(transport, state, self.clock())
        await self._advance()

    def _set_timer(self) -> None:
        """Come back when the force of a rule changes next."""
        due = self.engine.next_change_s
        self._waits.set_alarm(None if due is None else max(0.0, due - self.clock()), self._advance)

    async def _advance(self) -> None:
        """Show what stands to the rules that came into force, and release what those hold whose time is over."""
        async with self._changing:
            for change in self.engine.advance(self.clock()):
                rule = next((rule for rule in self.engine.rules if rule.id == change.rule), None)
                if rule is None:  # removed since
                    continue
                try:
                    await self._change_force(rule, change)
                except Exception as error:  # noqa: BLE001  # nobody waits for this who could be told otherwise
                    self._crashed(rule.id, f"{rule.fault.kind}: failed as its time began or ended: {error!r}")
        self._set_timer()

    async def _change_force(self, rule: Rule, change: Armed | Disarmed) -> None:
        if isinstance(change, Armed):
            self._rule_changed(rule, "armed")
            await self._show_all(rule.id, change.connection)
        else:
            self._rule_changed(rule, "disarmed")
            await self._release(rule.id)

    async def _show_all(self, rule: str, connection: int | None = None) -> None:
        """Show a rule everything that stands, or only one connection and its streams."""
        if connection is None:
            await self._show_listener(rule)
        for link in [link for link in self.links.values() if connection in (None, link.number)]:
            self._show_connection(link, ConnectionOpened(link.number, standing=True), rule)
        await self._signal_streams(lambda stream: RuleAdded(stream.stream_id, rule), connection)

    async def _release(self, rule: str) -> None:
        """Let go of everything that a rule holds."""
        if self._port is not None:
            await self._port.release(rule)
        self._waits.wake(rule)
        for link in list(self.links.values()):
            link.release(rule)
        await self._signal_streams(lambda stream: RuleRemoved(stream.stream_id, rule))

    async def _signal_streams(
        self, signal: Callable[[LiveStream], StreamSignal], connection: int | None = None
    ) -> None:
        for stream in list(self.streams.values()):
            if connection in (None, stream.request.connection):
                await stream.link.deliver(signal(stream))

    def _show_connection(self, link: ClientLink, event: ConnectionOpened, rule: str) -> None:
        decision = self.consult(event, rule, may_act=link.ending is None)
        if decision is not None and not self.apply(decision, link):
            self.misfit(decision, event)

    async def _show_listener(self, rule: str) -> None:
        decision = self.consult(ListenerReady(), rule)
        if decision is None or self._port is None:
            return
        match decision.action:
            case Refuse():
                self.fired(decision, detail=f"port {self._port.number} answers every SYN with RST")
                await self._port.refuse(rule)
            case Restart() as restart:
                self._restart_origin(decision, restart)
            case _:
                self.misfit(decision, ListenerReady())

    def _restart_origin(self, decision: Decision, restart: Restart) -> None:
        """Have the subject restart its server, which takes its time, and record when that is done."""
        if self._restart is None:
            self._crashed(decision.rule, f"{decision.kind}: nobody said how to restart the origin")
            return
        self.fired(decision, detail=f"{restart.how}, down for {restart.down_ms:g} ms")
        self._waits.run_to_its_end(self._restarted(decision.rule, self._restart, restart))

    async def _restarted(self, rule: str, hook: RestartHook, restart: Restart) -> None:
        error = ""
        try:
            await asyncio.to_thread(hook, restart)
        except Exception as failure:  # noqa: BLE001  # the hook is the subject's, and its errors belong in the record
            error = str(failure) or repr(failure)
        self.history.append(OriginRestarted(self.clock(), rule=rule, error=error))

    def _rule_changed(self, rule: Rule, change: Literal["added", "removed", "armed", "disarmed"]) -> None:
        self.history.append(RuleChanged(self.clock(), rule=rule.id, kind=rule.fault.kind, change=change))


def _word(action: Action) -> str:
    return type(action).__name__.lower()


def _settings(action: ConnectionAction) -> str:
    """What a receipt says of an effect that lasts: which way, and how much."""
    match action:
        case Stall(directions, for_ms):
            return f"{_ways(directions)}, " + ("until healed" if for_ms is None else f"for {for_ms:g} ms")
        case Pace():
            given = (
                f"{each.name}={getattr(action, each.name)}"
                for each in fields(action)
                if each.name not in ("directions", "key") and getattr(action, each.name) != each.default
            )
            return ", ".join([_ways(action.directions), *given])
        case Limit(after_bytes, direction, then):
            return f"{direction}, {then} after {after_bytes} bytes"
    return ""


def _ways(directions: frozenset[Direction]) -> str:
    return " and ".join(sorted(directions))
