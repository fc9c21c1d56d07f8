"""The report's files."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from proxy_addons.harness.report.outcome import Outcome
from proxy_addons.harness.report.page import is_green, render, summarise


def save_report(outcomes: Sequence[Outcome], folder: Path) -> Path:
    """Writes index.html and, for machines, results.json; returns the page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(json.dumps(as_data(outcomes), indent=1) + "\n", encoding="utf-8")
    page = folder / "index.html"
    page.write_text(render(outcomes), encoding="utf-8")
    return page


def as_data(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """All but what is drawn: that can be drawn again from the raw histories."""
    return {
        "summary": summarise(outcomes),
        "green": is_green(outcomes),
        "outcomes": [_outcome(outcome) for outcome in outcomes],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    fields = asdict(outcome)
    del fields["picture"], fields["record"]
    figures = outcome.figures.as_words() if outcome.figures else None
    return fields | {"replay": outcome.command, "history": outcome.history, "figures": figures}
