"""`eventsource.rewrite`: everything but the data is another."""

import re
from typing import ClassVar, Literal, Self

from pydantic import Field, field_validator, model_validator

from proxy_addons.actions import Action, Drop, Replace
from proxy_addons.events import Event, SsePassing, SseRestPassing
from proxy_addons.faults.base import Fault, Tally
from proxy_addons.framing.sse import BOM, LineEnding, SseBlock, fits_a_line

_LAST_NUMBER = re.compile(r"\d+(?=\D*$)")


class RewriteEventSource(Fault):
    """Rewrites the lines of an event beside its data: id, retry, type, comments, byte order mark and line ends.

    A line that the event has not is added. What stands between events (comments, a lone retry or id) is rewritten as
    far as it has such lines, unless `nth_event` picks one event.
    """

    kind: ClassVar[str] = "eventsource.rewrite"
    colour: ClassVar[str] = "#ab47bc"

    nth_event: int | None = Field(
        default=None, ge=1, description="Only the nth event that the rule matches, from 1; without it, each of them."
    )
    id: str | None = Field(default=None, description="The id; empty makes a browser forget its own; NUL is ignored.")
    id_back: int | None = Field(default=None, ge=1, description="By how much the last number in the id is lowered.")
    id_removed: bool = Field(default=False, description="Whether the id goes: the browser keeps the one before.")
    retry: str | None = Field(default=None, description="The reconnection time, any text; browsers read digits as ms.")
    event: str | None = Field(default=None, description="The type; empty means message.")
    comments: Literal["removed", "added"] | None = Field(default=None, description="What becomes of comments.")
    bom: bool = Field(default=False, description="Whether a byte order mark comes before the event.")
    line_ending: LineEnding | None = Field(default=None, description="How each line ends.")

    @field_validator("id", "retry", "event")
    @classmethod
    def _fits_a_line(cls, value: str | None) -> str | None:
        return value if value is None else fits_a_line(value)

    @model_validator(mode="after")
    def _says_what(self) -> Self:
        if sum((self.id is not None, self.id_back is not None, self.id_removed)) > 1:
            raise ValueError("id, id_back and id_removed exclude each other; leave all but one out")
        if self == type(self).model_construct(nth_event=self.nth_event):
            raise ValueError("nothing to rewrite; retry = '0' or id_back = 1 would be right")
        return self

    def events(self) -> tuple[type[Event], ...]:
        return (SsePassing,) if self.nth_event else (SsePassing, SseRestPassing)

    def decide(self, event: Event, tally: Tally) -> Action | None:
        if not isinstance(event, SsePassing | SseRestPassing) or self.nth_event not in (None, tally.messages + 1):
            return None
        rewritten = event.block.rewritten(self._fields(event.block), comments=self.comments, ending=self.line_ending)
        if self.bom and isinstance(event, SsePassing):
            rewritten = BOM + rewritten
        if isinstance(event, SseRestPassing) and not rewritten.strip():
            return Drop() if event.block.raw.strip() else None
        return None if rewritten == event.block.raw else Replace(rewritten)

    def _fields(self, block: SseBlock) -> dict[str, str | None]:
        fields: dict[str, str | None] = {"id": self.id, "retry": self.retry, "event": self.event}
        given = {name: value for name, value in fields.items() if value is not None}
        if self.id_removed:
            return {**given, "id": None}
        if self.id_back is not None and block.id is not None:
            return {**given, "id": _rolled_back(block.id, self.id_back)}
        return {**given}


def _rolled_back(event_id: str, by: int) -> str:
    """The id with its last number lowered, but not below 0; one without a number stays."""
    return _LAST_NUMBER.sub(lambda found: str(max(0, int(found[0]) - by)), event_id)
