"""`connection.split`: bytes arrive in pieces that no one chose."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Pace
from proxy_addons.faults.base import ConnectionFault, Tally
from proxy_addons.faults.directions import Way, directions


class SplitConnection(ConnectionFault):
    """Re-cuts the bytes of a connection into small writes, also within a UTF-8 character, a CRLF or a frame's header.

    What a network may always do, and what a parser that was only tried on a fast one does not expect.
    """

    kind: ClassVar[str] = "connection.split"
    colour: ClassVar[str] = "#48c9b0"

    piece_bytes: int = Field(default=1, ge=1, description="The largest piece.")
    apart_ms: float = Field(default=1, ge=0, allow_inf_nan=False, description="The time between two pieces.")
    direction: Way = Field(default="both", description="Which way is cut.")

    def act(self, tally: Tally) -> Action:  # noqa: ARG002 - it is the same each time
        return Pace(directions(self.direction), piece_bytes=self.piece_bytes, piece_apart_ms=self.apart_ms)
