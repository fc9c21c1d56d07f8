"""What can be wrong with a JSON document: one list of named mutations, and what a right client does about each.

A mutation is pure: the same document and key give the same bytes, which always differ from the document. Wherever
there is room for a text, a canary token is planted: a page that ever shows it has let wrong data through.

Where a mutation finds nothing to work on (the document is no JSON, or has no number to be wrong), the document is cut
in half and the token put behind it.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any, Literal, TypeVar

from proxy_addons.draws import draw
from proxy_addons.framing.json_text import Path, Raw, encode, replaced, string, value_at, walk
from proxy_addons.json_pointer import steps

T = TypeVar("T")

Duty = Literal["reject", "accept", "either"]
"""What a right client does with the result. `reject`: it can't be read as what was sent, so nothing of it is applied,
and the client catches up. `accept`: it means the same as what was sent, so it is applied as that. `either`: it is JSON,
and is applied where all is valid that the client reads of it, and rejected where it is not."""

NEAR_THE_TOP = 32
"""Among so many places, those nearest to the top of a document, a mutation chooses its own."""

LARGE_BYTES = 1 << 20
DEPTH = 10_000
_COUNTERS = ("seq", "sequence", "version", "revision", "offset", "index", "id", "time", "timestamp", "server_ms")
"""Names of fields that say what is newer, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One entry of the list."""

    name: str
    does: str
    """What it does to the document."""
    duty: Duty
    client: str
    """What a right client does, in words."""
    apply: "Callable[[Specimen], bytes]"
    """Raises LookupError where it finds nothing to work on."""


MUTATIONS: dict[str, Mutation] = {}
"""Name -> mutation: every function below that is marked as one."""


def mutate(name: str, document: bytes, key: str) -> bytes:
    """The document after the mutation; its choices and its token are drawn from `key`.

    Raises:
        KeyError: there is no such mutation.
    """
    apply = MUTATIONS[name].apply
    token = canary(key).encode()
    fallback = _half(document) + token
    try:
        mutated = apply(Specimen(document, key))
    except (LookupError, ValueError, RecursionError):  # nothing to work on, no JSON, or too deep to be read
        mutated = fallback
    return next(each for each in (mutated, fallback, token, b"") if each != document)


def canary(key: str) -> str:
    """The token that a mutation with this key plants, such as `brownout-canary-0f3a9c21`."""
    return f"brownout-canary-{int(draw(key, 'canary') * (1 << 32)):08x}"


def stranger(key: str) -> bytes:
    """A JSON object of a kind that nobody knows, with the token in it."""
    return encode({"kind": canary(key)})


def replace_at(document: bytes, pointer: str, replacement: str) -> bytes | None:
    """The document with other JSON where the pointer leads (RFC 6901); None where it leads nowhere, or it is no JSON.

    Raises:
        ValueError: `pointer` is no JSON Pointer.
    """
    path = steps(pointer)
    try:
        return encode(replaced(json.loads(document.decode()), path, Raw(replacement)))
    except (LookupError, ValueError, RecursionError):
        return None


@dataclass(frozen=True)
class Specimen:
    """A document that is to be changed, and the key of all draws about it."""

    document: bytes
    key: str

    @cached_property
    def value(self) -> Any:
        """What it says. Raises ValueError or RecursionError where it is no JSON that can be read."""
        return json.loads(self.document.decode())

    @property
    def canary(self) -> str:
        return canary(self.key)

    def pick(self, options: Sequence[T], what: str) -> T:
        """One of them, drawn; `what` tells several draws apart. Raises LookupError where there is none."""
        return options[int(draw(self.key, what) * len(options))]

    def place(self, wanted: Callable[[Any], bool]) -> tuple[Path, Any]:
        """A wanted value and where it stands. Raises LookupError where there is none."""
        found = ((path, value) for path, value in walk(self.value) if wanted(value))
        return self.pick(list(islice(found, NEAR_THE_TOP)), "place")

    def field(self) -> tuple[Path, str]:
        """A field of an object: where that stands, and its name. Raises LookupError where there is none."""
        found = ((path[:-1], path[-1]) for path, _ in walk(self.value) if path and isinstance(path[-1], str))
        parent, name = self.pick(list(islice(found, NEAR_THE_TOP)), "field")
        return parent, str(name)

    def with_value(self, path: Path, value: Any) -> bytes:
        """The document with another value there."""
        return encode(replaced(self.value, path, value))

    def with_fields(self, fields: dict[str, Any]) -> bytes:
        """The document with further fields in its topmost object. Raises LookupError where it is none."""
        if not isinstance(self.value, dict):
            raise LookupError("no object")
        return encode({**self.value, **fields})


def _mutation(duty: Duty, client: str) -> Callable[[Callable[[Specimen], bytes]], Callable[[Specimen], bytes]]:
    """Puts a function on the list, under its name and with its docstring."""

    def register(function: Callable[[Specimen], bytes]) -> Callable[[Specimen], bytes]:
        name = function.__name__
        MUTATIONS[name] = Mutation(name, " ".join((function.__doc__ or "").split()), duty, client, function)
        return function

    return register


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_integer(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _half(document: bytes) -> bytes:
    """The first half, or nothing where half of it would be JSON again (a digit of a number)."""
    half = document[: len(document) // 2]
    try:
        json.loads(half)
    except (ValueError, RecursionError):
        return half
    return b""


# -- what is no JSON any more --------------------------------------------------------------------------------------


@_mutation("reject", "Counts it as malformed, goes on with the next one, and catches up on what this one said.")
def truncate(specimen: Specimen) -> bytes:
    """Cuts the document in half."""
    return _half(specimen.document)


@_mutation("reject", "As for `truncate`: an empty text is no message.")
def empty(specimen: Specimen) -> bytes:  # noqa: ARG001 - whatever it was
    """Leaves nothing of it."""
    return b""


@_mutation("reject", "As for `truncate`, and shows nothing of the page.")
def html(specimen: Specimen) -> bytes:
    """Puts the error page of a gateway in its place."""
    return f"<html><body><h1>502 Bad Gateway</h1><p>{specimen.canary}</p></body></html>".encode()


@_mutation("reject", "As for `truncate`: NaN is no JSON, though some servers write it.")
def nan(specimen: Specimen) -> bytes:
    """Replaces a number by NaN."""
    path, _ = specimen.place(_is_number)
    return specimen.with_value(path, Raw("NaN"))


@_mutation("reject", "As for `truncate`: it does not apply the part that could be read.")
def trailing_garbage(specimen: Specimen) -> bytes:
    """Puts further text behind the end."""
    return specimen.document + specimen.canary.encode()


@_mutation("reject", "As for `truncate`: one message carries one document.")
def twice(specimen: Specimen) -> bytes:
    """Puts the document in one message with itself, as a sender does that joins what should stay apart."""
    return specimen.document + specimen.document


@_mutation("reject", "As for `truncate`: JSON has no bare control characters.")
def control_character(specimen: Specimen) -> bytes:
    """Puts a tab into a text without escaping it."""
    path, text = specimen.place(_is_text)
    return specimen.with_value(path, Raw(string(text + specimen.canary)[:-1] + '\t"'))


# -- what is JSON and says something wrong -------------------------------------------------------------------------


@_mutation("either", "Checks the type of each field that it reads; never shows undefined, NaN or [object Object].")
def type_change(specimen: Specimen) -> bytes:
    """Replaces a value by one of another type."""
    path, value = specimen.place(lambda _: True)
    match value:
        case str():
            return specimen.with_value(path, [specimen.canary])
        case list():
            return specimen.with_value(path, {specimen.canary: specimen.canary})
    return specimen.with_value(path, specimen.canary)


@_mutation("either", "As for `type_change`: null is no number and no object.")
def null(specimen: Specimen) -> bytes:
    """Replaces a value by null."""
    path, _ = specimen.place(lambda value: value is not None)
    return specimen.with_value(path, None)


@_mutation("either", "Requires each field that it needs; never takes undefined for a value.")
def missing_field(specimen: Specimen) -> bytes:
    """Removes a field."""
    parent, name = specimen.field()
    fields = value_at(specimen.value, parent)
    return specimen.with_value(parent, {each: value for each, value in fields.items() if each != name})


@_mutation("either", "Does not let the wrong one through, which JSON.parse takes because it is the last.")
def duplicate_key(specimen: Specimen) -> bytes:
    """Writes a field a second time, with a wrong value."""
    parent, name = specimen.field()
    fields = encode(value_at(specimen.value, parent)).decode(errors="surrogateescape")
    return specimen.with_value(parent, Raw(f"{fields[:-1]},{string(name)}:{string(specimen.canary)}}}"))


@_mutation("either", "Checks the range of each number that it reads; shows no negative time and no absurd score.")
def out_of_range(specimen: Specimen) -> bytes:
    """Replaces a number by one that no field of its kind can have: negative, or beyond what a double counts exactly."""
    path, value = specimen.place(_is_number)
    absurd = [number for number in (-1, -(1 << 31), (1 << 53) + 1, 10**18) if number != value]
    return specimen.with_value(path, specimen.pick(absurd, "number"))


@_mutation("either", "Takes finite numbers only: JSON.parse makes Infinity of it.")
def huge_number(specimen: Specimen) -> bytes:
    """Replaces a number by one that is beyond every double."""
    path, _ = specimen.place(_is_number)
    return specimen.with_value(path, Raw("1e999"))


@_mutation("either", "Takes whole numbers only where parts make no sense.")
def fraction(specimen: Specimen) -> bytes:
    """Adds a half to a whole number."""
    path, value = specimen.place(_is_integer)
    return specimen.with_value(path, Raw(f"{value}.5"))


@_mutation("either", "Does not calculate with it: '12' + 1 is '121' in JavaScript.")
def string_number(specimen: Specimen) -> bytes:
    """Puts a number in quotes."""
    path, value = specimen.place(_is_number)
    return specimen.with_value(path, json.dumps(value))


@_mutation("either", "Knows the words that it acts on, and shows no other.")
def unknown_word(specimen: Specimen) -> bytes:
    """Replaces a text by one that nobody knows."""
    path, _ = specimen.place(_is_text)
    return specimen.with_value(path, specimen.canary)


@_mutation("either", "Recognises it as older than what it has: does not go back, and misses nothing that follows.")
def wrong_order(specimen: Specimen) -> bytes:
    """Lowers the number that says what is newer: the first field called seq, version, ..., or the first whole number.

    It goes down by 1 to 8, but not below 0; from 0 it goes to -1.
    """
    integers = [(path, value) for path, value in walk(specimen.value) if _is_integer(value)]
    rank = {name: place for place, name in enumerate(_COUNTERS)}
    path, value = min(integers, key=lambda each: rank.get(str(each[0][-1:][0]) if each[0] else "", len(rank)))
    lower = max(0, value - specimen.pick(range(1, 9), "number"))
    return specimen.with_value(path, lower if lower < value else value - 1)


@_mutation("either", "Survives it: no crash and no stack that overflows; rejects it where the field matters.")
def deep_nesting(specimen: Specimen) -> bytes:
    """Replaces a value by arrays within arrays, 10,000 deep."""
    path, _ = specimen.place(lambda _: True)
    return specimen.with_value(path, Raw("[" * DEPTH + string(specimen.canary) + "]" * DEPTH))


@_mutation("either", "Shows it as a replacement character or not at all; does not fail when it sends or stores it.")
def lone_surrogate(specimen: Specimen) -> bytes:
    """Puts half of a character into a text, as an escape."""
    path, text = specimen.place(_is_text)
    return specimen.with_value(path, Raw(string(text + specimen.canary)[:-1] + '\\ud800"'))


@_mutation("either", "Reads a replacement character (EventSource, fetch) or loses the connection (WebSocket, 1007).")
def invalid_utf8(specimen: Specimen) -> bytes:
    """Puts a byte into a text that is no UTF-8."""
    path, text = specimen.place(_is_text)
    return specimen.with_value(path, Raw(string(text + specimen.canary)[:-1] + '\udcff"'))


@_mutation("either", "fetch takes a byte order mark away, JSON.parse rejects it; both are right.")
def bom(specimen: Specimen) -> bytes:
    """Puts a byte order mark before it."""
    return b"\xef\xbb\xbf" + specimen.document


@_mutation("either", "Accepts it, or rejects it by a limit that it has; the page stays usable.")
def large(specimen: Specimen) -> bytes:
    """Adds a field of 1 MiB that nobody knows."""
    token = specimen.canary
    return specimen.with_fields({token: (token * (LARGE_BYTES // len(token) + 1))[:LARGE_BYTES]})


@_mutation("either", "Expects an object where it needs one: typeof [] is 'object' too.")
def array_instead(specimen: Specimen) -> bytes:
    """Puts the document into an array."""
    return encode([specimen.value, specimen.canary])


@_mutation("either", "As for `missing_field`.")
def empty_object(specimen: Specimen) -> bytes:  # noqa: ARG001 - whatever it was
    """Puts an empty object in its place."""
    return b"{}"


# -- what is said in another way -----------------------------------------------------------------------------------


@_mutation("accept", "Ignores the field: a newer server may say more.")
def unknown_field(specimen: Specimen) -> bytes:
    """Adds a field that nobody knows."""
    return specimen.with_fields({specimen.canary: specimen.canary})


@_mutation("accept", "Ignores the fields: no object gets another prototype or a property that it did not have.")
def prototype_key(specimen: Specimen) -> bytes:
    """Adds the fields `__proto__` and `constructor`, as an attack on code that merges objects does."""
    wrong = {specimen.canary: specimen.canary}
    return specimen.with_fields({"__proto__": wrong, "constructor": {"prototype": wrong}})


@_mutation("accept", "Does not rely on the order of fields.")
def field_order(specimen: Specimen) -> bytes:
    """Turns the order of the fields in the topmost object round."""
    if not isinstance(specimen.value, dict):
        raise LookupError("no object")
    return encode(dict(reversed(specimen.value.items())))


@_mutation("accept", "Reads it as the same number.")
def number_spelling(specimen: Specimen) -> bytes:
    """Writes a whole number with an exponent: 12e0 for 12."""
    path, value = specimen.place(_is_integer)
    return specimen.with_value(path, Raw(f"{value}e0"))


@_mutation("accept", "Reads escapes as the characters that they stand for.")
def unicode_escape(specimen: Specimen) -> bytes:
    r"""Writes every character of a text as `\u` and four digits."""
    path, text = specimen.place(lambda value: isinstance(value, str) and value != "")
    units = text.encode("utf-16-be", "surrogatepass").hex()
    return specimen.with_value(
        path, Raw('"' + "".join(f"\\u{units[n : n + 4]}" for n in range(0, len(units), 4)) + '"')
    )


@_mutation("accept", "Does not care about spaces and line ends between the values.")
def whitespace(specimen: Specimen) -> bytes:
    """Spreads the document over many lines."""
    return f"\n{json.dumps(specimen.value, indent=2)}\n".encode()
