"""`request.corrupt`: an answer or a command arrives with a body that makes no sense."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Replace
from proxy_addons.events import Direction, Event, RequestReceived, ResponseReceived
from proxy_addons.faults.base import Tally
from proxy_addons.faults.corruption import Corrupting


class CorruptRequest(Corrupting):
    """Changes the body of an answer, or of a request on its way to the origin, by a mutation of its JSON, by a JSON
    Pointer with a replacement, or to other data; without any of these, it is cut in half.

    What has no body passes, and so does a body in which the pointer leads nowhere.
    """

    kind: ClassVar[str] = "request.corrupt"
    colour: ClassVar[str] = "#52be80"

    direction: Direction = Field(default="to_client", description="The answer's body, or the request's (to_server).")

    def events(self) -> tuple[type[Event], ...]:
        return (ResponseReceived,) if self.direction == "to_client" else (RequestReceived,)

    def decide(self, event: Event, tally: Tally) -> Action | None:
        match event:
            case ResponseReceived() if self.direction == "to_client":
                body = event.answer.body
            case RequestReceived() if self.direction == "to_server":
                body = event.body
            case _:
                return None
        corrupted = self.corrupted(body, tally) if body else None
        return None if corrupted is None else Replace(corrupted)
