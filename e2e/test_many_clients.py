"""A server that restarts under 200 clients and more: they come back, spread out, and it is not met by a crowd.

The clients are the core of the reference client as it is, all in one process of node; no browser is needed.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.app import start_app
from e2e.many_clients import HERD, judged, restarted_under
from e2e.mutant import Edit, Mutant, edited
from e2e.nightly import nightly
from property_tests.node import CLIENT
from proxy_addons.harness.judge.rendering import as_text
from proxy_addons.harness.subject import SubjectProcess
from proxy_addons.proxy import FaultProxy

WRONG = {
    "deaf to the spread": Edit(file="core/backoff.js", old="Math.max(spread, backoff)", new="backoff"),
    "without a draw": Edit(file="core/backoff.js", old="floor + random * Math.max", new="floor + Math.max"),
    "without rounds": Edit(file="core/backoff.js", old="return { wait, round", new="return { wait: 0, round"),
}
BREAKS = {"deaf to the spread": {"S11", "L12"}, "without a draw": {"S11", "L12"}, "without rounds": {"L12"}}
"""Who comes back alone in the first round is right by S11; the crowd is that of those who come a second time."""


@pytest.fixture
def subject(tmp_path: Path) -> Iterator[SubjectProcess]:
    with start_app("--data", str(tmp_path), *HERD.arguments) as app:
        yield app


@nightly(15)
def test_all_come_back_spread_out_when_the_server_restarts(proxy: FaultProxy) -> None:
    run = restarted_under(CLIENT, proxy, HERD)
    # then none of them came with the others, and the server was not met by a crowd
    findings = judged(run, HERD)
    assert {finding.check: finding.outcome for finding in findings} == {"S11": "held", "L12": "held"}, as_text(
        findings, run
    )


@nightly(15)
@pytest.mark.parametrize("how", WRONG)
def test_a_client_made_wrong_is_a_herd(how: str, proxy: FaultProxy, tmp_path: Path) -> None:
    # given a client that lacks one of the things that keep them apart
    copy = tmp_path / "client"
    shutil.copytree(CLIENT, copy)
    wrong = Mutant(name=how, wrong=how, scenario="", caught_by="L12", edits=(WRONG[how],))
    for file, text in edited(wrong, copy).items():
        file.write_text(text, encoding="utf-8")
    # when the server restarts under many of it
    run = restarted_under(copy, proxy, HERD)
    # then the checks that are made for it say so
    findings = judged(run, HERD)
    assert {each.check for each in findings if each.outcome == "broken"} == BREAKS[how], as_text(findings, run)
