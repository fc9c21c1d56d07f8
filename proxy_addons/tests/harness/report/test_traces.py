"""Playwright's traces: of which contexts, when they end, and which are kept."""

from pathlib import Path
from typing import Any

import pytest

from proxy_addons.harness.report.traces import Traces


class Tracing:
    """As Playwright's: it cannot be started twice, and saves a file where it is told to."""

    def __init__(self) -> None:
        self.runs = False
        self.is_gone = False

    def start(self, **_: Any) -> None:
        if self.runs:
            raise RuntimeError("Tracing has been already started")
        self.runs = True

    def stop(self, path: Path | None = None) -> None:
        if self.is_gone:
            raise RuntimeError("Target page, context or browser has been closed")
        self.runs = False
        if path is not None:
            path.write_text("trace")


class Context:
    def __init__(self) -> None:
        self.tracing = Tracing()
        self.is_closed = False

    def close(self) -> None:
        self.is_closed = True


class Page:
    def __init__(self) -> None:
        self.context = Context()


class Browser:
    def new_context(self) -> Context:
        return Context()

    def new_page(self) -> Page:
        return Page()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "test"


@pytest.fixture
def traces(folder: Path) -> Traces:
    """A test has just begun."""
    traces = Traces(on=True)
    traces.begin(folder)
    return traces


@pytest.fixture
def browser(traces: Traces) -> Browser:
    browser = Browser()
    traces.follow(browser)
    return browser


def names(traces: list[Path]) -> list[str]:
    assert all(trace.is_file() for trace in traces)
    return [trace.name for trace in traces]


def test_keeps_what_a_test_that_is_not_green_has_done(traces: Traces, browser: Browser) -> None:
    browser.new_context()
    assert names(traces.end(keep=True)) == ["trace.zip"]


def test_leaves_nothing_of_a_green_one(traces: Traces, browser: Browser, folder: Path) -> None:
    browser.new_context().close()
    browser.new_context()
    assert traces.end(keep=False) == []
    assert not folder.exists()


def test_leaves_alone_what_else_is_in_the_folder(traces: Traces, browser: Browser, folder: Path) -> None:
    browser.new_context().close()
    (folder / "history.jsonl").write_text("")
    traces.end(keep=False)
    assert [file.name for file in folder.iterdir()] == ["history.jsonl"]


def test_each_context_has_one(traces: Traces, browser: Browser) -> None:
    browser.new_context()
    browser.new_page()
    assert names(traces.end(keep=True)) == ["trace.zip", "trace-2.zip"]


def test_ends_before_its_context_closes(traces: Traces, browser: Browser) -> None:
    context = browser.new_context()
    context.close()
    assert (context.is_closed, context.tracing.runs) == (True, False)
    assert names(traces.end(keep=True)) == ["trace.zip"]


def test_is_not_thrown_away_by_pytest_playwright_which_stops_all_before_it_closes(
    traces: Traces, browser: Browser
) -> None:
    context = browser.new_context()
    context.tracing.stop()
    context.close()
    assert names(traces.end(keep=True)) == ["trace.zip"]


def test_makes_room_for_somebody_who_wants_his_own(traces: Traces, browser: Browser, tmp_path: Path) -> None:
    # given
    context = browser.new_context()

    # when
    context.tracing.start(screenshots=True)
    context.tracing.stop(path=tmp_path / "his.zip")
    context.close()

    # then
    assert (tmp_path / "his.zip").is_file()
    assert traces.end(keep=True) == []


def test_that_cannot_be_saved_is_no_error(traces: Traces, browser: Browser) -> None:
    # given
    context = browser.new_context()

    # when the browser dies
    context.tracing.is_gone = True
    context.tracing.stop()
    context.close()

    # then
    assert context.is_closed
    assert traces.end(keep=True) == []


def test_that_cannot_be_started_is_no_error(traces: Traces, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr(Tracing, "start", fail)
    browser.new_context().close()
    assert traces.end(keep=True) == []


def test_somebody_s_own_that_cannot_be_saved_is_his_error(browser: Browser, tmp_path: Path) -> None:
    context = browser.new_context()
    context.tracing.start()
    context.tracing.is_gone = True
    with pytest.raises(RuntimeError, match="has been closed"):
        context.tracing.stop(path=tmp_path / "his.zip")


def test_the_next_test_has_its_own(traces: Traces, browser: Browser, tmp_path: Path) -> None:
    browser.new_context()
    traces.end(keep=True)
    traces.begin(tmp_path / "next")
    browser.new_context()
    assert traces.end(keep=True) == [tmp_path / "next" / "trace.zip"]


def test_between_two_tests_none_is_started(traces: Traces, browser: Browser) -> None:
    traces.end(keep=False)
    assert not browser.new_context().tracing.runs


class TestTurnedOff:
    @pytest.fixture
    def traces(self, folder: Path) -> Traces:
        traces = Traces(on=False)
        traces.begin(folder)
        return traces

    def test_starts_none(self, browser: Browser) -> None:
        assert not browser.new_context().tracing.runs

    def test_still_lets_a_context_close_whose_browser_is_gone(self, browser: Browser) -> None:
        context = browser.new_context()
        context.tracing.is_gone = True
        context.tracing.stop()
        context.close()
        assert context.is_closed
