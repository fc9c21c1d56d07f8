"""`connection.reset`: the connection breaks in the roughest way."""

from typing import ClassVar, Literal

from pydantic import Field

from proxy_addons.actions import Action, Reset
from proxy_addons.faults.base import ConnectionFault, Tally


class ResetConnection(ConnectionFault):
    """Resets a client's connection (RST): what was on its way is lost.

    `on` says when: as soon as it is accepted, when a request has been read, or on an open WebSocket or event stream.
    """

    kind: ClassVar[str] = "connection.reset"
    colour: ClassVar[str] = "#1f77b4"

    on: Literal["accept", "request", "stream"] = Field(
        default="stream", description="When: as it is accepted, when a request was read, or on an open stream."
    )

    def act(self, tally: Tally) -> Action:  # noqa: ARG002 - it is the same each time
        return Reset()
