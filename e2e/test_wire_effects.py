"""Every fault has been seen on the wire: the rows are in `wire_effects/`, one file for each scope."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from proxy_addons.faults import FAULTS
from proxy_addons.mutations import MUTATIONS

SCOPES = sorted({fault.scope for fault in FAULTS.values()})
FOLDER = Path(__file__).parent / "wire_effects"


def class_name(kind: str) -> str:
    """Of the class of a kind's rows, as far as it says so: behind `Test`, in lower case."""
    return kind.replace(".", "").replace("_", "")


def classes(scope: str) -> dict[str, type]:
    """The classes in the file of a scope."""
    names = vars(import_module(f"e2e.wire_effects.test_{scope}"))
    return {name.removeprefix("Test").lower(): each for name, each in names.items() if name.startswith("Test")}


def rows(kind: str) -> list[Any]:
    """The tests of a kind."""
    of_the_kind = vars(classes(FAULTS[kind].scope)[class_name(kind)])
    return [test for name, test in of_the_kind.items() if name.startswith("test_")]


def parameters(test: Any) -> Iterator[object]:
    """Whatever a test is parametrised with."""
    for mark in getattr(test, "pytestmark", ()):
        if mark.name == "parametrize":
            for values in mark.args[1]:
                yield from values if isinstance(values, tuple) else (values,)


@pytest.mark.parametrize("kind", FAULTS)
def test_each_kind_has_rows_in_the_file_of_its_scope(kind: str) -> None:
    assert rows(kind) != []


@pytest.mark.parametrize("scope", SCOPES)
def test_each_class_of_rows_is_that_of_a_kind_of_its_scope(scope: str) -> None:
    kinds = tuple(class_name(kind) for kind, fault in FAULTS.items() if fault.scope == scope)
    assert [name for name in classes(scope) if not name.startswith(kinds)] == []


def test_each_file_of_rows_is_that_of_a_scope() -> None:
    assert sorted(file.stem.removeprefix("test_") for file in FOLDER.glob("test_*.py")) == SCOPES


def test_each_mutation_has_a_row() -> None:
    corrupting = [kind for kind, fault in FAULTS.items() if "mutation" in fault.model_fields]
    used = {str(each) for kind in corrupting for test in rows(kind) for each in parameters(test)}
    assert set(MUTATIONS) - used == set()
