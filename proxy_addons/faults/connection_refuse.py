"""`connection.refuse`: nobody listens, or who listens hangs up."""

from typing import ClassVar, Literal

from pydantic import Field

from proxy_addons.actions import Abort, Action, Refuse
from proxy_addons.events import ConnectionOpened, Event, ListenerReady
from proxy_addons.faults.base import Fault, Tally


class RefuseConnection(Fault):
    """Refuses every new connection, as a server that is down does; connections that stand go on.

    `rst` answers the SYN with RST, as a port without a server; `close` accepts and ends the connection (FIN) before
    anything is read, as a proxy or a container's port forwarding with nothing behind it.
    """

    kind: ClassVar[str] = "connection.refuse"
    colour: ClassVar[str] = "#17202a"

    how: Literal["rst", "close"] = Field(default="rst", description="RST to the SYN; or accepted and closed at once.")

    def events(self) -> tuple[type[Event], ...]:
        return (ListenerReady,) if self.how == "rst" else (ConnectionOpened,)

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - it refuses whatever came before
        if self.how == "rst":
            return Refuse() if isinstance(event, ListenerReady) else None
        return Abort() if isinstance(event, ConnectionOpened) and not event.standing else None
