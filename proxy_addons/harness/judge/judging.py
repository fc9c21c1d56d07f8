"""Asks every check about a run, and says what follows."""

import traceback
from collections.abc import Iterable, Sequence
from typing import Literal

from proxy_addons.harness.judge.checks import CHECKS
from proxy_addons.harness.judge.facts import Check, Finding, Limits, Undecided
from proxy_addons.harness.judge.run import Run

Verdict = Literal["passed", "failed", "inconclusive"]


def judge(run: Run, limits: Limits, checks: Iterable[Check] = CHECKS) -> list[Finding]:
    """What each check found, in their order. One that throws hides none of the others."""
    return [_finding(check, run, limits) for check in checks]


def verdict_of(findings: Iterable[Finding], doubts: Sequence[str] = ()) -> Verdict:
    """Failed where anything was broken; inconclusive where a check threw or there are doubts about the run itself (a
    fault that never fired, a page that never went live). What is not applicable or undecided does not count."""
    outcomes = {finding.outcome for finding in findings}
    if "broken" in outcomes:
        return "failed"
    return "inconclusive" if doubts or "crashed" in outcomes else "passed"


def _finding(check: Check, run: Run, limits: Limits) -> Finding:
    missing = sorted(check.needs - run.contract.offers)
    if missing:
        return Finding(check.id, "not applicable", why=f"the subject does not offer {' and '.join(missing)}")
    try:
        differences = sorted(check.find(run, limits), key=lambda each: each.t)
    except Undecided as premise:
        return Finding(check.id, "undecided", why=str(premise))
    except Exception as error:  # noqa: BLE001  # whatever is wrong with one check is no reason to lose the others
        details = {"traceback": traceback.format_exc()}
        return Finding(check.id, "crashed", why=f"{type(error).__name__}: {error}", details=details)
    return Finding(check.id, "broken" if differences else "held", tuple(differences))
