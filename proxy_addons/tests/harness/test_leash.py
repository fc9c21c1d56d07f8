"""An app does not outlive the harness that started it."""

import os
import select
import signal
import subprocess
import sys

import pytest

from proxy_addons.harness import leash

PATIENCE_S = 20
HARNESS = """
import subprocess, sys
app = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(600)"]
subprocess.Popen([sys.executable, sys.argv[1], *app], stdin=subprocess.PIPE, start_new_session=True).wait()
"""


def run(*command: str) -> int:
    """The leash's exit code for a command."""
    leashed = [sys.executable, leash.__file__, *command]
    with subprocess.Popen(leashed, stdin=subprocess.PIPE, start_new_session=True) as process:
        return process.wait(PATIENCE_S)


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for the end of a stranger's process by its pidfd")
def test_the_app_ends_when_the_harness_is_killed() -> None:
    # given an app whose harness is about to be killed
    command = [sys.executable, "-c", HARNESS, leash.__file__]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as harness:
        assert harness.stdout is not None
        app = os.pidfd_open(int(harness.stdout.readline()))
        # when it is
        harness.send_signal(signal.SIGKILL)
    # then the app ends too
    ended, _, _ = select.select([app], [], [], PATIENCE_S)
    os.close(app)
    assert ended == [app]


def test_says_how_the_command_ended() -> None:
    assert run(sys.executable, "-c", "raise SystemExit(7)") == 7


def test_says_which_signal_ended_the_command() -> None:
    killed = run(sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert killed == 128 + signal.SIGKILL
