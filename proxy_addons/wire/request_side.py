"""The request of an exchange: read, shown to the rules that want to see it, and sent to the origin.

A body that no rule wants to see is passed on as it comes. mitmproxy starts a task for each of its hooks and keeps
bodies to their end; neither is needed here, so the states that did so are ours.
"""

import time
from typing import TYPE_CHECKING, assert_never

from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._base import HttpEvent
from mitmproxy.proxy.layers.http._events import RequestData, RequestEndOfMessage, RequestHeaders
from mitmproxy.proxy.layers.http._hooks import HttpRequestHeadersHook, HttpRequestHook, HttpResponseHeadersHook

from proxy_addons.actions import (
    Abort,
    ConnectionAction,
    EditHeaders,
    Forward,
    Hold,
    Replace,
    RequestAction,
    Reset,
    Respond,
    Route,
    Stall,
)
from proxy_addons.engine import Decision
from proxy_addons.events import RequestReceived
from proxy_addons.records import RequestSeen
from proxy_addons.wire.body import Body
from proxy_addons.wire.exchange_base import Commands, ExchangeBase
from proxy_addons.wire.http import Fields, edit, facts_of, replace_body, response_of, route

if TYPE_CHECKING:
    from proxy_addons.wire.stream import FaultHttpLayer


class RequestSide(ExchangeBase):
    """From the first byte of the request to the last."""

    def __init__(self, context: Context, stream_id: int, layer: "FaultHttpLayer") -> None:
        super().__init__(context, stream_id, layer)
        self.asked = Body(0)
        self.through = False
        """The body is passed on as it comes."""
        self.hidden: Fields = ()
        """The fields of a head whose `Expect` mitmproxy must not see, since it would answer in the origin's name."""

    def state_wait_for_request_headers(self, event: RequestHeaders) -> Commands:
        for command in super().state_wait_for_request_headers(event):
            if isinstance(command, HttpRequestHeadersHook):
                self.request_begins(event)
                if not self.layer.shows_flows and not self.layer.in_answer:
                    continue
            yield command
        if self.through and self.client_state == self.state_consume_request_body:
            yield from self.start_request_stream()

    def request_begins(self, event: RequestHeaders) -> None:
        listener, request = self.listener, self.flow.request
        self.facts = facts_of(request, self.link.number, next(listener.exchange_numbers))
        self.asked = Body(listener.history.body_limit)
        listener.history.append(
            RequestSeen(
                listener.clock(),
                connection=self.facts.connection,
                exchange=self.facts.exchange,
                transport=self.facts.transport,
                method=self.facts.method,
                url=request.path,
                headers=dict(self.facts.headers),
            )
        )
        self.through = not event.end_stream and not listener.engine.watches(self.facts, RequestReceived)
        if self.through and "expect" in request.headers:
            self.hidden = request.headers.fields
            del request.headers["expect"]

    def start_request_stream(self) -> Commands:
        if self.hidden:
            self.flow.request.headers.fields = self.hidden
        yield from super().start_request_stream()

    def state_stream_request_body(self, event: HttpEvent) -> Commands:
        if isinstance(event, RequestData):
            self.asked.add(event.data)
        elif isinstance(event, RequestEndOfMessage):
            self.record(self.asked, "to_server", delivered=True)
        for command in super().state_stream_request_body(event):
            if self.layer.shows_flows or not isinstance(command, HttpRequestHook):
                yield command

    def state_consume_request_body(self, event: HttpEvent) -> Commands:
        if isinstance(event, RequestData):
            self.request_body_buf += event.data
            self.asked.add(event.data)
        elif isinstance(event, RequestEndOfMessage):
            self.flow.request.timestamp_end = time.time()
            self.flow.request.data.content = bytes(self.request_body_buf)
            self.request_body_buf.clear()
            self.client_state = self.state_done
            yield from self.request_received()
        else:
            yield from super().state_consume_request_body(event)

    def request_received(self) -> Commands:
        decision = None
        if self.listener.engine.watches(self.facts, RequestReceived):
            body = self.flow.request.data.content or b""
            event = RequestReceived(self.facts, body, self.listener.earlier(self.facts))
            decision = self.listener.consult(event)
        as_it_came = decision is None or isinstance(decision.action, Forward | Hold | EditHeaders | Route)
        self.record(self.asked, "to_server", delivered=as_it_came)
        if decision is not None:
            over = yield from self.listener.attempt(decision, self.act_on_request(decision, event), self.go_on)
            if over:
                return
        yield from self.tell(HttpRequestHook)
        if self.layer.shows_flows and (yield from self.check_killed(True)):
            return
        if self.flow.response:
            yield from self.answer()
        else:
            yield from self.send_request()

    def go_on(self) -> CommandGenerator[bool]:
        """As if no rule had acted."""
        yield from ()
        return False

    def act_on_request(self, decision: Decision, event: RequestReceived) -> CommandGenerator[bool]:
        """Perform an effect, its receipt first. True: that was all."""
        action = decision.action
        if not isinstance(action, RequestAction) or (isinstance(action, Hold) and action.before != "request"):
            self.listener.misfit(decision, event)
            return False
        if isinstance(action, ConnectionAction):
            self.listener.apply(decision, self.link, self.facts)
            if isinstance(action, Stall) and "to_server" in action.directions:
                return (yield from self.hold(decision, action.for_ms))
            return isinstance(action, Abort | Reset) and (yield from self.give_up())
        sent = action.answer.body if isinstance(action, Respond) else getattr(action, "data", b"")
        self.listener.fired(decision, self.facts, sent=sent)
        match action:
            case Forward():
                pass
            case Replace(data):
                replace_body(self.flow.request, data)
            case Respond(answer):
                self.by = "rule"
                self.flow.response = response_of(answer, self.facts.method)
            case Hold(for_ms=for_ms):
                return (yield from self.hold(decision, for_ms))
            case EditHeaders():
                edit(self.flow.request.headers, action)
            case Route(target):
                route(self.flow.request, target)
            case _:
                assert_never(action)
        return False

    def send_request(self) -> Commands:
        """To the origin, whose connection is opened if there is none."""
        if not (yield from self.make_server_connection()):
            return
        content, server = self.flow.request.data.content, self.context.server
        yield SendHttp(RequestHeaders(self.stream_id, self.flow.request, not content), server)
        if content:
            yield SendHttp(RequestData(self.stream_id, content), server)
        yield SendHttp(RequestEndOfMessage(self.stream_id), server)

    def answer(self) -> Commands:
        """A rule's own answer, or one of the tool that runs us."""
        assert self.flow.response, "there is an answer to give"
        yield from self.tell(HttpResponseHeadersHook)
        self.pieces = [self.flow.response.data.content or b""]
        yield from self.send_response()
