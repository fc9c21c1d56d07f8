"""JSON text: where values stand, and how a changed document is spelt."""

import json

import pytest

from proxy_addons.framing.json_text import Path, Raw, encode, replaced, string, value_at, walk

DOCUMENT = {"a": 1, "b": {"c": [True, {"d": None}]}, "": "x"}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param((), DOCUMENT, id="the whole"),
        pytest.param(("a",), 1, id="a field"),
        pytest.param(("",), "x", id="a field without a name"),
        pytest.param(("b", "c", 1, "d"), None, id="far down"),
        pytest.param(("b", "c", "0"), True, id="an index as digits"),
    ],
)
def test_finds_what_stands_at_a_place(path: Path, expected: object) -> None:
    assert value_at(DOCUMENT, path) == expected


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(("x",), id="no such field"),
        pytest.param(("a", "x"), id="below a number"),
        pytest.param(("", "0"), id="below a text"),
        pytest.param(("b", "c", "2"), id="behind the end"),
        pytest.param(("b", "c", "-1"), id="before the start"),
        pytest.param(("b", "c", "01"), id="a leading zero"),
        pytest.param(("b", "c", "-"), id="the place behind the last"),
    ],
)
def test_says_where_nothing_stands(path: Path) -> None:
    with pytest.raises(LookupError):
        value_at(DOCUMENT, path)
    with pytest.raises(LookupError):
        replaced(DOCUMENT, path, 0)


def test_replaces_one_value_and_leaves_the_given_document_alone() -> None:
    before = json.dumps(DOCUMENT)
    changed = replaced(DOCUMENT, ("b", "c", "1", "d"), "new")
    assert changed == {"a": 1, "b": {"c": [True, {"d": "new"}]}, "": "x"}
    assert json.dumps(DOCUMENT) == before


def test_walks_from_the_top_downwards() -> None:
    assert [path for path, _ in walk(DOCUMENT)] == [
        ("a",),
        ("b",),
        ("",),
        ("b", "c"),
        ("b", "c", 0),
        ("b", "c", 1),
        ("b", "c", 1, "d"),
    ]


@pytest.mark.parametrize("value", [3, "x", None, {}, []])
def test_what_contains_nothing_is_a_place_itself(value: object) -> None:
    assert list(walk(value)) == [((), value)]


def test_writes_no_spaces_and_keeps_characters_as_they_are() -> None:
    assert encode({"ä": [1, 1.5, True, None, "\n"], "b": {}}) == '{"ä":[1,1.5,true,null,"\\n"],"b":{}}'.encode()


def test_writes_raw_text_as_it_is_and_a_lone_byte_too() -> None:
    assert encode([Raw("1e999"), Raw('"\udcff"'), Raw("")]) == b'[1e999,"\xff",]'


def test_writes_half_a_character_as_an_escape() -> None:
    assert string("a\ud800\udcff") == '"a\\ud800\\udcff"'
    assert encode({"\ud800": 1}) == b'{"\\ud800":1}'
