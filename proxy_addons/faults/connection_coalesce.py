"""`connection.coalesce`: what was sent apart arrives together."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Pace
from proxy_addons.faults.base import ConnectionFault, Tally
from proxy_addons.faults.directions import Way, directions


class CoalesceConnection(ConnectionFault):
    """Gathers the bytes of a connection for a time and writes them at once, so that messages arrive in bursts."""

    kind: ClassVar[str] = "connection.coalesce"
    colour: ClassVar[str] = "#0e6655"

    window_ms: float = Field(
        default=100, gt=0, allow_inf_nan=False, description="How long is gathered, from the first byte on."
    )
    max_bytes: int | None = Field(default=None, ge=1, description="As soon as there are so many, they go out.")
    direction: Way = Field(default="both", description="Which way is gathered.")

    def act(self, tally: Tally) -> Action:  # noqa: ARG002 - it is the same each time
        return Pace(directions(self.direction), gather_ms=self.window_ms, gather_bytes=self.max_bytes)
