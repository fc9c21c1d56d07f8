"""`request.header`."""

from typing import Any

import pytest
from pydantic import ValidationError

from proxy_addons.actions import EditHeaders, Forward
from proxy_addons.faults import HeaderOfRequest
from proxy_addons.tests.play import play, received, starting


def test_sets_fields_of_an_answer_in_the_place_of_those_that_were_there() -> None:
    fault = HeaderOfRequest(set={"Cache-Control": "max-age=60"})
    expected = EditHeaders(remove=("Cache-Control",), add=(("Cache-Control", "max-age=60"),))
    assert play(fault, received(), starting()) == [Forward(), expected]


def test_removes_fields_of_a_request() -> None:
    fault = HeaderOfRequest(side="request", remove=("Sec-WebSocket-Extensions", "Cookie"))
    expected = EditHeaders(remove=("Sec-WebSocket-Extensions", "Cookie"))
    assert play(fault, received("websocket"), starting("websocket")) == [expected, Forward()]


def test_reads_names_from_a_list() -> None:
    assert HeaderOfRequest.model_validate({"remove": ["Upgrade"]}).remove == ("Upgrade",)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        pytest.param({}, "nothing to edit", id="nothing"),
        pytest.param({"set": {"a b": ""}}, "'a b' is no header name", id="no name to set"),
        pytest.param({"set": {"a": "b\n"}}, "value of 'a' must fit one line", id="no value to set"),
        pytest.param({"remove": ["a:"]}, "'a:' is no header name", id="no name to remove"),
    ],
)
def test_rejects_what_fits_no_head(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        HeaderOfRequest.model_validate(settings)
