"""The reference app with one thing wrong: what a careless edit would do to it, and which check must see that."""

import shutil
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel, ConfigDict, Field

import reference_app
from e2e.app import SCALE
from proxy_addons.harness.judge.checks import CHECKS
from proxy_addons.harness.ports import free_port
from proxy_addons.harness.subject import SubjectProcess

MUTANTS = Path(__file__).parent / "mutants"
"""Where they lie: `bug.toml`, each with its edits."""
REFERENCE_APP = Path(reference_app.__file__).parent
_LEFT_OUT = shutil.ignore_patterns("node_modules", "tests", "__pycache__")
_RUN = "import runpy, sys; sys.path.insert(0, sys.argv.pop(1)); runpy.run_module('reference_app', run_name='__main__')"


class Edit(BaseModel):
    """One place of one file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str = Field(description="Below `reference_app`.")
    old: str = Field(min_length=1, description="What stands there, exactly once.")
    new: str = Field(description="What stands there instead.")


class Mutant(BaseModel):
    """One thing that is wrong."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    wrong: str = Field(description="What is wrong, in one line.")
    scenario: str = Field(description="The scenario that shows it.")
    caught_by: str = Field(description="The check that must say so.")
    edits: tuple[Edit, ...] = Field(min_length=1)


def mutants() -> dict[str, Path]:
    return {file.stem: file for file in sorted(MUTANTS.glob("*.toml"))}


def load_mutant(name: str) -> Mutant:
    return Mutant.model_validate({"name": name, **tomllib.loads(mutants()[name].read_text(encoding="utf-8"))})


def apply(mutant: Mutant, root: Path) -> None:
    """Makes its edits below `root`.

    Raises ValueError if one does not apply exactly once: what it breaks has changed, and so must the edit.
    """
    for edit in mutant.edits:
        file = root / edit.file
        text = file.read_text(encoding="utf-8")
        if (count := text.count(edit.old)) != 1:
            raise ValueError(f"{mutant.name}: {edit.file} has {edit.old!r} {count} times; once would be right")
        file.write_text(text.replace(edit.old, edit.new), encoding="utf-8")


@contextmanager
def app_with(mutant: Mutant) -> Iterator[SubjectProcess]:
    """The reference app with these edits, and with its state in memory."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "reference_app"
        shutil.copytree(REFERENCE_APP, root, ignore=_LEFT_OUT)
        apply(mutant, root)
        port = free_port()
        command = [sys.executable, "-c", _RUN, folder, "--port", str(port), "--scale", str(SCALE)]
        with SubjectProcess(command, f"http://127.0.0.1:{port}", ready_path="/healthz") as app:
            yield app


def as_markdown(known: Iterable[Mutant]) -> str:
    """docs/mutants.md: what is wrong with each, and who says so."""
    titles = {check.id: check.title for check in CHECKS}
    rows = [f"| {m.wrong} | `{m.scenario}` | {m.caught_by}: {titles[m.caught_by]} |" for m in known]
    return "\n".join([*_INTRODUCTION, *rows, ""])


_INTRODUCTION = (
    "# Mutants",
    "",
    "A check that never fails proves nothing. So the client of the reference app is made wrong on purpose, in one way",
    "at a time, and put through a scenario in a real browser; the check in the last column must say so. The edits are",
    "in `e2e/mutants`. `pytest e2e/test_mutants.py` plays two of them, and all with `BROWNOUT_NIGHTLY=1`.",
    "",
    "| What is wrong | Scenario | Caught by |",
    "| --- | --- | --- |",
)


if __name__ == "__main__":
    sys.stdout.write(as_markdown(map(load_mutant, mutants())))
