"""The rows stand in `docs/browser-rows.md` as they are tested."""

from collections.abc import Iterable
from pathlib import Path

from e2e.browser_tables import test_eventsource, test_parsing, test_websocket

DOCUMENT = Path(__file__).parents[2] / "docs" / "browser-rows.md"


def line(name: str, causes: Iterable[str], seen: Iterable[str]) -> str:
    """A row in Markdown."""
    cells = (name, *("<br>".join(f"`{repr(each)[1:-1]}`" for each in part) or "nothing" for part in (causes, seen)))
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def test_every_row_stands_in_the_document_and_no_other() -> None:
    rows = [
        *(line(row.name, row.rules, row.seen) for row in test_eventsource.ROWS),
        *(line(row.name, row.rules, (*row.seen, *row.then)) for row in test_eventsource.WAITS),
        *(line(row.name, [row.text, *row.rules], row.seen) for row in test_parsing.ROWS),
        *(line(row.name, [row.rule], row.seen) for row in test_websocket.ROWS),
    ]
    written = [each for each in DOCUMENT.read_text(encoding="utf-8").splitlines() if each.startswith("| ")]
    assert [each for each in written if not each.startswith(("| row", "| --"))] == rows
