"""`eventsource.cut`: an event arrives in part."""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from proxy_addons.actions import Abort, Action, End, Replace, Reset, Stall
from proxy_addons.events import Event, SsePassing
from proxy_addons.faults.base import Fault, Tally
from proxy_addons.framing.sse import Place, SseBlock


class CutEventSource(Fault):
    """Cuts an event in two where it hurts, lets the first part out, and ends, aborts, resets or stalls the stream, or
    goes on with the next event.

    An event that has no such place passes (no character of several bytes, no CRLF), and the next one is tried. A part
    that is not the last of its stream runs into the event behind it.
    """

    kind: ClassVar[str] = "eventsource.cut"
    colour: ClassVar[str] = "#ad1457"

    where: Place | Literal["bytes"] = Field(
        default="field",
        description="Halfway into its last data line, in a UTF-8 character, between CR and LF of a line end, before "
        "the blank line, or after so many bytes.",
    )
    after_bytes: int | None = Field(default=None, ge=1, description="With where = 'bytes': how many of its bytes.")
    then: Literal["end", "abort", "reset", "stall", "continue"] = Field(
        default="abort", description="What follows the first part."
    )
    after_events: int = Field(default=0, ge=0, description="How many events pass first.")

    @model_validator(mode="after")
    def _bytes_are_counted(self) -> Self:
        if (self.where == "bytes") != (self.after_bytes is not None):
            raise ValueError("where = 'bytes' and after_bytes need each other")
        return self

    def events(self) -> tuple[type[Event], ...]:
        return (SsePassing,)

    def decide(self, event: Event, tally: Tally) -> Action | None:
        if not isinstance(event, SsePassing) or tally.messages < self.after_events:
            return None
        at = self._place(event.block)
        return None if at is None else self._then(event.block.raw[:at])

    def _place(self, block: SseBlock) -> int | None:
        if self.where != "bytes":
            return block.place(self.where)
        return self.after_bytes if self.after_bytes is not None and self.after_bytes < len(block.raw) else None

    def _then(self, part: bytes) -> Action:
        match self.then:
            case "end":
                return End(part)
            case "abort":
                return Abort(part)
            case "reset":
                return Reset(part)
            case "stall":
                return Stall(frozenset({"to_client"}), parting=part)
            case "continue":
                return Replace(part)
