"""What is kept of a body."""

import pytest

from proxy_addons.wire.body import Body


@pytest.mark.parametrize(
    ("limit", "kept"), [(0, b""), (2, b"on"), (3, b"one"), (4, b"onet"), (6, b"onetwo"), (99, b"onetwo")]
)
def test_keeps_the_beginning_and_counts_all(limit: int, kept: bytes) -> None:
    body = Body(limit)
    body.add(b"one")
    body.add(b"two")
    assert (body.kept, body.size) == (kept, 6)
