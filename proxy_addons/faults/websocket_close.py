"""`websocket.close`: the server says goodbye with a code."""

from typing import ClassVar, Self

from pydantic import Field, field_validator, model_validator

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

    A restarting server sends 1012, one that is overloaded 1013, a failing one 1011; applications use 4000 to 4999. A
    browser passes on the others too, even those that the RFC leaves out. Without a code it reports 1005.
    """

    kind: ClassVar[str] = "websocket.close"
    colour: ClassVar[str] = "#ff7f0e"

    code: int | None = Field(
        default=None, ge=0, le=65535, description="The close code, but not 1005, 1006 and 1015; without it, no code."
    )
    reason: str = Field(default="", description="The close reason, at most 123 bytes of UTF-8.")
    after_messages: int = Field(default=0, ge=0, description="How many messages pass first; 0: as soon as it is open.")

    @field_validator("code")
    @classmethod
    def _may_stand_in_a_frame(cls, code: int | None) -> int | None:
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

    @model_validator(mode="after")
    def _no_reason_without_code(self) -> Self:
        """RFC 6455, 5.5.1: the reason stands behind the code."""
        if self.reason and self.code is None:
            raise ValueError("a reason needs a code before it; code = 1000 would be right")
        return self

    def decide(self, event: Event, tally: Tally) -> Action | None:
        return Close(self.code, self.reason) if reached(event, self.after_messages, tally) else None
