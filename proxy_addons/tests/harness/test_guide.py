"""What is known of a subject of which nothing is known."""

from proxy_addons.harness.guide import Guide
from proxy_addons.history import History


def test_a_page_of_which_nothing_is_known_offers_nothing_but_the_wire() -> None:
    guide = Guide()
    assert guide.contract.offers == frozenset()
    assert [*guide.marks, *guide.happenings, *guide.deeds, *guide.questions] == []
    assert guide.limits.scale == 1


def test_without_a_server_to_follow_there_is_nothing_to_wait_for() -> None:
    history = History()
    with Guide().truth("http://127.0.0.1:1", history):
        Guide().prepare("http://127.0.0.1:1")
    assert len(history) == 0
