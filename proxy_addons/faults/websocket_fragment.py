"""`websocket.fragment`: one message in many frames."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Fragment
from proxy_addons.events import MessagePassing
from proxy_addons.faults.base import Tally
from proxy_addons.faults.passing import MessageFault


class FragmentWebSocket(MessageFault):
    """Sends a WebSocket message in frames of a few bytes each, also within a UTF-8 character (RFC 6455, 5.4).

    The message stays the same, and a right client notices nothing. Pings may stand between the frames.
    """

    kind: ClassVar[str] = "websocket.fragment"
    colour: ClassVar[str] = "#f5b041"

    piece_bytes: int = Field(default=1, ge=1, description="How much of the message a frame carries at most.")
    pings: bool = Field(default=False, description="Whether a ping stands between the frames.")

    def act(self, message: MessagePassing, tally: Tally) -> Action:  # noqa: ARG002 - each one is cut alike
        return Fragment(self.piece_bytes, self.pings)
