"""`connection.throttle`: a narrow line."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Pace
from proxy_addons.faults.base import ConnectionFault, Tally
from proxy_addons.faults.directions import Way, directions


class ThrottleConnection(ConnectionFault):
    """Lets the bytes of a connection through at a limited rate, each direction by itself."""

    kind: ClassVar[str] = "connection.throttle"
    colour: ClassVar[str] = "#1abc9c"

    bytes_per_second: float = Field(gt=0, allow_inf_nan=False, description="How many bytes pass in a second.")
    direction: Way = Field(default="both", description="Which way is narrow.")

    def act(self, tally: Tally) -> Action:  # noqa: ARG002 - it is the same each time
        return Pace(directions(self.direction), bytes_per_second=self.bytes_per_second)
