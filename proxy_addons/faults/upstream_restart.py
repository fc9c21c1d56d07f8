"""`upstream.restart`: the server really goes and comes back."""

from typing import ClassVar, Literal

from pydantic import Field

from proxy_addons.actions import Action, Restart
from proxy_addons.events import Event, ListenerReady
from proxy_addons.faults.base import Fault, Tally


class RestartUpstream(Fault):
    """Has the server under test stopped and started again, politely (SIGTERM) or not (SIGKILL).

    It happens as soon as the rule is in force; the subject must offer a way to restart it.
    """

    kind: ClassVar[str] = "upstream.restart"
    colour: ClassVar[str] = "#4a235a"
    needs_restart: ClassVar[bool] = True

    how: Literal["terminate", "kill"] = Field(default="terminate", description="SIGTERM, or SIGKILL at once.")
    grace_ms: float = Field(
        default=5000, ge=0, allow_inf_nan=False, description="How long after SIGTERM it is killed if it still runs."
    )
    down_ms: float = Field(
        default=0, ge=0, allow_inf_nan=False, description="How long it stays down before it is started again."
    )

    def events(self) -> tuple[type[Event], ...]:
        return (ListenerReady,)

    def decide(self, event: Event, tally: Tally) -> Action | None:  # noqa: ARG002 - the rule says when and how often
        return Restart(self.how, self.grace_ms, self.down_ms) if isinstance(event, ListenerReady) else None
