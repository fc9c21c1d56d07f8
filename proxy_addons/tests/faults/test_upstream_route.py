"""`upstream.route`."""

import pytest
from pydantic import ValidationError

from proxy_addons.actions import Forward, Route
from proxy_addons.faults import RouteUpstream
from proxy_addons.tests.play import opened, play, received

OTHER = "http://127.0.0.1:8001"


def test_sends_requests_of_all_transports_to_the_other_origin() -> None:
    fault = RouteUpstream(target=OTHER)
    assert play(fault, received(), received("websocket"), opened()) == [Route(OTHER), Route(OTHER), Forward()]


@pytest.mark.parametrize("target", [OTHER, "https://other.example:443", "http://[::1]:8001"])
def test_takes_an_origin(target: str) -> None:
    assert RouteUpstream(target=target).target == target


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("127.0.0.1:8001", id="no scheme"),
        pytest.param("http://127.0.0.1", id="no port"),
        pytest.param("http://127.0.0.1:0x1", id="no number"),
        pytest.param("http://127.0.0.1:99999", id="no port number"),
        pytest.param("http://127.0.0.1:8001/", id="a path"),
        pytest.param("http://me@127.0.0.1:8001", id="a user"),
        pytest.param("ws://127.0.0.1:8001", id="another scheme"),
        pytest.param("http://[::1:8001", id="half a bracket"),
        pytest.param("http://:8001", id="no host"),
    ],
)
def test_rejects_what_is_no_origin_and_names_a_right_one(target: str) -> None:
    with pytest.raises(ValidationError, match=r"is no origin; http://127\.0\.0\.1:8001 would be right"):
        RouteUpstream(target=target)
