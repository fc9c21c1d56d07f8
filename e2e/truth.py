"""What the reference app says happened, read past the proxy."""

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPException
from types import TracebackType
from typing import Any, Self

from e2e.known_commands import known_commands
from proxy_addons.history import History
from proxy_addons.records import TruthTold
from reference_app.messages import Snapshot
from reference_app.timer import Event, State, fold, new_state

_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
_FULL_MS = 600_000
"""The length of the timer in a new log."""
_STAMP_S = 0.002
"""The server stamps in whole milliseconds; it and the run share this machine's clocks."""
_PATIENCE_S = 5.0


class Truth:
    """Follows the app's own stream in a thread and tells every event of its log; where the log is so long that it can't
    be replayed from its beginning, from here on."""

    def __init__(self, url: str, history: History) -> None:
        self._url = url
        self._history = history
        self._unix_to_run_s = time.monotonic() - time.time()
        self._epoch, self._seq, self._state = "", 0, new_state(_FULL_MS)
        self._epochs = 0
        self._over = threading.Event()
        self._caught_up = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="truth", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._caught_up.wait(_PATIENCE_S)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Asks once more, for what the stream has not said yet, and what became of the page's commands.

        A new log knows nothing of the commands before it.
        """
        self._over.set()
        self._thread.join(_PATIENCE_S)
        with suppress(OSError, HTTPException, ValueError):
            self._hear_all(self._polled())
            if self._epochs == 1:
                for known in known_commands(self._url, self._history.records):
                    self._history.append(known)

    # -- listening -------------------------------------------------------------------------------------------------

    def _follow(self) -> None:
        while not self._over.is_set():
            with suppress(OSError, HTTPException, ValueError):
                self._hear_all(self._polled())
                self._caught_up.set()
                self._hear_all(self._streamed())
            self._over.wait(0.05)  # it restarts, or is down

    def _hear_all(self, messages: Iterator[dict[str, Any]]) -> None:
        """A snapshot says that the log does not know our place in it: then from its beginning."""
        for message in messages:
            if message["kind"] == "snapshot" and message["epoch"] != self._epoch:
                self._begin(message)
            elif message["kind"] == "event" and message["epoch"] == self._epoch and message["seq"] > self._seq:
                self._tell(message)

    def _polled(self) -> Iterator[dict[str, Any]]:
        with _DIRECTLY.open(f"{self._url}/timer?since={self._epoch}.{self._seq}", timeout=_PATIENCE_S) as answer:
            yield from json.load(answer)["messages"]

    def _streamed(self) -> Iterator[dict[str, Any]]:
        """Ticks come all the time, so this looks up often enough to see that it is over."""
        where = f"{self._url}/timer/stream?since={self._epoch}.{self._seq}"
        with _DIRECTLY.open(where, timeout=_PATIENCE_S) as stream:
            for line in stream:
                if self._over.is_set():
                    return
                if line.startswith(b"data:"):
                    yield json.loads(line.removeprefix(b"data:"))

    # -- telling ---------------------------------------------------------------------------------------------------

    def _begin(self, met: dict[str, Any]) -> None:
        """A log begins, before the first of its events and before we came to know of it; or in its middle."""
        self._epochs += 1
        self._epoch, self._seq, self._state = met["epoch"], 0, new_state(_FULL_MS)
        replayed = list(self._polled())
        if replayed[0]["kind"] == "snapshot":
            here = Snapshot.model_validate_json(json.dumps(replayed[0]))
            self._epoch, self._seq, self._state = here.epoch, here.seq, State(here.timer, here.game)
            known_ms = max(event.at_ms for event in here.events)
        else:
            known_ms = min([met["server_ms"], *(event["at_ms"] for event in met["events"])])
        self._write(self._run_time(known_ms), "began", None)
        self._hear_all(iter(replayed))

    def _tell(self, message: dict[str, Any]) -> None:
        event = Event.model_validate_json(
            json.dumps({name: message[name] for name in Event.model_fields if name in message})
        )
        self._seq, self._state = message["seq"], fold(self._state, event)
        self._write(self._run_time(event.at_ms), event.name, event.text)

    def _write(self, t: float, name: str, text: str | None) -> None:
        state = {**self._described(self._state), "text": text}
        self._history.append(TruthTold(t, self._epoch, self._seq, name, state, _STAMP_S))

    def _described(self, state: State) -> dict[str, object]:
        timer = state.timer
        left: dict[str, object] = (
            {"ends_t": self._run_time(timer.deadline_ms)}
            if timer.phase == "running"
            else {"remaining_ms": timer.remaining_ms}
        )
        score = state.game.score
        game = {"round": state.game.round, "home": score.home, "away": score.away}
        return {"phase": timer.phase, "duration_ms": timer.duration_ms, **left, **game}

    def _run_time(self, unix_ms: float) -> float:
        return unix_ms / 1000 + self._unix_to_run_s
