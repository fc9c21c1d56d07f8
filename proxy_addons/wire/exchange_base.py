"""What both sides of an exchange need: the state that they share, the record, and a way to wait or to give up."""

from typing import TYPE_CHECKING, Any

from mitmproxy.proxy.context import Context
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import DropStream, HttpStream

from proxy_addons.engine import Decision
from proxy_addons.events import Direction, Request
from proxy_addons.records import BodySeen
from proxy_addons.wire.body import Body
from proxy_addons.wire.holding import HoldHook, Holding
from proxy_addons.wire.link import ClientLink
from proxy_addons.wire.listener import Listener

if TYPE_CHECKING:
    from proxy_addons.wire.stream import FaultHttpLayer

Commands = CommandGenerator[None]


class ExchangeBase(HttpStream):
    """mitmproxy's state machine of one request and its answer, and what the rules of our listener need with it."""

    facts: Request
    """Set as soon as the head of the request has been read."""

    def __init__(self, context: Context, stream_id: int, layer: "FaultHttpLayer") -> None:
        super().__init__(context, stream_id)
        self.layer = layer
        self.listener: Listener = layer.listener
        self.link: ClientLink = layer.link
        self.by = "origin"
        """Who answers: `origin` or `rule`."""
        self.pieces: list[bytes] = []
        """The body of an answer that is not passed on before all of it has come."""

    def tell(self, hook: Any) -> Commands:
        """Show the flow to the tool that runs us, if it shows flows at all."""
        if self.layer.shows_flows:
            yield hook(self.flow)

    def hold(self, decision: Decision, for_ms: float | None) -> CommandGenerator[bool]:
        """Wait, and let the origin wait too. True: the client did not."""
        self.link.pause_upstream(True)
        yield HoldHook(Holding(self.listener, self.link, decision.rule, for_ms))
        self.link.pause_upstream(False)
        if self.link.gone:
            return (yield from self.give_up())
        return (yield from self.check_killed(True))

    def give_up(self) -> CommandGenerator[bool]:
        """The client's connection has been ended by a rule."""
        self.client_state = self.server_state = self.state_errored
        self.flow.live = False
        yield DropStream(self.stream_id)
        return True

    def record(self, body: Body, direction: Direction, *, delivered: bool) -> None:
        """Once it has come by."""
        if body.size:
            history = self.listener.history
            text = history.text(body.kept)
            history.append(
                BodySeen(self.listener.clock(), self.facts.exchange, direction, text, body.size, delivered=delivered)
            )

    def check_body_size(self, request: bool) -> CommandGenerator[bool]:  # noqa: ARG002  # as the base class has it
        """No limits."""
        yield from ()
        return False
