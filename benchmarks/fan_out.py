"""`python -m benchmarks.fan_out`: how late an event reaches a thousand WebSockets and a thousand event streams.

One process serves the reference app, another holds all readers; both share two processors with whatever else runs, so
what that was is noted. Late is what a reader has in hand more than so long after the command for it was sent.
"""

import json
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks.children import child
from benchmarks.outcome import Bar
from benchmarks.readers import Reader, reading
from benchmarks.timer_server import allow_many_files

LATEST = Path(__file__).with_name("fan_out.json")
BAR = Bar("≤", 250, "ms")
READERS = 1000
"""Of each kind."""
EVERY_S = 1.05
"""From one event to the next: a little more than from one heartbeat to the next, so that they meet in every way."""
_WARM_UP = 2
"""Events before those that count."""


@dataclass(frozen=True)
class Effort:
    """How long to measure: noise against patience."""

    runs: int
    events: int


WHOLE = Effort(runs=5, events=20)
QUICK = Effort(runs=1, events=3)


@dataclass(frozen=True)
class Delivery:
    """How late events came, in milliseconds."""

    median_ms: float
    p99_ms: float
    most_ms: float


@dataclass(frozen=True)
class FanOut:
    """One run."""

    websocket: Delivery
    eventsource: Delivery
    both: Delivery
    server_cpu: float
    """The part of one processor that the server used, of the time in which there were events."""
    readers_cpu: float
    """Likewise the process that held the readers."""
    load_before: float
    """How many processes wanted a processor in the minute before (getloadavg(3)), ours not among them."""


def measure(readers: int, events: int) -> FanOut:
    """One run with a server of its own. Raises ValueError if an event did not come, or came twice."""
    load_before = os.getloadavg()[0]
    with child(["benchmarks.timer_server"]) as server, reading(server.port, readers, readers) as all_readers:
        all_readers.notes(_WARM_UP, EVERY_S)
        all_readers.forget()
        began, server_began, own_began = time.monotonic(), int(server.ask()), time.process_time()
        all_readers.notes(events, EVERY_S)
        took_s = time.monotonic() - began
        server_cpu = (int(server.ask()) - server_began) / 1000 / took_s
        own_cpu = (time.process_time() - own_began) / took_s
        websocket, eventsource = (_late_ms(each, events) for each in (all_readers.websockets, all_readers.streams))
    both = _delivery(websocket + eventsource)
    return FanOut(_delivery(websocket), _delivery(eventsource), both, server_cpu, own_cpu, load_before)


def _late_ms(readers: Sequence[Reader], events: int) -> list[float]:
    if wrong := [len(reader.late_s) for reader in readers if len(reader.late_s) != events]:
        raise ValueError(f"{len(wrong)} readers of {len(readers)} got not {events} events, but such as {wrong[0]}")
    return [late * 1000 for reader in readers for late in reader.late_s]


def _delivery(late_ms: Sequence[float]) -> Delivery:
    percent = statistics.quantiles(late_ms, n=100)
    return Delivery(percent[49], percent[98], max(late_ms))


def to_json(runs: Sequence[FanOut]) -> str:
    """The runs, and what is held against the bar: the median of their 99th percentiles."""
    value = statistics.median(run.both.p99_ms for run in runs)
    summary = {
        "measure": f"{READERS} WebSockets and {READERS} streams, an event a second: 99 % of deliveries within",
        "value": value,
        "bar": asdict(BAR),
        "met": BAR.is_met_by(value),
        "cpus": os.cpu_count(),
        "before_others": _goes_before_others(),
        "date": datetime.now(UTC).date().isoformat(),
    }
    return json.dumps({**summary, "runs": [asdict(run) for run in runs]}, indent=2) + "\n"


def _goes_before_others() -> bool:
    """Whether all this ran in real time (sched(7), as by `chrt -f 10`), so that a busy machine disturbed it less."""
    scheduler = getattr(os, "sched_getscheduler", lambda _: None)(0)
    return scheduler is not None and scheduler in (os.SCHED_FIFO, os.SCHED_RR)


def main(quick: Annotated[bool, typer.Option("--quick", help="A few seconds: whether it works")] = False) -> None:
    """Measure the reference app's fan-out. A whole run is kept in fan_out.json."""
    allow_many_files()
    console, effort = Console(highlight=False), QUICK if quick else WHOLE
    runs: list[FanOut] = []
    for _ in range(effort.runs):
        run = measure(READERS, effort.events)
        runs.append(run)
        console.print(
            f"delivered within {run.both.median_ms:.0f} ms (median), {run.both.p99_ms:.0f} ms (99 %), "
            f"{run.both.most_ms:.0f} ms (all); processors used: server {run.server_cpu:.2f}, "
            f"readers {run.readers_cpu:.2f}; load before: {run.load_before:.1f}"
        )
    value = statistics.median(run.both.p99_ms for run in runs)
    console.print(f"99 % within {value:.0f} ms; the bar is {BAR}: {'met' if BAR.is_met_by(value) else 'not met'}")
    if not quick:
        LATEST.write_text(to_json(runs), encoding="utf-8")
        console.print(f"Written: {LATEST}")


if __name__ == "__main__":
    typer.run(main)
