"""`eventsource.stall`: the stream is open and silent."""

from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Stall
from proxy_addons.events import Event
from proxy_addons.faults.base import Fault, Tally, reached


class StallEventSource(Fault):
    """Keeps an event stream open and passes nothing on any more; an EventSource never notices by itself.

    What a buffering proxy does. What was held back goes on when the rule is healed.
    """

    kind: ClassVar[str] = "eventsource.stall"
    colour: ClassVar[str] = "#8c564b"

    after_events: int = Field(default=0, ge=0, description="How many events pass first; 0: as soon as it is open.")

    def decide(self, event: Event, tally: Tally) -> Sequence[Action]:
        return [Stall(frozenset({"to_client"}))] if reached(event, self.after_events, tally) else []
