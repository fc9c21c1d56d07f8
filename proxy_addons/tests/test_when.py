"""Conditions: which can be true, and what is said of those that cannot."""

from typing import Any

import pytest
from pydantic import ValidationError

from proxy_addons.when import Page, Payload, When


@pytest.mark.parametrize(
    ("conditions", "complaint"),
    [
        pytest.param({"method": "get"}, "'get' matches no request; 'GET' would be right", id="method"),
        pytest.param({"probability": 0}, "greater than 0", id="no chance"),
        pytest.param({"header": {"a b": "x"}}, "a b: is no name of a header field or cookie", id="header name"),
        pytest.param({"cookie": {"": False}}, "is no name of a header field or cookie", id="cookie name"),
        pytest.param(
            {"header": {"Origin": True}},
            "should be a glob, or false where it must be absent, but is True",
            id="header value",
        ),
        pytest.param(
            {"message": 4, "every": 3},
            "message: is 4, which every = 3 leaves out; give one of them",
            id="a message that is left out",
        ),
        pytest.param(
            {"page": {}}, "says nothing of what the page shows; give a transport, a state, or both", id="page"
        ),
        pytest.param({"for_ms": 0}, "greater than 0", id="a window without width"),
        pytest.param({"after_ms": float("nan")}, "finite number", id="a time that is none"),
    ],
)
def test_says_what_cannot_be(conditions: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError) as caught:
        When.model_validate(conditions)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("comparison", "complaint"),
    [
        pytest.param({"pointer": "a"}, "'a' is no JSON pointer; '/a' would be right", id="pointer"),
        pytest.param({"pointer": "", "op": "="}, "'==', '!='", id="op"),
        pytest.param(
            {"pointer": "", "op": "exists", "value": 3},
            "value: exists compares with nothing; leave it out, or choose another op",
            id="a value too many",
        ),
        pytest.param(
            {"pointer": "", "op": "matches", "value": 3},
            "value: matches needs a glob such as 'start*', but is 3",
            id="no glob",
        ),
        pytest.param(
            {"pointer": "", "op": "<", "value": True}, "value: < needs a number or a text, but is True", id="no order"
        ),
        pytest.param({"pointer": "", "op": "<"}, "value: < needs a number or a text, but is None", id="no value"),
        pytest.param(
            {"pointer": "", "op": "==", "value": float("inf")},
            "should be a text, a finite number, true or false, but is inf",
            id="no JSON",
        ),
    ],
)
def test_says_what_cannot_be_compared(comparison: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Payload.model_validate(comparison)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        pytest.param(Page(state="live"), [True, True, False], id="a state"),
        pytest.param(Page(transport="polling"), [False, True, True], id="a transport"),
        pytest.param(Page(transport="polling", state="live"), [False, True, False], id="both"),
    ],
)
def test_a_page_shows_what_is_asked_for(page: Page, shown: list[bool]) -> None:
    states = [("websocket", "live"), ("polling", "live"), ("polling", "stale")]
    assert [page.shows(*state) for state in states] == shown


@pytest.mark.parametrize(
    ("when", "picks"),
    [
        pytest.param(When(path="/x", nth=2, connection=1, after="a"), False, id="a stream"),
        pytest.param(When(after_bytes=0), True, id="bytes"),
        pytest.param(When(message=1), True, id="a message"),
        pytest.param(When(every=1), True, id="each message"),
        pytest.param(When(payload=Payload(pointer="")), True, id="a payload"),
    ],
)
def test_knows_whether_it_looks_for_messages(when: When, picks: bool) -> None:
    assert when.picks_messages is picks
