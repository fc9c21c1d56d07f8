"""`eventsource.abort`: the network loses an event stream, between two events or within one."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Abort, Action
from proxy_addons.events import Event, SsePassing
from proxy_addons.faults.base import Fault, Tally, reached


class AbortEventSource(Fault):
    """Ends an event stream without its last chunk (FIN): the browser drops an incomplete event and connects again.

    With `partial_bytes` it waits for the next event and lets its first bytes out before the end, never its blank line.
    """

    kind: ClassVar[str] = "eventsource.abort"
    colour: ClassVar[str] = "#e377c2"

    after_events: int = Field(default=0, ge=0, description="How many events pass first; 0: as soon as it is open.")
    partial_bytes: int = Field(default=0, ge=0, description="How many bytes of the next event still go out.")

    def decide(self, event: Event, tally: Tally) -> Action | None:
        if self.partial_bytes == 0:
            return Abort() if reached(event, self.after_events, tally) else None
        if isinstance(event, SsePassing) and tally.messages == self.after_events:
            return Abort(parting=event.block.unfinished[: self.partial_bytes])
        return None
