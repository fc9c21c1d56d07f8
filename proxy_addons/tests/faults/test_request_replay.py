"""`request.replay`."""

from proxy_addons.actions import Forward, Respond
from proxy_addons.events import Answer
from proxy_addons.faults import FAULTS, ReplayRequest
from proxy_addons.tests.play import play, received

OLD, OLDER = Answer(200, (), b"old"), Answer(200, (), b"older")


def test_answers_with_the_last_answer() -> None:
    assert play(ReplayRequest(), received(earlier=(OLDER, OLD))) == [Respond(OLD)]


def test_answers_with_one_from_further_back() -> None:
    assert play(ReplayRequest(back=2), received(earlier=(OLDER, OLD))) == [Respond(OLDER)]


def test_lets_a_request_pass_as_long_as_there_was_no_such_answer() -> None:
    assert play(ReplayRequest(back=2), received(), received(earlier=(OLD,))) == [Forward(), Forward()]


def test_is_the_only_kind_that_looks_back() -> None:
    assert [kind for kind, fault in FAULTS.items() if fault.looks_back] == ["request.replay"]
