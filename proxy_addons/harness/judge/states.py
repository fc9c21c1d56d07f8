"""The states that the server went through, as a page may show them."""

from bisect import bisect_right

from proxy_addons.harness.judge.once import once
from proxy_addons.harness.judge.run import Look, Run
from proxy_addons.records import TruthTold


class States:
    """The server's log by epochs."""

    def __init__(self, run: Run) -> None:
        self._by_epoch: dict[str, list[TruthTold]] = {}
        for _, told in run.truth:
            self._by_epoch.setdefault(told.epoch, []).append(told)
        for log in self._by_epoch.values():
            log.sort(key=lambda told: told.seq)
        self._seqs = {epoch: [told.seq for told in log] for epoch, log in self._by_epoch.items()}

    def between(self, epoch: str, seq: int, t: float) -> list[TruthTold]:
        """The states that were in force from this event on and up to that time; none if the event is not known."""
        log, seqs = self._by_epoch.get(epoch, []), self._seqs.get(epoch, [])
        begin = bisect_right(seqs, seq) - 1
        if begin < 0 or seqs[begin] != seq:
            return []
        end = begin + 1
        while end < len(log) and log[end].t <= t + log[end].error_s:
            end += 1
        return log[begin:end]

    def last(self, epoch: str, seq: int) -> TruthTold | None:
        """The last event of an epoch up to this one."""
        place = bisect_right(self._seqs.get(epoch, []), seq)
        return self._by_epoch[epoch][place - 1] if place else None

    def listed(self, epoch: str, after: int, seq: int) -> list[TruthTold]:
        """The events of an epoch after one and up to another."""
        seqs = self._seqs.get(epoch, [])
        return self._by_epoch.get(epoch, [])[bisect_right(seqs, after) : bisect_right(seqs, seq)]

    def knows(self, epoch: str) -> bool:
        return epoch in self._by_epoch


@once
def states_of(run: Run) -> States:
    """The server's log by epochs; worked out once."""
    return States(run)


def number_in(told: TruthTold, name: str) -> float | None:
    """A number of the state."""
    value = told.state.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def remaining_s(told: TruthTold, t: float) -> float | None:
    """What this state leaves of the countdown at that time; None if it does not say."""
    ends, stopped = number_in(told, "ends_t"), number_in(told, "remaining_ms")
    if told.state.get("phase") == "running" and ends is not None:
        return max(0.0, ends - t)
    return None if stopped is None else stopped / 1000


def shown_s(look: Look) -> float | None:
    """What a page shows of the countdown, to the millisecond where it offers that."""
    precise = look.number_of("remaining-ms")
    return text_s(look) if precise is None else precise / 1000


def text_s(look: Look) -> float | None:
    """The time in the text, `mm:ss` or `h:mm:ss`; None if it is none."""
    parts = (look.mark("remaining") or "").strip().split(":")
    if len(parts) < 2 or not all(part.isdigit() for part in parts):
        return None
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return float(total)
