"""The body of one event stream on its way to the client, with the rules' hands on it.

Bytes that no rule looks at go by as they come. Otherwise they pass four stages: cut into blocks, which the rules
decide on; what is delayed or reordered; what a buffering or compressing intermediary holds; what a stall holds.
"""

from collections.abc import Callable
from typing import assert_never

from mitmproxy.connection import Connection
from mitmproxy.proxy import commands
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._events import ResponseData

from proxy_addons.actions import (
    Abort,
    Buffer,
    ConnectionAction,
    Delay,
    Drop,
    Duplicate,
    End,
    EventSourceAction,
    Forward,
    Insert,
    Limit,
    MessageAction,
    Pace,
    Reorder,
    Replace,
    Reset,
    Stall,
    parcels,
)
from proxy_addons.engine import Decision
from proxy_addons.events import Request, SsePassing, SseRestPassing, StreamOpened
from proxy_addons.records import FaultCrashed
from proxy_addons.wire.delivery import Commands, Delivery, OriginsEnd
from proxy_addons.wire.holdback import HoldBack, Piece
from proxy_addons.wire.link import ClientLink
from proxy_addons.wire.listener import Listener
from proxy_addons.wire.signals import Due, RuleAdded, RuleRemoved, StreamSignal
from proxy_addons.wire.sse import Passage, SseRelay

_PASSED_ON = Forward | Insert | Duplicate | Pace | Limit
"""After these, the event was delivered at once and as it came."""
_NOTHING = Passage(b"")


class EventSourceRelay(Delivery):
    """What becomes of the body that the origin streams."""

    def __init__(
        self, request: Request, listener: Listener, link: ClientLink, client: Connection, stream_id: int,
        finish: Callable[[OriginsEnd], Commands], hang_up: Callable[[], Commands], *, readable: bool,
    ) -> None:  # fmt: skip
        """Not `readable`: the origin compressed the stream, so that its events cannot be seen."""
        super().__init__(request, listener, link, client, stream_id, finish, hang_up)
        self.readable = readable
        self.relay = SseRelay()
        self.tape = listener.history.sse_tape(request.exchange)
        self.engine_version = -1
        self.watched = False
        self.plain = False
        """Nothing acts and nothing is held: bytes go by."""

    # -- what comes ---------------------------------------------------------------------------------------------

    def opened(self) -> Commands:
        """The head is on its way to the client."""
        yield from self.consult_opening(None)

    def goes_by(self) -> bool:
        """Whether the next bytes are passed on as they come."""
        if self.listener.engine.version != self.engine_version:
            self.look_again()
        return self.plain

    def data(self, event: ResponseData, raw: bytes) -> Commands:
        """The next bytes of the body; `raw`: with their chunks, where these are known."""
        if self.goes_by():
            if self.readable:
                self.tape.write(self.listener.clock(), event.data)
                self.relay.go_by(event.data)
            yield commands.SendData(self.client, raw) if raw else SendHttp(event, self.client)
        elif not self.over:
            yield from self.read(event.data)

    def ended(self, event: OriginsEnd) -> Commands:
        """The end of the body, or the origin's; the client sees it when all that is held has gone out."""
        if self.over:
            return
        self.flush_event()
        yield from self.late(self.outbox.no_more())
        self.origins_end = event
        yield from self.part()

    def signalled(self, event: StreamSignal) -> Commands:
        """A rule came or went, or a time has come."""
        if self.over:
            return
        if isinstance(event, RuleAdded):
            yield from self.consult_opening(event.rule)
        elif isinstance(event, RuleRemoved):
            yield from self.let_go(event.rule)
            self.look_again()
            if not self.watched:
                self.flush_event()
                yield from self.flush()
        elif isinstance(event, Due):
            yield from self.woken(event.token)
        self.look_again()
        yield from self.part()

    # -- blocks and what the rules say about them ---------------------------------------------------------------

    def look_again(self) -> None:
        """Find out whether bytes can go by: asked only when the rules, or what is held, have changed."""
        engine = self.listener.engine
        watched = engine.watches(self.request, SsePassing, SseRestPassing)
        if watched and not self.watched and not self.readable:
            self.cannot_read()
        self.engine_version, self.watched = engine.version, watched
        self.plain = not (self.over or self.holds or self.relay.holds or (watched and self.readable))

    def cannot_read(self) -> None:
        error = "the origin compressed this event stream, so its events cannot be read; they pass"
        for rule in self.listener.engine.rules:
            if {SsePassing, SseRestPassing} & set(rule.fault.events()):
                self.listener.history.append(FaultCrashed(self.listener.clock(), rule=rule.id, error=error))

    def read(self, data: bytes) -> Commands:
        """Bytes that something acts on. What came in one chunk goes out in one chunk."""
        if self.readable:
            counted = not self.outbox.empty or (self.hold_back is not None and self.hold_back.counts_events)
            for passage in self.relay.feed(data, hold=self.watched or counted):
                yield from self.pass_on(passage)
        else:
            self.out.append(Piece(data))
        yield from self.flush()
        self.look_again()

    def pass_on(self, passage: Passage) -> Commands:
        if self.over:
            return
        decision, event = None, self.event_of(passage)
        if event is not None and self.watched:
            decision = self.listener.consult(event)
        action = decision.action if decision else None
        at_once = not self.stalled_by and self.hold_back is None
        self.tape.write(
            self.listener.clock(), passage.raw, delivered=at_once and (action is None or isinstance(action, _PASSED_ON))
        )
        if decision is None or event is None:
            self.put(Forward(), passage)
        else:
            yield from self.act(decision, event, passage)

    def event_of(self, passage: Passage) -> SsePassing | SseRestPassing | None:
        """What rules may decide on; None for what is no whole block, or has passed in part."""
        if passage.block is None or not passage.whole:
            return None
        if passage.index:
            return SsePassing(self.request, passage.index, passage.block)
        return SseRestPassing(self.request, passage.block)

    def consult_opening(self, rule: str | None) -> Commands:
        event = StreamOpened(self.request, standing=rule is not None)
        decision = self.listener.consult(event, rule)
        if decision is not None:
            yield from self.act(decision, event, _NOTHING)
            yield from self.flush()
        self.look_again()

    # -- effects ------------------------------------------------------------------------------------------------

    def act(self, decision: Decision, event: StreamOpened | SsePassing | SseRestPassing, passage: Passage) -> Commands:
        """Perform an effect. Its receipt is written first: what the client can see is in the record by then."""
        action = decision.action
        if isinstance(action, Pace | Limit) or (
            isinstance(action, ConnectionAction) and decision.scope == "connection"
        ):
            yield from self.act_on_connection(decision, action, passage)
        elif not isinstance(action, EventSourceAction) or not self.fits(action, passage):
            self.listener.misfit(decision, event)
            self.put(Forward(), passage)
        else:
            yield from self.listener.attempt(
                decision, self.perform(decision, action, passage), lambda: self.forward(passage)
            )

    def forward(self, passage: Passage) -> Commands:
        self.put(Forward(), passage)
        yield from ()

    def fits(self, action: EventSourceAction, passage: Passage) -> bool:
        """Whether an action makes sense here: what replaces an event needs one, what is inserted a readable stream."""
        match action:
            case Drop() | Replace() | Duplicate() | Delay() | Reorder():
                return bool(passage.raw)
            case Insert():
                return self.readable
            case Buffer(behind=behind, gzip=gzip):
                return not gzip and (self.readable or behind is None)
            case Stall(directions):
                return "to_client" in directions
        return True

    def act_on_connection(self, decision: Decision, action: ConnectionAction, passage: Passage) -> Commands:
        """What a rule does to the connection, below all that is spoken on it."""
        if isinstance(action, Abort | Reset):
            yield from self.flush()
            self.over = True
            self.listener.stream_ended(self.request, "rst" if isinstance(action, Reset) else "fin", "rule")
        else:
            self.put(Forward(), passage)
        self.listener.apply(decision, self.link, self.request, passage.index or None)

    def perform(self, decision: Decision, action: EventSourceAction, passage: Passage) -> Commands:
        rule, sent = decision.rule, _substance(action, passage)
        self.listener.fired(decision, self.request, index=passage.index or None, sent=sent)
        match action:
            case Forward() | Drop() | Replace() | Duplicate() | Delay() | Reorder() | Insert():
                self.put(action, passage, rule)
            case Abort(parting) | Reset(parting):
                yield from self.flush()
                yield from self.cut("rst" if isinstance(action, Reset) else "fin", parting)
            case End(parting):
                yield from self.flush()
                yield from self.end(parting)
            case Stall(for_ms=for_ms, parting=parting):
                yield from self.flush()
                if not self.stalled_by:
                    yield from self.say_last(parting)
                self.stall(rule, for_ms)
                self.put(Forward(), Passage(passage.raw.removeprefix(parting), index=passage.index))
            case Buffer():
                yield from self.flush()
                if self.hold_back is None:
                    self.hold_back, self.buffered_by = HoldBack(action), rule
                self.put(Forward(), passage)
            case Pace() | Limit():
                raise AssertionError("performed on the connection, not on the stream")
            case _:
                assert_never(action)

    def put(self, action: MessageAction, passage: Passage, rule: str = "") -> None:
        """What goes out in the place of a block: now, later, or after others."""
        due = [
            (Piece(passage.raw, bool(passage.index)) if parcel.data is None else Piece(parcel.data), parcel)
            for parcel in parcels(action)
        ]
        if self.outbox.empty and isinstance(action, Forward | Drop | Replace | Insert):
            self.out += [piece for piece, _ in due]
            return
        now, wake_ups = self.outbox.put([(p.data, parcel) for p, parcel in due], rule, counts=bool(passage.index))
        self.ask(*wake_ups)
        self.queue(now)

    def flush_event(self) -> None:
        """What is held of an event that is not complete goes on."""
        rest = self.relay.flush()
        if rest:
            self.tape.write(self.listener.clock(), rest, delivered=not self.stalled_by)
            self.out.append(Piece(rest))


def _substance(action: EventSourceAction, passage: Passage) -> bytes:
    """The bytes that go out in the place of a block."""
    match action:
        case Forward() | Drop() | Replace() | Duplicate() | Delay() | Reorder() | Insert():
            return b"".join(passage.raw if parcel.data is None else parcel.data for parcel in parcels(action))
        case Abort(parting) | Reset(parting) | End(parting):
            return parting
        case Stall():
            return action.parting
    return b""
