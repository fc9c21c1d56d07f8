"""`connection.stall`: the connection is there and no byte moves."""

from typing import ClassVar, Literal

from pydantic import Field

from proxy_addons.actions import Action, Stall
from proxy_addons.faults.base import ConnectionFault, Tally
from proxy_addons.faults.directions import Way, directions


class StallConnection(ConnectionFault):
    """Keeps a client's connection open and reads and writes nothing any more (no FIN, no RST): half-open.

    What a cable that was pulled does, or a NAT that forgot the connection. What was held back goes on after `for_ms`,
    or when the rule is healed.
    """

    kind: ClassVar[str] = "connection.stall"
    colour: ClassVar[str] = "#154360"

    on: Literal["accept", "request", "stream"] = Field(
        default="stream", description="When: as it is accepted, when a request was read, or on an open stream."
    )
    direction: Way = Field(default="both", description="Which way is silent.")
    for_ms: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="For how long; without it, until the rule is healed."
    )

    def act(self, tally: Tally) -> Action:  # noqa: ARG002 - it is the same each time
        return Stall(directions(self.direction), self.for_ms)
