"""Binds the harness to the reference app: which app the stories are about, and how fast its time runs."""

import sys
from collections.abc import Iterator

import pytest

from proxy_addons.harness.ports import free_port
from proxy_addons.harness.subject import SubjectProcess

SCALE = 0.1


@pytest.fixture(scope="session")
def subject() -> Iterator[SubjectProcess]:
    """The reference app, in memory, in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "reference_app", "--port", str(port), "--scale", str(SCALE)]
    with SubjectProcess(command, f"http://127.0.0.1:{port}", ready_path="/healthz") as process:
        yield process
