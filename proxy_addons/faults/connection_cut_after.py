"""`connection.cut_after`: the connection breaks after so many bytes, wherever that is."""

from typing import ClassVar, Literal

from pydantic import Field

from proxy_addons.actions import Action, Limit
from proxy_addons.events import Direction
from proxy_addons.faults.base import ConnectionFault, Tally


class CutAfterConnection(ConnectionFault):
    """Lets so many bytes of a connection through and then ends it (FIN), resets it (RST) or falls silent.

    The bytes are those on the wire, heads and frames included, counted from the moment that `on` names.
    """

    kind: ClassVar[str] = "connection.cut_after"
    colour: ClassVar[str] = "#2471a3"

    after_bytes: int = Field(ge=0, description="How many bytes still pass.")
    direction: Direction = Field(default="to_client", description="Which way they are counted.")
    then: Literal["abort", "reset", "stall"] = Field(default="abort", description="What follows the last of them.")

    def act(self, tally: Tally) -> Action:  # noqa: ARG002 - it is the same each time
        return Limit(self.after_bytes, self.direction, self.then)
