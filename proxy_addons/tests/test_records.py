"""What can stand in the record, and what a person reads."""

import pytest

from proxy_addons.records import Record, as_text, line
from proxy_addons.tests.examples import ONE_OF_EACH, RECEIPT


def test_the_examples_leave_no_class_out() -> None:
    assert {type(record) for record, _ in ONE_OF_EACH} == set(Record.__args__)


@pytest.mark.parametrize(("record", "words"), ONE_OF_EACH, ids=lambda value: type(value).__name__)
def test_tells_a_person_what_happened(record: Record, words: str) -> None:
    assert str(record) == words


def test_a_line_starts_with_the_time_since_the_start() -> None:
    assert line(RECEIPT, start=11.266).startswith("+1.234 s  rule cut: abort")


def test_shows_bytes_that_are_not_text() -> None:
    assert as_text("ü".encode() + b"\xff") == "ü\\xff"


@pytest.mark.parametrize(
    ("data", "limit", "text"),
    [
        pytest.param(b"abc", 3, "abc", id="within the limit"),
        pytest.param(b"abcd", 3, "abc", id="beyond it"),
        pytest.param("aü€".encode(), 5, "aü", id="no half of a character"),
        pytest.param("aü€".encode(), 3, "aü", id="a whole character"),
        pytest.param("€".encode(), 1, "", id="not even one"),
        pytest.param(b"\x80" * 9, 5, "\\x80" * 5, id="no characters at all"),
    ],
)
def test_cuts_to_a_limit(data: bytes, limit: int, text: str) -> None:
    assert as_text(data, limit) == text
