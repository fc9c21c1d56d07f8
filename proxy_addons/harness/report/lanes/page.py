"""The lanes of the page: what it showed, and when it said that this may be old."""

from collections.abc import Callable, Iterator, Sequence

from proxy_addons.harness.judge.run import Look, Run
from proxy_addons.harness.report.lanes.marks import since, span
from proxy_addons.harness.report.picture import Mark, short
from proxy_addons.records import PageFailed, PageOpened, PageShown

_RUNGS = ("websocket", "eventsource", "polling")
_BEAT_S = 0.25
"""How often a page is looked at."""
_BLIND_S = 2.0
"""After so long without a look nobody knows what it shows."""


def showed(run: Run) -> Iterator[Mark]:
    """What each page said that it was connected by, as long as it said so; what went wrong in it; where it was
    observed from, if not from a world that its scripts can't reach."""
    for row, page in enumerate(run.pages):
        for said, first, end in _spells(run.looks_of(page), _said):
            style = _shows(said.partition(" ")[0])
            yield span(run, first.t, end, style, first.record, first.number, row, said)
    if not run.looks:
        yield from _told_by_the_harness(run)
    for number, opened in run.of(PageOpened):
        if opened.world == "main":  # whatever the page's scripts do to their world, they did to the observer
            yield Mark(since(run, opened.t), None, "shows", short(opened), number)
    for number, failed in run.of(PageFailed):
        yield Mark(since(run, failed.t), None, "bad", short(failed), number)


def _said(look: Look) -> str:
    state = look.mark("connection") or look.mark("state") or ""
    return f"{look.mark('transport') or 'page'} {state}".strip()


def _shows(transport: str) -> str:
    return f"shows {transport}" if transport in _RUNGS else "shows"


def _told_by_the_harness(run: Run) -> Iterator[Mark]:
    shown = run.of(PageShown)
    for place, (number, record) in enumerate(shown, 1):
        end = shown[place][1].t if place < len(shown) else run.end
        label = f"{record.transport} {record.state}"
        yield span(run, record.t, end, _shows(record.transport), record, number, 0, label)


def stale(run: Run) -> Iterator[Mark]:
    """When each page said that what it shows may be old."""
    for row, page in enumerate(run.pages):
        for word, first, end in _spells(run.looks_of(page), lambda look: look.mark("stale") or ""):
            if word not in ("", "fresh"):
                yield span(run, first.t, end, "stale", first.record, first.number, row, word)


def _spells(looks: Sequence[Look], key: Callable[[Look], str]) -> Iterator[tuple[str, Look, float]]:
    """What a page showed, since which look and until when. A page that nobody sees any more shows nothing."""
    begin = 0
    for place, look in enumerate(looks):
        after = looks[place + 1] if place + 1 < len(looks) else None
        if after is None or key(after) != key(look) or after.t - look.t > _BLIND_S:
            seen_until = look.t + _BEAT_S if after is None else min(after.t, look.t + _BLIND_S)
            yield key(look), looks[begin], seen_until
            begin = place + 1
