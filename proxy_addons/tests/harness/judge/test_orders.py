import json

from proxy_addons.harness.judge.facts import Limits
from proxy_addons.harness.judge.orders import orders_of
from proxy_addons.records import BodySeen, ConnectionEnded, PageSaid
from proxy_addons.tests.harness.judge.stories import Story, snapshot


def result(id: str, seq: int = 2) -> str:
    return json.dumps({"kind": "result", "epoch": "e", "seq": seq, "id": id, "ok": True})


def test_a_command_is_followed_from_its_sending_to_the_words_of_the_page() -> None:
    story = Story()
    story.websocket(0.0).says(0.1, snapshot(1)).hears(1.0, '{"id": "c-1"}').says(1.2, result("c-1"))
    story.command(1.1, "c-1").step(5.0, "over")
    story.add(PageSaid(1.3, "a", "trace", {"what": "command", "id": "c-1", "state": "done"}))

    (order,) = orders_of(story.run(), Limits())

    assert (order.client, order.effects, order.state) == ("a", 1, "done")
    assert order.answered is not None
    assert len(order.records) == 4


def test_an_id_is_a_word_and_no_part_of_one() -> None:
    story = Story()
    story.websocket(0.0).hears(1.0, '{"id": "c-10"}')
    story.command(1.1, "c-1")

    assert orders_of(story.run(), Limits())[0].sent is None


def test_an_answer_on_a_connection_that_died_with_it_may_not_have_been_read() -> None:
    story = Story()
    post = story.request(1.0, method="POST", path="/timer/commands")
    story.add(BodySeen(1.0, post.exchange, "to_server", '{"id": "c-1"}', 13, True))
    story.answer(post, 1.1, result("c-1"))
    story.add(ConnectionEnded(1.15, post.connection, "fin", "client"))
    story.command(1.1, "c-1").step(5.0, "over")

    (order,) = orders_of(story.run(), Limits())

    assert order.sent is not None
    assert order.answered is None


def test_an_answer_that_came_when_its_page_had_stopped_waiting_may_not_have_been_read() -> None:
    story = Story()
    post = story.request(1.0, method="POST", path="/timer/commands")
    story.add(BodySeen(1.0, post.exchange, "to_server", '{"id": "c-1"}', 13, True))
    story.answer(post, 1.1, result("c-1"))
    story.add(PageSaid(1.2, "a", "trace", {"what": "command", "id": "c-1", "state": "unknown"}))
    story.command(1.1, "c-1").step(9.0, "over")

    (order,) = orders_of(story.run(), Limits())

    assert order.answered is None
