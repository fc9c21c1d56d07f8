"""What pydantic found wrong with somebody's settings, in our words: where, what, and what would be right."""

import reprlib
from collections.abc import Callable, Iterable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from proxy_addons.errors import did_you_mean
from proxy_addons.faults import FAULTS

Location = tuple[int | str, ...]
"""The keys and indices that lead to a value; after `fault` stands its kind, which is no key of the file."""

_TOML_WORDS = {"model_type": "should be a table", "dict_type": "should be a table", "tuple_type": "should be an array"}


class Misplaced(ValueError):
    """What a validator found wrong within a value of several parts: where in it, and what."""

    def __init__(self, place: Location, what: str) -> None:
        super().__init__(": ".join(part for part in (_path(place), what) if part))
        self.place = place
        self.what = what


def problems(
    name: str,
    error: ValidationError,
    fields_at: Callable[[Location], Iterable[str]],
    written: Callable[[Location], Location] = lambda place: place,
) -> str:
    """One line for each problem, such as `plan.toml: rules[0].times: should be a valid integer, but is '1'`.

    `name` is the file or setting that is wrong; `fields_at` tells which fields are known at a location, and `written`
    how the location is called where the settings come from.
    """
    lines = []
    for details in error.errors(include_url=False):
        place, what = _problem(details, fields_at)
        lines.append(": ".join(part for part in (name, _path(written(place)), what) if part))
    return "\n".join(lines)


def unknown_kind(kind: object) -> str:
    """What to say of a kind that does not exist."""
    return f"unknown kind {str(kind)!r}{did_you_mean(str(kind), FAULTS)}"


def _problem(details: ErrorDetails, fields_at: Callable[[Location], Iterable[str]]) -> tuple[Location, str]:
    place, given = details["loc"], details["input"]
    match details["type"]:
        case "missing":
            return place, "is missing"
        case "extra_forbidden":
            return place, f"unknown field {place[-1]!r}{did_you_mean(str(place[-1]), fields_at(place[:-1]))}"
        case "union_tag_not_found" | "union_tag_invalid":
            return _tag_problem(place, given, details["ctx"])
        case "value_error":
            return _found(place, details["ctx"]["error"])
    expected = _TOML_WORDS.get(details["type"]) or details["msg"].removeprefix("Input ").partition(", unable")[0]
    return place, f"{expected}, but is {reprlib.repr(given)}"


def _found(place: Location, error: Exception) -> tuple[Location, str]:
    """What one of our validators says, and where: it may stand higher than what is wrong."""
    return ((*place, *error.place), error.what) if isinstance(error, Misplaced) else (place, str(error))


def _tag_problem(place: Location, given: Any, context: dict[str, Any]) -> tuple[Location, str]:
    """Of a table whose `kind`, or another field, says what else it may have."""
    field = context["discriminator"].strip("'") if "'" in context["discriminator"] else "kind"
    if not isinstance(given, dict):
        return place, f"should be a table with a {field}, but is {reprlib.repr(given)}"
    if field not in given:
        return (*place, field), "is missing"
    if field == "kind":
        return (*place, field), unknown_kind(given[field])
    known = [tag.strip("'") for tag in context["expected_tags"].split(", ")]
    return (*place, field), f"unknown {field} {str(given[field])!r}{did_you_mean(str(given[field]), known)}"


def _path(place: Location) -> str:
    """As it would be written to reach the value: `rules[0].fault.code`."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in place if step not in FAULTS]
    return "".join(steps).removeprefix(".")
