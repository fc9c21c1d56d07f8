"""Outcomes as a table for people, as JSON, and as Markdown for the README."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import get_args

from pydantic import TypeAdapter
from rich.box import SIMPLE_HEAD
from rich.table import Table

from benchmarks.contenders import Name
from benchmarks.outcome import Outcome

LATEST = Path(__file__).with_name("latest.json")
_COLUMNS: tuple[Name, ...] = get_args(Name)


@dataclass(frozen=True)
class Machine:
    """What was measured on, and when."""

    cpus: int
    processor: str
    system: str
    python: str
    mitmproxy: str
    haproxy: str
    """Empty where there is none."""
    date: str

    def __str__(self) -> str:
        haproxy = f", haproxy {self.haproxy}" if self.haproxy else ""
        versions = f"Python {self.python}, mitmproxy {self.mitmproxy}{haproxy}"
        return f"{self.cpus} CPUs ({self.processor}), {self.system}, {versions}, {self.date}"


@dataclass(frozen=True)
class Report:
    """One whole run."""

    measured_on: Machine
    outcomes: tuple[Outcome, ...]


def table(outcomes: Sequence[Outcome]) -> Table:
    shown = Table("measure", box=SIMPLE_HEAD, pad_edge=False)
    for heading in (*_COLUMNS, "result", "bar"):
        shown.add_column(heading, justify="right", no_wrap=True)
    shown.add_column("", no_wrap=True)
    for outcome in outcomes:
        verdict = "[green]met[/]" if outcome.is_met else "[bold red]not met[/]"
        shown.add_row(*_cells(outcome), verdict)
    return shown


def markdown(report: Report) -> str:
    """For the README; ends without a line break."""
    lines = [
        "| " + " | ".join(("measure", *_COLUMNS, "result", "bar", "met")) + " |",
        "|---|" + "---:|" * (len(_COLUMNS) + 2) + "---|",
        *("| " + " | ".join((*_cells(each), "yes" if each.is_met else "**no**")) + " |" for each in report.outcomes),
    ]
    return "\n".join([*lines, "", f"{report.measured_on}."])


def to_json(report: Report) -> str:
    """`measured_on`, and under `measures` each outcome with `value` and `met`."""
    measures = [{**asdict(outcome), "value": outcome.value, "met": outcome.is_met} for outcome in report.outcomes]
    return json.dumps({"measured_on": asdict(report.measured_on), "measures": measures}, indent=2) + "\n"


def from_json(text: str) -> Report:
    """What `to_json` wrote."""
    fields = json.loads(text)
    return TypeAdapter(Report).validate_python(
        {"measured_on": fields["measured_on"], "outcomes": fields["measures"]}, extra="ignore"
    )


def _cells(outcome: Outcome) -> list[str]:
    figures = [_number(outcome.figures.get(name)) for name in _COLUMNS]
    result = f"{_number(outcome.value)} {outcome.bar.unit}".strip()
    unit = f", {outcome.unit}" if outcome.unit else ""
    note = f" ({outcome.note})" if outcome.note else ""
    return [outcome.measure + unit + note, *figures, result, str(outcome.bar)]


def _number(value: float | None) -> str:
    """Three digits that count; nothing for what was not measured."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
