"""`eventsource.corrupt`."""

import pytest

from proxy_addons.actions import Forward, Replace
from proxy_addons.faults import CorruptEventSource
from proxy_addons.tests.play import opened, play, sse_events


def test_replaces_the_data_of_the_nth_event_and_keeps_its_id() -> None:
    fault = CorruptEventSource(nth_event=2, data="null")
    assert play(fault, opened("eventsource"), *sse_events("a", "b", "c")) == [
        Forward(),
        Forward(),
        Replace(b"id: 2\ndata: null\n\n"),
        Forward(),
    ]


@pytest.mark.parametrize(
    ("data", "half"),
    [
        pytest.param('{"v": 1, "seq": 2}', b'{"v": 1, ', id="an object is cut"),
        pytest.param("1234", b"", id="half a number would be a number"),
        pytest.param("x", b"", id="nothing is half of one byte"),
    ],
)
def test_cuts_json_so_that_it_is_no_json(data: str, half: bytes) -> None:
    assert play(CorruptEventSource(), *sse_events(data)) == [Replace(b"id: 1\ndata: " + half + b"\n\n")]


def test_replaces_a_value_and_keeps_the_id() -> None:
    fault = CorruptEventSource(pointer="/seq", replacement="-1")
    assert play(fault, *sse_events('{"seq":4}')) == [Replace(b'id: 1\ndata: {"seq":-1}\n\n')]


def test_passes_an_event_in_which_the_pointer_leads_nowhere() -> None:
    assert play(CorruptEventSource(pointer="/a", replacement="1"), *sse_events("{}")) == [Forward()]
