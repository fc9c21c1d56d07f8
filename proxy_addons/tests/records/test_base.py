"""What stands in a record of bytes."""

import pytest

from proxy_addons.records import as_text


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
