"""`eventsource.buffer`: somebody on the way collects."""

from typing import ClassVar, Self

from pydantic import Field, model_validator

from proxy_addons.actions import Action, Buffer
from proxy_addons.events import Event, ResponseStarting, StreamOpened
from proxy_addons.faults.base import Fault, Tally


class BufferEventSource(Fault):
    """Holds an event stream back, as a buffering proxy does, until so many bytes or ms, or always the last events; with
    none of these, to its end.

    With `gzip` it goes out compressed, as by a middleware that compresses what it should leave alone, and only what
    the compressor gives away can be read in time.
    """

    kind: ClassVar[str] = "eventsource.buffer"
    colour: ClassVar[str] = "#a1887f"

    until_bytes: int | None = Field(default=None, ge=1, description="As soon as there are so many, they go out.")
    until_ms: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="So long after the first of them, they go out."
    )
    behind: int | None = Field(
        default=None, ge=1, description="So many whole events are held, and each further one pushes the oldest out."
    )
    gzip: bool = Field(default=False, description="Whether the stream is compressed; acts on new streams only.")

    @model_validator(mode="after")
    def _compressors_know_no_events(self) -> Self:
        if self.gzip and self.behind:
            raise ValueError("behind counts events, which gzip does not know; until_bytes or until_ms would be right")
        return self

    def events(self) -> tuple[type[Event], ...]:
        return (ResponseStarting,) if self.gzip else (StreamOpened,)

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - each stream is held alike
        stream = isinstance(event, StreamOpened) or (isinstance(event, ResponseStarting) and _is_stream(event))
        if not isinstance(event, self.events()) or not stream:
            return None
        return Buffer(self.until_bytes, self.until_ms, self.behind, self.gzip)


def _is_stream(head: ResponseStarting) -> bool:
    types = [value.partition(";")[0].strip().lower() for name, value in head.headers if name.lower() == "content-type"]
    return head.status == 200 and types == ["text/event-stream"]
