"""How pydantic's findings are put: place, expectation, value."""

from typing import Self

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from proxy_addons.problems import Misplaced, problems, unknown_kind


class Limits(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    count: int
    names: dict[str, str] = {}


class Settings(BaseModel):
    limits: list[Limits]


@pytest.mark.parametrize(
    ("limits", "complaint"),
    [
        pytest.param({}, "limits[0].count: is missing", id="missing"),
        pytest.param({"count": "3"}, "limits[0].count: should be a valid integer, but is '3'", id="type"),
        pytest.param(
            {"count": 3, "names": {"a": 1}}, "limits[0].names.a: should be a valid string, but is 1", id="deep"
        ),
        pytest.param({"count": 3, "names": 1}, "limits[0].names: should be a table, but is 1", id="table"),
        pytest.param(
            {"count": 3, "cont": 3}, "limits[0].cont: unknown field 'cont'; did you mean 'count'?", id="field"
        ),
        pytest.param(
            {"count": "x" * 99}, "limits[0].count: should be a valid integer, but is 'xxxxxxxxxxxx", id="long"
        ),
    ],
)
def test_puts_each_problem_in_one_line(limits: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Settings.model_validate({"limits": [limits]})
    (line,) = problems("file", caught.value, lambda _place: Limits.model_fields).splitlines()
    assert line.startswith(f"file: {complaint}")
    assert len(line) < 120


class Range(BaseModel):
    low: int
    high: int

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.low > self.high:
            raise Misplaced(("low",), "is more than high; a lower one would be right")
        return self


class Ranges(BaseModel):
    ranges: list[Range]


def test_a_validator_of_the_whole_can_name_the_part() -> None:
    with pytest.raises(ValidationError, match="low: is more than high") as caught:
        Ranges.model_validate({"ranges": [{"low": 3, "high": 1}]})
    (line,) = problems("file", caught.value, lambda _: ()).splitlines()
    assert line == "file: ranges[0].low: is more than high; a lower one would be right"


def test_places_can_have_other_names_where_the_settings_come_from() -> None:
    with pytest.raises(ValidationError) as caught:
        Range.model_validate({"low": "x", "high": 1})
    (line,) = problems("line", caught.value, lambda _: (), lambda place: ("range", *place)).splitlines()
    assert line.startswith("line: range.low: should be a valid integer")


def test_names_the_nearest_kind() -> None:
    assert unknown_kind("connection.rest") == "unknown kind 'connection.rest'; did you mean 'connection.reset'?"
