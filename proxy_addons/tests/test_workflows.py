"""The workflows for GitHub Actions: they are what GitHub wants, and run what people run."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
TARGETS = re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


def fits_the_schema(file: Path) -> subprocess.CompletedProcess[str]:
    """By the schema that SchemaStore publishes, as check-jsonschema carries it."""
    schema = ("--builtin-schema", "vendor.github-workflows")
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", *schema, str(file)], capture_output=True, text=True, check=False
    )


def steps(file: Path) -> Iterator[dict[str, Any]]:
    for job in YAML(typ="safe").load(file)["jobs"].values():
        yield from job["steps"]


def test_there_is_one_to_copy() -> None:
    assert "brownout.yml" in [file.name for file in WORKFLOWS]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_fits_the_schema_of_github(file: Path) -> None:
    done = fits_the_schema(file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_one_that_does_not_is_found_out(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(WORKFLOWS[0].read_text(encoding="utf-8").replace("runs-on:", "run-on:"))
    assert fits_the_schema(wrong).returncode == 1


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_runs_what_make_runs(file: Path) -> None:
    commands = [step["run"].split() for step in steps(file) if "run" in step]
    assert commands
    assert [words for words in commands if words[0] != "make" or words[1] not in TARGETS] == []


def test_the_machines_play_all_parts() -> None:
    (file,) = (file for file in WORKFLOWS if file.name == "brownout.yml")
    shards = YAML(typ="safe").load(file)["jobs"]["gate"]["strategy"]["matrix"]["shard"]
    (command,) = (step["run"] for step in steps(file) if "SHARD=" in step.get("run", ""))
    assert shards == list(range(1, len(shards) + 1))
    assert command.endswith(f"/{len(shards)}")
