"""What is on its way to the client of an event stream: delayed, reordered, buffered, compressed or stalled."""

from collections.abc import Callable, Iterable

from mitmproxy.connection import Connection
from mitmproxy.proxy import commands
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._events import ResponseData, ResponseEndOfMessage, ResponseProtocolError

from proxy_addons.actions import Buffer
from proxy_addons.engine import Decision
from proxy_addons.events import Request
from proxy_addons.wire.holdback import Compressor, HoldBack, Passed, Piece
from proxy_addons.wire.link import ClientLink
from proxy_addons.wire.listener import Listener
from proxy_addons.wire.outbox import Outbox, Sent, WakeUp
from proxy_addons.wire.signals import StallOver

Commands = CommandGenerator[None]
OriginsEnd = ResponseEndOfMessage | ResponseProtocolError

_MOST_HELD_BYTES = 1 << 20
"""A stall holds this much, and then lets the origin feel it."""


class Delivery:
    """The stages behind the rules' decisions, in this order: what waits for a time or for further events, what an
    intermediary holds and compresses, what a stall holds."""

    def __init__(
        self, request: Request, listener: Listener, link: ClientLink, client: Connection, stream_id: int,
        finish: Callable[[OriginsEnd], Commands], hang_up: Callable[[], Commands],
    ) -> None:  # fmt: skip
        """`finish` performs the origin's end of the body, whole or broken off, and `hang_up` ends an exchange whose
        client has all that it gets: both belong to the exchange."""
        self.request = request
        self.listener = listener
        self.link = link
        self.client = client
        self.stream_id = stream_id
        self.finish = finish
        self.hang_up = hang_up
        self.over = False
        self.out: list[Piece] = []
        """What goes on at the end of this turn, in one chunk."""
        self.outbox: Outbox[bytes] = Outbox()
        self.hold_back: HoldBack | None = None
        self.buffered_by = ""
        self.gzip: Compressor | None = None
        self.gzipped_by = ""
        self.stalled_by: set[str] = set()
        self.stalled: list[bytes] = []
        self.stalled_bytes = 0
        self.stalled_events = 0
        self.origins_end: OriginsEnd | None = None
        """It waits for what is held."""

    @property
    def holds(self) -> bool:
        """Whether anything stands between an event and its client."""
        return bool(self.stalled_by or self.hold_back or self.gzip or not self.outbox.empty)

    # -- what goes on -------------------------------------------------------------------------------------------

    def queue(self, sent: Iterable[Sent[bytes]]) -> None:
        for data, late_by in sent:
            if late_by is not None:
                self.listener.released(late_by, self.request, 1)
            self.out.append(Piece(data, is_event=True))

    def late(self, sent: Iterable[Sent[bytes]]) -> Commands:
        """What was held goes out, each thing in a chunk of its own."""
        for each in sent:
            self.queue([each])
            yield from self.flush()

    def flush(self) -> Commands:
        """What this turn has brought goes on: through the buffer, and out."""
        pieces, self.out = self.out, []
        if self.hold_back is None:
            if self.stalled_by:
                self.stalled_events += sum(piece.is_event for piece in pieces)
            yield from self.compress(b"".join(piece.data for piece in pieces))
        elif pieces:
            passed, wake_up = self.hold_back.put(pieces)
            if wake_up:
                self.ask(wake_up)
            yield from self.pass_out(passed)

    def pass_out(self, passed: Passed) -> Commands:
        """What a buffer lets go, which the record knows as held."""
        if self.stalled_by:
            self.stalled_events += passed.events
        elif passed.events:
            self.listener.released(self.buffered_by, self.request, passed.events)
        yield from self.compress(passed.data)

    def compress(self, data: bytes) -> Commands:
        if data:
            yield from self.send(self.gzip.add(data) if self.gzip else data)

    def send(self, data: bytes) -> Commands:
        if not data or self.over:
            return
        if not self.stalled_by:
            yield SendHttp(ResponseData(self.stream_id, data), self.client)
            return
        self.stalled.append(data)
        self.stalled_bytes += len(data)
        if self.stalled_bytes > _MOST_HELD_BYTES:
            self.link.pause_upstream(True)

    def ask(self, *wake_ups: WakeUp) -> None:
        for after_ms, token in wake_ups:
            self.listener.wake(self.link, self.stream_id, after_ms, token)

    # -- buffers and stalls -------------------------------------------------------------------------------------

    def buffer_from_start(self, decision: Decision, action: Buffer) -> None:
        """Before the head goes out: hold the body back as an intermediary does."""
        if action.gzip:
            self.gzip, self.gzipped_by = Compressor(flushes=action.waits), decision.rule
        if not action.hides:
            self.hold_back, self.buffered_by = HoldBack(action), decision.rule

    def stall(self, rule: str, for_ms: float | None) -> None:
        """Hold everything from here on."""
        self.stalled_by.add(rule)
        if for_ms is not None:
            self.ask(WakeUp(for_ms, StallOver(rule)))

    def flow_again(self, rule: str) -> Commands:
        """The rule stalls no more, if it did; what is held goes out as soon as none does."""
        if rule not in self.stalled_by:
            return
        self.stalled_by.remove(rule)
        held: list[bytes] = []
        events = 0
        if not self.stalled_by:
            held, self.stalled, self.stalled_bytes = self.stalled, [], 0
            events, self.stalled_events = self.stalled_events, 0
        self.listener.released(rule, self.request, events or len(held))  # chunks, where nobody can see events
        for data in held:
            yield from self.send(data)
        if held:
            self.link.pause_upstream(False)

    def woken(self, token: object) -> Commands:
        """A time has come that was asked for."""
        if isinstance(token, StallOver):
            yield from self.flow_again(token.rule)
        yield from self.late(self.outbox.due(token))
        if self.hold_back is not None:
            yield from self.pass_out(self.hold_back.due(token))

    def let_go(self, rule: str) -> Commands:
        """A rule is no longer in force: what it holds goes on."""
        yield from self.flow_again(rule)
        yield from self.late(self.outbox.release(rule))
        if self.hold_back is not None and self.buffered_by == rule:
            passed, self.hold_back = self.hold_back.drain(), None
            yield from self.pass_out(passed)
        if self.gzip is not None and self.gzipped_by == rule:
            self.gzip.flushes = True
            yield from self.send(self.gzip.add(b"", flush=True))

    # -- the end ------------------------------------------------------------------------------------------------

    def cut(self, how: str, parting: bytes) -> Commands:
        """FIN or RST to the client, without the last chunk."""
        yield from self.say_last(parting)
        self.over = True
        self.listener.stream_ended(self.request, how, "rule")
        self.link.ends(how, "rule")
        if how == "rst":
            self.link.reset()
        else:
            yield commands.CloseConnection(self.client)

    def end(self, parting: bytes) -> Commands:
        """The legal end of the body."""
        yield from self.say_last(parting)
        if self.gzip:
            yield from self.send(self.gzip.end())
        self.over = True
        self.listener.stream_ended(self.request, "end", "rule")
        yield SendHttp(ResponseEndOfMessage(self.stream_id), self.client)
        yield from self.hang_up()

    def say_last(self, parting: bytes) -> Commands:
        """What still goes out, past everything that is held."""
        data = self.gzip.add(parting, flush=True) if self.gzip and parting else parting
        if data:
            yield SendHttp(ResponseData(self.stream_id, data), self.client)

    def part(self) -> Commands:
        """The origin's end, if it has come and nothing is left to go out before it."""
        if self.origins_end is None or self.over or self.stalled_by or not self.outbox.empty:
            return
        yield from self.flush()
        if self.hold_back is not None:
            yield from self.pass_out(self.hold_back.drain())
        if self.gzip is not None:
            whole = isinstance(self.origins_end, ResponseEndOfMessage)
            yield from self.send(self.gzip.end() if whole else self.gzip.add(b"", flush=True))
        self.over = True
        yield from self.finish(self.origins_end)
