"""Several timers side by side: each has a name, a log and an epoch of its own, and readers of its own."""

import re
import secrets
import time
from collections.abc import Callable
from typing import Literal

import anyio
from anyio.abc import TaskGroup

from reference_app.hub import Hub
from reference_app.metrics import Metrics
from reference_app.settings import Settings
from reference_app.store import Store, StoreError

DEFAULT = "default"
"""The timer of those who name none."""
NAME = r"[a-z0-9][a-z0-9-]{0,31}"
"""What names a timer: also a part of a file's name, on file systems that tell no cases apart."""
KEPT_SECONDS = 60.0
"""How long a timer that nothing has happened to is kept for whoever asked for it."""

Reason = Literal["name", "full", "unavailable"]


class NoTimer(Exception):
    """There is no timer for this name; the text says what would be right."""

    def __init__(self, reason: Reason, message: str) -> None:
        super().__init__(message)
        self.reason: Reason = reason


class Timers:
    """All timers of one app. One is made when it is first asked for; call it from one event loop alone.

    Raises StoreError if a log that is there cannot be opened.
    """

    def __init__(
        self,
        settings: Settings,
        now_ms: Callable[[], int],
        metrics: Metrics | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._now_ms = now_ms
        self._metrics = metrics or Metrics()
        self._clock = clock
        self._hubs: dict[str, Hub] = {}
        self._asked: dict[str, float] = {}
        self._tasks: TaskGroup | None = None
        try:
            for name in [DEFAULT, *self._names_on_disk()]:
                self._open(name)
        except StoreError:
            self.close()
            raise

    def __len__(self) -> int:
        return len(self._hubs)

    def get(self, name: str = DEFAULT) -> Hub:
        """The timer with this name; raises NoTimer."""
        if name not in self._hubs:
            self._check(name)
            try:
                self._open(name)
            except StoreError as error:
                raise NoTimer("unavailable", f"timer: {name!r} cannot be opened: {error}") from error
        self._asked[name] = self._clock()
        return self._hubs[name]

    def _check(self, name: str) -> None:
        if not re.fullmatch(NAME, name):
            advice = "should be 1 to 32 of a-z, 0-9 and -, and not begin with -"
            raise NoTimer("name", f"timer: {advice}, this is {name[:40]!r}")
        if len(self) >= self._settings.max_timers and not self._make_room():
            raise NoTimer("full", f"timer: there are {len(self)} already, which is the limit; use one of them")

    def _make_room(self) -> bool:
        """Give up a timer that nothing has happened to, that nobody reads and that nobody has asked for lately."""
        before = self._clock() - KEPT_SECONDS
        for name, asked in self._asked.items():
            if name != DEFAULT and asked < before and self._hubs[name].is_unused:
                del self._asked[name]
                self._hubs.pop(name).discard()
                self._metrics.timers.set(len(self))
                return True
        return False

    def _open(self, name: str) -> None:
        store = Store.open(
            self._settings.data,
            new_epoch=secrets.token_hex(8),
            duration_ms=self._settings.duration_ms,
            file=_file(name),
        )
        self._hubs[name] = hub = Hub(store, self._now_ms, self._settings.scale, self._metrics)
        self._asked[name] = self._clock()
        self._metrics.timers.set(len(self))
        if self._tasks is not None:
            self._tasks.start_soon(hub.run)

    def _names_on_disk(self) -> list[str]:
        if self._settings.data is None:
            return []
        found = (re.fullmatch(_file(f"({NAME})"), file.name) for file in self._settings.data.glob(_file("*")))
        return sorted(match[1] for match in found if match)

    # --- together -----------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Keep the time of all timers, of those to come too, until cancelled."""
        async with anyio.create_task_group() as self._tasks:
            for hub in self._hubs.values():
                self._tasks.start_soon(hub.run)
            await anyio.sleep_forever()

    async def stop(self, grace_seconds: float) -> None:
        """Say goodbye to the readers of all timers, and wait until they have left, or the grace is over."""
        async with anyio.create_task_group() as tasks:
            for hub in self._hubs.values():
                tasks.start_soon(hub.stop, grace_seconds)

    def close(self) -> None:
        """Let go of all files."""
        for hub in self._hubs.values():
            hub.close()


def _file(name: str) -> str:
    """The default timer has the file that it had when it was the only one."""
    return "timer.sqlite3" if name == DEFAULT else f"timer-{name}.sqlite3"
