"""What is under test: where it is, and, if it is ours to start, its process."""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Protocol, Self

from proxy_addons.actions import Restart
from proxy_addons.errors import SubjectError
from proxy_addons.harness import leash

_POLL_S = 0.02
_GRACE_S = 5.0
_DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Without the HTTP proxy that the environment may name: the fault proxy uses none either."""


class Subject(Protocol):
    """What the harness needs to know of an app. `url` is its origin; the proxy goes in front of it."""

    @property
    def url(self) -> str: ...


class RunningSubject:
    """An app that somebody else runs."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")


class SubjectProcess:
    """An app that the harness starts, stops, kills and restarts."""

    def __init__(
        self,
        command: Sequence[str],
        url: str,
        *,
        ready_path: str = "/",
        timeout_s: float = 20.0,
        folder: Path | None = None,
    ) -> None:
        """`command`, run in `folder` if one is named, must serve `url`; it is ready when `ready_path` answers below
        500."""
        self.url = url.rstrip("/")
        self._command = list(command)
        self._folder = folder
        self._ready_url = self.url + ready_path
        self._timeout_s = timeout_s
        self._process: subprocess.Popen[str] | None = None
        self._said: deque[str] = deque(maxlen=40)
        self._reader: threading.Thread | None = None
        self._lock = threading.RLock()
        """Held while it ends, and while a fault has it restarted."""
        self._stopping = threading.Event()

    @property
    def pid(self) -> int | None:
        """The leash that the process runs on, while it runs; both are one process group."""
        return self._process.pid if self._process else None

    def ended(self) -> str | None:
        """How it ended, with the last that it said, if it runs no more and nobody has stopped it."""
        process = self._process
        if process is None or process.poll() is None:
            return None
        if self._reader is not None:
            self._reader.join(_GRACE_S)
        said = f"; the last that it said: {self._said[-1]}" if self._said else ""
        return f"{self._named()} ended with {_exit(process)}{said}"

    def start(self) -> Self:
        """Start it and wait until it answers. Raises SubjectError with its last words if it does not."""
        self._process = self._launch()
        self._reader = threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True)
        self._reader.start()
        try:
            self._wait_until_ready(self._process)
        except BaseException:
            self.kill()
            raise
        return self

    def stop(self) -> None:
        """SIGTERM, and SIGKILL if it has not gone after the grace of 5 s."""
        self._stop(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL: no farewell."""
        self._stop(signal.SIGKILL)

    def restart(self, *, kill: bool = False) -> None:
        """Stop (or kill) it and start it again at the same address."""
        if kill:
            self.kill()
        else:
            self.stop()
        self.start()

    def restarted(self, wanted: Restart) -> None:
        """Restart it as a fault wants: the hook for `FaultProxy(url, restart=...)`.

        Raises SubjectError if it does not come back. `stop` waits for it, and then it is not started any more.
        """
        with self._lock:
            if self._process is None:
                raise SubjectError(f"{self._named()} does not run, so it cannot be restarted; call start() first")
            self._end(signal.SIGKILL if wanted.how == "kill" else signal.SIGTERM, wanted.grace_ms / 1000)
            self._stopping.wait(wanted.down_ms / 1000)
            if not self._stopping.is_set():
                self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _launch(self) -> subprocess.Popen[str]:
        if shutil.which(self._command[0]) is None:
            raise SubjectError(f"{self._named()} cannot be started: there is no program {self._command[0]!r}")
        # A session of its own: Ctrl-C in the terminal reaches the harness, and the harness stops the app. If the
        # harness cannot any more, the leash does: it notices that its standard input is closed.
        return subprocess.Popen(
            [sys.executable, "-I", "-S", leash.__file__, *self._command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            cwd=self._folder,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )

    def _wait_until_ready(self, process: subprocess.Popen[str]) -> None:
        deadline = time.monotonic() + self._timeout_s
        while (status_of(self._ready_url) or 500) >= 500:
            if process.poll() is not None:
                raise SubjectError(f"{self._named()} ended with {_exit(process)}{self._last_words()}")
            if time.monotonic() > deadline:
                raise SubjectError(
                    f"{self._named()} did not answer at {self._ready_url} within {self._timeout_s:g} s"
                    f"{self._last_words()}"
                )
            time.sleep(_POLL_S)

    def _stop(self, how: signal.Signals) -> None:
        self._stopping.set()
        with self._lock:
            self._stopping.clear()
            self._end(how, _GRACE_S)

    def _end(self, how: signal.Signals, grace_s: float) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            _signal_all(process, how)
            try:
                process.wait(grace_s)
            except subprocess.TimeoutExpired:
                _signal_all(process, signal.SIGKILL)
                process.wait()
        _signal_all(process, signal.SIGKILL)  # what the app started and left behind
        if self._reader is not None:
            self._reader.join(_GRACE_S)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    def _listen(self, stream: IO[str] | None) -> None:
        for line in stream or ():
            self._said.append(line.rstrip())

    def _named(self) -> str:
        return f"`{' '.join('python' if word == sys.executable else word for word in self._command)}`"

    def _last_words(self) -> str:
        if self._reader is not None and self._process is not None and self._process.poll() is not None:
            self._reader.join(_GRACE_S)  # the last words of a process that has ended may still be on their way
        return "; it said:\n  " + "\n  ".join(self._said) if self._said else "; it said nothing"


def _exit(process: "subprocess.Popen[str]") -> str:
    """`exit code 1`; where a signal ended it, with its name: shells add 128 to its number, and so does the leash."""
    code = process.returncode
    number = -code if code < 0 else code - 128
    name = f" ({signal.Signals(number).name})" if number in set(signal.Signals) else ""
    return f"exit code {code}{name}"


def _signal_all(process: subprocess.Popen[str], how: signal.Signals) -> None:
    """To the process and to all that it started: they are one group, since its session is its own."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, how)


def status_of(url: str, timeout_s: float = 2.0) -> int | None:
    """The status with which an HTTP GET is answered; None if it is not."""
    try:
        with _DIRECTLY.open(url, timeout=timeout_s) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except (OSError, http.client.HTTPException, ValueError):  # ValueError: it is no URL
        return None


def require_answer(url: str) -> None:
    """Raises SubjectError, with what to check, if nothing answers there."""
    if status_of(url) is None:
        raise SubjectError(f"{url} does not answer; start the app first, or check the URL: http://host:port")
