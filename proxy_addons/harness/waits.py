"""For what a run has waited, and for how long: what it would take less time without."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

TIME = "the time that the scenario gives"
STEADY = "live pages"
STEP = "what a step waits for"
RULES = "rules to fire"
SERVER = "the server to be back"
HEALED = "pages to recover"
LASTING = "that to last"


class Waits:
    """Seconds by what was waited for."""

    def __init__(self) -> None:
        self._seconds: dict[str, float] = {}

    @property
    def seconds(self) -> Mapping[str, float]:
        return self._seconds

    def add(self, what: str, seconds: float) -> None:
        self._seconds[what] = self._seconds.get(what, 0.0) + seconds

    @contextmanager
    def on(self, what: str) -> Iterator[None]:
        """What passes in here is waited for it."""
        begin = time.monotonic()
        try:
            yield
        finally:
            self.add(what, time.monotonic() - begin)
