"""The measures: what is done, with whom, and the bar for it. MEASURES is the list."""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass

from benchmarks import clients
from benchmarks.children import Child, resident_mb
from benchmarks.clients import echoing
from benchmarks.contenders import Name, brownout, mitmproxy, origin
from benchmarks.outcome import Bar, Figures, Outcome, Starts, added, medians, ratios, ratios_of_added
from benchmarks.traffic import LARGE_BYTES, Traffic, large_messages, small_messages

WINDOW = 400
"""Messages of 100 bytes that are on their way at a time."""
LARGE_WINDOW = 4
"""Messages of 64 KiB: no more than the kernel's buffers take, so that nobody waits for another."""


@dataclass(frozen=True)
class Effort:
    """How long to measure: noise against patience."""

    rounds: int
    seconds: float
    """Of load, for each contender in each round."""
    messages: int
    megabytes: int
    starts: int
    first_starts: int


WHOLE = Effort(rounds=7, seconds=0.6, messages=1_000_000, megabytes=100, starts=200, first_starts=5)
QUICK = Effort(rounds=1, seconds=0.1, messages=5_000, megabytes=5, starts=30, first_starts=1)

Ports = Mapping[Name, int]
Measure = Callable[[Ports, Effort], Iterator[Outcome]]


def in_turn(ports: Ports, rounds: int, sample: Callable[[int], float]) -> list[Figures]:
    """Short rounds, each with every contender, so that what else the machine does meets them all."""
    return [{name: sample(port) for name, port in ports.items()} for _ in range(rounds)]


# -- WebSocket -----------------------------------------------------------------------------------------------------


def echo(ports: Ports, effort: Effort) -> Iterator[Outcome]:
    rounds = _echo_rounds(ports, effort, small_messages())
    yield Outcome("WebSocket echo", "messages/s", medians(rounds), ratios(rounds), Bar("≥", 15, "x"))


def deflate(ports: Ports, effort: Effort) -> Iterator[Outcome]:
    rounds = _echo_rounds(ports, effort, small_messages(compressed=True))
    bar = Bar("≥", 8, "x")
    yield Outcome("WebSocket echo, permessage-deflate", "messages/s", medians(rounds), ratios(rounds), bar)


def _echo_rounds(ports: Ports, effort: Effort, traffic: Traffic) -> list[Figures]:
    def sample(port: int) -> float:
        with echoing(port, traffic) as client:
            return client.messages_per_second(effort.seconds, WINDOW)

    return in_turn(ports, effort.rounds, sample)


def round_trip(ports: Ports, effort: Effort) -> Iterator[Outcome]:
    traffic = small_messages(batch=1)

    def sample(port: int) -> float:
        with echoing(port, traffic) as client:
            return client.round_trip_ms(effort.seconds / 2)

    rounds = in_turn(ports, effort.rounds, sample)
    bar = Bar("≤", 0.3, "x")
    yield Outcome("WebSocket round trip; ratio of what is added", "ms", medians(rounds), ratios_of_added(rounds), bar)


# -- event stream and polling --------------------------------------------------------------------------------------


def events(ports: Ports, effort: Effort) -> Iterator[Outcome]:
    rounds = in_turn(ports, effort.rounds, lambda port: clients.events_per_second(port, effort.seconds))
    yield Outcome("SSE", "events/s", medians(rounds), ratios(rounds), Bar("≥", 0.9, "x"))


def first_event(ports: Ports, effort: Effort) -> Iterator[Outcome]:
    rounds = in_turn(ports, effort.rounds, lambda port: clients.first_event_ms(port, times=10))
    yield Outcome("SSE, first event; added to direct", "ms", medians(rounds), added(rounds), Bar("≤", 20, "ms"))


def polling(ports: Ports, effort: Effort) -> Iterator[Outcome]:
    rounds = in_turn(ports, effort.rounds, lambda port: clients.requests_per_second(port, effort.seconds))
    yield Outcome("GET /timer, keep-alive", "requests/s", medians(rounds), ratios(rounds), Bar("≥", 0.9, "x"))


# -- memory --------------------------------------------------------------------------------------------------------

_GROWTH = Bar("≤", 10, "MB")


def memory_large(_: Ports, effort: Effort) -> Iterator[Outcome]:
    messages = effort.megabytes * 1_000_000 // LARGE_BYTES + 1
    figures: Figures = {
        "mitmproxy": _growth_mb(mitmproxy, large_messages(), messages, LARGE_WINDOW),
        "brownout": _growth_mb(brownout, large_messages(), messages, LARGE_WINDOW),
    }
    what = f"memory after {effort.megabytes} MB echoed, grown by"
    yield Outcome(what, "MB", figures, (figures["brownout"],), _GROWTH)


def memory_small(_: Ports, effort: Effort) -> Iterator[Outcome]:
    # Bare mitmproxy would take minutes.
    figures: Figures = {"brownout": _growth_mb(brownout, small_messages(), effort.messages, WINDOW)}
    what = f"memory after {effort.messages:,} messages echoed, grown by"
    yield Outcome(what, "MB", figures, (figures["brownout"],), _GROWTH)


def _growth_mb(
    start: Callable[[int], AbstractContextManager[Child]], traffic: Traffic, messages: int, window: int
) -> float:
    """Of a fresh proxy, over one WebSocket that stays open; what its first messages take is not counted."""
    with origin() as server, start(server.port) as proxy, echoing(proxy.port, traffic) as client:
        before = resident_mb(proxy.pid)
        client.echo(messages, window)
        return resident_mb(proxy.pid) - before


# -- the record ----------------------------------------------------------------------------------------------------

_EVERYTHING = Bar("≥", 100, "%")


def record(_: Ports, effort: Effort) -> Iterator[Outcome]:
    """Speed counts for nothing if the history has not kept pace."""
    messages = effort.messages // 10
    small = _recorded_percent(small_messages(), messages, WINDOW)
    yield _ours(f"{messages:,} messages echoed at full speed: in the record", "%", small, _EVERYTHING)
    large = _recorded_percent(large_messages(), effort.megabytes * 1_000_000 // LARGE_BYTES, LARGE_WINDOW)
    yield _ours(f"{effort.megabytes} MB echoed at full speed: in the record", "%", large, _EVERYTHING)
    stream = _recorded_events_percent(messages)
    yield _ours(f"{messages:,} events streamed at full speed: in the record", "%", stream, _EVERYTHING)


def _recorded_percent(traffic: Traffic, messages: int, window: int) -> float:
    with origin() as server, brownout(server.port) as proxy, echoing(proxy.port, traffic) as client:
        both_ways = 2 * client.echo(messages, window)
        return 100 * int(proxy.ask()) / both_ways


def _recorded_events_percent(events: int) -> float:
    with origin() as server, brownout(server.port) as proxy:
        clients.take_events(proxy.port, events)
        return 100 * int(proxy.ask()) / events


# -- start and stop ------------------------------------------------------------------------------------------------


def start_and_stop(_: Ports, effort: Effort) -> Iterator[Outcome]:
    runs = [_starts(effort.starts if run == 0 else 1) for run in range(effort.first_starts)]
    many, first_ms = runs[0], statistics.median(run.first_ms for run in runs)
    slowest_ms, grown = max(many.further_ms), many.grown_threads + many.grown_files
    usual = f"median {statistics.median(many.further_ms):.1f} ms"
    times = len(many.further_ms)
    yield _ours("start and stop, the first in a process", "ms", first_ms, Bar("≤", 150, "ms"))
    yield _ours(f"start and stop, slowest of {times} further ones", "ms", slowest_ms, Bar("≤", 30, "ms"), usual)
    yield _ours(f"threads and files left by {times} starts", "", grown, Bar("≤", 0, ""))
    yield _ours(f"memory after {times} starts, grown by", "MB", many.grown_mb, _GROWTH)


def _starts(times: int) -> Starts:
    command = [sys.executable, "-m", "benchmarks.start_and_stop", str(times)]
    return Starts(**json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout))


def _ours(measure: str, unit: str, value: float, bar: Bar, note: str = "") -> Outcome:
    return Outcome(measure, unit, {"brownout": value}, (value,), bar, note)


MEASURES: dict[str, Measure] = {
    "websocket": echo,
    "deflate": deflate,
    "roundtrip": round_trip,
    "sse": events,
    "first": first_event,
    "polling": polling,
    "memory": memory_large,
    "messages": memory_small,
    "record": record,
    "start": start_and_stop,
}
"""What `--only` names."""
