"""Where a run's files go."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from proxy_addons.harness.report import folders


def config(root: Path, run: str | None = None) -> Any:
    """As much of pytest's as is needed."""
    made = SimpleNamespace(rootpath=root, stash=pytest.Stash(), getoption={"--brownout-report": "report"}.__getitem__)
    folders.begin(made, run)  # type: ignore[arg-type]  # as above
    return made


def test_each_run_has_its_own(tmp_path: Path) -> None:
    assert folders.run_folder(config(tmp_path)) != folders.run_folder(config(tmp_path))


def test_the_workers_of_one_run_share_theirs(tmp_path: Path) -> None:
    first = config(tmp_path)
    assert folders.run_folder(config(tmp_path, folders.run_of(first))) == folders.run_folder(first)


def test_each_test_has_its_own_in_its_run(tmp_path: Path) -> None:
    made = config(tmp_path, "run")
    item: Any = SimpleNamespace(config=made, nodeid="e2e/test_a.py::test_a")
    assert folders.folder_of(item).parent == tmp_path / "report" / "runs" / "run"


def test_a_run_makes_room_for_itself_and_leaves_those_that_still_run(tmp_path: Path) -> None:
    # given one that is over and one that runs
    over, running, new = (config(tmp_path, name) for name in ("over", "running", "new"))
    for each in (over, running, new):
        folders.run_folder(each).mkdir(parents=True)
    folders.finish(over)

    # when
    folders.finish(new)

    # then
    assert sorted(path.name for path in (tmp_path / "report" / "runs").iterdir()) == ["new", "running"]


@pytest.mark.parametrize(
    ("test", "begin"),
    [
        ("e2e/test_a.py::test_a[chromium-1012]", "test-a-py--test-a-chromium-1012--"),
        ("test_a.py::test_" + "long" * 100, "test-a-py--test-longlong"),
    ],
)
def test_a_slug_can_be_read(test: str, begin: str) -> None:
    assert folders.slug(test).startswith(begin)
    assert len(folders.slug(test)) < 120


def test_a_slug_is_that_of_one_test_only() -> None:
    tests = [
        "a/test_a.py::test_a",
        "b/test_a.py::test_a",
        "a/test_a.py::test-a",
        "test_" + "l" * 200,
        "test_" + "l" * 201,
    ]
    assert len({folders.slug(test) for test in tests}) == len(tests)
