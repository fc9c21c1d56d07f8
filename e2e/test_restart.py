"""A server that stops in an orderly way and starts again with its file: the same epoch, and the page resumes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.app import start_app
from e2e.operator_console import Operator
from e2e.pages import TimerPage
from e2e.spare import SPARE
from proxy_addons.harness.subject import SubjectProcess


@pytest.fixture
def subject(tmp_path: Path) -> Iterator[SubjectProcess]:
    with start_app("--data", str(tmp_path)) as app:
        yield app


@SPARE
def test_no_event_is_missed(timer: TimerPage, operator: Operator, subject: SubjectProcess) -> None:
    # given a page that shows an event
    timer.open()
    operator.note("before")
    timer.expect_note("before")
    epoch, _ = operator.cursor()
    # when the server restarts, and something happens before the page is back
    subject.restart()
    operator.note("after")
    # then the page has both, in the same epoch
    timer.expect_note("after")
    timer.expect_in_sync(operator)
    assert operator.cursor()[0] == epoch
    timer.expect_note("before")
