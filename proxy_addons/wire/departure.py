"""What goes out of a WebSocket relay, and what a rule does to it: messages changed, held, or late, and how it ends."""

from collections.abc import Iterable
from typing import Literal

from mitmproxy.proxy import commands
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator

from proxy_addons.actions import Forward, Insert, MessageAction, Parcel, Stall, parcels
from proxy_addons.events import Request
from proxy_addons.framing.messages import Message
from proxy_addons.wire.lane import Lane
from proxy_addons.wire.link import ClientLink
from proxy_addons.wire.listener import Listener
from proxy_addons.wire.outbox import Sent
from proxy_addons.wire.signals import StallOver

Commands = CommandGenerator[None]
_MOST_HELD_BYTES = 1 << 20
"""A stall holds this much, and then lets the sender feel it."""


class Departure:
    """The way out of both lanes of one WebSocket."""

    def __init__(
        self, context: Context, listener: Listener, link: ClientLink, request: Request, stream_id: int,
        lanes: tuple[Lane, Lane],
    ) -> None:  # fmt: skip
        self.context = context
        self.listener = listener
        self.link = link
        self.request = request
        self.stream_id = stream_id
        self.lanes = lanes
        self.over = False
        """Nothing more goes out."""
        self.closing = False
        """A rule has closed: only the client's answer is waited for."""

    # -- messages -------------------------------------------------------------------------------------------

    def dispatch(self, lane: Lane, message: Message | None, action: MessageAction, rule: str = "") -> Commands:
        """Send what goes out in the place of a message: now, later, or after others."""
        if not isinstance(action, Forward | Insert):  # a message without compression leaves the context as it is
            lane.disturb()
        due = [(raw, parcel) for parcel in parcels(action) if (raw := _encoded(lane, parcel, message))]
        now, wake_ups = lane.outbox.put(due, rule)
        for wake_up in wake_ups:
            self.listener.wake(self.link, self.stream_id, wake_up.after_ms, wake_up.token)
        yield from self.send_all(lane, now)

    def send_all(self, lane: Lane, due: Iterable[Sent[bytes]]) -> Commands:
        for raw, late_by in due:
            if late_by is not None:
                self.listener.released(late_by, self.request, 1)
            yield from self.send(lane, raw)

    def send(self, lane: Lane, raw: bytes) -> Commands:
        if self.closing or self.over:
            return
        if not lane.stalled_by:
            yield commands.SendData(lane.sink, raw)
            return
        lane.hold(raw)
        if lane.held_bytes > _MOST_HELD_BYTES:
            self.pause(lane, True)

    def pause(self, lane: Lane, pause: bool) -> None:
        """Let the peer that feeds the lane feel that nothing goes out, or go on."""
        (self.link.pause_upstream if lane.direction == "to_client" else self.link.pause_client)(pause)

    # -- what is held, and let go ---------------------------------------------------------------------------

    def stall(self, action: Stall, rule: str, lane: Lane, message: Message | None) -> Commands:
        if action.parting:
            yield commands.SendData(lane.sink, action.parting)
        for each in self.lanes:
            if each.direction in action.directions:
                each.stalled_by.add(rule)
        if action.for_ms is not None:
            self.listener.wake(self.link, self.stream_id, action.for_ms, StallOver(rule))
        if message is not None:
            yield from self.dispatch(lane, message, Forward())

    def woken(self, token: object) -> Commands:
        if isinstance(token, StallOver):
            yield from self.end_stall(token.rule)
        for lane in self.lanes:
            yield from self.send_all(lane, lane.outbox.due(token))

    def release(self, rule: str) -> Commands:
        """Let go of everything that the rule holds."""
        for lane in self.lanes:
            yield from self.send_all(lane, lane.outbox.release(rule))
        yield from self.end_stall(rule)

    def end_stall(self, rule: str) -> Commands:
        stalled = [lane for lane in self.lanes if rule in lane.stalled_by]
        free = [lane for lane in stalled if lane.stalled_by == {rule}]
        if stalled:
            self.listener.released(rule, self.request, sum(lane.held_messages for lane in free))
        for lane in stalled:
            lane.stalled_by.remove(rule)
        for lane in free:
            self.pause(lane, False)
            for raw in lane.take_held():
                yield commands.SendData(lane.sink, raw)

    # -- how a rule ends it ---------------------------------------------------------------------------------

    def cut(self, how: Literal["fin", "rst"], parting: bytes) -> Commands:
        """FIN without a close frame, or RST."""
        self.over = True
        self.listener.stream_ended(self.request, how, "rule")
        if parting:
            yield commands.SendData(self.context.client, parting)
        self.link.ends(how, "rule")
        if how == "rst":
            self.link.reset()
        else:
            yield from self.hang_up()

    def close(self, frame: bytes, code: int | None, reason: str) -> Commands:
        """The closing handshake with the client, in the origin's name; the origin itself is cut off."""
        self.closing = True
        self.listener.stream_ended(self.request, "close", "rule", code, reason)
        yield commands.SendData(self.context.client, frame)
        yield commands.CloseConnection(self.context.server)

    def hang_up(self) -> Commands:
        self.over = True
        yield commands.CloseConnection(self.context.client)
        yield commands.CloseConnection(self.context.server)


def _encoded(lane: Lane, parcel: Parcel, message: Message | None) -> bytes:
    """The frame of a parcel; nothing for the message as it came where there is none."""
    if parcel.data is None:
        return lane.encoded(message) if message else b""
    as_it_came = message is None or message.text
    return lane.encode(parcel.data, text=as_it_came if parcel.as_text is None else parcel.as_text)
