"""`connection.reset`."""

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Forward, Reset
from proxy_addons.events import ConnectionOpened, Event
from proxy_addons.faults import ResetConnection
from proxy_addons.tests.play import messages, opened, play, received, sse_events

LIFE: list[Event] = [ConnectionOpened(1), received("websocket"), opened(), *messages("a", "b")]


@pytest.mark.parametrize(
    ("fault", "at"),
    [
        pytest.param(ResetConnection(on="accept"), 0, id="accept"),
        pytest.param(ResetConnection(on="request"), 1, id="request"),
        pytest.param(ResetConnection(on="stream"), 2, id="stream"),
        pytest.param(ResetConnection(after_messages=1), 4, id="second message"),
    ],
)
def test_resets_once_and_at_the_right_moment(fault: ResetConnection, at: int) -> None:
    assert play(fault, *LIFE) == [Reset() if moment == at else Forward() for moment in range(len(LIFE))]


def test_counts_the_events_of_an_event_stream_too() -> None:
    assert play(ResetConnection(after_messages=1), opened("eventsource"), *sse_events("a", "b")) == [
        Forward(),
        Forward(),
        Reset(),
    ]


@pytest.mark.parametrize("on", ["accept", "request"])
def test_rejects_a_message_count_where_there_are_no_messages(on: str) -> None:
    with pytest.raises(ValidationError, match="after_messages needs on = 'stream'"):
        ResetConnection.model_validate({"on": on, "after_messages": 1})
