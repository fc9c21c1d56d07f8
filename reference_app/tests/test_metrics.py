"""What is counted, and that Prometheus can read it."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from websockets.sync.client import connect

from reference_app.messages import EventMessage, Goodbye
from reference_app.metrics import Metrics, ReaderCount
from reference_app.settings import Settings

GOODBYE = Goodbye(epoch="ab", seq=1, server_ms=0, spread_ms=0)
EVENT = EventMessage(epoch="ab", seq=1, server_ms=1000, name="noted", at_ms=1000, text="x")


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics.registry.get_sample_value(name, labels)


def test_counts_a_connection_from_its_beginning_to_its_end() -> None:
    metrics = Metrics()
    reader = ReaderCount(metrics, "eventsource", now_ms=lambda: 1040)
    assert value(metrics, "timer_connections_open", transport="eventsource") == 1
    for batch in [(GOODBYE,), (EVENT, GOODBYE)]:
        reader.sent(batch)
    reader.ended("slow")
    assert value(metrics, "timer_connections_open", transport="eventsource") == 0
    assert value(metrics, "timer_connections_delivering_total", transport="eventsource") == 1
    assert value(metrics, "timer_connections_ended_total", transport="eventsource", end="slow") == 1
    assert value(metrics, "timer_slow_readers_total", transport="eventsource") == 1
    assert value(metrics, "timer_messages_sent_total", transport="eventsource", kind="goodbye") == 2
    assert value(metrics, "timer_update_latency_seconds_sum", transport="eventsource") == pytest.approx(0.04)


@pytest.mark.parametrize(("end", "counted"), [(None, "left"), ("stopping", "stopping")])
def test_a_reader_that_was_not_slow_is_not_counted_as_slow(end: str | None, counted: str) -> None:
    metrics = Metrics()
    ReaderCount(metrics, "websocket", now_ms=lambda: 0).ended("stopping" if end else None)
    assert value(metrics, "timer_connections_ended_total", transport="websocket", end=counted) == 1
    assert value(metrics, "timer_slow_readers_total", transport="websocket") is None


def test_a_clock_that_was_set_back_makes_no_negative_latency() -> None:
    metrics = Metrics()
    ReaderCount(metrics, "websocket", now_ms=lambda: 0).sent((EVENT,))
    assert value(metrics, "timer_update_latency_seconds_sum", transport="websocket") == 0


def scraped(url: str, accept: str = "") -> dict[str, float]:
    """Every sample as `name{label=value}`; Prometheus' own parser raises for what it cannot read."""
    response = httpx.get(f"{url}/metrics", headers={"Accept": accept})
    assert response.headers["content-type"].startswith("text/plain; version=")
    return {
        sample.name + str(sample.labels or ""): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


@pytest.mark.parametrize("accept", ["", "text/plain;version=x", "application/openmetrics-text; version=1.0.0", "!"])
def test_shows_what_happened_whatever_is_accepted(
    serve: Callable[[Settings], str], client_dir: Path, accept: str
) -> None:
    # given a server with one reader, who gives a command
    url = serve(Settings(scale=0.1, client_dir=client_dir))
    with connect(f"{url.replace('http', 'ws')}/timer/ws?for=live&attempt=2") as link:
        link.send('{"kind":"command","id":"a","name":"note","args":{"text":"x"}}')
        while json.loads(link.recv(timeout=5))["kind"] != "result":
            pass
        # when somebody asks
        samples = scraped(url, accept)
    # then all of it is there
    wanted = {
        "timer_timers": 1,
        "timer_connections_open{'transport': 'websocket'}": 1,
        "timer_requests_total{'again': 'true', 'purpose': 'live', 'transport': 'websocket'}": 1,
        "timer_commands_total{'result': 'done'}": 1,
        "timer_events_logged_total": 1,
        "timer_append_seconds_count": 1,
    }
    assert samples | wanted == samples
    assert samples["process_resident_memory_bytes"] > 1e6


def test_two_apps_do_not_mix(serve: Callable[[Settings], str], client_dir: Path) -> None:
    one, other = serve(Settings(client_dir=client_dir)), serve(Settings(client_dir=client_dir))
    httpx.post(f"{one}/timer/commands", json={"id": "a", "name": "note", "args": {"text": "x"}})
    assert [scraped(url)["timer_events_logged_total"] for url in (one, other)] == [1, 0]
