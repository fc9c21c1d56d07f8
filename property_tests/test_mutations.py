"""Any document under any mutation: always another document, always the same one, and a token where there is room."""

import json

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from property_tests.faults import pointers, values
from proxy_addons.framing.json_text import encode, replaced, value_at, walk
from proxy_addons.json_pointer import steps
from proxy_addons.mutations import MUTATIONS, canary, mutate, replace_at

EVERY_MUTATION = pytest.mark.parametrize("name", MUTATIONS)
keys = st.text(max_size=5)
documents = (
    values.map(lambda value: json.dumps(value).encode())
    | st.binary(max_size=30)
    | st.sampled_from(
        [
            b"",
            b"3",
            b'""',
            b"{}",
            b"[]",
            b"null",
            b"\xef\xbb\xbf{}",
            b"\n3\n",
            b'{"a":"\\ud800"}',
            b'{"a":1,"a":2}',
            b"NaN",
        ]
    )
)


@EVERY_MUTATION
@given(document=documents, key=keys)
def test_a_mutation_changes_every_document_and_the_same_way_each_time(name: str, document: bytes, key: str) -> None:
    mutated = mutate(name, document, key)
    assert mutated != document
    assert mutated == mutate(name, document, key)


@EVERY_MUTATION
@given(key=keys)
def test_a_mutation_changes_even_what_it_made_itself(name: str, key: str) -> None:
    once = mutate(name, b'{"seq":1,"kind":"a"}', key)
    assert mutate(name, once, key) != once
    for fallback in (canary(key).encode(), b"x" + canary(key).encode()):
        assert mutate(name, fallback, key) != fallback


@given(values, keys)
def test_what_says_the_same_is_read_as_the_same(value: object, key: str) -> None:
    texts = [each for _, each in walk(value) if isinstance(each, str) and each]
    assume(texts and all(max(text) >= " " for text in texts))  # control characters are escapes already
    document = encode(value)
    for name in ("unicode_escape", "whitespace"):
        assert json.loads(mutate(name, document, key)) == json.loads(document)


@given(values)
def test_a_document_is_spelt_so_that_it_reads_the_same(value: object) -> None:
    assert json.loads(encode(value)) == value


@given(values, values)
def test_a_place_that_is_walked_to_can_be_replaced(value: object, new: object) -> None:
    for path, each in walk(value):
        assert value_at(value, path) == each
        assert value_at(replaced(value, path, new), path) == new


@given(values, pointers, values)
def test_a_replacement_stands_where_the_pointer_leads(value: object, pointer: str, new: object) -> None:
    changed = replace_at(encode(value), pointer, json.dumps(new))
    if changed is not None:
        assert value_at(json.loads(changed), steps(pointer)) == new
