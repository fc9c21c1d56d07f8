"""`request.truncate`: half of an answer."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Parting, Truncate
from proxy_addons.events import Event, ResponseReceived
from proxy_addons.faults.base import Fault, Tally


class TruncateRequest(Fault):
    """Lets the head and the first bytes of an answer's body through, and then ends it (as if that were all), ends or
    resets the connection, or falls silent.

    An answer whose body is not longer than that passes. Event streams and WebSockets have kinds of their own.
    """

    kind: ClassVar[str] = "request.truncate"
    colour: ClassVar[str] = "#a9dfbf"

    body_bytes: int = Field(default=0, ge=0, description="How many bytes of the body still go out.")
    then: Parting = Field(default="abort", description="What follows the last of them.")

    def events(self) -> tuple[type[Event], ...]:
        return (ResponseReceived,)

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - each answer is cut alike
        if isinstance(event, ResponseReceived) and event.wire_bytes > self.body_bytes:
            return Truncate(self.body_bytes, self.then)
        return None
