"""`request.hold`: the answer is on its way, it is said."""

from typing import ClassVar, Literal

from pydantic import Field

from proxy_addons.actions import Action, Hold
from proxy_addons.events import Event, RequestReceived, ResponseStarting
from proxy_addons.faults.base import Fault, Tally


class HoldRequest(Fault):
    """Makes a request wait: before it reaches the origin, before the first byte of the answer, or before its body.

    Also a WebSocket handshake and the opening of an event stream. It goes on after `for_ms`, or when the rule is
    healed, as if nothing had been.
    """

    kind: ClassVar[str] = "request.hold"
    colour: ClassVar[str] = "#7dcea0"

    before: Literal["request", "head", "body"] = Field(default="head", description="What it waits before.")
    for_ms: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="For how long; without it, until the rule is healed."
    )

    def events(self) -> tuple[type[Event], ...]:
        return (RequestReceived,) if self.before == "request" else (ResponseStarting,)

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - each request waits alike
        return Hold(self.before, self.for_ms) if isinstance(event, self.events()) else None
