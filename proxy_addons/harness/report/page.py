"""Outcomes in, one HTML page out that needs no network: styles, scripts and D3 are in it."""

import json
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files

import jinja2

from proxy_addons.harness.report.found import Found
from proxy_addons.harness.report.outcome import Outcome, Verdict
from proxy_addons.harness.report.picture import Lane, Mark
from proxy_addons.harness.report.tiles import Tile, overview, tiles

_ORDER: dict[Verdict, int] = {"failed": 0, "inconclusive": 1, "skipped": 2, "passed": 3}


def render(outcomes: Sequence[Outcome]) -> str:
    """The page; what is not green comes first."""
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.globals |= {"charts": charts, "drawing": drawing, "grouped": grouped}
    environment.filters["cut"] = _cut
    ordered = sorted(outcomes, key=lambda outcome: (_ORDER[outcome.verdict], outcome.test))
    measured = [outcome.figures for outcome in ordered if outcome.figures]
    return environment.from_string(_shipped("page.html.j2")).render(
        outcomes=ordered,
        summary=summarise(outcomes),
        green=is_green(outcomes),
        overview=overview(measured) if measured else [],
        tiles_of=tiles,
        style=_shipped("page.css"),
        d3=_shipped("vendor/d3.min.js"),
        script=_shipped("page.js"),
    )


def is_green(outcomes: Sequence[Outcome]) -> bool:
    """Whether nothing failed and all was proved."""
    return all(outcome.is_green for outcome in outcomes)


def summarise(outcomes: Sequence[Outcome]) -> str:
    """`24 stories: 23 passed, 1 inconclusive; 57 faults fired.`"""
    counts = Counter(outcome.verdict for outcome in outcomes)
    verdicts = ", ".join(f"{counts[verdict]} {verdict}" for verdict in _ORDER if counts[verdict])
    fired = sum(len(outcome.receipts) for outcome in outcomes)
    stories = "1 story" if len(outcomes) == 1 else f"{len(outcomes)} stories"
    faults = "1 fault" if fired == 1 else f"{fired} faults"
    return f"{stories}: {verdicts or 'none ran'}; {faults} fired."


def drawing(outcome: Outcome) -> str:
    """What page.js draws a timeline from: marks as lists, to save room."""
    picture = outcome.picture
    assert picture is not None, "only an outcome with a picture is drawn"
    return _as_data(
        {
            "end": max(picture.duration_s, 0.001),
            "raw": outcome.history,
            "lanes": [_lane(lane) for lane in picture.lanes],
            "broken": [_mark(mark) for mark in picture.broken],
            "steps": [_mark(mark) for mark in picture.steps],
        }
    )


def charts(shown: Sequence[Tile], end: float | None = None) -> str:
    """What page.js draws the small charts of tiles from."""
    return _as_data([{"chart": tile.chart, "points": tile.points, "top": tile.top, "end": end} for tile in shown])


def grouped(findings: Sequence[Found]) -> dict[str, list[Found]]:
    """Findings that need few words, by what their checks came to."""
    groups: dict[str, list[Found]] = {}
    for found in findings:
        if not found.breaks:
            groups.setdefault(found.outcome, []).append(found)
    return groups


def _lane(lane: Lane) -> list[object]:
    return [lane.name, [_mark(mark) for mark in lane.marks], lane.empty]


def _mark(mark: Mark) -> list[object]:
    return [mark.t, mark.end, mark.style, mark.text, mark.number, mark.row, mark.label]


def _as_data(data: object) -> str:
    """JSON that can stand in a script element: nothing in it ends the element or begins a comment."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")


def _cut(text: str, limit: int) -> str:
    """The end of a long text, where errors are."""
    return text if len(text) <= limit else f"[...]\n{text[-limit:]}"


def _shipped(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")
