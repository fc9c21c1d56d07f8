"""What is kept of the origin's earlier answers, and what is forgotten."""

from proxy_addons.events import Answer, Request
from proxy_addons.wire.answers import BODY_LIMIT, KEPT, PLACES, Answers


def get(path: str = "/", method: str = "GET", query: str = "") -> Request:
    return Request(1, 1, "http", method, path, query, ())


def answer(body: bytes) -> Answer:
    return Answer(200, (), body)


def test_are_told_in_order_by_method_and_path_whatever_the_query() -> None:
    answers = Answers()
    answers.add(get(query="a=1"), answer(b"one"))
    answers.add(get(query="a=2"), answer(b"two"))
    answers.add(get(method="HEAD"), answer(b""))
    answers.add(get("/other"), answer(b"other"))
    assert answers.of(get()) == (answer(b"one"), answer(b"two"))


def test_of_a_place_that_was_never_seen_are_none() -> None:
    assert Answers().of(get()) == ()


def test_only_the_latest_are_kept() -> None:
    answers = Answers()
    for n in range(KEPT + 1):
        answers.add(get(), answer(b"%d" % n))
    assert [each.body for each in answers.of(get())] == [b"%d" % n for n in range(1, KEPT + 1)]


def test_those_that_are_too_long_are_not_kept() -> None:
    answers = Answers()
    answers.add(get(), answer(bytes(BODY_LIMIT)))
    answers.add(get(), answer(bytes(BODY_LIMIT + 1)))
    assert answers.of(get()) == (answer(bytes(BODY_LIMIT)),)


def test_the_place_that_was_seen_least_lately_is_forgotten() -> None:
    answers = Answers()
    for n in range(PLACES):
        answers.add(get(f"/{n}"), answer(b"a"))
    answers.add(get("/0"), answer(b"b"))
    answers.add(get("/new"), answer(b"c"))
    assert len(answers.of(get("/0"))) == 2
    assert answers.of(get("/1")) == ()
