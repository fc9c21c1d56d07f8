"""What a listener waits for: times that come, and holders that let go."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from contextlib import suppress
from typing import Any

Work = Callable[[], Coroutine[Any, Any, object]]


class Waits:
    """Timers and waiting tasks of one listener, none of which outlives it. Used on one event loop only."""

    def __init__(self) -> None:
        self._alarm: asyncio.TimerHandle | None = None
        self._timers: dict[Hashable, set[asyncio.TimerHandle]] = {}
        self._held: dict[asyncio.Event, tuple[Hashable, ...]] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._to_finish: set[asyncio.Task[object]] = set()
        self._closed = False

    def set_alarm(self, delay_s: float | None, work: Work) -> None:
        """Do the work then; there is one alarm only, and None means none."""
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        if delay_s is not None and not self._closed:
            self._alarm = asyncio.get_running_loop().call_later(delay_s, lambda: self._run(work(), self._tasks))

    def later(self, delay_s: float, owner: Hashable, work: Work) -> None:
        """Do the work then, unless its owner's timers are cancelled before."""
        if self._closed:
            return
        timers = self._timers.setdefault(owner, set())

        def now() -> None:
            timers.discard(timer)
            self._run(work(), self._tasks)

        timer = asyncio.get_running_loop().call_later(delay_s, now)
        timers.add(timer)

    def cancel(self, owner: Hashable) -> None:
        """Forget the timers of an owner, and let go of who waits for it."""
        for timer in self._timers.pop(owner, ()):
            timer.cancel()
        self.wake(owner)

    async def hold(self, rule: Hashable, owner: Hashable, limit_s: float | None) -> None:
        """Wait until the rule or the owner wakes, or so many seconds."""
        if self._closed:
            return
        release = asyncio.Event()
        self._held[release] = (rule, owner)
        try:
            with suppress(TimeoutError):  # the end of the time is one of the ends that are waited for
                async with asyncio.timeout(limit_s):
                    await release.wait()
        finally:
            del self._held[release]

    def wake(self, name: Hashable) -> None:
        """Let go of everybody who waits for this rule or owner."""
        for release, names in self._held.items():
            if name in names:
                release.set()

    def run_to_its_end(self, work: Coroutine[Any, Any, object]) -> None:
        """Start work that `close` waits for."""
        self._run(work, self._to_finish)

    async def close(self) -> None:
        """Cancel all timers and tasks, let go of everybody, and wait for what must be finished."""
        self._closed = True
        if self._alarm is not None:
            self._alarm.cancel()
        for owner in list(self._timers):
            self.cancel(owner)
        for release in self._held:
            release.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._to_finish, return_exceptions=True)

    def _run(self, work: Coroutine[Any, Any, object], tasks: set[asyncio.Task[object]]) -> None:
        task = asyncio.ensure_future(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
