"""The server goes away and comes back: with its memory, or without."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.app import start_app
from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.harness.subject import SubjectProcess


class TestWithAFile:
    """The event log survives: the same epoch, and the client resumes where it was."""

    @pytest.fixture
    def subject(self, tmp_path: Path) -> Iterator[SubjectProcess]:
        with start_app("--data", str(tmp_path)) as app:
            yield app

    @pytest.mark.parametrize("kill", [pytest.param(False, id="stopped"), pytest.param(True, id="killed")])
    def test_no_event_is_missed(
        self, timer: TimerPage, operator: Operator, subject: SubjectProcess, kill: bool
    ) -> None:
        # given a page that shows an event
        timer.open()
        operator.note("before")
        timer.expect_note("before")
        epoch, _ = operator.cursor()
        # when the server restarts, and something happens before the page is back
        subject.restart(kill=kill)
        operator.note("after")
        # then the page has both, in the same epoch
        timer.expect_note("after")
        timer.expect_in_sync(operator)
        assert operator.cursor()[0] == epoch
        timer.expect_note("before")


class TestInMemory:
    """The event log is lost: a new epoch, and the client starts afresh."""

    @pytest.fixture
    def subject(self) -> Iterator[SubjectProcess]:
        with start_app() as app:
            yield app

    def test_the_page_starts_afresh(self, timer: TimerPage, operator: Operator, subject: SubjectProcess) -> None:
        # given a page that shows an event
        timer.open()
        operator.note("of the old life")
        timer.expect_note("of the old life")
        # when the server restarts without its memory
        subject.restart()
        operator.note("of the new life")
        # then the page shows the new life, and nothing of the old one
        timer.expect_note("of the new life")
        timer.expect_no_note("of the old life")
        timer.expect_in_sync(operator)
