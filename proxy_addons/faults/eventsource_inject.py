"""`eventsource.inject`: an event that the server never sent."""

from typing import ClassVar

from pydantic import Field, field_validator

from proxy_addons.actions import Action, Insert
from proxy_addons.events import Event
from proxy_addons.faults.base import Fault, Tally
from proxy_addons.faults.passing import beside
from proxy_addons.framing.sse import encode_event, fits_a_line
from proxy_addons.mutations import stranger


class InjectEventSource(Fault):
    """Slips a whole, well-formed event of its own into a stream: as the first one when it opens, or beside the nth.

    Without `data` it is a JSON object of a kind that nobody knows, with the canary token in it.
    """

    kind: ClassVar[str] = "eventsource.inject"
    colour: ClassVar[str] = "#e1bee7"

    data: str | None = Field(default=None, description="What it says; each line becomes a data line.")
    event: str | None = Field(default=None, description="Its type; without it, a message.")
    id: str | None = Field(default=None, description="Its id, which the browser then keeps; without it, none.")
    after_events: int = Field(default=0, ge=0, description="Behind which event; 0: as soon as the stream is open.")
    before: bool = Field(default=False, description="Whether it comes before that event and not behind it.")

    @field_validator("event", "id")
    @classmethod
    def _fits_a_line(cls, value: str | None) -> str | None:
        return value if value is None else fits_a_line(value)

    def decide(self, event: Event, tally: Tally) -> Action | None:
        if not beside(event, self.after_events, tally):
            return None
        data = stranger(tally.key) if self.data is None else self.data.encode()
        return Insert(encode_event(data, event=self.event, id=self.id), before=self.before)
