"""What one test left behind, as data that crosses process borders."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import TypeAdapter

from proxy_addons.harness.report.figures import Figures
from proxy_addons.harness.report.found import Found
from proxy_addons.harness.report.picture import Picture

Verdict = Literal["passed", "failed", "inconclusive", "skipped"]


@dataclass(frozen=True)
class Outcome:
    """The verdict on one test, and what a person needs to understand it."""

    test: str
    verdict: Verdict
    duration_s: float
    story: str = ""
    """The test's name as a sentence."""
    reason: str = ""
    """Why it is not green."""
    receipts: list[str] = field(default_factory=list)
    """Each fault that fired, in words."""
    record: list[str] = field(default_factory=list)
    """The end of the history, a line each."""
    folder: str = ""
    """Where the raw history and the screenshot lie, relative to the report."""
    screenshot: str = ""
    """The page at the moment of failure, relative to the report."""
    seed: int | None = None
    """Of the plan."""
    replay: str = ""
    """The command that runs it again, where it is not pytest with the name of the test."""
    trace: str = ""
    """Playwright's trace, relative to the report."""
    findings: list[Found] = field(default_factory=list)
    picture: Picture | None = None
    figures: Figures | None = None
    waits: dict[str, float] = field(default_factory=dict)
    """For how many seconds it waited for what, where that is known."""

    @property
    def is_green(self) -> bool:
        """Only passed is green; a skipped test is neither green nor red."""
        return self.verdict in ("passed", "skipped")

    @property
    def command(self) -> str:
        return self.replay or f"pytest '{self.test}'"

    @property
    def history(self) -> str:
        """The raw record, relative to the report: line N+1 holds record N."""
        return f"{self.folder}/history.jsonl" if self.folder else ""

    @property
    def headline(self) -> str:
        """Why it is not green, in one line."""
        broken = [f"{found.check}: {found.breaks[0].text}" for found in self.findings if found.breaks]
        # pytest marks with E what went wrong, below the lines that led there.
        lines = [line.strip() for line in self.reason.splitlines() if line.strip()]
        marked = [line[1:].strip() for line in lines if line.startswith("E ")]
        return [*broken, *marked, *lines[-1:], ""][0]

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_adapter().dump_json(self))

    @staticmethod
    def load(path: Path) -> "Outcome":
        return _adapter().validate_json(path.read_bytes())


@cache
def _adapter() -> TypeAdapter[Outcome]:
    """To build it takes longer than to write many an outcome."""
    return TypeAdapter(Outcome)


def sentence(test: str) -> str:
    """`e2e/test_fallback.py::test_falls_back_when_cut[1012]` -> `Falls back when cut (1012)`."""
    name, _, parameter = test.partition("[")
    words = name.rpartition("::")[2].removeprefix("test_").replace("_", " ")
    # Where all run in one browser, its name says nothing.
    case = parameter.removesuffix("]").removeprefix("chromium").lstrip("-")
    tail = f" ({case})" if case else ""
    return words[:1].upper() + words[1:] + tail
