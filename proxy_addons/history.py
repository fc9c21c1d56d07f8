"""The record of a run: append-only, on one clock, and the only thing that checks may read."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar, get_args

from proxy_addons.records import FaultFired, Moment, Record, line

R = TypeVar("R", bound=Moment)


class History:
    """The records of one run in the order in which they were appended. Thread-safe."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._records = list(records)
        self._grown = threading.Condition()
        self._subscribers: list[Callable[[Record], object]] = []

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records)

    @property
    def records(self) -> tuple[Record, ...]:
        """All records so far."""
        with self._grown:
            return tuple(self._records)

    @property
    def receipts(self) -> list[FaultFired]:
        """What the rules did, so far."""
        return self.of(FaultFired)

    def of(self, kind: type[R]) -> list[R]:
        """All records of one class, so far."""
        return [record for record in self.records if isinstance(record, kind)]

    def append(self, record: Record) -> None:
        """Adds a record and shows it to all subscribers, in this thread."""
        with self._grown:
            self._records.append(record)
            self._grown.notify_all()
            for tell in tuple(self._subscribers):
                tell(record)

    def subscribe(self, tell: Callable[[Record], object]) -> Callable[[], None]:
        """Calls `tell` with every record from now on, in order; it must be quick and must not raise.

        Returns what ends the subscription; a second call does nothing.
        """
        with self._grown:
            self._subscribers.append(tell)

        def unsubscribe() -> None:
            with self._grown:
                if tell in self._subscribers:
                    self._subscribers.remove(tell)

        return unsubscribe

    def wait_for(self, wanted: Callable[[Record], bool], timeout_s: float, *, since: int = 0) -> Record:
        """The first record, from number `since` on, that is wanted; waits for it if it is not there yet.

        Raises:
            TimeoutError: it did not come in time; names what was wanted (the predicate's docstring, or its name) and
                the last records.
        """
        position = since

        def find() -> Record | None:
            nonlocal position
            fresh, position = self._records[position:], max(position, len(self._records))
            return next((record for record in fresh if wanted(record)), None)

        with self._grown:
            found = self._grown.wait_for(find, timeout_s)
            if found is None:
                raise TimeoutError(self._missing(wanted, timeout_s, since))
            return found

    def save(self, path: Path | str) -> None:
        """Writes one JSON object a line: the record's class as `what`, then its fields."""
        lines = [json.dumps({"what": type(record).__name__, **asdict(record)}) + "\n" for record in self.records]
        Path(path).write_text("".join(lines), encoding="utf-8")

    def _missing(self, wanted: Callable[[Record], bool], timeout_s: float, since: int) -> str:
        name = wanted.__doc__ or getattr(wanted, "__qualname__", "") or repr(wanted)
        start = self._records[0].t if self._records else 0.0
        last = [f"  {line(record, start)}" for record in self._records[since:][-8:]]
        return "\n".join(
            [f"waited {timeout_s:g} s in vain for: {str(name).strip()}; last records:", *(last or ["  none"])]
        )


def load_history(path: Path | str) -> History:
    """What `History.save` wrote.

    Raises:
        ValueError: a line is no record; names the line.
    """
    return History(
        _read(text, f"{path}:{number}")
        for number, text in enumerate(Path(path).read_text(encoding="utf-8").splitlines(), 1)
    )


def _read(text: str, where: str) -> Record:
    try:
        fields = json.loads(text)
        return _CLASSES[fields.pop("what")](**fields)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{where}: is no record: {error!r}") from error


_CLASSES: dict[str, type[Record]] = {kind.__name__: kind for kind in get_args(Record)}
