"""S5, validity: a page shows no text that only a defect writes (NaN, undefined, null, Infinity, [object Object],
U+FFFD) and nothing that a corruption planted; and each value that it shows is one that the server had, in the epoch
shown and up to the event shown."""

import re

from proxy_addons.harness.judge.episodes import at, episodes
from proxy_addons.harness.judge.facts import Check, Difference, Limits, Undecided
from proxy_addons.harness.judge.run import Look, Run
from proxy_addons.records import TruthTold

_DEFECTS = re.compile(r"\bNaN\b|\bundefined\b|\bnull\b|\bInfinity\b|\[object Object\]|\ufffd")
_CANARY = re.compile(r"brownout-canary-[0-9a-f]*")
_SUSPECT = ("NaN", "undefined", "null", "Infinity", "[object Object]", "\ufffd", "brownout-canary-")
"""A text without any of these holds neither; to look for fixed words costs a tenth of looking for a pattern."""
_VALUES = {"state": "phase", "round": "round", "home": "home", "away": "away"}
"""Marks, and what the truth calls them."""
_AT_FIRST = {"state": "idle", "round": "1", "home": "0", "away": "0"}
"""Before the first event, of which the log does not tell."""


def find(run: Run, limits: Limits) -> list[Difference]:  # noqa: ARG001 - it knows no bounds
    if not run.looks:
        raise Undecided("nothing that was displayed was recorded")
    meant = "\n".join(text for _, told in run.truth if isinstance(text := told.state.get("text"), str))
    values = _Values([told for _, told in run.truth])
    written = _Written(meant)
    return [
        found
        for page in run.pages
        for found in episodes(run, ((look.t, _wrong(run, values, written, look)) for look in run.looks_of(page)))
    ]


class _Values:
    """From which event on the server had a value."""

    def __init__(self, log: list[TruthTold]) -> None:
        self.first: dict[tuple[str, str, str], int] = {}
        self.epochs = {told.epoch for told in log}
        for told in log:
            for mark, name in _VALUES.items():
                if name in told.state:
                    self._had(told, mark, str(told.state[name]))
            if told.state.get("phase") == "running":  # a page may see by itself that nothing is left
                self._had(told, "state", "expired")

    def _had(self, told: TruthTold, mark: str, value: str) -> None:
        key = (told.epoch, mark, value)
        self.first[key] = min(told.seq, self.first.get(key, told.seq))

    def missing(self, look: Look) -> str | None:
        place = look.place
        if place is None or place[0] not in self.epochs:
            return None
        for mark in _VALUES:
            shown = look.mark(mark)
            if shown is None or shown == _AT_FIRST[mark]:
                continue
            if self.first.get((place[0], mark, shown), place[1] + 1) > place[1]:
                return f"shows {mark} {shown} at event {place[0]}.{place[1]}; the server never had that up to then"
        return None


class _Written:
    """What is wrong in a text; the same texts are displayed again and again."""

    def __init__(self, meant: str) -> None:
        self._meant = meant
        self._right: set[str] = set()

    def wrong_in(self, look: Look) -> str | None:
        for text in {*look.record.marks.values(), *look.record.items, look.record.text} - self._right:
            if (words := self._wrong(text)) is not None:
                return words
            self._right.add(text)
        return None

    def _wrong(self, text: str) -> str | None:
        if not any(word in text for word in _SUSPECT):
            return None
        if (planted := _CANARY.search(text)) is not None:
            return f"shows {planted[0]!r}, which a rule planted in a corrupted message"
        for defect in _DEFECTS.finditer(text):
            if defect[0] not in self._meant:
                around = text[max(0, defect.start() - 20) : defect.start() + 40]
                return f"shows {defect[0]!r} in {around!r}; no such text was meant"
        return None


def _wrong(run: Run, values: _Values, written: _Written, look: Look) -> Difference | None:
    words = written.wrong_in(look) or values.missing(look)
    if words is None:
        return None
    return Difference(look.t, f"page {look.page} {at(run, look.t)} {words}", look.number, look.number)


CHECK = Check(id="S5", title="Only what is valid is shown", find=find, needs=frozenset({"display"}))
