"""What one test left behind, as data that crosses process borders."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, Self

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
    """The history, a line each."""
    folder: str = ""
    """Where the raw history and the screenshot lie, relative to the report."""
    screenshot: str = ""
    """The page at the moment of failure, relative to the report."""

    def save(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls(**json.loads(path.read_text(encoding="utf-8")))


def sentence(test: str) -> str:
    """`e2e/test_fallback.py::test_falls_back_when_cut[1012]` -> `Falls back when cut (1012)`."""
    name, _, parameter = test.partition("[")
    words = name.rpartition("::")[2].removeprefix("test_").replace("_", " ")
    # Where all run in one browser, its name says nothing.
    case = parameter.removesuffix("]").removeprefix("chromium").lstrip("-")
    tail = f" ({case})" if case else ""
    return words[:1].upper() + words[1:] + tail
