"""JSON Schema, as much of it as ours uses (draft 2020-12): what in a document is not as the schema says."""

from collections.abc import Callable
from typing import Any

_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
_LIMITS: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda value, limit: value >= limit,
    "maximum": lambda value, limit: value <= limit,
    "exclusiveMinimum": lambda value, limit: value > limit,
    "exclusiveMaximum": lambda value, limit: value < limit,
    "minLength": lambda value, limit: len(value) >= limit,
    "maxLength": lambda value, limit: len(value) <= limit,
    "minItems": lambda value, limit: len(value) >= limit,
    "enum": lambda value, options: value in options,
    "const": lambda value, only: value == only and isinstance(value, bool) == isinstance(only, bool),
}
_NOTES = {"title", "description", "default", "$defs", "$schema"}


def violations(value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None, at: str = "") -> list[str]:
    """What is wrong with the value, each with its place; empty if it is as the schema says.

    Raises:
        AssertionError: the schema uses a word that this reader doesn't know.
    """
    root = schema if root is None else root
    found: list[str] = []
    for word, given in schema.items():
        if word == "$ref":
            found += violations(value, root["$defs"][given.removeprefix("#/$defs/")], root, at)
        elif word in ("anyOf", "oneOf"):
            fitting = [each for each in given if violations(value, each, root, at) == []]
            if not fitting or (word == "oneOf" and len(fitting) > 1):
                found.append(f"{at}: fits {len(fitting)} of {word}")
        elif word == "type":
            if not isinstance(value, _TYPES[given]) or (isinstance(value, bool) and given != "boolean"):
                found.append(f"{at}: is no {given}")
        elif word == "items":
            found += [each for n, item in enumerate(value) for each in violations(item, given, root, f"{at}[{n}]")]
        elif word in _LIMITS:
            if not _LIMITS[word](value, given):
                found.append(f"{at}: {word} {given}")
        elif word == "required":
            found += [f"{at}: has no {name}" for name in given if name not in value]
        elif word == "properties":
            found += [
                each
                for name, item in value.items()
                if name in given
                for each in violations(item, given[name], root, f"{at}.{name}")
            ]
        elif word == "additionalProperties":
            others = {name: item for name, item in value.items() if name not in schema.get("properties", {})}
            if given is False:
                found += [f"{at}: unknown {name}" for name in others]
            elif isinstance(given, dict):
                found += [
                    each for name, item in others.items() for each in violations(item, given, root, f"{at}.{name}")
                ]
        else:
            assert word in _NOTES, f"unknown word {word!r} in the schema"
    return found
