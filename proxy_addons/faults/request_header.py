"""`request.header`: somebody on the way edits the head."""

from typing import ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from proxy_addons.actions import Action, EditHeaders
from proxy_addons.events import Event, RequestReceived, ResponseStarting
from proxy_addons.faults.base import Fault, Tally
from proxy_addons.faults.headers import check_fields, check_names


class HeaderOfRequest(Fault):
    """Sets or removes header fields of a request or of its answer, also of a WebSocket handshake or an event stream.

    What proxies do that drop `Upgrade` or `Sec-WebSocket-Extensions`, that cache, or that lose a cookie or CORS.
    """

    kind: ClassVar[str] = "request.header"
    colour: ClassVar[str] = "#b7950b"

    side: Literal["request", "response"] = Field(default="response", description="Whose head.")
    set: dict[str, str] = Field(
        default_factory=dict, description="Fields and their values, in the place of any of the same name."
    )
    remove: tuple[str, ...] = Field(default=(), strict=False, description="Names of fields that are removed.")

    @field_validator("set")
    @classmethod
    def _fit_a_head(cls, fields: dict[str, str]) -> dict[str, str]:
        check_fields(fields)
        return fields

    @field_validator("remove")
    @classmethod
    def _are_names(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        check_names(names)
        return names

    @model_validator(mode="after")
    def _edits_something(self) -> Self:
        if not self.set and not self.remove:
            raise ValueError('nothing to edit: set = {Name = "value"} or remove = ["Name"] would be right')
        return self

    def events(self) -> tuple[type[Event], ...]:
        return (RequestReceived,) if self.side == "request" else (ResponseStarting,)

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - each head is edited alike
        if not isinstance(event, self.events()):
            return None
        return EditHeaders(remove=(*self.remove, *self.set), add=tuple(self.set.items()))
