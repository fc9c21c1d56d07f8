"""What a JUnit file says of a test beyond its verdict: properties, as `record_property` makes them."""

from collections.abc import Iterator

from proxy_addons.harness.report.outcome import Outcome


def properties(outcome: Outcome) -> list[tuple[str, object]]:
    """Name and value of each; those of the plugin's own begin with `brownout.`."""
    return [(f"brownout.{name}", value) for name, value in _properties(outcome) if value not in ("", None)]


def _properties(outcome: Outcome) -> Iterator[tuple[str, object]]:
    yield "verdict", outcome.verdict
    yield "seed", outcome.seed
    yield "replay", outcome.command
    yield "faults_fired", len(outcome.receipts)
    yield "history", outcome.history
    yield "screenshot", outcome.screenshot
    yield "trace", outcome.trace
    if outcome.figures:
        yield from outcome.figures.as_words().items()
    for found in outcome.findings:
        text = found.breaks[0].text if found.breaks else found.why
        yield f"check.{found.check}", f"{found.outcome}: {text}" if text else found.outcome
