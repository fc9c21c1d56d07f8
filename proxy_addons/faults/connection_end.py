"""`connection.end`: the connection ends without a word."""

from typing import ClassVar, Literal

from pydantic import Field

from proxy_addons.actions import Abort, Action
from proxy_addons.faults.base import ConnectionFault, Tally


class EndConnection(ConnectionFault):
    """Ends a client's connection (FIN), whatever is spoken on it: no close frame, no last chunk, no answer.

    What a load balancer does with a connection that was idle for too long, and a kernel whose process died.
    """

    kind: ClassVar[str] = "connection.end"
    colour: ClassVar[str] = "#5499c7"

    on: Literal["accept", "request", "stream"] = Field(
        default="stream", description="When: as it is accepted, when a request was read, or on an open stream."
    )

    def act(self, tally: Tally) -> Action:  # noqa: ARG002 - it is the same each time
        return Abort()
