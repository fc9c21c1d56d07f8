"""The port that a proxy listens on, which is closed while a rule refuses connections."""

from collections.abc import Callable
from typing import Protocol

from proxy_addons.history import History
from proxy_addons.records import ListenerChanged


class Gate(Protocol):
    """Opens and closes the listening socket; while closed, a SYN is answered with RST."""

    port: int

    async def open(self) -> None: ...
    async def close(self) -> None: ...


class Port:
    """Open, unless a rule refuses."""

    def __init__(self, gate: Gate, history: History, clock: Callable[[], float]) -> None:
        self.number = gate.port
        self._gate = gate
        self._history = history
        self._clock = clock
        self._refused_by: set[str] = set()

    async def open(self) -> None:
        await self._gate.open()
        self._changed(up=True)

    async def refuse(self, rule: str) -> None:
        if not self._refused_by:
            await self._gate.close()
            self._changed(up=False)
        self._refused_by.add(rule)

    async def release(self, rule: str) -> None:
        """The rule refuses no more, if it did; listen again, unless another one does."""
        if rule not in self._refused_by:
            return
        self._refused_by.remove(rule)
        if not self._refused_by:
            await self.open()

    def _changed(self, *, up: bool) -> None:
        self._history.append(ListenerChanged(self._clock(), up=up, port=self.number))
