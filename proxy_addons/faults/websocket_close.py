"""`websocket.close`: the server says goodbye with a code."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field, field_validator

from proxy_addons.actions import Action, Close
from proxy_addons.events import Event
from proxy_addons.faults.base import Fault, Tally, reached
from proxy_addons.framing.websocket import encode_close

_NEVER_SENT = {
    1005: "reports that a close frame came without a code",
    1006: "reports that no close frame came",
    1015: "reports that TLS failed",
}


class CloseWebSocket(Fault):
    """Closes a WebSocket with a close frame, as if the origin had sent it (RFC 6455, 7.4).

    A restarting server sends 1012, one that is overloaded 1013, a failing one 1011; applications use 4000 to 4999.
    """

    kind: ClassVar[str] = "websocket.close"
    colour: ClassVar[str] = "#ff7f0e"

    code: int = Field(ge=1000, le=4999, description="The close code, 1000 to 4999 without 1005, 1006 and 1015.")
    reason: str = Field(default="", description="The close reason, at most 123 bytes of UTF-8.")
    after_messages: int = Field(default=0, ge=0, description="How many messages pass first; 0: as soon as it is open.")

    @field_validator("code")
    @classmethod
    def _may_stand_in_a_frame(cls, code: int) -> int:
        if code in _NEVER_SENT:
            raise ValueError(
                f"{code} may not stand in a close frame: with it a browser {_NEVER_SENT[code]} (RFC 6455, 7.4.1); "
                "1011 (server error) or 1012 (restart) would be right"
            )
        return code

    @field_validator("reason")
    @classmethod
    def _fits_a_frame(cls, reason: str) -> str:
        encode_close(1000, reason)
        return reason

    def decide(self, event: Event, tally: Tally) -> Sequence[Action]:
        return [Close(self.code, self.reason)] if reached(event, self.after_messages, tally) else []
