"""`upstream.down`: the server is gone, and what stands before it says so."""

from http import HTTPStatus
from typing import ClassVar, Literal

from pydantic import Field

from proxy_addons.actions import Abort, Action, Reset, Respond
from proxy_addons.events import Answer, Event, RequestReceived, StreamOpened
from proxy_addons.faults.base import Fault, Tally


class DownUpstream(Fault):
    """Behaves as if the server were down: each request is answered by a gateway's error page, or reset (RST).

    `cut` also ends the streams that stand (FIN), as the death of their server would.
    """

    kind: ClassVar[str] = "upstream.down"
    colour: ClassVar[str] = "#6c3483"

    answer: Literal["502", "503", "504", "reset"] = Field(default="502", description="What a request meets.")
    streams: Literal["cut", "leave"] = Field(default="cut", description="What happens to the streams that stand.")

    def events(self) -> tuple[type[Event], ...]:
        return (RequestReceived, StreamOpened) if self.streams == "cut" else (RequestReceived,)

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - it is down whatever came before
        match event:
            case StreamOpened() if self.streams == "cut":
                return Abort()
            case RequestReceived():
                return Reset() if self.answer == "reset" else Respond(_error_page(HTTPStatus(int(self.answer))))
        return None


def _error_page(status: HTTPStatus) -> Answer:
    title = f"{status.value} {status.phrase}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"
    return Answer(status.value, (("Content-Type", "text/html"),), page.encode())
