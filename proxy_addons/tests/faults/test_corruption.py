"""The ways to corrupt data, and what is said of wrong ones."""

from typing import Any

import pytest
from pydantic import ValidationError

from proxy_addons.faults import FAULTS, CorruptWebSocket
from proxy_addons.faults.base import Tally
from proxy_addons.faults.corruption import Corrupting
from proxy_addons.mutations import MUTATIONS, mutate
from proxy_addons.tests.play import KEY

TALLY = Tally(key=KEY)


def corrupted(document: bytes, **settings: Any) -> bytes | None:
    return CorruptWebSocket.model_validate(settings).corrupted(document, TALLY)


@pytest.mark.parametrize("name", MUTATIONS)
def test_applies_every_mutation_by_its_name(name: str) -> None:
    document = b'{"seq":4,"name":"a"}'
    assert corrupted(document, mutation=name) == mutate(name, document, KEY)


def test_replaces_a_value() -> None:
    assert corrupted(b'{"a":[1,{"b":2}]}', pointer="/a/1/b", replacement="[]") == b'{"a":[1,{"b":[]}]}'


def test_replaces_the_whole() -> None:
    assert corrupted(b"not json", pointer="", replacement="{}") is None
    assert corrupted(b"[1]", pointer="", replacement="{}") == b"{}"


def test_sends_other_data() -> None:
    assert corrupted(b"{}", data="<html>") == b"<html>"


def test_changes_nothing_where_nothing_would_change() -> None:
    assert corrupted(b"{}", data="{}") is None
    assert corrupted(b'{"a":1}', pointer="/a", replacement="1") is None
    assert corrupted(b'{"a":1}', pointer="/b", replacement="1") is None


def test_all_scopes_corrupt_alike() -> None:
    kinds = {kind for kind, fault in FAULTS.items() if issubclass(fault, Corrupting)}
    assert kinds == {kind for kind in FAULTS if kind.endswith(".corrupt")}
    assert kinds == {"websocket.corrupt", "eventsource.corrupt", "request.corrupt"}


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        pytest.param({"mutation": "nul"}, "unknown mutation 'nul'; did you mean 'null'?", id="unknown mutation"),
        pytest.param({"pointer": "a", "replacement": "1"}, "'a' is no JSON pointer", id="no pointer"),
        pytest.param({"pointer": "/a", "replacement": "x"}, "'x' is no JSON .*; a text needs its quotes", id="no JSON"),
        pytest.param({"pointer": "/a"}, "pointer and replacement need each other", id="no replacement"),
        pytest.param({"replacement": "1"}, "pointer and replacement need each other", id="no pointer to it"),
        pytest.param({"data": "", "mutation": "null"}, "exclude each other", id="data and mutation"),
        pytest.param({"data": "", "pointer": "", "replacement": "1"}, "exclude each other", id="data and pointer"),
    ],
)
def test_says_what_is_wrong(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        CorruptWebSocket.model_validate(settings)
