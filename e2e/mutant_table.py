"""`python -m e2e.mutant_table`: plays every mutant, and writes into docs/mutants.md who caught it.

As a plugin of pytest it says what became of each, one line as soon as it is known.
"""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pytest

from e2e.hunt import Catch, rounded
from e2e.mutant import Mutant, in_order, load_mutant, mutants

DOCUMENT = Path(__file__).parents[1] / "docs" / "mutants.md"
PROPERTY = "catch"
"""Under which a test puts down what it found."""
WORKERS = 2
_PLAYED = (
    "e2e/test_mutants.py::test_a_mutant_is_caught",
    # this module has imported what pytest would like to be the first to import
    "-Wignore::pytest.PytestAssertRewriteWarning",
)
_INTRODUCTION = (
    "# Mutants",
    "",
    "A check that never fails proves nothing. So the reference app, client or server, is made wrong on purpose, in",
    "one way at a time, and put through scenarios in a real browser until a check says so: first the one that shows",
    "it most likely, then others. The edits are in `e2e/mutants`. `make mutants` plays all of them and writes this",
    "table; `pytest e2e/test_mutants.py` plays one. Those with a number are bugs that clients of others were shipped",
    f"with. Seconds are rounded up to the next {rounded(0)}, and stand for all that was played until the catch.",
    "",
    "| | Name | What is wrong | Scenario | Caught by | Seconds |",
    "| --- | --- | --- | --- | --- | --- |",
)


def described(mutant: Mutant) -> str:
    """The beginning of its row: what does not depend on how it went."""
    return f"| {mutant.seeded or ''} | `{mutant.name}` | {mutant.wrong} |"


def row(mutant: Mutant, catch: Catch) -> str:
    if not catch.caught:
        return f"{described(mutant)} | nobody | {rounded(catch.seconds)} |"
    return f"{described(mutant)} `{catch.place}` | {catch.check}: {catch.title} | {rounded(catch.seconds)} |"


def as_markdown(known: Iterable[Mutant], catches: Mapping[str, Catch]) -> str:
    """docs/mutants.md; `catches` by the names of the mutants."""
    return "\n".join([*_INTRODUCTION, *(row(mutant, catches[mutant.name]) for mutant in known), ""])


def as_text(known: Sequence[Mutant], catches: Mapping[str, Catch]) -> str:
    """The table for a terminal, and how many were caught."""
    lines = [f"{mutant.seeded or 'own':>4}  {catches[mutant.name].words}" for mutant in known]
    seeded = [mutant for mutant in known if mutant.seeded]
    return "\n".join(
        [
            *lines,
            *(f"{words}: {_caught(those, catches)}" for words, those in (("known bugs", seeded), ("all", known))),
        ]
    )


def _caught(those: Sequence[Mutant], catches: Mapping[str, Catch]) -> str:
    return f"{sum(catches[mutant.name].caught for mutant in those)} of {len(those)} caught"


class Table:
    """A plugin that hears what became of each, from all workers."""

    def __init__(self, known: Sequence[Mutant]) -> None:
        self._known = known
        self.catches: dict[str, Catch] = {}

    @property
    def is_whole(self) -> bool:
        return set(self.catches) == {mutant.name for mutant in self._known}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        told = dict(report.user_properties).get(PROPERTY)
        if report.when == "call" and isinstance(told, str):
            catch = Catch.model_validate_json(told)
            self.catches[catch.mutant] = catch
            sys.stdout.write(f"\n{len(self.catches)}/{len(self._known)}  {catch.words}")
            sys.stdout.flush()


def main() -> None:
    """Further arguments are pytest's. Ends with 1 if a mutant was caught by nobody, or could not be played."""
    os.environ["BROWNOUT_NIGHTLY"] = "1"
    known = in_order([load_mutant(name) for name in mutants()])
    table = Table(known)
    code = pytest.main([*_PLAYED, "-q", "-n", str(WORKERS), *sys.argv[1:]], plugins=[table])
    if not table.is_whole:
        left = sorted({mutant.name for mutant in known} - set(table.catches))
        sys.exit(f"\nnot written down, as these could not be played: {', '.join(left)}")
    DOCUMENT.write_text(as_markdown(known, table.catches), encoding="utf-8")
    sys.stdout.write(f"\n{as_text(known, table.catches)}\n")
    sys.exit(int(code))


if __name__ == "__main__":
    main()
