"""JSON pointers, with the examples of RFC 6901."""

import pytest

from proxy_addons.json_pointer import steps


@pytest.mark.parametrize(
    ("pointer", "way"),
    [
        pytest.param("", (), id="the whole document"),
        pytest.param("/foo/0", ("foo", "0"), id="a name and an index"),
        pytest.param("/", ("",), id="the empty name"),
        pytest.param("/a~1b/m~0n", ("a/b", "m~n"), id="escapes"),
        pytest.param("/~01", ("~1",), id="an escape is read once"),
    ],
)
def test_reads_the_way_to_a_value(pointer: str, way: tuple[str, ...]) -> None:
    assert steps(pointer) == way


@pytest.mark.parametrize(
    ("pointer", "complaint"),
    [
        pytest.param("foo", "'foo' is no JSON pointer; '/foo' would be right", id="no slash"),
        pytest.param("/a~2", "'/a~2' is no JSON pointer: ~ is written ~0", id="no escape"),
        pytest.param("/a~", "'/a~' is no JSON pointer: ~ is written ~0", id="a tilde at the end"),
    ],
)
def test_says_what_is_no_pointer(pointer: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        steps(pointer)
