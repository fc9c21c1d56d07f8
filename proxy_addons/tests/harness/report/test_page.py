"""Outcomes on one page."""

import hashlib
import json
import re
from importlib.resources import files

import pytest

from proxy_addons.harness.report.figures import Figures
from proxy_addons.harness.report.found import LINE_LIMIT, MOST_LINES, Break, Found
from proxy_addons.harness.report.outcome import Outcome, Verdict
from proxy_addons.harness.report.page import is_green, render, summarise
from proxy_addons.harness.report.picture import TEXT_LIMIT, Lane, Mark, Picture
from proxy_addons.harness.report.timeline import MOST_MARKS


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
    page = render([outcome("failed", reason="it was live", test="e2e/test_a.py::test_x[1]", seed=7)])
    assert '<details class="story" open>' in page
    assert "it was live" in page
    assert "<code>pytest &#39;e2e/test_a.py::test_x[1]&#39;</code>" in page
    assert "<dt>Seed</dt><dd><code>7</code></dd>" in page


def test_leaves_what_is_green_shut() -> None:
    assert '<details class="story">' in render([outcome("passed")])


def test_shows_the_receipts_the_record_and_the_screenshot() -> None:
    page = render(
        [outcome("failed", receipts=["rule a: abort"], record=["+0.1 s  x"], folder="f", screenshot="f/s.png")]
    )
    assert "<li>rule a: abort</li>" in page
    assert "+0.1 s  x" in page
    assert 'href="f/history.jsonl"' in page
    assert 'src="f/s.png"' in page


def test_shows_what_a_check_found_with_its_slice_and_names_the_others() -> None:
    broken = Found("S2", "broken", "", [Break(1.5, "was fresh", 3, 4, ["4: a", "5: b"])])
    page = render(
        [outcome("failed", findings=[Found("S1", "held"), broken, Found("L7", "undecided", "why")], folder="f")]
    )
    assert "+1.500 s: was fresh</summary><pre>4: a\n5: b</pre>" in page
    assert 'Lines 4 to 5 of the <a href="f/history.jsonl">' in page
    assert "<dt>held</dt><dd><span>S1</span> </dd>" in page
    assert '<dt>undecided</dt><dd><span title="why">L7</span> </dd>' in page


def test_counts_the_differences_that_it_does_not_show() -> None:
    breaks = [Break(0, f"difference {number}", 0, 0, []) for number in range(5)]
    page = render([outcome("failed", findings=[Found("S2", "broken", "", breaks, more=3)])])
    assert "broken, 8 times" in page
    assert "and 6 more" in page
    assert "difference 2" not in page


def test_shows_the_four_figures_of_a_run_and_of_all() -> None:
    page = render([outcome("passed", figures=Figures([(0, True), (1, False)], [], [], []))])
    assert page.count("<b>50%</b>") == 2


def test_hands_the_timeline_to_the_script_as_data() -> None:
    picture = Picture(2.0, [Lane("server", [Mark(0.5, None, "truth", "</script><!-- x", 3)])], [], [])
    page = render([outcome("passed", picture=picture, folder="f")])
    (data,) = re.findall(r'class="drawing">(.*?)</script>', page)
    assert json.loads(data) == {
        "end": 2.0,
        "raw": "f/history.jsonl",
        "lanes": [["server", [[0.5, None, "truth", "</script><!-- x", 3, 0, ""]], "nothing"]],
        "broken": [],
        "steps": [],
    }


def test_shows_what_crossed_the_wire_as_text_and_not_as_markup() -> None:
    page = render([outcome("passed", record=["<script>alert(1)</script>"])])
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_needs_no_network() -> None:
    page = render([outcome("passed", record=["x"], folder="f")])
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert "@import" not in page


def test_says_how_much_a_long_reason_was_cut() -> None:
    page = render([outcome("failed", reason="begin" + "x" * 9000 + "end")])
    assert "[...]\n" in page
    assert "xend</pre>" in page


def test_has_room_for_a_hundred_runs_of_the_worst_kind() -> None:
    text = "x" * TEXT_LIMIT
    marks = [Mark(100.001, 200.002, "connecting", text, 10_000, 3) for _ in range(MOST_MARKS)]
    lines = ["x" * LINE_LIMIT] * (MOST_LINES + 1)
    worst = outcome(
        "failed",
        reason="x" * 100_000,
        receipts=["x" * 500] * 1000,
        record=["x" * 500] * 1000,
        findings=[Found(f"S{number}", "broken", "", [Break(1, "x" * 200, 0, 99, lines)] * 20) for number in range(3)],
        picture=Picture(300, [Lane("server", marks)], [], []),
    )
    assert len(render([worst] * 100).encode()) < 5_000_000


def test_ships_d3_as_it_was_published() -> None:
    d3 = files("proxy_addons.harness.report").joinpath("vendor/d3.min.js").read_bytes()
    assert hashlib.sha256(d3).hexdigest() == "912111098ea99503a6f4967361d2bbdc9dbf58cf9c678c8e27e5b02d1a07f0c1"
