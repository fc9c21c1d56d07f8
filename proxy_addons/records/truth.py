"""What the subject's server says happened, read past the proxy, and how far its clock is known."""

from dataclasses import dataclass
from typing import Literal

from proxy_addons.records.base import Moment


@dataclass(frozen=True, slots=True)
class TruthTold(Moment):
    """An event of the server's log, at the time when it happened, and the state that it left."""

    epoch: str
    seq: int
    name: str
    state: dict[str, object]
    """As the subject's own model describes it; for a running countdown `ends_t`, on the clock of the run."""
    error_s: float
    """How far `t` may be off."""

    def __str__(self) -> str:
        return f"server {self.epoch}.{self.seq}: {self.name}"


@dataclass(frozen=True, slots=True)
class CommandKnown(Moment):
    """What became of a command, by the server's own record."""

    id: str
    effects: int
    """How many events it caused."""
    seq: int | None = None
    """The number of the first of them, where it is known."""

    def __str__(self) -> str:
        return f"server: command {self.id} had {self.effects} effects"


@dataclass(frozen=True, slots=True)
class StepTaken(Moment):
    """Where the run of a scenario has come to."""

    step: Literal["steady", "injected", "healed", "over"]

    def __str__(self) -> str:
        return f"the run is {self.step}"
