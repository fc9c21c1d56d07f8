"""What goes out of one direction of a stream, and when: now, after a time, or after further messages.

Pure. Used so: for each message, `put` what goes out in its place; send what comes back, and ask for the wake-ups
(`Listener.wake`); when one of them comes, send what `due` returns. A message that no rule touches must be put as well
while the outbox is not `empty`, because another one may wait for it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from proxy_addons.actions import Parcel

T = TypeVar("T")


class Sent(NamedTuple, Generic[T]):
    """One thing that is to be sent now."""

    item: T
    late_by: str | None = None
    """The rule that held it until now; None for what goes out in its own turn. The record wants to know
    (`Listener.released`)."""


class WakeUp(NamedTuple):
    """A time that the outbox asks for."""

    after_ms: float
    token: object


@dataclass(eq=False, slots=True)
class _Held(Generic[T]):
    """One thing that waits: for a wake-up whose token it is itself, or for further messages."""

    item: T
    rule: str
    behind: int = 0
    """How many further messages it waits for; 0: it waits for its time."""


class Outbox(Generic[T]):
    """One direction of one stream."""

    def __init__(self) -> None:
        self._held: list[_Held[T]] = []  # in the order in which they were put

    @property
    def empty(self) -> bool:
        """Whether nothing is held."""
        return not self._held

    def put(
        self, parcels: Iterable[tuple[T, Parcel]], rule: str = "", *, counts: bool = True
    ) -> tuple[list[Sent[T]], list[WakeUp]]:
        """Takes what goes out in the place of the next message, by the rule that decided so.

        Returns what is to be sent now, in this order: of the message itself, then what waited for it; and the
        wake-ups to ask for. Every message counts for those that wait, also one in whose place nothing goes out; what
        is no message does not (`counts`).
        """
        waiting = [held for held in self._held if held.behind] if counts else []
        now: list[Sent[T]] = []
        wake_ups: list[WakeUp] = []
        for item, parcel in parcels:
            if parcel.behind or parcel.after_ms > 0:
                held = _Held(item, rule, parcel.behind)
                self._held.append(held)
                if not parcel.behind:
                    wake_ups.append(WakeUp(parcel.after_ms, held))
            else:
                now.append(Sent(item))
        for held in waiting:
            held.behind -= 1
            if not held.behind:
                now += self._take([held])
        return now, wake_ups

    def due(self, token: object) -> list[Sent[T]]:
        """What the wake-up with this token was for; nothing if the token is not of this outbox or has been served."""
        return self._take([held for held in self._held if held is token])

    def release(self, rule: str) -> list[Sent[T]]:
        """What this rule holds, which is no longer in force, in the order in which it came."""
        return self._take([held for held in self._held if held.rule == rule])

    def no_more(self) -> list[Sent[T]]:
        """What waits for messages that will never come, since the peer has ended. What waits for its time stays."""
        return self._take([held for held in self._held if held.behind])

    def _take(self, taken: list[_Held[T]]) -> list[Sent[T]]:
        self._held = [held for held in self._held if held not in taken]
        return [Sent(held.item, held.rule) for held in taken]

    def __iter__(self) -> Iterator[T]:
        """What is held, in the order in which it was put."""
        return (held.item for held in self._held)
