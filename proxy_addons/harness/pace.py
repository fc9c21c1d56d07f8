"""Whether the machine kept its pace during a run: bounds in milliseconds say nothing of a machine that stood still."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

BEAT_S = 0.03
"""Each beat takes processor time from what is watched: a hundred a second cost a run of a few seconds a tenth of all
that this process does. A standstill is seen as shorter than it was by a beat at most."""


class Pace:
    """Measures, while it is entered, by how much a thread of this process comes too late to a beat; the proxy's thread
    is one of its neighbours."""

    def __init__(
        self, now: Callable[[], float] = time.monotonic, sleep: Callable[[float], object] | None = None
    ) -> None:
        self.worst_s = 0.0
        """The longest that it stood still."""
        self._over = threading.Event()
        self._now, self._sleep = now, sleep or self._over.wait
        self._thread = threading.Thread(target=self._watch, name="pace", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.is_set():
            before = self._now()
            self._sleep(BEAT_S)
            self.worst_s = max(self.worst_s, self._now() - before - BEAT_S)
