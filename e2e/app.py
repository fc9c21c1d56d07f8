"""The reference app in a process of its own, at the pace of the tests."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from tempfile import TemporaryDirectory

from proxy_addons.harness.guide import Restarting
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.ports import free_port
from proxy_addons.harness.subject import SubjectProcess

SCALE = 0.1
LIMITS = Limits(scale=SCALE, slow_s=1.0)
"""`slow_s`: what the machines that tests run on are late by."""


def start_app(*arguments: str) -> SubjectProcess:
    """The app, not started yet; `arguments` are for its command line."""
    port = free_port()
    command = [sys.executable, "-m", "reference_app", "--port", str(port), "--scale", str(SCALE), *arguments]
    return SubjectProcess(command, f"http://127.0.0.1:{port}", ready_path="/healthz")


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
