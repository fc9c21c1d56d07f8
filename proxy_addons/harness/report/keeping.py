"""What a test has used and what became of it, kept for the report."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from proxy_addons.harness.judge.checks import CHECKS
from proxy_addons.harness.judge.facts import Finding, Limits
from proxy_addons.harness.judge.judging import judge, verdict_of
from proxy_addons.harness.judge.rendering import as_text
from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.report.figures import measure
from proxy_addons.harness.report.folders import folder_of, report_folder
from proxy_addons.harness.report.found import tell
from proxy_addons.harness.report.outcome import Outcome, Verdict, sentence
from proxy_addons.harness.report.timeline import draw
from proxy_addons.records import PageLooked, PageSaid, TruthTold, line

if TYPE_CHECKING:
    from proxy_addons.proxy import FaultProxy

_TRACE = pytest.StashKey["Trace"]()
_LAST_LINES = 15
"""How much of the record the report shows in words; the whole of it stands beside."""
_MANY = (PageLooked, PageSaid, TruthTold)
"""Too many to be listed; they stand in the saved history."""
_PICTURE_MS = 2000


class Inconclusive(AssertionError):
    """The test passed without proving anything: a planned fault never fired, a check threw, or the browser is gone."""


class Broken(AssertionError):
    """The record of the test breaks a statement that holds for every run."""


@dataclass
class Trace:
    """What a test used, and what is known of it so far."""

    proxies: list["FaultProxy"] = field(default_factory=list)
    """The first one's history is what the report keeps."""
    verdict: Verdict = "passed"
    reason: str = ""
    screenshot: bytes | None = None
    run: Run | None = None
    findings: list[Finding] = field(default_factory=list)
    replay: str = ""
    """The command that runs it again, where it is not pytest with the name of the test."""
    waits: Mapping[str, float] = field(default_factory=dict)
    """For how many seconds it waited for what."""
    started: float = field(default_factory=time.monotonic)

    @property
    def is_green(self) -> bool:
        return self.verdict in ("passed", "skipped")


def trace_of(node: pytest.Item) -> Trace:
    """The same one from the test's set-up to its end."""
    return node.stash.setdefault(_TRACE, Trace())


def forget(node: pytest.Item) -> None:
    """Lets go of what the test used, once it is kept: a session's worth of records would make each full garbage
    collection longer, and that holds up the proxy, whose thread is one of ours."""
    node.stash[_TRACE] = Trace()


def hear(trace: Trace, item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport, losses: Any) -> None:
    """What pytest reports of one phase of a test. Its first word stands: what goes wrong later follows from that.

    `losses` tells what has died in the middle; whatever went wrong in its absence proves nothing.
    """
    if report.skipped and trace.verdict == "passed":
        trace.verdict = "skipped"
    if not report.failed or trace.verdict != "passed":
        return
    why, error = "; ".join(losses()), call.excinfo.value if call.excinfo else None
    if why:
        why = f"inconclusive: {why}"
    elif isinstance(error, Broken | Inconclusive):
        why = str(error).partition("\n")[0]
    trace.verdict = "inconclusive" if why.startswith("inconclusive") else "failed"
    trace.reason = f"E   {why}\n\n{report.longreprtext}" if why else report.longreprtext
    trace.screenshot = trace.screenshot or screenshot(item)


def judge_record(trace: Trace, run: Run, limits: Limits) -> None:
    """Asks all checks that say something of any run; raises what the verdict is, unless it is passed."""
    __tracebackhide__ = True
    trace.run, trace.findings = run, judge(run, limits, [check for check in CHECKS if not check.own_run])
    wrong = [finding for finding in trace.findings if finding.outcome in ("broken", "crashed")]
    verdict = verdict_of(wrong)
    if verdict != "passed":
        text = as_text(wrong, run, {check.id: check.title for check in CHECKS})
        raise (Broken if verdict == "failed" else Inconclusive)(f"{verdict}, by the record: {text}")


def keep(item: pytest.Item, trace: Trace, playwright: list[Path]) -> Outcome:
    """Saves what the test left behind, in its folder; `playwright` are the traces that are there already."""
    return keep_in(folder_of(item), report_folder(item.config), item.nodeid, sentence(item.nodeid), trace, playwright)


def keep_in(
    folder: Path, report: Path, test: str, story: str, trace: Trace, playwright: Sequence[Path] = ()
) -> Outcome:
    """Saves what a run left behind in a folder of the report; `story` says in words what `test` is."""
    folder.mkdir(parents=True, exist_ok=True)
    relative = folder.relative_to(report).as_posix()
    records = [record for proxy in trace.proxies for record in proxy.history.records if not isinstance(record, _MANY)]
    receipts = [receipt for proxy in trace.proxies for receipt in proxy.history.receipts]
    start = records[0].t if records else 0.0
    trace.proxies[0].history.save(folder / "history.jsonl")
    if trace.screenshot:
        (folder / "failure.png").write_bytes(trace.screenshot)
    outcome = Outcome(
        test=test,
        verdict=trace.verdict,
        duration_s=round(time.monotonic() - trace.started, 3),
        story=story,
        reason=trace.reason,
        receipts=[line(receipt, start) for receipt in receipts],
        record=[line(record, start) for record in records[-_LAST_LINES:]],
        folder=relative,
        screenshot=f"{relative}/failure.png" if trace.screenshot else "",
        seed=trace.proxies[0].plan.seed,
        replay=trace.replay,
        trace=f"{relative}/{playwright[0].name}" if playwright else "",
        findings=tell(trace.findings, trace.run) if trace.run else [],
        picture=draw(trace.run, trace.findings) if trace.run else None,
        figures=measure(trace.run) if trace.run else None,
        waits={what: round(seconds, 3) for what, seconds in trace.waits.items()},
    )
    outcome.save(folder / "outcome.json")
    return outcome


def screenshot(item: pytest.Item) -> bytes | None:
    """The page as it is, if the test has one that still answers."""
    page = cast("dict[str, Any]", getattr(item, "funcargs", {})).get("page")
    try:
        return None if page is None or page.is_closed() else page.screenshot(timeout=_PICTURE_MS)
    except Exception:  # noqa: BLE001  # a picture of a failure must never hide the failure
        return None
