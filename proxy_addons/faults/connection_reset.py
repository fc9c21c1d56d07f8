"""`connection.reset`: the connection breaks in the roughest way."""

from collections.abc import Sequence
from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from proxy_addons.actions import Action, Reset
from proxy_addons.events import ConnectionOpened, Event, MessagePassing, RequestReceived, SsePassing, StreamOpened
from proxy_addons.faults.base import Fault, Tally, reached

_EVENTS: dict[str, tuple[type[Event], ...]] = {
    "accept": (ConnectionOpened,),
    "request": (RequestReceived,),
    "stream": (StreamOpened, MessagePassing, SsePassing),
}


class ResetConnection(Fault):
    """Resets a client's connection (RST): what was on its way is lost.

    `on` says when: as soon as it is accepted, when a request has been read, or on an open WebSocket or event stream.
    """

    kind: ClassVar[str] = "connection.reset"
    colour: ClassVar[str] = "#1f77b4"

    on: Literal["accept", "request", "stream"] = Field(default="stream", description="When it is reset.")
    after_messages: int = Field(
        default=0, ge=0, description="How many messages or events of the stream pass first; 0: as soon as it is open."
    )

    @model_validator(mode="after")
    def _only_streams_have_messages(self) -> Self:
        if self.after_messages and self.on != "stream":
            raise ValueError(f"after_messages needs on = 'stream': on = {self.on!r} comes before any message")
        return self

    def events(self) -> tuple[type[Event], ...]:
        return _EVENTS[self.on]

    def decide(self, event: Event, tally: Tally) -> Sequence[Action]:
        due = reached(event, self.after_messages, tally) if self.on == "stream" else isinstance(event, self.events())
        return [Reset()] if due else []
