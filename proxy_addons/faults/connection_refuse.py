"""`connection.refuse`: nobody listens."""

from collections.abc import Sequence
from typing import ClassVar

from proxy_addons.actions import Action, Refuse
from proxy_addons.events import Event, ListenerReady
from proxy_addons.faults.base import Fault, Tally


class RefuseConnection(Fault):
    """Refuses every new connection, as a server that is down does; connections that stand go on."""

    kind: ClassVar[str] = "connection.refuse"
    colour: ClassVar[str] = "#17202a"

    def events(self) -> tuple[type[Event], ...]:
        return (ListenerReady,)

    def decide(self, event: Event, tally: Tally) -> Sequence[Action]:  # noqa: ARG002 - it refuses whatever came before
        return [Refuse()] if isinstance(event, ListenerReady) else []
