"""Processes beside our own: each tells its port on standard output, and ends when its standard input does.

So none outlives the run, however that ends.
"""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_GRACE_S = 10.0


@dataclass(frozen=True)
class Child:
    """A process that listens."""

    pid: int
    port: int
    ask: Callable[[], str] = str
    """What it says when it is sent an empty line, if it answers."""


@contextmanager
def child(command: Sequence[str]) -> Iterator[Child]:
    """Runs `python -m` this until the block ends. Raises RuntimeError if it ends before it has told its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is for us alone: we end them
    )
    stdin, stdout = process.stdin, process.stdout
    assert stdin
    assert stdout

    def ask() -> str:
        stdin.write("\n")
        stdin.flush()
        return stdout.readline()

    try:
        told = stdout.readline()
        if not told:
            raise RuntimeError(f"{' '.join(command)} ended with {process.wait()} before it listened; see above")
        yield Child(process.pid, int(told), ask)
    finally:
        stdin.close()
        try:
            process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        stdout.close()


def tell(number: int) -> None:
    """In the child: say on which port it listens, or what it was asked for."""
    print(number, flush=True)  # noqa: T201  # it is what the parent reads


def wait_for_end() -> None:
    """In the child: until the parent closes our standard input, or is gone."""
    sys.stdin.read()


async def serve_until_stdin_ends(port: int) -> None:
    """In a child with an event loop: both of these."""
    tell(port)
    await asyncio.to_thread(wait_for_end)


def resident_mb(pid: int | str = "self") -> float:
    """The memory of a process that is in use and in RAM, in 10^6 bytes (proc(5); elsewhere as `ps` says)."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024 / 1e6
    shown = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(shown.stdout) * 1024 / 1e6
