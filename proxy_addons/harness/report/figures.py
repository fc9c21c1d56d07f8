"""The four figures that people watch, computed from what crossed the wire.

EventSource success rate, reconnections, stream errors and update latency; the harness asks nobody for them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from proxy_addons.harness.judge.run import NEVER, Exchange, Run

_RUNGS = {"polling": 0, "eventsource": 1, "websocket": 2}


@dataclass(frozen=True)
class Figures:
    """Times are seconds since the start of the run."""

    attempts: list[tuple[float, bool]]
    """EventSource requests, and whether one delivered anything valid."""
    reconnections: list[float]
    """When a connection delivered its first message in the place of one that was lost. Climbing back is none."""
    errors: list[tuple[float, str]]
    """Streams that ended against the client's will before the run was over, and malformed messages that reached it."""
    latencies: list[tuple[float, float]]
    """Events of the server's log: milliseconds from there to the client's socket. Empty without such a log."""

    @property
    def success(self) -> float | None:
        """A share; None where there was no attempt."""
        return sum(worked for _, worked in self.attempts) / len(self.attempts) if self.attempts else None

    @property
    def latency_ms(self) -> float | None:
        """The median."""
        return median(ms for _, ms in self.latencies) if self.latencies else None

    def as_words(self) -> dict[str, str]:
        """For machines and for people who read plain text."""
        return {
            "eventsource_success_rate": "none" if self.success is None else f"{self.success:.2f}",
            "reconnections": str(len(self.reconnections)),
            "stream_errors": str(len(self.errors)),
            "update_latency_ms": "none" if self.latency_ms is None else f"{self.latency_ms:.1f}",
        }


def measure(run: Run) -> Figures:
    """The figures of a run."""
    return Figures(
        attempts=[(_since(run, each.t), each.worked) for each in run.channels() if each.rung == "eventsource"],
        reconnections=sorted(_since(run, t) for client in run.clients for t in _reconnections(run, client)),
        errors=sorted((_since(run, t), what) for t, what in _errors(run)),
        latencies=sorted((_since(run, t), round(ms, 1)) for t, ms in _latencies(run)),
    )


def together(all_figures: Sequence[Figures]) -> Figures:
    """Those of many runs as if they were one."""
    return Figures(
        attempts=[each for figures in all_figures for each in figures.attempts],
        reconnections=[each for figures in all_figures for each in figures.reconnections],
        errors=[each for figures in all_figures for each in figures.errors],
        latencies=[each for figures in all_figures for each in figures.latencies],
    )


def _reconnections(run: Run, client: str) -> Iterator[float]:
    """Polls in a row are one connection; a switch upwards while the old connection stands is no reconnection."""
    worked = [each for each in run.channels(client, "live", "probe") if each.first_valid]
    before: Exchange | None = None
    for each in sorted(worked, key=_first):
        climbed = before is not None and _RUNGS[each.rung] > _RUNGS[before.rung] and _stands(before, _first(each))
        polls_on = before is not None and each.rung == before.rung == "polling"
        if before is not None and not climbed and not polls_on:
            yield _first(each)
        before = each


def _stands(exchange: Exchange, t: float) -> bool:
    """Whether it still works; a page that polls is connected between its polls as well."""
    return exchange.rung == "polling" or t <= exchange.ended_t


def _first(exchange: Exchange) -> float:
    return exchange.first_valid.t if exchange.first_valid else NEVER


def _errors(run: Run) -> Iterator[tuple[float, str]]:
    for each in run.channels():
        lived = each.opened_t != NEVER and each.ended_t != NEVER
        if each.rung != "polling" and lived and each.ended_by not in ("client", "proxy"):
            yield each.ended_t, f"{each.rung} {each.how}"
        for delivery in each.deliveries:
            if delivery.delivered and delivery.said is None:
                yield delivery.t, f"{each.rung} malformed"


def _latencies(run: Run) -> Iterator[tuple[float, float]]:
    """From the log to each client, once: what a snapshot or a repetition brings later is no update."""
    seen: set[tuple[str, str, int]] = set()
    for delivery in run.deliveries():
        said = delivery.said
        if not delivery.is_valid or said is None or said.kind != "event" or said.epoch is None or said.seq is None:
            continue
        key = (delivery.exchange.client, said.epoch, said.seq)
        told = run.told(said.epoch, said.seq)
        if told is not None and key not in seen:
            seen.add(key)
            yield delivery.t, (delivery.t - told.t) * 1000


def _since(run: Run, t: float) -> float:
    return round(t - run.start, 3)
