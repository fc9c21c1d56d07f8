"""JSON text <-> the values in it, and the places where they stand (RFC 8259).

A changed document is spelt anew: the same JSON without spaces, and exactly what was put in where it was put in.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]
"""The names and indices that lead to a value from the top of a document."""

_INDEX = re.compile(r"0|[1-9][0-9]*")
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Raw:
    """JSON text, or what stands in its place, that goes into a document as it is; a byte that is no UTF-8 is written
    as Python's `surrogateescape` does."""

    text: str


def value_at(value: Any, path: Sequence[str | int]) -> Any:
    """What stands there; an index may be written as digits, as in a JSON Pointer.

    Raises:
        LookupError: nothing does.
    """
    for name in path:
        value = value[_key(value, name)]
    return value


def replaced(value: Any, path: Sequence[str | int], new: Any) -> Any:
    """The value with a new one in that place; the given one stays as it is.

    Raises:
        LookupError: nothing stands there.
    """
    if not path:
        return new
    key = _key(value, path[0])
    inner = replaced(value[key], path[1:], new)
    return {**value, key: inner} if isinstance(value, dict) else [*value[:key], inner, *value[key + 1 :]]


def walk(value: Any) -> Iterator[tuple[Path, Any]]:
    """All values below this one, those near the top first; of a value that contains none, itself."""
    waiting: deque[tuple[Path, Any]] = deque([((), value)])
    while waiting:
        path, each = waiting.popleft()
        inner = _inner(each)
        if path or not inner:
            yield path, each
        waiting.extend(((*path, key), below) for key, below in inner)


def encode(value: Any) -> bytes:
    """The document as UTF-8 without spaces."""
    return _text(value).encode(errors="surrogateescape")


def string(text: str) -> str:
    """A string in JSON; a surrogate that has no partner is written as an escape."""
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _key(value: Any, name: str | int) -> Any:
    """What leads from a value to one that it contains."""
    if isinstance(value, dict) and name in value:
        return name
    if isinstance(value, list) and _INDEX.fullmatch(str(name)) and int(name) < len(value):
        return int(name)
    raise LookupError(f"there is no {name!r}")


def _inner(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def _text(value: Any) -> str:
    match value:
        case Raw(text):
            return text
        case str():
            return string(value)
        case dict():
            return "{" + ",".join(f"{string(name)}:{_text(each)}" for name, each in value.items()) + "}"
        case list():
            return "[" + ",".join(map(_text, value)) + "]"
    return json.dumps(value)
