"""`upstream.down`."""

import pytest

from proxy_addons.actions import Abort, Forward, Reset, Respond
from proxy_addons.events import RequestReceived
from proxy_addons.faults import DownUpstream
from proxy_addons.tests.play import opened, play, received


@pytest.mark.parametrize(
    ("fault", "status", "title"),
    [
        pytest.param(DownUpstream(), 502, b"<h1>502 Bad Gateway</h1>", id="502"),
        pytest.param(DownUpstream(answer="503"), 503, b"<h1>503 Service Unavailable</h1>", id="503"),
        pytest.param(DownUpstream(answer="504"), 504, b"<h1>504 Gateway Timeout</h1>", id="504"),
    ],
)
def test_answers_as_a_gateway_does(fault: DownUpstream, status: int, title: bytes) -> None:
    (action,) = play(fault, received())
    assert isinstance(action, Respond)
    assert (action.answer.status, action.answer.headers) == (status, (("Content-Type", "text/html"),))
    assert title in action.answer.body


def test_resets_requests() -> None:
    assert play(DownUpstream(answer="reset"), received()) == [Reset()]


def test_cuts_the_streams_that_stand() -> None:
    assert play(DownUpstream(), opened(standing=True), opened("eventsource", standing=True)) == [Abort(), Abort()]


def test_leaves_them_where_it_is_told_to() -> None:
    fault = DownUpstream(streams="leave")
    assert play(fault, opened(standing=True)) == [Forward()]
    assert fault.events() == (RequestReceived,)
