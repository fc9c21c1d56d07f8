"""The stock ticker in a process of its own, and all that is known of it."""

import sys

from proxy_addons.harness.guide import Guide
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.ports import free_port
from proxy_addons.harness.subject import SubjectProcess

GUIDE = Guide(limits=Limits(scale=0.1, slow_s=1.0, browser_throttle_s=1.0))
"""Its page waits up to 50 ms before it tries again, then up to twice as long each time, and at most 2 s; after 800 ms
without a message it gives a connection up: a tenth of what pages for people do.

`slow_s`: what the machines that tests run on are late by; `browser_throttle_s`: Chromium puts a WebSocket off by less
than that until some 14 have failed.
"""


def start_ticker(wrong: str | None = None) -> SubjectProcess:
    """The ticker, not started yet; its page as it is, or made wrong."""
    port = free_port()
    command = [sys.executable, "-m", "e2e.foreign", "--port", str(port), *(["--wrong", wrong] if wrong else [])]
    return SubjectProcess(command, f"http://127.0.0.1:{port}")
