"""How pydantic's findings are put: place, expectation, value."""

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from proxy_addons.problems import problems, unknown_kind


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


def test_names_the_nearest_kind() -> None:
    assert unknown_kind("connection.rest") == "unknown kind 'connection.rest'; did you mean 'connection.reset'?"
