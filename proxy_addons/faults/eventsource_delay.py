"""`eventsource.delay`: an event arrives late."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Delay
from proxy_addons.events import SsePassing
from proxy_addons.faults.base import Tally
from proxy_addons.faults.passing import EventFault


class DelayEventSource(EventFault):
    """Delivers an event of a stream later; what comes after it does not wait and overtakes it.

    Its id arrives late too, so that a browser that connects again asks from an earlier place.
    """

    kind: ClassVar[str] = "eventsource.delay"
    colour: ClassVar[str] = "#ce93d8"

    ms: float = Field(default=1000, gt=0, allow_inf_nan=False, description="How much later it arrives.")

    def act(self, event: SsePassing, tally: Tally) -> Action:  # noqa: ARG002 - each one waits alike
        return Delay(self.ms)
