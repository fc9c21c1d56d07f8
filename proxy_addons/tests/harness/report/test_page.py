"""Outcomes on one page."""

import re

import pytest

from proxy_addons.harness.report.outcome import Outcome, Verdict
from proxy_addons.harness.report.page import is_green, render, summarise


def outcome(verdict: Verdict, test: str = "test_a.py::test_one", **details: object) -> Outcome:
    return Outcome(test, verdict, 0.5, **details)  # type: ignore[arg-type]  # the fields of an Outcome, by name


@pytest.mark.parametrize(
    ("verdicts", "green"),
    [
        (["passed"], True),
        (["passed", "skipped"], True),
        (["passed", "inconclusive"], False),
        (["passed", "failed"], False),
    ],
)
def test_is_green_only_when_nothing_failed_and_all_was_proved(verdicts: list[Verdict], green: bool) -> None:
    assert is_green([outcome(verdict) for verdict in verdicts]) is green


@pytest.mark.parametrize(
    ("outcomes", "summary"),
    [
        ([outcome("passed", receipts=["a"])], "1 story: 1 passed; 1 fault fired."),
        (
            [outcome("passed"), outcome("inconclusive", receipts=["a", "b"]), outcome("failed")],
            "3 stories: 1 failed, 1 inconclusive, 1 passed; 2 faults fired.",
        ),
    ],
)
def test_counts_in_words(outcomes: list[Outcome], summary: str) -> None:
    assert summarise(outcomes) == summary


def test_puts_first_what_is_not_green() -> None:
    page = render([outcome("passed"), outcome("skipped"), outcome("inconclusive"), outcome("failed")])
    assert re.findall(r'class="verdict (\w+)"', page) == ["failed", "inconclusive", "skipped", "passed"]


def test_opens_what_is_not_green_and_says_how_to_run_it_again() -> None:
    page = render([outcome("failed", reason="it was live", test="e2e/test_a.py::test_x[1]")])
    assert "<details open>" in page
    assert "it was live" in page
    assert "pytest 'e2e/test_a.py::test_x[1]'" in page


def test_leaves_what_is_green_shut() -> None:
    assert "<details open>" not in render([outcome("passed")])


def test_shows_the_receipts_the_record_and_the_screenshot() -> None:
    page = render(
        [outcome("failed", receipts=["rule a: abort"], record=["+0.1 s  x"], folder="f", screenshot="f/s.png")]
    )
    assert "<li>rule a: abort</li>" in page
    assert "+0.1 s  x" in page
    assert 'href="f/history.jsonl"' in page
    assert 'src="f/s.png"' in page


def test_shows_what_crossed_the_wire_as_text_and_not_as_markup() -> None:
    page = render([outcome("passed", record=["<script>alert(1)</script>"])])
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_needs_no_network() -> None:
    assert not re.search(r'(src|href)="(https?:)?//', render([outcome("passed", record=["x"], folder="f")]))
