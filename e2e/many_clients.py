"""The core of a client, very often, in one process of node: what a server meets that restarts; no browser is needed."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Timer

from e2e.app import LIMITS
from e2e.contract import ReferenceContract
from property_tests.node import node
from proxy_addons.faults import RestartUpstream
from proxy_addons.harness.judge.checks import CHECKS
from proxy_addons.harness.judge.facts import Finding
from proxy_addons.harness.judge.judging import judge
from proxy_addons.harness.judge.run import Run
from proxy_addons.proxy import FaultProxy

PATIENCE_S = 60
CHECKED = [check for check in CHECKS if check.id in ("S11", "L12")]


@dataclass(frozen=True)
class Herd:
    """How many clients there are, and what is done to them."""

    count: int
    scale: float
    """Of the protocol's times, theirs and the server's."""
    down_ms: float
    """How long the server stays away, in real time."""

    @property
    def arguments(self) -> tuple[str, str]:
        """For the command line of the app."""
        return "--scale", str(self.scale)


HERD = Herd(count=220, scale=2, down_ms=1000)
"""More than the 200 that S11 needs: it takes those that were dropped within a quarter of the spread. At a lower scale
they would come faster than a small machine serves them, and its queue would spread them. The server is down for longer
than it takes to start: who comes early must come again."""
FLOCK = Herd(count=40, scale=0.1, down_ms=10_000)
"""The server is away for so long that only the longest wait allowed keeps them from waiting as long again."""


class ManyClients:
    """The process that they live in."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def all_are_live(self, times: int) -> bool:
        """Waits until each of them has been live so many times; False if that takes too long."""
        timer = Timer(PATIENCE_S, self._process.kill)
        timer.start()
        try:
            assert self._process.stdout is not None
            return f"round {times}\n" in iter(self._process.stdout.readline, "")
        finally:
            timer.cancel()


@contextmanager
def many_clients(client: Path, url: str, herd: Herd) -> Iterator[ManyClients]:
    """Started from the modules in this folder, at this URL."""
    script = Path(__file__).with_name("many_clients.js")
    # EventSource is behind a switch in node, which then says on standard error that it is
    switches = ("--experimental-eventsource", "--no-warnings")
    arguments = (client.as_uri() + "/", url, str(herd.count), str(herd.scale))
    process = subprocess.Popen(
        [node(), *switches, script, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield ManyClients(process)
    finally:
        process.communicate(timeout=PATIENCE_S)


def restarted_under(client: Path, proxy: FaultProxy, herd: Herd) -> Run:
    """The record of a restart that drops all clients at one instant, until all are back, or it has taken too long."""
    with many_clients(client, proxy.url, herd) as clients:
        assert clients.all_are_live(1)
        proxy.inject(RestartUpstream(down_ms=herd.down_ms))
        clients.all_are_live(2)
    return Run(proxy.history.records, ReferenceContract())


def judged(run: Run, herd: Herd) -> list[Finding]:
    """What the checks say that are made for it. Node does not put off WebSockets as browsers do."""
    return judge(run, replace(LIMITS, scale=herd.scale, browser_throttle_s=0.0), CHECKED)
