"""`eventsource.buffer`."""

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Buffer, Forward
from proxy_addons.faults import BufferEventSource
from proxy_addons.tests.play import opened, play, sse_events, starting

STREAM = "Text/Event-Stream; charset=utf-8"


def test_holds_a_stream_back_from_its_opening_to_its_end() -> None:
    head = starting("eventsource", content_type=STREAM)
    assert play(BufferEventSource(), head, opened("eventsource"), *sse_events("a")) == [Forward(), Buffer(), Forward()]


def test_holds_it_until_what_it_is_told() -> None:
    fault = BufferEventSource(until_bytes=4096, until_ms=200, behind=1)
    assert play(fault, opened("eventsource")) == [Buffer(4096, 200, 1)]


def test_compresses_from_the_head_on() -> None:
    events = (starting("eventsource", content_type=STREAM), opened("eventsource"))
    assert play(BufferEventSource(gzip=True, until_ms=50), *events) == [Buffer(until_ms=50, gzip=True), Forward()]


def test_compresses_nothing_that_is_no_event_stream() -> None:
    refused = starting("eventsource", status=503, content_type="text/event-stream")
    page = starting("eventsource", content_type="text/html")
    assert play(BufferEventSource(gzip=True), refused, page) == [Forward(), Forward()]


def test_rejects_a_compressor_that_counts_events() -> None:
    with pytest.raises(ValidationError, match="behind counts events, which gzip does not know"):
        BufferEventSource(gzip=True, behind=1)
