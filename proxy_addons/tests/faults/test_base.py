"""What all kinds have in common: names, documentation, settings, and the point that `after` names."""

import inspect
from pathlib import Path

import pytest
from pydantic import ValidationError

from proxy_addons.events import Event
from proxy_addons.faults import FAULTS, AbortWebSocket, Fault
from proxy_addons.faults.base import Tally, reached
from proxy_addons.tests.play import messages, opened, sse_events

EVERY_KIND = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
NOUNS = {
    "websocket": "WebSocket",
    "eventsource": "EventSource",
    "request": "Request",
    "connection": "Connection",
    "upstream": "Upstream",
}


@EVERY_KIND
def test_kind_class_and_file_have_one_name(fault: type[Fault]) -> None:
    scope, verb = fault.kind.split(".")
    assert fault.__name__.startswith(verb.title().replace("_", ""))
    assert fault.__name__.endswith(NOUNS[scope])
    assert fault.__module__ == f"proxy_addons.faults.{scope}_{verb}"


@EVERY_KIND
def test_kind_is_documented_drawn_and_tested(fault: type[Fault]) -> None:
    assert inspect.getdoc(fault) != inspect.getdoc(Fault)
    assert fault.colour.startswith("#")
    assert all(field.description for field in fault.model_fields.values())
    assert (Path(__file__).parent / f"test_{fault.kind.replace('.', '_')}.py").is_file()


def test_every_file_of_a_kind_is_in_the_list() -> None:
    files = Path(inspect.getfile(Fault)).parent.glob("*_*.py")
    kinds = {file.stem.replace("_", ".", 1) for file in files if not file.stem.startswith("__")}
    assert kinds == set(FAULTS)


def test_no_two_kinds_have_the_same_colour() -> None:
    assert len({fault.colour for fault in FAULTS.values()}) == len(FAULTS)


@pytest.mark.parametrize(
    ("after", "event", "passed", "expected"),
    [
        pytest.param(0, opened(), 0, True, id="0 is the opening"),
        pytest.param(0, messages("a")[0], 0, False, id="0 is not the first message"),
        pytest.param(2, opened(), 2, False, id="2 is not the opening"),
        pytest.param(2, messages("a")[0], 1, False, id="2 is not the second message"),
        pytest.param(2, messages("a")[0], 2, True, id="2 is the message after two"),
        pytest.param(2, sse_events("a")[0], 2, True, id="2 is the event after two"),
        pytest.param(2, messages("a")[0], 3, False, id="2 is over after three"),
    ],
)
def test_after_names_one_point_of_a_stream(after: int, event: Event, passed: int, expected: bool) -> None:
    assert reached(event, after, Tally(messages=passed)) is expected


def test_after_0_is_the_first_message_for_a_rule_that_looks_for_particular_ones() -> None:
    assert reached(messages("a")[0], 0, Tally(picks_messages=True))
    assert not reached(opened(), 0, Tally(picks_messages=True))


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        AbortWebSocket().after_messages = 3


def test_unknown_settings_and_wrong_types_are_errors() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        AbortWebSocket.model_validate({"after": 3})
    with pytest.raises(ValidationError, match="valid integer"):
        AbortWebSocket.model_validate({"after_messages": "3"})


def test_dumps_its_kind_and_accepts_it_back() -> None:
    dumped = AbortWebSocket(after_messages=3).model_dump()
    assert dumped == {"kind": "websocket.abort", "after_messages": 3}
    assert AbortWebSocket.model_validate(dumped) == AbortWebSocket(after_messages=3)
