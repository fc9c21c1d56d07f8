"""The report, opened from a file: a person finds the record behind what is drawn."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from proxy_addons.harness.report.figures import Figures
from proxy_addons.harness.report.outcome import Outcome
from proxy_addons.harness.report.picture import Lane, Mark, Picture
from proxy_addons.harness.report.results import save_report

PICTURE = Picture(
    10.0,
    [
        Lane("server", [Mark(2.0, None, "truth", "server e.1: noted", 4)]),
        Lane("faults", [Mark(5.0, None, "#d62728", "rule a: abort", 9)]),
        Lane("WebSocket", [Mark(1.0, 5.0, "open", "websocket 1 of a", 2, 0, "probe")]),
        Lane("polls", []),
    ],
    [Mark(6.0, None, "broken", "S2: was fresh", 11)],
    [Mark(4.0, None, "step", "injected", 8)],
)


@pytest.fixture
def report(page: Page, tmp_path: Path) -> Iterator[Page]:
    """Opened, with one story that failed; an error in it, or a request that leaves this machine, fails the test."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: errors.append(request.url) if not request.url.startswith("file:") else None)
    figures = Figures([(1.0, True)], [2.0], [(3.0, "websocket rst")], [(4.0, 20.0)])
    failed = Outcome("t", "failed", 1.0, "Story", folder="runs/t", picture=PICTURE, figures=figures)
    page.goto(save_report([failed], tmp_path).as_uri())
    expect(timeline(page)).to_be_visible()
    yield page
    assert errors == []


def timeline(report: Page) -> Locator:
    return report.get_by_role("img", name="Timeline of the run")


def place(mark: Locator) -> float:
    """How far to the right it stands, in pixels."""
    box = mark.bounding_box()
    assert box is not None, "it is drawn"
    return box["x"] + box["width"] / 2


def test_draws_moments_where_they_belong_in_time(report: Page) -> None:
    event, fault, span = (timeline(report).locator(mark) for mark in (".truth", ".fault", "rect.open"))
    box = span.bounding_box()
    assert box is not None
    assert box["x"] < place(event) < place(fault)
    assert box["x"] + box["width"] == pytest.approx(place(fault), abs=1)


def test_draws_a_fault_in_the_colour_of_its_kind(report: Page) -> None:
    expect(timeline(report).locator(".fault")).to_have_css("fill", "rgb(214, 39, 40)")


def test_says_what_stands_behind_the_mark_under_the_pointer_and_links_to_it(report: Page) -> None:
    timeline(report).locator(".fault").hover()
    expect(report.get_by_text("rule a: abort")).to_be_visible()
    expect(report.get_by_role("link", name="line 10 of the raw history")).to_have_attribute(
        "href", re.compile("runs/t/")
    )


def test_keeps_what_was_pressed_through_a_zoom(report: Page) -> None:
    timeline(report).locator(".fault").click()
    before = place(timeline(report).locator(".fault")) - place(timeline(report).locator(".truth"))
    report.get_by_role("button", name="zoom in").click()
    after = place(timeline(report).locator(".fault")) - place(timeline(report).locator(".truth"))
    assert after == pytest.approx(2 * before, abs=1)
    expect(report.get_by_text("rule a: abort")).to_be_visible()
    expect(timeline(report).locator(".kept")).to_have_count(1)
    report.get_by_role("button", name="the whole run").click()
    assert place(timeline(report).locator(".fault")) - place(timeline(report).locator(".truth")) == pytest.approx(
        before
    )


def test_says_where_a_check_found_a_difference_how_far_the_run_was_and_that_a_lane_is_empty(report: Page) -> None:
    timeline(report).locator(".flag").hover()
    expect(report.get_by_text("S2: was fresh")).to_be_visible()
    expect(timeline(report).get_by_text("injected")).to_be_visible()
    expect(timeline(report).get_by_text("nothing")).to_have_count(1)


def test_draws_the_four_figures_of_the_run_and_of_all(report: Page) -> None:
    for name in ("EventSource success", "Reconnections", "Stream errors", "Update latency"):
        charts = report.get_by_role("img", name=name)
        expect(charts).to_have_count(2)
        expect(charts.first.locator("rect")).to_have_count(1)
        expect(charts.last.locator("circle, path")).to_have_count(1)
