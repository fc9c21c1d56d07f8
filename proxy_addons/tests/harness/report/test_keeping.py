"""What becomes of a test, from what pytest reports of it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from proxy_addons.harness.report.keeping import Broken, Inconclusive, Trace, hear, screenshot, trace_of


def node(**funcargs: object) -> Any:
    return SimpleNamespace(stash=pytest.Stash(), funcargs=funcargs)


def report(outcome: str, text: str = "") -> Any:
    return SimpleNamespace(failed=outcome == "failed", skipped=outcome == "skipped", longreprtext=text)


def nothing() -> list[str]:
    return []


def hear_of(
    trace: Trace,
    error: Exception,
    text: str = "where it was",
    losses: Callable[[], list[str]] = nothing,
    item: Any = None,
) -> None:
    """A phase of the test has failed with this."""
    call: Any = SimpleNamespace(excinfo=SimpleNamespace(value=error))
    hear(trace, item or node(), call, report("failed", text), losses)


@pytest.fixture
def trace() -> Trace:
    return Trace()


def test_each_test_has_one_trace() -> None:
    one, another = node(), node()
    assert trace_of(one) is trace_of(one)
    assert trace_of(one) is not trace_of(another)


class TestVerdict:
    def test_is_failed_by_an_error(self, trace: Trace) -> None:
        hear_of(trace, ValueError("no"), "E   ValueError: no")
        assert (trace.verdict, trace.reason) == ("failed", "E   ValueError: no")

    def test_says_first_what_the_record_shows(self, trace: Trace) -> None:
        hear_of(trace, Broken("failed, by the record: S1 broken\n  more"))
        assert (trace.verdict, trace.reason) == ("failed", "E   failed, by the record: S1 broken\n\nwhere it was")

    def test_is_inconclusive_where_nothing_was_proved(self, trace: Trace) -> None:
        hear_of(trace, Inconclusive("inconclusive: cut never fired"))
        assert (trace.verdict, trace.reason.partition("\n")[0]) == ("inconclusive", "E   inconclusive: cut never fired")

    @pytest.mark.parametrize("error", [ValueError("no"), Broken("failed, by the record: S1 broken")])
    def test_is_inconclusive_where_something_died(self, trace: Trace, error: Exception) -> None:
        hear_of(trace, error, losses=lambda: ["the app is gone", "the browser is gone"])
        assert trace.verdict == "inconclusive"
        assert trace.reason == "E   inconclusive: the app is gone; the browser is gone\n\nwhere it was"

    def test_is_the_first_one(self, trace: Trace) -> None:
        hear_of(trace, ValueError("no"))
        hear_of(trace, Inconclusive("inconclusive: cut never fired"))
        assert (trace.verdict, trace.reason) == ("failed", "where it was")

    def test_of_a_failure_outlives_a_skip(self, trace: Trace) -> None:
        hear_of(trace, ValueError("no"))
        hear(trace, node(), SimpleNamespace(excinfo=None), report("skipped"), nothing)  # type: ignore[arg-type]  # as much as is needed
        assert trace.verdict == "failed"

    def test_is_skipped(self, trace: Trace) -> None:
        hear(trace, node(), SimpleNamespace(excinfo=None), report("skipped"), nothing)  # type: ignore[arg-type]  # as above
        assert (trace.verdict, trace.is_green) == ("skipped", True)

    def test_asks_for_no_losses_where_all_is_well(self, trace: Trace) -> None:
        def never() -> list[str]:
            raise AssertionError("that takes time")

        hear(trace, node(), SimpleNamespace(excinfo=None), report("passed"), never)  # type: ignore[arg-type]  # as above
        assert (trace.verdict, trace.is_green) == ("passed", True)


class Page:
    def __init__(self, picture: bytes | None, *, closed: bool = False) -> None:
        self._picture, self._closed = picture, closed

    def is_closed(self) -> bool:
        return self._closed

    def screenshot(self, timeout: float) -> bytes:
        assert timeout < 10_000, "nobody waits that long for a picture"
        if self._picture is None:
            raise RuntimeError("the page hangs")
        return self._picture


class TestScreenshot:
    def test_is_that_of_the_page(self) -> None:
        assert screenshot(node(page=Page(b"png"))) == b"png"

    @pytest.mark.parametrize("page", [Page(None), Page(b"png", closed=True), None], ids=["hangs", "closed", "none"])
    def test_is_none_where_there_is_no_page_that_answers(self, page: Page | None) -> None:
        assert screenshot(node(page=page) if page else node()) is None

    def test_is_taken_when_it_fails(self, trace: Trace) -> None:
        hear_of(trace, ValueError("no"), item=node(page=Page(b"png")))
        assert trace.screenshot == b"png"

    def test_that_was_taken_before_is_better(self, trace: Trace) -> None:
        trace.screenshot = b"at the moment"
        hear_of(trace, ValueError("no"), item=node(page=Page(b"too late")))
        assert trace.screenshot == b"at the moment"
