"""What the server counts, for Prometheus: a registry for each app, so that two apps in a process do not mix."""

from collections.abc import Callable
from typing import Literal

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from reference_app.subscription import Batch, End

CONTENT_TYPE = CONTENT_TYPE_LATEST
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""The bounds of what is timed."""

Transport = Literal["websocket", "eventsource"]
"""The ways in that stay open."""


class Metrics:
    """The counts of one app. Names and units follow Prometheus' own rules."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self.timers = Gauge("timer_timers", "Timers that there are.", registry=registry)
        self.open = Gauge("timer_connections_open", "Connections that are open.", ["transport"], registry=registry)
        self.ended = Counter(
            "timer_connections_ended",
            "Connections that are over, by why: left or lost by the client, slow, stopping.",
            ["transport", "end"],
            registry=registry,
        )
        self.delivering = Counter(
            "timer_connections_delivering",
            "Connections that a message was handed to: of all that began, the rate of success.",
            ["transport"],
            registry=registry,
        )
        self.requests = Counter(
            "timer_requests",
            "What clients opened or asked, by how and what for; `again` is a connection after the client's first.",
            ["transport", "purpose", "again"],
            registry=registry,
        )
        self.sent = Counter(
            "timer_messages_sent", "Messages handed to connections.", ["transport", "kind"], registry=registry
        )
        self.slow_readers = Counter(
            "timer_slow_readers", "Readers that were cut off for falling behind.", ["transport"], registry=registry
        )
        self.commands = Counter(
            "timer_commands", "Commands and other messages, by what became of them.", ["result"], registry=registry
        )
        self.events = Counter("timer_events_logged", "Events logged for good.", registry=registry)
        self.append_seconds = Histogram(
            "timer_append_seconds", "Time to log for good.", registry=registry, buckets=SECONDS
        )
        self.latency = Histogram(
            "timer_update_latency_seconds",
            "From an event's message to its being handed to a connection.",
            ["transport"],
            registry=registry,
            buckets=SECONDS,
        )
        ProcessCollector(registry=registry)

    def text(self) -> bytes:
        """All counts in the format that CONTENT_TYPE names."""
        return generate_latest(self.registry)


class ReaderCount:
    """What one connection adds to the counts, from its beginning on."""

    def __init__(self, metrics: Metrics, transport: Transport, now_ms: Callable[[], int]) -> None:
        self._metrics = metrics
        self._transport: Transport = transport
        self._now_ms = now_ms
        self._latency = metrics.latency.labels(transport)
        self._sent: dict[str, Counter] = {}
        self._delivering = False
        metrics.open.labels(transport).inc()

    def sent(self, batch: Batch) -> None:
        """These messages were handed to the connection just now."""
        if not self._delivering:
            self._delivering = True
            self._metrics.delivering.labels(self._transport).inc()
        for message in batch:
            self._count(message.kind).inc()
            if message.kind == "event":
                self._latency.observe(max(0, self._now_ms() - message.server_ms) / 1000)

    def _count(self, kind: str) -> Counter:
        """Looked up once: a thousand readers have a message each, at the same moment."""
        if kind not in self._sent:
            self._sent[kind] = self._metrics.sent.labels(self._transport, kind)
        return self._sent[kind]

    def ended(self, end: End | None) -> None:
        """It is over; without an end of ours, the client went."""
        self._metrics.open.labels(self._transport).dec()
        self._metrics.ended.labels(self._transport, end or "left").inc()
        if end == "slow":
            self._metrics.slow_readers.labels(self._transport).inc()
