"""A server that restarts under 200 clients and more: they come back, spread out, and it is not met by a crowd.

The clients are the core of the reference client as it is, all in one process of node; no browser is needed.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Timer

import pytest

from e2e.app import LIMITS, start_app
from e2e.contract import ReferenceContract
from e2e.mutant import Edit, Mutant, apply
from e2e.nightly import nightly
from property_tests.node import CLIENT, node
from proxy_addons.faults import RestartUpstream
from proxy_addons.harness.judge.checks import CHECKS
from proxy_addons.harness.judge.judging import judge
from proxy_addons.harness.judge.rendering import as_text
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.subject import SubjectProcess
from proxy_addons.proxy import FaultProxy

SCALE = 2
"""At less, the clients would come faster than a small machine serves them, and its queue would spread them."""
COUNT = 220
"""More than the 200 that S11 needs: it takes those that were dropped within a quarter of the spread."""
PATIENCE_S = 60
HERD = [check for check in CHECKS if check.id in ("S11", "L12")]

WRONG = {
    "deaf to the spread": Edit(file="core/backoff.js", old="Math.max(spread, backoff)", new="backoff"),
    "without a draw": Edit(file="core/backoff.js", old="floor + random * Math.max", new="floor + Math.max"),
    "without rounds": Edit(file="core/backoff.js", old="return { wait, round", new="return { wait: 0, round"),
}
BREAKS = {"deaf to the spread": {"S11", "L12"}, "without a draw": {"S11", "L12"}, "without rounds": {"L12"}}
"""Who comes back alone in the first round is right by S11; the crowd is that of those who come a second time."""


@pytest.fixture
def subject(tmp_path: Path) -> Iterator[SubjectProcess]:
    with start_app("--data", str(tmp_path), "--scale", str(SCALE)) as app:
        yield app


class ManyClients:
    """The process that they live in."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def expect_all_live(self, times: int) -> None:
        """Until each of them has been live so many times."""
        timer = Timer(PATIENCE_S, self._process.kill)
        timer.start()
        try:
            assert self._process.stdout is not None
            wanted = f"round {times}\n"
            assert wanted in iter(self._process.stdout.readline, ""), f"not all were live {times} times"
        finally:
            timer.cancel()


@contextmanager
def many_clients(client: Path, url: str) -> Iterator[ManyClients]:
    """Started from the modules in this folder, at this URL."""
    script = Path(__file__).with_name("many_clients.js")
    process = subprocess.Popen(
        # EventSource is behind a switch in node, which then says on standard error that it is
        [
            node(),
            "--experimental-eventsource",
            "--no-warnings",
            script,
            client.as_uri() + "/",
            url,
            str(COUNT),
            str(SCALE),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield ManyClients(process)
    finally:
        process.communicate(timeout=PATIENCE_S)


def restarted_under(client: Path, proxy: FaultProxy) -> Run:
    """The record of a restart that drops all clients at one instant, until all are back."""
    with many_clients(client, proxy.url) as clients:
        clients.expect_all_live(1)
        # down for longer than it takes to start: who comes early must come again
        proxy.inject(RestartUpstream(down_ms=1000))
        clients.expect_all_live(2)
    return Run(proxy.history.records, ReferenceContract())


@nightly(15)
def test_all_come_back_spread_out_when_the_server_restarts(proxy: FaultProxy) -> None:
    run = restarted_under(CLIENT, proxy)
    # then none of them came with the others, and the server was not met by a crowd
    findings = judge(run, replace(LIMITS, scale=SCALE), HERD)
    assert {finding.check: finding.outcome for finding in findings} == {"S11": "held", "L12": "held"}, as_text(
        findings, run
    )


@nightly(15)
@pytest.mark.parametrize("how", WRONG)
def test_a_client_made_wrong_is_a_herd(how: str, proxy: FaultProxy, tmp_path: Path) -> None:
    # given a client that lacks one of the things that keep them apart
    copy = tmp_path / "client"
    shutil.copytree(CLIENT, copy)
    apply(Mutant(name=how, wrong=how, scenario="", caught_by="L12", edits=(WRONG[how],)), copy)
    # when the server restarts under many of it
    run = restarted_under(copy, proxy)
    # then the checks that are made for it say so
    findings = judge(run, replace(LIMITS, scale=SCALE), HERD)
    assert {each.check for each in findings if each.outcome == "broken"} == BREAKS[how], as_text(findings, run)
