"""Where a run's files go: `report/index.html`, and `report/runs/<run>/<test>/` for what each test left behind."""

import hashlib
import shutil
from pathlib import Path
from uuid import uuid4

import pytest

_RUN = pytest.StashKey[str]()
_RUNS = "runs"
_DONE = "done"


def begin(config: pytest.Config, run: str | None = None) -> None:
    """Gives the run its name; the workers of one run share theirs."""
    config.stash[_RUN] = run or uuid4().hex


def run_of(config: pytest.Config) -> str:
    return config.stash[_RUN]


def report_folder(config: pytest.Config) -> Path:
    return config.rootpath / str(config.getoption("--brownout-report"))


def run_folder(config: pytest.Config) -> Path:
    """This run's own folder, so that runs side by side do not mix."""
    return report_folder(config) / _RUNS / run_of(config)


def folder_of(item: pytest.Item) -> Path:
    """What this test leaves behind; the folder may not be there yet."""
    return run_folder(item.config) / slug(item.nodeid)


def finish(config: pytest.Config) -> None:
    """The run is reported: earlier ones that are over make room for it, those that still run do not."""
    for earlier in report_folder(config).glob(f"{_RUNS}/*/{_DONE}"):
        shutil.rmtree(earlier.parent)
    (run_folder(config) / _DONE).touch()


def slug(test: str) -> str:
    """A name for a folder that people can read and that no other test has."""
    words = "".join(letter if letter.isalnum() else "-" for letter in test.rpartition("/")[2])
    return f"{words[:100]}-{hashlib.blake2b(test.encode(), digest_size=4).hexdigest()}"
