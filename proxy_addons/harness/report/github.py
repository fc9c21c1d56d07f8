"""What GitHub Actions shows of a run: a summary of the job, and annotations on what is not green."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from proxy_addons.harness.report.outcome import Outcome
from proxy_addons.harness.report.page import is_green, summarise
from proxy_addons.harness.report.tiles import overview

MOST_ROWS = 50
"""A summary may have 1 MiB; nobody reads that."""


def publish(outcomes: Sequence[Outcome], environ: Mapping[str, str]) -> list[str]:
    """Appends the summary where GitHub wants one, and returns the lines to print for it; none elsewhere."""
    if path := environ.get("GITHUB_STEP_SUMMARY"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(summary(outcomes))
    return annotations(outcomes) if environ.get("GITHUB_ACTIONS") == "true" else []


def summary(outcomes: Sequence[Outcome]) -> str:
    """As Markdown: the verdicts, the four figures, and what is not green with how to see it again."""
    lines = [f"### {'✅' if is_green(outcomes) else '❌'} brownout: {summarise(outcomes)}", ""]
    measured = [outcome.figures for outcome in outcomes if outcome.figures]
    if measured:
        tiles = overview(measured)
        lines += [
            f"| {' | '.join(tile.name for tile in tiles)} |",
            f"|{' --- |' * len(tiles)}",
            f"| {' | '.join(f'{tile.value} ({_cell(tile.note)})' for tile in tiles)} |",
            "",
        ]
    doubtful = [outcome for outcome in outcomes if not outcome.is_green]
    if doubtful:
        lines += ["| verdict | story | why | again |", "| --- | --- | --- | --- |"]
        lines += [_row(outcome) for outcome in doubtful[:MOST_ROWS]]
        lines += [f"\nand {len(doubtful) - MOST_ROWS} more"] if len(doubtful) > MOST_ROWS else []
    return "\n".join(lines) + "\n"


def annotations(outcomes: Sequence[Outcome]) -> list[str]:
    """One error for each outcome that is not green, at its test's file."""
    return [_annotation(outcome) for outcome in outcomes if not outcome.is_green]


def _annotation(outcome: Outcome) -> str:
    file = _property(outcome.test.partition("::")[0])
    title = _property(f"{outcome.verdict}: {outcome.story or outcome.test}")
    message = _message(f"{outcome.headline}\nRun it again: {outcome.command}")
    return f"::error file={file},title={title}::{message}"


def _row(outcome: Outcome) -> str:
    story, why = _cell(outcome.story or outcome.test), _cell(outcome.headline[:300])
    return f"| {outcome.verdict} | {story} | {why} | {_code(outcome.command)} |"


def _cell(text: str) -> str:
    """Text that stays in its cell and is not read as Markdown or HTML."""
    return re.sub(r"([\\`*_{}\[\]<>|#~$@])", r"\\\1", " ".join(text.split()))


def _code(text: str) -> str:
    """In a cell even code must escape what divides cells; a backtick would end it."""
    return "`" + " ".join(text.split()).replace("|", "\\|").replace("`", "'") + "`"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
