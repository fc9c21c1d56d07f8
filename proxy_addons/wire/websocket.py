"""A WebSocket between client and origin: bytes relayed as they came, messages shown to the rules that want them.

mitmproxy's own layer asks a hook for each message and keeps every message; this one does neither. What no rule
touches goes out with the bytes it came in with: masks, fragments, compression, pings and close codes are the peers'
own.
"""

from typing import Literal, assert_never

from mitmproxy.connection import Connection
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator

from proxy_addons.actions import (
    Abort,
    Close,
    ConnectionAction,
    Delay,
    Drop,
    Duplicate,
    Forward,
    Fragment,
    Insert,
    Limit,
    Pace,
    Reorder,
    Replace,
    Reset,
    Stall,
    WebSocketAction,
    at_once,
)
from proxy_addons.engine import Decision
from proxy_addons.events import ControlPassing, Direction, MessagePassing, Request, StreamOpened
from proxy_addons.framing.deflate import Deflate
from proxy_addons.framing.messages import Message
from proxy_addons.framing.websocket import CLOSE, PING, PONG, Frame, encode_close, encode_frame, read_close
from proxy_addons.wire.departure import Departure
from proxy_addons.wire.lane import Lane
from proxy_addons.wire.link import ClientLink, PassOn
from proxy_addons.wire.listener import Listener
from proxy_addons.wire.signals import Due, Opened, RuleAdded, RuleRemoved

Commands = CommandGenerator[None]
_CONTROLS: dict[int, Literal["ping", "pong"]] = {PING: "ping", PONG: "pong"}
_ONLY_MESSAGES = Drop | Replace | Duplicate | Delay | Reorder | Fragment


class WebSocketRelay(layer.Layer):
    """What mitmproxy runs on the connection after the 101."""

    def __init__(
        self, context: Context, listener: Listener, link: ClientLink, request: Request, extensions: str, stream_id: int
    ) -> None:
        super().__init__(context)
        self.listener = listener
        self.link = link
        self.request = request
        self.watched = False
        self.engine_version = -1
        self.to_client = self._lane("to_client", context.client, extensions)
        self.to_server = self._lane("to_server", context.server, extensions)
        self.out = Departure(context, listener, link, request, stream_id, (self.to_client, self.to_server))

    def _lane(self, direction: Direction, sink: Connection, extensions: str) -> Lane:
        tape = self.listener.history.websocket_tape(self.request.exchange, direction, extensions)
        return Lane(direction, sink, tape, Deflate.parse(extensions))

    def _handle_event(self, event: events.Event) -> Commands:
        if self.out.over or isinstance(event, events.Start):
            return
        if isinstance(event, events.DataReceived):
            yield from self.relay(self.lane_from(event.connection), event.data)
        elif isinstance(event, events.ConnectionClosed):
            yield from self.peer_gone(self.lane_from(event.connection))
        elif isinstance(event, Opened):
            self.link.shortcut(self.context.server, self.past(self.to_client), self.past(self.to_server))
            yield from self.consult_opening(None)
        elif isinstance(event, RuleAdded):
            yield from self.consult_opening(event.rule)
        elif isinstance(event, RuleRemoved):
            yield from self.out.release(event.rule)
            yield from self.catch_up()
        elif isinstance(event, Due):
            yield from self.out.woken(event.token)
            yield from self.catch_up()

    def lane_from(self, peer: Connection) -> Lane:
        return self.to_client if peer is self.context.server else self.to_server

    def consult_opening(self, rule: str | None) -> Commands:
        event = StreamOpened(self.request, standing=rule is not None)
        decision = self.listener.consult(event, rule)
        if decision is not None:
            yield from self.act(decision, event, self.to_client, None)

    # -- bytes ----------------------------------------------------------------------------------------------

    def relay(self, lane: Lane, data: bytes) -> Commands:
        passing, frames = lane.take(data, wanted=self.must_read(lane))
        if passing:
            lane.tape.write(self.listener.clock(), passing, delivered=not lane.stalled_by)
            yield from self.out.send(lane, passing)
        for frame in frames:
            if self.out.over:
                return
            if frame.opcode == CLOSE:
                yield from self.close_frame(lane, frame)
            elif frame.is_control:
                yield from self.control_frame(lane, frame)
            else:
                yield from self.data_frame(lane, frame)

    def past(self, lane: Lane) -> PassOn:
        """What `relay` does, for bytes that need not come up to this layer."""

        def pass_on(data: bytes) -> tuple[bytes, bytes]:
            if self.out.over or self.must_read(lane):
                return b"", data
            passing, rest = lane.take_unread(data)
            if passing:
                lane.tape.write(self.listener.clock(), passing)
            return passing, rest

        return pass_on

    def must_read(self, lane: Lane) -> bool:
        engine = self.listener.engine
        if engine.version != self.engine_version:
            self.engine_version = engine.version
            self.watched = engine.watches(self.request)
        return self.watched or self.out.closing or lane.busy

    # -- frames and messages --------------------------------------------------------------------------------

    def control_frame(self, lane: Lane, frame: Frame) -> Commands:
        opcode = _CONTROLS.get(frame.opcode)
        event = ControlPassing(self.request, lane.direction, opcode, frame.payload) if opcode else None
        decision = self.listener.consult(event) if event else None
        delivered = not lane.stalled_by and (decision is None or not isinstance(decision.action, Drop))
        lane.tape.write(self.listener.clock(), frame.raw, delivered=delivered)
        if decision is not None and event is not None:
            if not isinstance(decision.action, Drop):
                self.listener.misfit(decision, event)
            else:
                self.listener.fired(decision, self.request, detail=f"{opcode} {lane.direction}")
                return
        yield from self.out.send(lane, frame.raw)

    def data_frame(self, lane: Lane, frame: Frame) -> Commands:
        message = lane.assemble(frame)
        if message is not None:
            yield from self.message(lane, message)
            lane.passing = False
        elif lane.passing or not self.must_read(lane):
            yield from self.pass_fragments(lane)
            lane.passing = True

    def message(self, lane: Lane, message: Message) -> Commands:
        if lane.passing:
            yield from self.pass_fragments(lane)
            return
        lane.fragments.clear()
        event = MessagePassing(self.request, lane.direction, lane.index, message.data, message.text)
        decision = self.listener.consult(event)
        forwarded = decision is None or isinstance(decision.action, Forward)
        raw = b"".join(frame.raw for frame in message.frames)
        lane.tape.write(self.listener.clock(), raw, delivered=forwarded and not lane.stalled_by)
        if decision is None:
            yield from self.out.dispatch(lane, message, Forward())
        else:
            yield from self.act(decision, event, lane, message)

    def pass_fragments(self, lane: Lane) -> Commands:
        """The frames of a message for which a rule comes too late, or that none wants to see."""
        fragments, lane.fragments = lane.fragments, []
        for frame in fragments:
            lane.tape.write(self.listener.clock(), frame.raw, delivered=not lane.stalled_by)
            yield from self.out.send(lane, frame.raw)

    # -- effects --------------------------------------------------------------------------------------------

    def act(
        self, decision: Decision, event: StreamOpened | MessagePassing, lane: Lane, message: Message | None
    ) -> Commands:
        """Perform an effect. Its receipt is written first: what the client can see is in the record by then.

        `message` is None when the stream has just opened, or when a rule meets it standing.
        """
        action = decision.action
        if isinstance(action, Pace | Limit) or (
            isinstance(action, ConnectionAction) and decision.scope == "connection"
        ):
            yield from self.act_on_connection(decision, action, lane, message)
        elif not isinstance(action, WebSocketAction) or (message is None and isinstance(action, _ONLY_MESSAGES)):
            self.listener.misfit(decision, event)
            yield from self.pass_on(lane, message)
        else:
            effect = self.perform(decision, action, lane, message)
            yield from self.listener.attempt(decision, effect, lambda: self.pass_on(lane, message))

    def act_on_connection(
        self, decision: Decision, action: ConnectionAction, lane: Lane, message: Message | None
    ) -> Commands:
        """What a rule does to the connection, below all that is spoken on it."""
        if isinstance(action, Abort | Reset):
            self.out.over = True
            self.listener.stream_ended(self.request, "rst" if isinstance(action, Reset) else "fin", "rule")
        self.listener.apply(decision, self.link, self.request, lane.index if message else None)
        yield from self.pass_on(lane, message)

    def perform(self, decision: Decision, action: WebSocketAction, lane: Lane, message: Message | None) -> Commands:
        sent, effect = self.effect(action, decision.rule, lane, message)
        binary = isinstance(action, Replace | Insert) and _goes_as_text(action.as_text, message) is False
        detail = "binary" if binary else ""
        self.listener.fired(decision, self.request, index=lane.index if message else None, sent=sent, detail=detail)
        yield from effect

    def effect(self, action: WebSocketAction, rule: str, lane: Lane, message: Message | None) -> tuple[bytes, Commands]:
        """What an action sends in the place of the message, and what does it."""
        match action:
            case Forward() | Drop() | Replace() | Duplicate() | Delay() | Reorder() | Insert():
                return at_once(action, message.data if message else b""), self.out.dispatch(lane, message, action, rule)
            case Fragment(piece_bytes, pings):
                assert message is not None, "it acts on messages only"
                lane.disturb()
                frames = lane.fragmented(message, piece_bytes, pings=pings)
                return frames, self.out.send(lane, frames)
            case Abort(parting):
                return parting, self.out.cut("fin", parting)
            case Reset(parting):
                return parting, self.out.cut("rst", parting)
            case Close(code, reason):
                frame = encode_frame(CLOSE, b"" if code is None else encode_close(code, reason))
                return frame, self.out.close(frame, code, reason)
            case Stall():
                return action.parting, self.out.stall(action, rule, lane, message)
            case Pace() | Limit():
                raise AssertionError("performed on the connection, not on the stream")
            case _:
                assert_never(action)

    def pass_on(self, lane: Lane, message: Message | None) -> Commands:
        """The message as it came, if there is one."""
        if message is not None:
            yield from self.out.dispatch(lane, message, Forward())

    # -- ends -----------------------------------------------------------------------------------------------

    def close_frame(self, lane: Lane, frame: Frame) -> Commands:
        if self.out.closing:
            # The client has answered the close that a rule sent: the origin's part is to hang up.
            if lane is self.to_server:
                self.out.over = True
                self.link.ends("fin", "rule")
                yield commands.CloseConnection(self.context.client)
            return
        yield from self.out.send_all(lane, lane.outbox.no_more())
        if lane.stalled_by:
            lane.held_farewell = frame
            return
        code, reason = read_close(frame.payload)
        lane.tape.write(self.listener.clock(), frame.raw)
        self.listener.stream_ended(self.request, "close", _author(lane), code, reason)
        yield from self.out.send(lane, frame.raw)

    def peer_gone(self, lane: Lane) -> Commands:
        """The peer that feeds this lane has sent FIN or RST; the other one learns it, unless a stall is between."""
        if self.out.closing and lane is self.to_client:
            return
        if lane.stalled_by:
            lane.held_end = True
            return
        yield from self.out.send_all(lane, lane.outbox.no_more())
        how = self.link.how_origin_ended(self.context.server) if lane is self.to_client else "fin"
        self.listener.stream_ended(self.request, how, _author(lane))
        self.link.ends(how, _author(lane))
        if how == "rst":
            self.link.reset("origin")
        yield from self.out.hang_up()

    def catch_up(self) -> Commands:
        """What came to an end behind a stall that is over."""
        for lane in (self.to_client, self.to_server):
            if not lane.stalled_by and lane.held_farewell is not None:
                farewell, lane.held_farewell = lane.held_farewell, None
                yield from self.close_frame(lane, farewell)
            if not lane.stalled_by and lane.held_end and not self.out.over:
                yield from self.peer_gone(lane)
            if not self.out.over:
                yield from self.relay(lane, b"")  # half a frame that nobody waits for any more


def _author(lane: Lane) -> str:
    return "origin" if lane.direction == "to_client" else "client"


def _goes_as_text(as_text: bool | None, message: Message | None) -> bool | None:
    """Whether what an action sends is text: as it says, or as the message that it is put in the place of."""
    return message.text if as_text is None and message is not None else as_text
