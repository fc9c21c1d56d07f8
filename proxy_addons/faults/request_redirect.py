"""`request.redirect`: go and ask somewhere else."""

from typing import ClassVar

from pydantic import Field, field_validator

from proxy_addons.actions import Action, Respond
from proxy_addons.events import Answer, Event, RequestReceived
from proxy_addons.faults.base import Fault, Tally
from proxy_addons.faults.headers import check_fields

_REDIRECTS = (301, 302, 303, 307, 308)


class RedirectRequest(Fault):
    """Answers a request with a redirect, as a login that has run out or a host that has moved does.

    A browser follows it for a poll and an event stream; a WebSocket handshake fails with it.
    """

    kind: ClassVar[str] = "request.redirect"
    colour: ClassVar[str] = "#196f3d"

    location: str = Field(min_length=1, description="Where to: a URL or a path.")
    status: int = Field(
        default=302,
        description="301 and 302 may turn a POST into a GET, 303 does, 307 and 308 do not.",
        json_schema_extra={"enum": list(_REDIRECTS)},
    )

    @field_validator("location")
    @classmethod
    def _fits_a_head(cls, location: str) -> str:
        check_fields({"Location": location})
        return location

    @field_validator("status")
    @classmethod
    def _redirects(cls, status: int) -> int:
        """RFC 9110, 15.4."""
        if status not in _REDIRECTS:
            raise ValueError(f"{status} does not redirect; one of {', '.join(map(str, _REDIRECTS))} would be right")
        return status

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - each request is answered alike
        if not isinstance(event, RequestReceived):
            return None
        return Respond(Answer(self.status, (("Location", self.location),), b""))
