"""One direction of a client's connection: bytes wait here as the rules say, and go out in order."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from proxy_addons.actions import Pace
from proxy_addons.events import Direction
from proxy_addons.pacing import END, Pacer

ROOM = 1 << 20
"""How many bytes may wait before their sender is not read from any more."""


@dataclass(slots=True)
class _Stage:
    rule: str
    pacer: Pacer


@dataclass(slots=True)
class _Limit:
    left: int
    reached: Callable[[], None]


class Pipe:
    """Paces one after the other, then limits, then stalls. What no rule touches does not come here.

    `out` gets the bytes in the end, `end` is called when `END` has had its turn, `filled` when there is no more room
    (True) and when there is again (False), `crashed` with the rule whose pace failed.
    """

    def __init__(
        self, direction: Direction, *, out: Callable[[bytes], object], end: Callable[[], object],
        filled: Callable[[bool], object], crashed: Callable[[str, Exception], object],
    ) -> None:  # fmt: skip
        self._direction = direction
        self._out, self._end, self._filled, self._crashed = out, end, filled, crashed
        self._stages: list[_Stage] = []
        self._limits: dict[str, _Limit] = {}
        self._stalled_by: set[str] = set()
        self._held: list[bytes] = []
        self._waiting = 0
        self._full = False
        self._drops = 0
        self._timer: asyncio.TimerHandle | None = None
        self.closed = False
        """Its end was fed, or it was cleared: nothing more is taken."""

    @property
    def idle(self) -> bool:
        """Whether bytes may as well go past it."""
        return not (self._stages or self._limits or self._stalled_by or self._held or self.closed)

    @property
    def stalled(self) -> bool:
        return bool(self._stalled_by)

    def stalled_only_by(self, rule: str) -> bool:
        return self._stalled_by == {rule}

    def feed(self, data: bytes) -> None:
        """Bytes, or `END`."""
        if self.closed:
            return
        self.closed = data == END
        self._waiting += len(data)
        self._pass(0, bytes(data))
        self._settle()

    # -- rules ------------------------------------------------------------------------------------------------

    def pace(self, rule: str, pace: Pace, order: Sequence[str]) -> None:
        """Slow down; `order` are the rules in plan order, so that the paces of several stand in it too."""
        self.release(rule)
        behind = set(order[order.index(rule) + 1 :]) if rule in order else set()
        place = next((n for n, stage in enumerate(self._stages) if stage.rule in behind), len(self._stages))
        self._stages.insert(place, _Stage(rule, Pacer(pace, self._direction)))

    def limit(self, rule: str, after_bytes: int, reached: Callable[[], None]) -> None:
        """Call `reached` when so many further bytes have gone out, before any more do."""
        self._limits[rule] = _Limit(after_bytes, reached)
        self._check_limits()

    def stall(self, rule: str) -> None:
        """Nothing goes out any more."""
        self._stalled_by.add(rule)

    def release(self, rule: str) -> None:
        """Forget what a rule wants; what only it held goes on at once."""
        self._limits.pop(rule, None)
        for index, stage in enumerate(self._stages):
            if stage.rule == rule:
                del self._stages[index]
                for piece in stage.pacer.drain():
                    self._pass(index, piece)
                break
        self._stalled_by.discard(rule)
        held, self._held = self._held, []
        for data in held:  # which another rule may hold again
            self._sink(data)
        self._settle()

    def drop(self) -> None:
        """Drop everything that waits, and forget all rules."""
        self.closed = False
        self._drops += 1
        self._stages, self._held, self._waiting = [], [], 0
        self._limits.clear()
        self._stalled_by.clear()
        self._settle()

    def clear(self) -> None:
        """Drop everything and take no more."""
        self.drop()
        self.closed = True

    # -- the way through ----------------------------------------------------------------------------------------

    def _pass(self, index: int, data: bytes) -> None:
        if index == len(self._stages):
            self._sink(data)
        else:
            self._stages[index].pacer.feed(data, _now())

    def _sink(self, data: bytes) -> None:
        if self._stalled_by:
            self._held.append(data)
        elif data == END:
            self._end()
        else:
            size = min((limit.left for limit in self._limits.values()), default=len(data))
            passing, rest = data[:size], data[size:]
            self._waiting -= len(passing)
            for limit in self._limits.values():
                limit.left -= len(passing)
            self._out(passing)
            drops = self._drops
            self._check_limits()
            if rest and drops == self._drops:  # else a limit has ended the connection
                self._sink(rest)

    def _check_limits(self) -> None:
        for rule, limit in list(self._limits.items()):
            if limit.left <= 0 and rule in self._limits:
                del self._limits[rule]
                limit.reached()

    def _settle(self) -> None:
        """Come back when something is due, and say whether there is room."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        times = []
        for stage in self._stages:
            try:
                times.append(stage.pacer.next_at())
            except Exception as error:  # noqa: BLE001  # an effect that fails is recorded, and its bytes go on
                self._give_up(stage, error)
                return
        if (at := min((at for at in times if at is not None), default=None)) is not None:
            self._timer = asyncio.get_running_loop().call_at(at, self._due)
        if self._waiting > ROOM and not self._full:
            self._full = True
            self._filled(True)
        elif self._full and self._waiting <= ROOM // 2:
            self._full = False
            self._filled(False)

    def _due(self) -> None:
        self._timer = None
        for stage in list(self._stages):
            try:
                pieces = stage.pacer.due(_now())
            except Exception as error:  # noqa: BLE001  # as above
                self._give_up(stage, error)
                return
            for piece in pieces:
                if stage in self._stages:  # else a limit ended the connection
                    self._pass(self._stages.index(stage) + 1, piece)
        self._settle()

    def _give_up(self, stage: _Stage, error: Exception) -> None:
        self._crashed(stage.rule, error)
        self.release(stage.rule)


def _now() -> float:
    return asyncio.get_running_loop().time()
