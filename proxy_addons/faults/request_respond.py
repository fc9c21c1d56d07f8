"""`request.respond`: somebody in front of the origin answers in its place."""

import re
from collections.abc import Sequence
from typing import ClassVar, Self

from pydantic import Field, field_validator, model_validator

from proxy_addons.actions import Action, Respond
from proxy_addons.events import Event, RequestReceived
from proxy_addons.faults.base import Fault, Tally

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE = re.compile(r"[^\r\n\0]*")
_WITHOUT_BODY = (204, 205, 304)


class RespondToRequest(Fault):
    """Answers a request without asking the origin, also a WebSocket handshake, which then fails.

    What a gateway in front of a server that is down does (502, 503), a login page (302), or a quota (429).
    """

    kind: ClassVar[str] = "request.respond"
    colour: ClassVar[str] = "#2ca02c"

    status: int = Field(default=503, ge=200, le=599, description="The status code.")
    headers: dict[str, str] = Field(default_factory=dict, description="The headers of the response.")
    body: str = Field(default="", description="The body; HTML unless the headers give another Content-Type.")

    @field_validator("headers")
    @classmethod
    def _fit_a_head(cls, headers: dict[str, str]) -> dict[str, str]:
        """RFC 9110, 5.1 and 5.5."""
        for name, value in headers.items():
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} is no header name: letters, digits and - would be right")
            if not _VALUE.fullmatch(value):
                raise ValueError(f"the value of {name!r} must fit one line, without CR, LF and NUL")
        return headers

    @model_validator(mode="after")
    def _may_carry_its_body(self) -> Self:
        if self.body and self.status in _WITHOUT_BODY:
            raise ValueError(f"a response with status {self.status} carries no body (RFC 9110, 6.4.1)")
        return self

    def decide(self, event: Event, tally: Tally) -> Sequence[Action]:  # noqa: ARG002 - each request is answered alike
        if not isinstance(event, RequestReceived):
            return []
        headers = tuple(self.headers.items())
        if self.body and "content-type" not in map(str.lower, self.headers):
            headers = (*headers, ("Content-Type", "text/html; charset=utf-8"))
        return [Respond(self.status, headers, self.body.encode())]
