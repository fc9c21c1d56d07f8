"""An answer that a rule wants to see whole: kept until all of it has come, and then sent, changed, cut or swallowed."""

from mitmproxy.proxy import commands
from mitmproxy.proxy.layers.http import SendHttp
from mitmproxy.proxy.layers.http._base import HttpEvent
from mitmproxy.proxy.layers.http._events import ResponseData, ResponseEndOfMessage

from proxy_addons.actions import Abort, Action, AnswerAction, ConnectionAction, Forward, Replace, Reset, Truncate
from proxy_addons.engine import Decision
from proxy_addons.events import ResponseReceived
from proxy_addons.wire.answer_side import AnswerSide
from proxy_addons.wire.exchange_base import Commands
from proxy_addons.wire.http import body_allowed, identity_of, replace_body, set_length


class WholeAnswerSide(AnswerSide):
    """The answer, if it is not passed on as it comes."""

    def state_consume_response_body(self, event: HttpEvent) -> Commands:
        if isinstance(event, ResponseData):
            self.body.add(event.data)
            self.pieces.append(event.data)
        elif isinstance(event, ResponseEndOfMessage):
            if self.whole:
                yield from self.answer_received()
            else:
                yield from self.send_response()
        else:
            yield from super().state_consume_response_body(event)

    def answer_received(self) -> Commands:
        assert self.flow.response is not None
        answer = identity_of(self.flow.response, b"".join(self.pieces))
        event = ResponseReceived(self.facts, answer, sum(map(len, self.pieces)))
        decision = self.listener.consult(event)
        if decision is not None and not self.fits_answer(decision.action):
            self.listener.misfit(decision, event)
            decision = None
        self.delivered = decision is None or isinstance(decision.action, Forward)
        if decision is None:
            yield from self.send_response()
        else:
            yield from self.listener.attempt(decision, self.act_on_answer(decision), self.send_response)

    def fits_answer(self, action: Action) -> bool:
        """Whether an action makes sense here: what changes the body needs one."""
        if isinstance(action, Replace | Truncate):
            assert self.flow.response is not None
            return body_allowed(self.facts.method, self.flow.response.status_code)
        return isinstance(action, AnswerAction | ConnectionAction)

    def act_on_answer(self, decision: Decision) -> Commands:
        """Perform an effect, its receipt first."""
        action = decision.action
        if isinstance(action, ConnectionAction):
            ends = isinstance(action, Abort | Reset)
            if ends:
                self.record(self.body, "to_client", delivered=False)
            self.delivered = not ends
            self.listener.apply(decision, self.link, self.facts)
            yield from self.give_up() if ends else self.send_response()
        elif isinstance(action, Replace):
            self.listener.fired(decision, self.facts, sent=action.data)
            self.set_body(action.data)
            yield from self.send_response()
        elif isinstance(action, Truncate):
            body = b"".join(self.pieces)
            start = body[: action.body_bytes]
            self.listener.fired(decision, self.facts, sent=start, detail=f"then {action.then}")
            yield from self.truncate(decision, action, start, body[action.body_bytes :])
        else:
            self.listener.fired(decision, self.facts)
            yield from self.send_response()

    def set_body(self, body: bytes) -> None:
        assert self.flow.response is not None
        replace_body(self.flow.response, body)
        self.pieces = [body]

    def truncate(self, decision: Decision, action: Truncate, start: bytes, rest: bytes) -> Commands:
        """The head and the start of the body, compressed or not, as it came. Unless it pretends that this was all, the
        head promises more."""
        if action.then == "end":
            assert self.flow.response is not None
            set_length(self.flow.response, len(start))
            self.pieces = [start]
            yield from self.send_response()
            return
        yield from self.send_head(nothing_follows=False)
        self.record(self.body, "to_client", delivered=False)
        if start:
            yield SendHttp(ResponseData(self.stream_id, start), self.context.client)
        match action.then:
            case "abort":
                self.link.ends("fin", "rule")
                yield commands.CloseConnection(self.context.client)
            case "reset":
                self.link.reset()
            case "stall":
                self.server_state = self.state_stream_response_body
                killed = yield from self.hold(decision, None)
                if not killed:
                    yield SendHttp(ResponseData(self.stream_id, rest), self.context.client)
                    yield from self.complete()
                return
        yield from self.give_up()
