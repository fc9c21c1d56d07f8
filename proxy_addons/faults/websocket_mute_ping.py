"""`websocket.mute_ping`: the heartbeat below the messages stops."""

from typing import ClassVar, Literal

from pydantic import Field

from proxy_addons.actions import Action, Drop
from proxy_addons.events import ControlPassing, Event
from proxy_addons.faults.base import Fault, Tally


class MutePingWebSocket(Fault):
    """Swallows the pings or pongs of a WebSocket while its messages go on, until one side takes the other for dead.

    What a proxy does that answers pings itself or has never heard of them. The rule says which direction.
    """

    kind: ClassVar[str] = "websocket.mute_ping"
    colour: ClassVar[str] = "#c0392b"

    what: Literal["ping", "pong", "both"] = Field(default="both", description="What is swallowed.")

    def events(self) -> tuple[type[Event], ...]:
        return (ControlPassing,)

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - each one is swallowed alike
        return Drop() if isinstance(event, ControlPassing) and self.what in ("both", event.opcode) else None
