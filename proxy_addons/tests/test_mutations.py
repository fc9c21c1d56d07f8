"""The list of mutations: what each makes of a document, and what a page that survives has to do."""

import json
import re
from typing import Any, get_args

import pytest

from proxy_addons.mutations import (
    DEPTH,
    LARGE_BYTES,
    MUTATIONS,
    NEAR_THE_TOP,
    Duty,
    Specimen,
    canary,
    mutate,
    replace_at,
    stranger,
)

KEY = "a rule's key"
TOKEN = canary(KEY)
EVERY_MUTATION = pytest.mark.parametrize("name", MUTATIONS)

NUMBER = b'{"seq":12}'
TEXT = b'{"kind":"tick"}'

MADE: dict[str, tuple[bytes, str]] = {
    "truncate": (b'{"a":1}', '{"a'),
    "empty": (b"{}", ""),
    "html": (b"{}", f"<html><body><h1>502 Bad Gateway</h1><p>{TOKEN}</p></body></html>"),
    "nan": (NUMBER, '{"seq":NaN}'),
    "trailing_garbage": (b"{}", "{}" + TOKEN),
    "twice": (b"{}", "{}{}"),
    "control_character": (TEXT, f'{{"kind":"tick{TOKEN}\t"}}'),
    "type_change": (NUMBER, f'{{"seq":"{TOKEN}"}}'),
    "null": (NUMBER, '{"seq":null}'),
    "missing_field": (NUMBER, "{}"),
    "duplicate_key": (NUMBER, f'{{"seq":12,"seq":"{TOKEN}"}}'),
    "huge_number": (NUMBER, '{"seq":1e999}'),
    "fraction": (NUMBER, '{"seq":12.5}'),
    "string_number": (NUMBER, '{"seq":"12"}'),
    "unknown_word": (TEXT, f'{{"kind":"{TOKEN}"}}'),
    "deep_nesting": (NUMBER, '{"seq":' + "[" * DEPTH + f'"{TOKEN}"' + "]" * DEPTH + "}"),
    "lone_surrogate": (TEXT, f'{{"kind":"tick{TOKEN}\\ud800"}}'),
    "invalid_utf8": (TEXT, f'{{"kind":"tick{TOKEN}\udcff"}}'),
    "bom": (b"{}", "\ufeff{}"),
    "array_instead": (b"{}", f'[{{}},"{TOKEN}"]'),
    "empty_object": (NUMBER, "{}"),
    "unknown_field": (NUMBER, f'{{"seq":12,"{TOKEN}":"{TOKEN}"}}'),
    "field_order": (b'{"a":1,"b":2}', '{"b":2,"a":1}'),
    "number_spelling": (NUMBER, '{"seq":12e0}'),
    "unicode_escape": (b'{"kind":"t\xf0\x9f\x8e\xb2"}', '{"kind":"\\u0074\\ud83c\\udfb2"}'),
    "whitespace": (NUMBER, '\n{\n  "seq": 12\n}\n'),
}
"""Name -> a document, and what the mutation makes of it."""

TESTED_APART = {"out_of_range", "wrong_order", "large", "prototype_key"}


@pytest.mark.parametrize("name", MADE)
def test_makes_of_a_document_what_it_says(name: str) -> None:
    document, expected = MADE[name]
    assert mutate(name, document, KEY) == expected.encode(errors="surrogateescape")


def test_every_mutation_is_tested() -> None:
    assert set(MUTATIONS) == set(MADE) | TESTED_APART


@EVERY_MUTATION
def test_every_mutation_says_what_it_does_and_what_a_right_client_does(name: str) -> None:
    mutation = MUTATIONS[name]
    assert mutation.name == name
    assert mutation.does.endswith(".")
    assert mutation.client.endswith(".")
    assert mutation.duty in get_args(Duty)


def read(document: bytes) -> Any:
    """As JSON.parse reads it, which knows no NaN."""

    def reject(word: str) -> None:
        raise json.JSONDecodeError(f"{word} is no JSON", document.decode(), 0)

    return json.loads(document.decode(), parse_constant=reject)


@pytest.mark.parametrize("name", [name for name, each in MUTATIONS.items() if each.duty == "reject"])
def test_what_is_to_be_rejected_is_no_json(name: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        read(mutate(name, b'{"seq":12,"kind":"tick"}', KEY))


@pytest.mark.parametrize("name", [name for name, each in MUTATIONS.items() if each.duty == "accept"])
def test_what_is_to_be_accepted_says_the_same_and_perhaps_more(name: str) -> None:
    document = {"seq": 12, "kind": "tick"}
    assert document.items() <= read(mutate(name, json.dumps(document).encode(), KEY)).items()


def test_numbers_out_of_range_are_negative_or_beyond_what_a_double_counts() -> None:
    numbers = {read(mutate("out_of_range", NUMBER, f"key {n}"))["seq"] for n in range(50)}
    assert len(numbers) == 4
    assert all(number < 0 or number > 2**53 for number in numbers)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        pytest.param({"v": 1, "score": 90, "seq": 12}, "seq", id="the field that counts"),
        pytest.param({"server_ms": 5000, "version": 12}, "version", id="a counter before a clock"),
        pytest.param({"home": 12, "away": 40}, "home", id="the first number where no name tells"),
    ],
)
def test_wrong_order_goes_back_from_a_number_that_says_what_is_newer(document: dict[str, int], place: str) -> None:
    for n in range(20):
        changed = read(mutate("wrong_order", json.dumps(document).encode(), f"key {n}"))
        assert 12 - 8 <= changed.pop(place) < 12
        assert changed == {name: value for name, value in document.items() if name != place}


@pytest.mark.parametrize(("seq", "lower"), [(1, 0), (0, -1), (-3, -4)])
def test_wrong_order_is_always_lower(seq: int, lower: int) -> None:
    assert read(mutate("wrong_order", json.dumps({"seq": seq}).encode(), KEY)) == {"seq": lower}


def test_large_adds_a_field_of_one_mebibyte_full_of_tokens() -> None:
    field = read(mutate("large", NUMBER, KEY))[TOKEN]
    assert len(field) == LARGE_BYTES
    assert field.startswith(TOKEN + TOKEN)


def test_prototype_keys_stand_in_the_text_as_fields() -> None:
    changed = read(mutate("prototype_key", NUMBER, KEY))
    assert changed == {"seq": 12, "__proto__": {TOKEN: TOKEN}, "constructor": {"prototype": {TOKEN: TOKEN}}}


@pytest.mark.parametrize(
    ("name", "document"),
    [
        pytest.param("null", b"<html>", id="no JSON"),
        pytest.param("null", b"\xff\xff", id="no UTF-8"),
        pytest.param("null", b"[" * 100_000, id="too deep"),
        pytest.param("nan", b'{"a":"b"}', id="no number"),
        pytest.param("nan", b'{"a":true}', id="true is no number"),
        pytest.param("control_character", b"[1]", id="no text"),
        pytest.param("missing_field", b"[1]", id="no field"),
        pytest.param("large", b"[1]", id="no object"),
        pytest.param("field_order", b'{"a":1}', id="nothing to turn round"),
    ],
)
def test_cuts_in_half_and_plants_the_token_where_there_is_nothing_to_work_on(name: str, document: bytes) -> None:
    assert mutate(name, document, KEY) == document[: len(document) // 2] + TOKEN.encode()


def test_half_a_number_is_no_document() -> None:
    assert mutate("truncate", b"1234", KEY) == b""


def test_chooses_by_its_key_and_by_nothing_else() -> None:
    document = json.dumps({str(n): n + 100 for n in range(20)}).encode()
    made = [mutate("null", document, f"key {n}") for n in range(40)]
    assert made == [mutate("null", document, f"key {n}") for n in range(40)]
    assert len(set(made)) > 10


def test_chooses_among_the_places_near_the_top() -> None:
    document = json.dumps([*range(1000)]).encode()
    changed = [read(mutate("null", document, f"key {n}")).index(None) for n in range(200)]
    assert max(changed) < NEAR_THE_TOP


def test_the_token_is_one_that_a_harness_can_compute_and_find() -> None:
    assert re.fullmatch(r"brownout-canary-[0-9a-f]{8}", TOKEN)
    assert canary("another key") != TOKEN
    assert Specimen(b"", KEY).canary == TOKEN


def test_a_stranger_is_an_object_of_a_kind_that_nobody_knows() -> None:
    assert read(stranger(KEY)) == {"kind": TOKEN}


def test_replaces_where_the_pointer_leads() -> None:
    assert replace_at(b'{"a/b": [1, 2], "c": 1.50}', "/a~1b/1", " NaN ") == b'{"a/b":[1, NaN ],"c":1.5}'


@pytest.mark.parametrize("document", [b"{}", b"<html>", b"\xff", b"[" * 100_000], ids=lambda each: each[:6])
def test_replaces_nothing_where_it_leads_nowhere(document: bytes) -> None:
    assert replace_at(document, "/a", "1") is None
