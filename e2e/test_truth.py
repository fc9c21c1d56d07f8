"""What the app says happened stands in the record, at the time when it happened."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.app import start_app
from e2e.operator_console import Operator
from e2e.spare import SPARE
from e2e.truth import Truth
from proxy_addons.harness.subject import SubjectProcess
from proxy_addons.history import History
from proxy_addons.records import BodySeen, CommandKnown, TruthTold
from reference_app.store import REPLAY_EVENTS, Store
from reference_app.timer import Event

pytestmark = SPARE

SECOND = 1.0
ERROR_S = 0.01


@pytest.fixture
def app() -> Iterator[SubjectProcess]:
    """One of this test's own, since it may restart."""
    with start_app() as app:
        yield app


@pytest.fixture
def operator(app: SubjectProcess, story: str) -> Operator:
    return Operator(app.url, story)


@pytest.fixture
def history() -> History:
    return History()


def names(history: History) -> list[tuple[int, str]]:
    return [(told.seq, told.name) for told in history.of(TruthTold)]


def test_the_whole_log_is_told_from_before_we_came(app: SubjectProcess, operator: Operator, history: History) -> None:
    operator.restart_timer()
    with Truth(app.url, history):
        operator.note("hello")
    assert names(history) == [(0, "began"), (1, "reset"), (2, "started"), (3, "noted")]


def test_a_log_that_is_too_long_to_be_replayed_is_told_from_where_it_is(
    history: History, story: str, tmp_path: Path
) -> None:
    # given more events than the app replays
    log = Store.open(tmp_path, new_epoch="abcd0001", duration_ms=1)
    log.append([Event(name="noted", at_ms=1, text="hé")] * (REPLAY_EVENTS + 1))
    log.close()
    # when one more happens
    with start_app("--data", str(tmp_path)) as app, Truth(app.url, history):
        Operator(app.url, story).note("hello")
    # then that is told, after the state in which it found the app
    assert names(history) == [(REPLAY_EVENTS + 1, "began"), (REPLAY_EVENTS + 2, "noted")]


def test_each_event_has_its_time_and_the_state_that_it_left(
    app: SubjectProcess, operator: Operator, history: History
) -> None:
    with Truth(app.url, history):
        begin = time.monotonic()
        operator.command("start")
        end = time.monotonic()
        operator.command("score", team="home", points=2)
        operator.note("hello")
    _, started, scored, noted = history.of(TruthTold)
    assert begin - ERROR_S <= started.t <= end + ERROR_S
    assert started.state["phase"] == "running"
    ends_t = started.state["ends_t"]
    assert isinstance(ends_t, float)
    assert abs(ends_t - (started.t + 600 * SECOND)) <= ERROR_S
    assert (scored.state["home"], scored.state["ends_t"]) == (2, ends_t)
    assert operator._story in str(noted.state["text"])


def test_a_log_that_is_lost_is_followed_by_the_next(app: SubjectProcess, operator: Operator, history: History) -> None:
    with Truth(app.url, history):
        operator.note("of the old life")
        history.wait_for(lambda record: isinstance(record, TruthTold) and record.name == "noted", 10)
        app.restart()
        operator.note("of the new life")
    old, new = dict.fromkeys(told.epoch for told in history.of(TruthTold))
    assert names(history) == [(0, "began"), (1, "noted"), (0, "began"), (1, "noted")]
    assert [told.epoch for told in history.of(TruthTold)] == [old, old, new, new]


def test_an_app_that_is_gone_at_the_end_takes_nothing_with_it(
    app: SubjectProcess, operator: Operator, history: History
) -> None:
    with Truth(app.url, history):
        operator.note("last words")
        history.wait_for(lambda record: isinstance(record, TruthTold) and record.name == "noted", 10)
        app.kill()
    assert names(history) == [(0, "began"), (1, "noted")]


def test_what_became_of_a_command_is_told_and_none_is_given_for_it(
    app: SubjectProcess, operator: Operator, history: History
) -> None:
    # given commands on the wire: one carried out, one refused, one that never arrived
    operator.restart_timer()
    done, refused = operator.command("pause"), operator.command("pause")
    for id, name in ((done["id"], "pause"), (refused["id"], "pause"), ("lost", "start_round")):
        data = json.dumps({"id": id, "name": name, "args": {}})
        history.append(BodySeen(0.0, 1, "to_server", data, len(data), True))
    # when the truth is told
    with Truth(app.url, history):
        before = operator.cursor()
    # then each is known, and nothing has happened for that
    assert [(known.id, known.effects, known.seq) for known in history.of(CommandKnown)] == [
        (done["id"], 1, done["event_seq"]),
        (refused["id"], 0, None),
        ("lost", 0, None),
    ]
    assert operator.cursor() == before
