"""Whether what a page displays is true: the phase and the time left, against the server's log."""

from bisect import bisect_right
from typing import Any

from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.run import Look, Run
from proxy_addons.records import TruthTold


class Rightness:
    """The server's log, ready to be compared with.

    A page may lag behind the log by `X`: a message takes its time, and a page paints when it can.
    """

    def __init__(self, run: Run, limits: Limits) -> None:
        self._told = [told for _, told in run.truth]
        self._times = [told.t for told in self._told]
        self._lag_s = limits.shown_error_s + limits.clock_error_s + limits.slow_s
        self._clock_s = limits.clock_error_s
        self._error_s = limits.shown_error_s + limits.clock_error_s

    def wrong_in(self, look: Look) -> str | None:
        """What is wrong in it, in words; None: nothing, or nothing that the log can tell."""
        since, until = look.t - self._lag_s, look.t + self._clock_s
        told = self._in_force(since, until)
        if not told:
            return None
        wrongs = [_wrong(look, each, (since, until), self._error_s) for each in told]
        return None if None in wrongs else wrongs[-1]

    def _in_force(self, since: float, until: float) -> list[TruthTold]:
        """The states that the server had at some instant between."""
        first = max(bisect_right(self._times, since) - 1, 0)
        return self._told[first : bisect_right(self._times, until)]


def remaining_s(state: dict[str, Any], t: float) -> float | None:
    """The time left by the server's log; None: it does not say."""
    if state.get("ends_t") is not None and state.get("phase") == "running":
        return max(0.0, float(state["ends_t"]) - t)
    left = state.get("remaining_ms")
    return None if left is None else float(left) / 1000


def _wrong(look: Look, told: TruthTold, window: tuple[float, float], error_s: float) -> str | None:
    epoch, phase, shown = look.mark("epoch"), look.mark("state"), look.number_of("remaining-ms")
    if epoch is not None and epoch != told.epoch:
        return f"shows epoch {epoch!r}, the server has {told.epoch!r}"
    if phase is not None and phase != told.state.get("phase", phase):
        return f"shows {phase!r}, the server is {told.state['phase']!r}"
    most, least = (remaining_s(told.state, t) for t in window)
    if most is None or least is None or look.mark("remaining-ms") is None:
        return None
    if shown is None or not least - error_s <= shown / 1000 <= most + error_s:
        return f"shows {look.mark('remaining-ms')} ms left, the server has {remaining_s(told.state, look.t):.3f} s left"
    return None
