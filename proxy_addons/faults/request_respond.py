"""`request.respond`: somebody in front of the origin answers in its place."""

from mimetypes import MimeTypes
from pathlib import Path
from typing import ClassVar, Self

from pydantic import Field, PrivateAttr, field_validator, model_validator

from proxy_addons.actions import Action, Respond
from proxy_addons.events import Answer, Event, RequestReceived
from proxy_addons.faults.base import Fault, Tally
from proxy_addons.faults.headers import check_fields

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
    body_file: str = Field(
        default="",
        description="A file with the body, from the working directory; its ending gives the type as far as known.",
    )

    _content: bytes = PrivateAttr(b"")

    @field_validator("headers")
    @classmethod
    def _fit_a_head(cls, headers: dict[str, str]) -> dict[str, str]:
        check_fields(headers)
        return headers

    @model_validator(mode="after")
    def _may_carry_its_body(self) -> Self:
        """The file is read here, so that a wrong one is an error of the plan, and no decision has to wait for it."""
        if self.body and self.body_file:
            raise ValueError("body and body_file are two bodies; leave one of them out")
        self._content = _read(self.body_file) if self.body_file else self.body.encode()
        if self._content and self.status in _WITHOUT_BODY:
            raise ValueError(f"a response with status {self.status} carries no body (RFC 9110, 6.4.1)")
        return self

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - each request is answered alike
        if not isinstance(event, RequestReceived):
            return None
        headers = tuple(self.headers.items())
        if self._content and "content-type" not in map(str.lower, self.headers):
            headers = (*headers, ("Content-Type", _content_type(self.body_file)))
        return Respond(Answer(self.status, headers, self._content))


def _read(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise ValueError(f"body_file {path!r} cannot be read: {reason}") from error


def _content_type(path: str) -> str:
    found = MimeTypes().guess_type(path)[0] or "text/html"
    return f"{found}; charset=utf-8" if found.startswith("text/") else found
