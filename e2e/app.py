"""The reference app in a process of its own, at the pace of the tests."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from e2e.bundle import CLIENT, bundle
from proxy_addons.harness.guide import Restarting
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.ports import free_port
from proxy_addons.harness.subject import SubjectProcess

SCALE = 0.1
LIMITS = Limits(scale=SCALE, slow_s=1.0)
"""`slow_s`: what the machines that tests run on are late by."""


def start_app(*arguments: str) -> SubjectProcess:
    """The app, not started yet, with its client as one file; `arguments` are for its command line and go before."""
    port = free_port()
    client = Path(_bundled().name) / "client"
    settings = ["--port", str(port), "--scale", str(SCALE), "--client", str(client), *arguments]
    command = [sys.executable, "-m", "reference_app", *settings]
    return SubjectProcess(command, f"http://127.0.0.1:{port}", ready_path="/healthz")


@cache
def _bundled() -> TemporaryDirectory[str]:
    """Once a process; removed at its end."""
    folder = TemporaryDirectory(prefix="brownout-client-")
    bundle(CLIENT, Path(folder.name) / "client")
    return folder


@contextmanager
def apps_to_restart() -> Iterator[Restarting]:
    """Gives apps that may be restarted, with and without a log that outlives that; each is started when first asked
    for."""
    with ExitStack() as running:

        @cache
        def app(keeps_its_log: bool) -> SubjectProcess:
            folder = ["--data", running.enter_context(TemporaryDirectory())] if keeps_its_log else []
            return running.enter_context(start_app(*folder))

        yield app
