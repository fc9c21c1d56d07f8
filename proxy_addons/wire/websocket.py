"""A WebSocket between client and origin: frames relayed as they came, messages shown to the rules.

mitmproxy's own layer asks a hook for each message and keeps every message; this one does neither. Frames that no
rule touches go out with the bytes they came in with: masks, fragments, compression, pings and close codes are the
peers' own.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import assert_never

from mitmproxy.connection import Connection
from mitmproxy.proxy import commands, events, layer
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator

from proxy_addons.actions import Abort, Close, End, Forward, Refuse, Replace, Reset, Respond, Stall
from proxy_addons.engine import Decision
from proxy_addons.events import Direction, MessagePassing, Request, StreamOpened
from proxy_addons.framing.websocket import (
    BINARY,
    CLOSE,
    TEXT,
    Deflate,
    Frame,
    FrameScanner,
    Message,
    MessageAssembler,
    encode_close,
    encode_frame,
    read_close,
)
from proxy_addons.records import MessageSeen, as_text
from proxy_addons.wire.link import ClientLink
from proxy_addons.wire.listener import Listener
from proxy_addons.wire.signals import Opened, RuleAdded, RuleRemoved

Commands = CommandGenerator[None]
MASK = b"\x00\x00\x00\x00"
"""A client must mask (RFC 6455, 5.3); which mask is its own affair, and zero keeps our records readable."""


@dataclass
class Lane:
    """One direction of the WebSocket."""

    direction: Direction
    sink: Connection
    assembler: MessageAssembler
    scanner: FrameScanner = field(default_factory=FrameScanner)
    index: int = 0
    fragments: list[Frame] = field(default_factory=list)
    """Frames of the message that is still coming and have not been passed on."""
    passing: bool = False
    """The first fragments of the message are with the peer already: a rule comes too late for it."""
    altered: bool = False
    """A rule changed what the peer's decompressor has seen, so the peer gets plain messages from here on."""
    stalled_by: str | None = None
    held: list[bytes] = field(default_factory=list)
    held_farewell: Frame | None = None
    """The close frame behind what is held."""
    held_end: bool = False
    """The peer that feeds this lane is gone, and the other one has not been told."""

    @property
    def held_messages(self) -> int:
        """How many messages begin in what is held."""
        return sum(raw[0] & 0x0F in (TEXT, BINARY) for raw in self.held)


class WebSocketRelay(layer.Layer):
    """What mitmproxy runs on the connection after the 101."""

    def __init__(
        self, context: Context, listener: Listener, link: ClientLink, request: Request, extensions: str
    ) -> None:
        super().__init__(context)
        self.listener = listener
        self.link = link
        self.request = request
        self.over = False
        self.closing = False
        deflate = Deflate.parse(extensions)
        self.to_client = Lane("to_client", context.client, MessageAssembler(deflate, "to_client"))
        self.to_server = Lane("to_server", context.server, MessageAssembler(deflate, "to_server"))

    def _handle_event(self, event: events.Event) -> Commands:
        if self.over or isinstance(event, events.Start):
            return
        if isinstance(event, events.DataReceived):
            yield from self.relay(self.lane_from(event.connection), event.data)
        elif isinstance(event, events.ConnectionClosed):
            yield from self.peer_gone(self.lane_from(event.connection))
        elif isinstance(event, Opened):
            yield from self.consult_opening(None)
        elif isinstance(event, RuleAdded):
            yield from self.consult_opening(event.rule)
        elif isinstance(event, RuleRemoved):
            yield from self.release(event.rule)

    def lane_from(self, peer: Connection) -> Lane:
        return self.to_client if peer == self.context.server else self.to_server

    def consult_opening(self, rule: str | None) -> Commands:
        event = StreamOpened(self.request)
        decision = self.listener.consult(event, rule)
        if decision is not None:
            yield from self.act(decision, event, self.to_client, None)

    # -- frames and messages --------------------------------------------------------------------------------

    def relay(self, lane: Lane, data: bytes) -> Commands:
        for frame in lane.scanner.feed(data):
            if self.over:
                return
            if frame.opcode == CLOSE:
                yield from self.close_frame(lane, frame)
            elif frame.opcode > CLOSE:
                yield from self.send(lane, frame.raw)
            else:
                yield from self.data_frame(lane, frame)

    def data_frame(self, lane: Lane, frame: Frame) -> Commands:
        lane.fragments.append(frame)
        message = lane.assembler.feed(frame)
        if message is not None:
            yield from self.message(lane, message)
            lane.passing = False
        elif lane.passing or not self.listener.engine.watches(self.request):
            yield from self.send_fragments(lane)
            lane.passing = True

    def message(self, lane: Lane, message: Message) -> Commands:
        lane.index += 1
        event = MessagePassing(self.request, lane.direction, lane.index, message.data, message.text)
        decision = None if lane.passing else self.listener.consult(event)
        forwarded = decision is None or isinstance(decision.action, Forward)
        self.record(lane, message, delivered=forwarded and lane.stalled_by is None)
        if decision is None:
            yield from self.send_message(lane, message)
        else:
            yield from self.act(decision, event, lane, message)
        lane.fragments.clear()

    def record(self, lane: Lane, message: Message, *, delivered: bool) -> None:
        self.listener.history.append(
            MessageSeen(
                self.listener.clock(),
                exchange=self.request.exchange,
                direction=lane.direction,
                index=lane.index,
                data=as_text(message.data),
                bytes=sum(len(frame.raw) for frame in message.frames),
                delivered=delivered,
            )
        )

    # -- effects --------------------------------------------------------------------------------------------

    def act(
        self, decision: Decision, event: StreamOpened | MessagePassing, lane: Lane, message: Message | None
    ) -> Commands:
        """Perform an effect. Its receipt is written first: what the client can see is in the record by then.

        `message` is None when the stream has just opened.
        """
        sent, effect = 0, self.send_message(lane, message)
        match decision.action:
            case Forward():
                pass
            case Replace(data):
                sent, effect = len(data), self.replace(lane, data, text=message is None or message.text)
            case Abort():
                effect = self.cut("fin")
            case Reset():
                effect = self.cut("rst")
            case Close(code, reason):
                frame = encode_frame(CLOSE, encode_close(code, reason))
                sent, effect = len(frame), self.close(frame, code, reason)
            case Stall(directions):
                self.stall(decision.rule, directions)
            case End() | Respond() | Refuse():
                self.listener.misfit(decision, event)
                yield from effect
                return
            case _:
                assert_never(decision.action)
        self.listener.fired(decision, self.request, index=lane.index if message else None, bytes_sent=sent)
        yield from effect

    def replace(self, lane: Lane, data: bytes, *, text: bool) -> Commands:
        lane.altered = True
        yield from self.send_plain(lane, data, text=text)

    def stall(self, rule: str, directions: Collection[Direction]) -> None:
        for lane in (self.to_client, self.to_server):
            if lane.direction in directions and lane.stalled_by is None:
                lane.stalled_by = rule

    def cut(self, how: str) -> Commands:
        """FIN without a close frame, or RST."""
        self.over = True
        self.listener.stream_ended(self.request, how, "rule")
        self.link.ends(how, "rule")
        if how == "rst":
            self.link.reset()
        else:
            yield commands.CloseConnection(self.context.client)
            yield commands.CloseConnection(self.context.server)

    def close(self, frame: bytes, code: int, reason: str) -> Commands:
        """The closing handshake with the client, in the origin's name; the origin itself is cut off."""
        self.closing = True
        self.listener.stream_ended(self.request, "close", "rule", code, reason)
        yield commands.SendData(self.context.client, frame)
        yield commands.CloseConnection(self.context.server)

    # -- what goes out --------------------------------------------------------------------------------------

    def send_message(self, lane: Lane, message: Message | None) -> Commands:
        if message is None:
            return
        if lane.altered:
            yield from self.send_plain(lane, message.data, text=message.text)
        else:
            yield from self.send_fragments(lane)

    def send_fragments(self, lane: Lane) -> Commands:
        fragments, lane.fragments = lane.fragments, []
        for frame in fragments:
            yield from self.send(lane, frame.raw)

    def send_plain(self, lane: Lane, data: bytes, *, text: bool) -> Commands:
        mask = MASK if lane.direction == "to_server" else None
        yield from self.send(lane, encode_frame(TEXT if text else BINARY, data, mask=mask))

    def send(self, lane: Lane, raw: bytes) -> Commands:
        if self.closing:
            return
        if lane.stalled_by is not None:
            lane.held.append(raw)
        else:
            yield commands.SendData(lane.sink, raw)

    # -- ends -----------------------------------------------------------------------------------------------

    def close_frame(self, lane: Lane, frame: Frame) -> Commands:
        if self.closing:
            # The client has answered the close that a rule sent: the origin's part is to hang up.
            if lane is self.to_server:
                self.over = True
                self.link.ends("fin", "rule")
                yield commands.CloseConnection(self.context.client)
            return
        if lane.stalled_by is not None:
            lane.held_farewell = frame
            return
        code, reason = read_close(frame.payload)
        self.listener.stream_ended(self.request, "close", self.author(lane), code, reason)
        yield from self.send(lane, frame.raw)

    def peer_gone(self, lane: Lane) -> Commands:
        """The peer that feeds this lane has sent FIN or RST; the other one learns it, unless a stall is between."""
        if self.closing and lane is self.to_client:
            return
        if lane.stalled_by is not None:
            lane.held_end = True
            return
        self.over = True
        self.listener.stream_ended(self.request, "fin", self.author(lane))
        self.link.ends("fin", self.author(lane))
        yield commands.CloseConnection(self.context.client)
        yield commands.CloseConnection(self.context.server)

    def release(self, rule: str) -> Commands:
        for lane in (self.to_client, self.to_server):
            if lane.stalled_by != rule:
                continue
            self.listener.released(rule, self.request, lane.held_messages)
            lane.stalled_by = None
            held, lane.held = lane.held, []
            for raw in held:
                yield commands.SendData(lane.sink, raw)
            if lane.held_farewell is not None:
                yield from self.close_frame(lane, lane.held_farewell)
            if lane.held_end and not self.over:
                yield from self.peer_gone(lane)

    @staticmethod
    def author(lane: Lane) -> str:
        return "origin" if lane.direction == "to_client" else "client"
