"""Runs a command, and ends it with all that it started when whoever holds the other end of standard input is gone.

    python leash.py COMMAND...

A harness that is killed cannot stop its app any more; the pipe closes all the same. Start it in a session of its own:
its process group is what it kills. Imports little, because every start of an app waits for it.
"""

import os
import signal
import subprocess
import sys
import threading


def main(command: list[str]) -> int:
    """The command's exit code; 128 + n if signal n ended it (as shells say it)."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    # A signal to the group reaches the child as well; the leash outlives it, to say how it ended.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    threading.Thread(target=_watch, daemon=True).start()
    code = child.wait()
    return code if code >= 0 else 128 - code


def _watch() -> None:
    os.read(0, 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
