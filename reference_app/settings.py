"""What one instance of the app is told at its start."""

import math
from dataclasses import dataclass
from pathlib import Path

from reference_app.timer import MAX_DURATION_MS

CLIENT = Path(__file__).parent / "client"
"""The client as it is shipped."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one app; raises ValueError for a scale or a duration that cannot work."""

    scale: float = 1.0
    """Multiplies the protocol's timers (tick, spread); never the timer's own time."""
    data: Path | None = None
    """The directory of `timer.sqlite3` and, for timers with names, `timer-NAME.sqlite3`; without one the state lives in
    memory and is lost on exit."""
    duration_ms: int = 600_000
    """The length of the timer in a new log; an existing log keeps its own."""
    max_timers: int = 100
    """How many timers there may be side by side, with the default one; those on disk are opened however many."""
    client_dir: Path = CLIENT
    """Where `index.html` and the client's modules are."""

    def __post_init__(self) -> None:
        if not (math.isfinite(self.scale) and self.scale > 0):
            raise ValueError(f"scale: {self.scale} is not a positive number")
        if not 1 <= self.duration_ms <= MAX_DURATION_MS:
            raise ValueError(f"duration_ms: {self.duration_ms} is not between 1 and {MAX_DURATION_MS}")
        if self.max_timers < 1:
            raise ValueError(f"max_timers: {self.max_timers} leaves no room for the default timer")
