"""What axe finds wrong with a page for who sees, hears or moves otherwise than its makers."""

from pathlib import Path

from playwright.sync_api import Page

_SOURCE = Path(__file__).parents[1] / "reference_app" / "node_modules" / "axe-core" / "axe.min.js"

_RUN = """async () => (await axe.run()).violations.flatMap(({ id, nodes }) =>
  nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`))"""


def violations(page: Page) -> list[str]:
    """Rule, place and advice, for each place in the page as it is now that breaks one of axe's rules."""
    page.evaluate(_SOURCE.read_text(encoding="utf-8"))
    return list(page.evaluate(_RUN))
