"""`request.replay`: an answer that was true a while ago."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Respond
from proxy_addons.events import Event, RequestReceived
from proxy_addons.faults.base import Fault, Tally


class ReplayRequest(Fault):
    """Answers a request with what the origin answered earlier to the same method and path, as a cache does that should
    not be there.

    As long as there was no such answer, the request goes its way.
    """

    kind: ClassVar[str] = "request.replay"
    colour: ClassVar[str] = "#145a32"
    looks_back: ClassVar[bool] = True

    back: int = Field(default=1, ge=1, le=8, description="How many answers back: 1 is the last one; 8 are kept.")

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - the event brings what came before
        if not isinstance(event, RequestReceived) or len(event.earlier) < self.back:
            return None
        return Respond(event.earlier[-self.back])
