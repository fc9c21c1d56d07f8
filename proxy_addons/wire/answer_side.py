"""The answer of an exchange: its head and body shown to the rules that want to see them, and sent to the client.

What no rule wants to see is passed on as it comes, in the chunks of the origin.
"""

import time
from typing import TYPE_CHECKING

from mitmproxy import http
from mitmproxy.proxy import commands
from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layers.http import DropStream, SendHttp
from mitmproxy.proxy.layers.http._base import HttpEvent
from mitmproxy.proxy.layers.http._events import (
    ResponseData,
    ResponseEndOfMessage,
    ResponseHeaders,
    ResponseProtocolError,
)
from mitmproxy.proxy.layers.http._hooks import HttpResponseHeadersHook, HttpResponseHook
from mitmproxy.websocket import WebSocketData

from proxy_addons.actions import Action, Buffer, EditHeaders, Forward, Hold
from proxy_addons.engine import Decision
from proxy_addons.events import Answer, ResponseReceived, ResponseStarting
from proxy_addons.records import NOT_FLUSHED, ResponseSeen, UpstreamFailed
from proxy_addons.wire.body import Body
from proxy_addons.wire.chunks import ChunkReader, read_chunks
from proxy_addons.wire.eventsource import EventSourceRelay
from proxy_addons.wire.exchange_base import Commands
from proxy_addons.wire.http import accepts_gzip, compress, edit, is_event_stream, read_fields
from proxy_addons.wire.listener import LiveStream
from proxy_addons.wire.request_side import RequestSide

if TYPE_CHECKING:
    from proxy_addons.wire.stream import FaultHttpLayer

_REMEMBERED_BYTES = 65_536
"""The longest answer that is kept for rules that look back."""


class AnswerSide(RequestSide):
    """From the first byte of the answer to the last."""

    def __init__(self, context: Context, stream_id: int, layer: "FaultHttpLayer") -> None:
        super().__init__(context, stream_id, layer)
        self.body = Body(0)
        self.body_begun = False
        self.chunks: ChunkReader | None = None
        """Keeps the chunks of a body as they come."""
        self.relay: EventSourceRelay | None = None
        """What becomes of the body, if it is an event stream."""
        self.held_body: Decision | None = None
        """The rule that holds the body back, of which the head may go out."""
        self.whole = False
        """The body is kept until all of it has come, since a rule wants to see it."""
        self.delivered = True
        self.upgrades = False
        """The answer makes the connection a WebSocket, with the origin's word on extensions."""
        self.extensions = ""

    # -- the head -------------------------------------------------------------------------------------------

    def state_wait_for_response_headers(self, event: ResponseHeaders) -> Commands:
        response, engine = event.response, self.listener.engine
        self.flow.response = response
        self.body = Body(max(self.listener.history.body_limit, _REMEMBERED_BYTES if engine.looks_back else 0))
        self.upgrades = response.status_code == 101 and response.headers.get("upgrade", "").lower() == "websocket"
        self.extensions = response.headers.get("sec-websocket-extensions", "")
        if not event.end_stream and is_event_stream(response):
            self.relay = self.event_stream(readable=response.headers.get("content-encoding", "identity") == "identity")
        if engine.watches(self.facts, ResponseStarting):
            yield from self.head_received(response)
        yield from self.tell(HttpResponseHeadersHook)
        if self.layer.shows_flows and (yield from self.check_killed(True)):
            return
        if self.server_state == self.state_errored:  # the client did not wait
            return
        self.whole = self.relay is None and not self.upgrades and engine.watches(self.facts, ResponseReceived)
        if event.end_stream or self.whole:
            self.server_state = self.state_consume_response_body
        else:
            yield from self.start_response_stream()

    def event_stream(self, *, readable: bool) -> EventSourceRelay:
        return EventSourceRelay(
            self.facts, self.listener, self.link, self.context.client, self.stream_id,
            self.origin_ends_stream, self.hang_up, readable=readable,
        )  # fmt: skip

    def head_received(self, response: http.Response) -> Commands:
        event = ResponseStarting(self.facts, response.status_code, read_fields(response.headers))
        decision = self.listener.consult(event)
        if decision is None:
            return
        if not self.fits_head(decision.action):
            self.listener.misfit(decision, event)
            return
        yield from self.listener.attempt(decision, self.act_on_head(decision, response), _as_it_came)

    def act_on_head(self, decision: Decision, response: http.Response) -> Commands:
        """Perform an effect, its receipt first."""
        hides = isinstance(decision.action, Buffer) and decision.action.hides
        self.listener.fired(decision, self.facts, detail=NOT_FLUSHED if hides else "")
        match decision.action:
            case Hold(before="head", for_ms=for_ms):
                yield from self.hold(decision, for_ms)
            case Hold():
                self.held_body = decision
            case EditHeaders() as action:
                edit(response.headers, action)
            case Buffer() as action if self.relay is not None:
                self.relay.buffer_from_start(decision, action)
                if action.gzip:
                    compress(response.headers)

    def fits_head(self, action: Action) -> bool:
        """Whether an action makes sense here: a buffer needs an event stream, and gzip a client that can read it."""
        match action:
            case Forward() | EditHeaders() | Hold(before="head" | "body"):
                return True
            case Buffer(behind=behind, gzip=gzip) if self.relay is not None:
                return (
                    (accepts_gzip(self.facts) and self.relay.readable) if gzip else (self.relay.readable or not behind)
                )
        return False

    def send_head(self, *, nothing_follows: bool) -> Commands:
        response = self.flow.response
        assert response is not None, "there is a head to send"
        self.listener.history.append(
            ResponseSeen(
                self.listener.clock(),
                exchange=self.facts.exchange,
                status=response.status_code,
                content_type=response.headers.get("content-type", ""),
                by=self.by,
                retry_after=response.headers.get("retry-after"),
            )
        )
        yield SendHttp(ResponseHeaders(self.stream_id, response, nothing_follows), self.context.client)

    # -- a body that is passed on as it comes ---------------------------------------------------------------

    def start_response_stream(self) -> Commands:
        assert self.flow.response is not None
        self.flow.response.stream = True
        self.server_state = self.state_stream_response_body
        yield from self.send_head(nothing_follows=False)
        if self.relay is not None:
            self.announce()
        if self.held_body is not None and isinstance(self.held_body.action, Hold):
            killed = yield from self.hold(self.held_body, self.held_body.action.for_ms)
            if killed:
                return
        if self.relay is not None:
            yield from self.relay.opened()

    def announce(self) -> None:
        self.listener.stream_began(LiveStream(self.facts, self.link, self.stream_id))

    def state_stream_response_body(self, event: HttpEvent) -> Commands:
        if isinstance(event, ResponseData):
            if self.relay is not None:
                yield from self.relay.data(event, self.chunks.raw if self.chunks else b"")
            else:
                self.body.add(event.data)
                yield self.as_it_came(event)
            self.first_data()
        elif isinstance(event, ResponseEndOfMessage):
            if self.relay is not None:
                yield from self.relay.ended(event)
            else:
                yield from self.send_response(already_streamed=True)
        else:
            yield from super().state_stream_response_body(event)

    def as_it_came(self, event: ResponseData) -> commands.Command:
        """The next bytes to the client, in the chunks of the origin."""
        if self.chunks is not None:
            return commands.SendData(self.context.client, self.chunks.raw)
        return SendHttp(event, self.context.client)

    def first_data(self) -> None:
        """From now on chunks are kept as they come. mitmproxy chooses its reader after the head, so not before."""
        if self.body_begun:
            return
        self.body_begun = True
        assert self.flow.response is not None
        chunked = "chunked" in self.flow.response.headers.get("transfer-encoding", "").lower()
        reader = self.layer.http1_client(self.context.server) if chunked else None
        if reader is not None:
            self.chunks = read_chunks(reader, self.relay.goes_by if self.relay else lambda: True)

    def origin_ends_stream(self, event: ResponseEndOfMessage | ResponseProtocolError) -> Commands:
        if isinstance(event, ResponseProtocolError):
            yield from self.origin_failed(event)
        else:
            self.listener.stream_ended(self.facts, "end", "origin")
            yield from self.send_response(already_streamed=True)

    def hang_up(self) -> Commands:
        """The client has all that it gets; the origin's connection, which still has more to say, is closed."""
        yield DropStream(self.stream_id)
        yield commands.CloseConnection(self.flow.server_conn)

    # -- the end --------------------------------------------------------------------------------------------

    def send_response(self, already_streamed: bool = False) -> Commands:
        """All of the answer has come, and if it was not streamed, it goes out now."""
        assert self.flow.response is not None
        self.flow.response.timestamp_end = time.time()
        if self.upgrades:
            self.flow.websocket = WebSocketData()
        yield from self.tell(HttpResponseHook)
        if self.layer.shows_flows and (yield from self.check_killed(False)):
            return
        pieces = [] if already_streamed else [piece for piece in self.pieces if piece]
        if not already_streamed:
            yield from self.send_head(nothing_follows=not pieces)
        if self.by == "origin":  # behind its head, as in the record of a body that passes on as it comes
            self.record(self.body, "to_client", delivered=self.delivered)
            self.remember()
        for piece in pieces:
            yield SendHttp(ResponseData(self.stream_id, piece), self.context.client)
        yield from self.complete()

    def complete(self) -> Commands:
        """The whole answer is out."""
        if self.chunks is not None and self.chunks.trailer:
            yield from self.send_trailer(self.chunks.trailer)
        self.server_state = self.state_done
        if self.client_state == self.state_done:
            yield from self.flow_done()

    def send_trailer(self, lines: bytes) -> Commands:
        """The last chunk and what stands behind it, since mitmproxy knows only a last chunk with nothing behind."""
        assert self.flow.response is not None
        yield commands.SendData(self.context.client, b"0\r\n%s\r\n" % lines)
        kept = tuple(field for field in self.flow.response.headers.fields if field[0].lower() == b"connection")
        self.flow.response.headers.fields = (*kept, (b"Content-Length", b"0"))  # so that it doesn't send one

    def remember(self) -> None:
        """For rules that look back."""
        if not self.listener.engine.looks_back or self.relay is not None or self.upgrades:
            return
        response, body = self.flow.response, self.body.kept
        if response is not None and self.body.size <= min(len(body), _REMEMBERED_BYTES):
            answer = Answer(response.status_code, read_fields(response.headers), body)
            self.listener.remember(self.facts, answer)

    def origin_failed(self, event: ResponseProtocolError) -> Commands:
        """mitmproxy would make up a 502, which is fatal to an EventSource where a broken connection is not."""
        how = self.layer.how_ended(self.flow.server_conn)
        if self.relay is not None:
            self.listener.stream_ended(self.facts, how, "origin")
        else:
            now = self.listener.clock()
            self.record(self.body, "to_client", delivered=True)
            self.listener.history.append(UpstreamFailed(now, connection=self.link.number, error=event.message))
            if self.flow.response is None and (begun := self.layer.head_begun(self.flow.server_conn)):
                yield commands.SendData(self.context.client, begun)
        if how == "rst":
            self.link.reset("origin")
        else:
            self.link.ends("fin", "origin")
            yield commands.CloseConnection(self.context.client)
        yield from super().handle_protocol_error(event)


def _as_it_came() -> Commands:
    """Nothing is done about it."""
    yield from ()
