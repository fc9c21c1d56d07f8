"""The reference app with one thing wrong: what a careless edit would do to it, and which check must see that."""

import shutil
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel, ConfigDict, Field

import reference_app
from e2e.app import SCALE
from e2e.bundle import bundle
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
    seeded: str | None = Field(
        default=None, pattern="^B[0-9]{2}$", description="Which of the known bugs of real clients it is; else our own."
    )
    wrong: str = Field(description="What is wrong, in one line.")
    scenario: str = Field(description="The scenario, or the story, that shows it.")
    caught_by: str = Field(description="The check that must say so.")
    edits: tuple[Edit, ...] = Field(min_length=1)


def mutants() -> dict[str, Path]:
    return {file.stem: file for file in sorted(MUTANTS.glob("*.toml"))}


@cache
def load_mutant(name: str) -> Mutant:
    return Mutant.model_validate({"name": name, **tomllib.loads(mutants()[name].read_text(encoding="utf-8"))})


def in_order(known: list[Mutant]) -> list[Mutant]:
    """Those that real clients had come first, by their numbers; then our own."""
    return sorted(known, key=lambda mutant: (mutant.seeded is None, mutant.seeded, mutant.name))


def edited(mutant: Mutant, root: Path) -> dict[Path, str]:
    """The files below `root` that its edits change, and what stands in them then.

    Raises ValueError if one does not apply exactly once: what it breaks has changed, and so must the edit.
    """
    texts: dict[Path, str] = {}
    for edit in mutant.edits:
        file = root / edit.file
        text = texts.get(file) or file.read_text(encoding="utf-8")
        if (count := text.count(edit.old)) != 1:
            raise ValueError(f"{mutant.name}: {edit.file} has {edit.old!r} {count} times; once would be right")
        texts[file] = text.replace(edit.old, edit.new)
    return texts


@contextmanager
def copy_with(mutant: Mutant) -> Iterator[Path]:
    """A copy of the reference app with these edits; raises ValueError where one does not apply."""
    with TemporaryDirectory() as folder:
        root = Path(folder) / "reference_app"
        shutil.copytree(REFERENCE_APP, root, ignore=_LEFT_OUT)
        for file, text in edited(mutant, root).items():
            file.write_text(text, encoding="utf-8")
        yield root


def app_of(root: Path, *arguments: str) -> SubjectProcess:
    """The app whose sources lie there, not started yet, with its client as one file; `arguments` are for its command
    line."""
    port, client = free_port(), root.parent / "client"
    if not client.exists():
        bundle(root / "client", client)
    settings = ("--port", str(port), "--scale", str(SCALE), "--client", str(client), *arguments)
    command = [sys.executable, "-c", _RUN, str(root.parent), *settings]
    return SubjectProcess(command, f"http://127.0.0.1:{port}", ready_path="/healthz")
