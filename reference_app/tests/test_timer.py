"""The state machine, with the time as a number."""

from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_app import timer
from reference_app.timer import (
    MAX_DURATION_MS,
    AddPoints,
    Adjust,
    Command,
    NotAllowed,
    Note,
    Pause,
    Reset,
    Resume,
    RunningTimer,
    Start,
    StartRound,
    State,
    StoppedTimer,
    new_state,
)


def play(*moves: tuple[int, Command], duration_ms: int = 1000) -> tuple[State, list[timer.Event]]:
    """The state and all events after commands at given times, from an idle timer."""
    state, log = new_state(duration_ms), list[timer.Event]()
    for now_ms, command in moves:
        state, events = timer.apply(state, command, now_ms)
        log += events
    return state, log


def running(deadline_ms: int, duration_ms: int = 1000) -> RunningTimer:
    return RunningTimer(duration_ms=duration_ms, deadline_ms=deadline_ms)


def paused(remaining_ms: int, duration_ms: int = 1000) -> StoppedTimer:
    return StoppedTimer(phase="paused", duration_ms=duration_ms, remaining_ms=remaining_ms)


def idle(duration_ms: int) -> StoppedTimer:
    return StoppedTimer(phase="idle", duration_ms=duration_ms, remaining_ms=duration_ms)


def expired(duration_ms: int = 1000) -> StoppedTimer:
    return StoppedTimer(phase="expired", duration_ms=duration_ms, remaining_ms=0)


@pytest.mark.parametrize(
    ("moves", "after"),
    [
        pytest.param([(50, Start())], running(1050), id="start sets the deadline"),
        pytest.param([(0, Start()), (300, Pause())], paused(700), id="pause keeps what remains"),
        pytest.param([(0, Start()), (300, Pause()), (900, Resume())], running(1600), id="resume lets it run on"),
        pytest.param([(0, Start()), (300, Reset())], idle(1000), id="reset keeps the duration"),
        pytest.param([(0, Reset(duration_ms=5))], idle(5), id="reset takes a new duration"),
        pytest.param([(0, Adjust(delta_ms=-400))], idle(600), id="adjust shortens an idle timer"),
        pytest.param([(0, Start()), (0, Adjust(delta_ms=9))], running(1009, 1009), id="adjust moves the deadline"),
        pytest.param(
            [(0, Start()), (300, Pause()), (400, Adjust(delta_ms=-9000))],
            paused(0, 300),
            id="adjust takes no more than remains",
        ),
        pytest.param([(0, Start()), (300, Adjust(delta_ms=-700))], expired(300), id="adjust to nothing ends it"),
    ],
)
def test_the_timer_follows_the_commands(moves: list[tuple[int, Command]], after: timer.Timer) -> None:
    assert play(*moves)[0].timer == after


@pytest.mark.parametrize(
    ("moves", "refused", "advice"),
    [
        pytest.param([], Pause(), "start it first", id="pause when idle"),
        pytest.param([], Resume(), "start it first", id="resume when idle"),
        pytest.param([(0, Start())], Start(), "pause or reset it first", id="start when running"),
        pytest.param([(0, Start())], Resume(), "pause or reset it first", id="resume when running"),
        pytest.param([(0, Start()), (1, Pause())], Pause(), "resume or reset it", id="pause when paused"),
        pytest.param([(0, Start()), (1, Pause())], Start(), "resume or reset it", id="start when paused"),
        pytest.param([(0, Start()), (0, Adjust(delta_ms=-1000))], Start(), "reset it first", id="start when expired"),
        pytest.param(
            [(0, Start()), (0, Adjust(delta_ms=-1000))], Adjust(delta_ms=1), "reset it first", id="adjust when expired"
        ),
        pytest.param([], Adjust(delta_ms=MAX_DURATION_MS), "adjust it by less", id="adjust beyond the longest"),
    ],
)
def test_says_what_would_be_right_when_the_state_does_not_allow_it(
    moves: list[tuple[int, Command]], refused: Command, advice: str
) -> None:
    state, _ = play(*moves)
    with pytest.raises(NotAllowed, match=advice):
        timer.apply(state, refused, 5)


@pytest.mark.parametrize(
    ("command", "change"),
    [
        pytest.param(StartRound(), {"name": "round_started", "game": {"round": 2}}, id="round"),
        pytest.param(
            AddPoints(team="home", points=3), {"name": "scored", "game": {"score": {"home": 3}}}, id="home scores"
        ),
        pytest.param(
            AddPoints(team="away", points=2), {"name": "scored", "game": {"score": {"away": 2}}}, id="away scores"
        ),
        pytest.param(Note(text="hé"), {"name": "noted", "text": "hé"}, id="note"),
    ],
)
def test_an_event_carries_only_what_changed(command: Command, change: dict[str, object]) -> None:
    _, [event] = play((7, command))
    assert event.model_dump(exclude_none=True) == {"at_ms": 7, **change}


def test_scores_add_up_when_both_teams_score() -> None:
    state, _ = play(*[(0, AddPoints(team=team, points=2)) for team in ("home", "away", "home")])
    assert (state.game.score.home, state.game.score.away) == (4, 2)


def test_expires_at_the_deadline_when_that_is_noticed_late() -> None:
    # given a timer that has run out long ago
    state, _ = play((0, Start()))
    # when somebody looks
    state, [event] = timer.expire(state, 99_000)
    # then it ended when it had to
    assert (event.name, event.at_ms, state.timer) == ("expired", 1000, expired())


@pytest.mark.parametrize("now_ms", [0, 999])
def test_does_not_expire_when_time_remains(now_ms: int) -> None:
    state, _ = play((0, Start()))
    assert timer.expire(state, now_ms) == (state, [])


def test_never_has_more_to_go_than_its_duration_when_the_clock_is_set_back() -> None:
    state, _ = play((5000, Start()), (0, Pause()))
    assert state.timer == paused(1000)


# --- whatever the commands --------------------------------------------------------------------------------------------

COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(Start),
    st.builds(Pause),
    st.builds(Resume),
    st.builds(Adjust, delta_ms=st.integers(-2000, 2000)),
    st.builds(Reset, duration_ms=st.none() | st.integers(1, 2000)),
    st.builds(StartRound),
    st.builds(AddPoints, team=st.sampled_from(["home", "away"]), points=st.integers(1, 100)),
    st.builds(Note, text=st.text(min_size=1, max_size=5)),
)
MOVES = st.lists(st.tuples(st.integers(0, 500), COMMANDS), max_size=20)


def states(moves: list[tuple[int, Command]]) -> list[tuple[State, list[timer.Event]]]:
    """Every state on the way, with the log up to it; commands that are not allowed do nothing."""
    state, log, now_ms = new_state(1000), list[timer.Event](), 0
    passed = [(state, list(log))]
    for elapsed_ms, command in moves:
        now_ms += elapsed_ms
        state, ended = timer.expire(state, now_ms)
        log += ended
        try:
            state, events = timer.apply(state, command, now_ms)
        except NotAllowed:
            events = []
        log += events
        passed.append((state, list(log)))
    return passed


@given(MOVES)
def test_folding_the_log_gives_the_state(moves: list[tuple[int, Command]]) -> None:
    for state, log in states(moves):
        read_back = [timer.Event.model_validate_json(event.model_dump_json(exclude_none=True)) for event in log]
        assert reduce(timer.fold, read_back, new_state(1000)) == state


@given(MOVES)
def test_what_remains_is_between_nothing_and_the_duration(moves: list[tuple[int, Command]]) -> None:
    for state, _ in states(moves):
        if isinstance(state.timer, StoppedTimer):
            assert 0 <= state.timer.remaining_ms <= state.timer.duration_ms
