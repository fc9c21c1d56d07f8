"""L3: where a better transport works again, clients climb back in time, and nothing turns stale meanwhile."""

from proxy_addons.harness.judge.checks.l03_upgrade import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, snapshot, texts, tick, undecided

QUICK = Limits(scale=0.1)
"""`U` is 4.9 s; messages are old after 0.3 s."""


def below(until: float = 10.0, polls_until: float | None = None) -> Story:
    """The WebSocket is refused, so the client polls; the fault is lifted at 2 s."""
    story = Story().step(2.0, "healed").step(until, "over")
    story.refused(0.1, client="a").fault(0.1, "respond")
    for beat in range(5, int((polls_until or until) * 10)):
        story.poll(beat / 10, snapshot(1), client="a")
    return story


def climbed(t: float, story: Story) -> Story:
    """A probe at that time, which delivers and stays."""
    socket = story.websocket(t, client="a", purpose="probe").says(t + 0.05, snapshot(1))
    for beat in range(1, 10):
        socket.says(t + 0.05 + beat * 0.1, tick(1))
    return story


def test_holds_where_a_client_climbs_back_in_time() -> None:
    story = climbed(5.0, below(polls_until=5.1).shows(1.0, 9.0))
    assert found(CHECK, story, QUICK) == []


def test_breaks_where_a_client_stays_below() -> None:
    (difference,) = found(CHECK, below(), QUICK)
    assert difference.text == (
        "client a was still on polling 4.9 s after it could have climbed back to websocket, "
        "which it should have by then"
    )


def test_breaks_where_a_client_climbs_back_too_late() -> None:
    assert len(found(CHECK, climbed(8.0, below(polls_until=8.1)), QUICK)) == 1


def test_a_probe_that_stays_silent_is_no_climb() -> None:
    story = below()
    story.websocket(4.0, client="a", purpose="probe")
    assert len(found(CHECK, story, QUICK)) == 1


def test_breaks_where_the_page_turns_stale_while_its_client_changes_over() -> None:
    story = climbed(5.0, below(polls_until=5.1)).shows(4.0, 5.0).looks(5.06, stale="stale").shows(5.25, 9.0)
    assert texts(CHECK, story, QUICK) == [
        "page a showed its data as stale while its client climbed back to websocket, though messages went on coming"
    ]


def test_a_page_that_truly_got_nothing_meanwhile_may_say_so() -> None:
    story = climbed(5.0, below(polls_until=4.6)).shows(4.0, 5.0).looks(5.04, stale="stale").shows(5.25, 9.0)
    assert found(CHECK, story, QUICK) == []


def test_nothing_can_be_asked_of_a_client_that_is_on_its_best_transport() -> None:
    words = "no client was below its best transport for long enough after the last fault"
    assert undecided(CHECK, healthy()) == words


def test_nothing_can_be_asked_of_a_client_that_never_asked_for_a_better_one() -> None:
    story = Story().step(10.0, "over")
    for t in range(9):
        story.poll(t, snapshot(1), client="a")
    assert undecided(CHECK, story, QUICK) is not None


def test_nothing_can_be_asked_where_the_record_ends_before_the_time_is_over() -> None:
    assert undecided(CHECK, below(until=6.0), QUICK) is not None


def test_nothing_can_be_asked_where_a_busy_server_said_to_wait() -> None:
    story = below()
    story.poll(1.95, status=503, client="a")
    assert undecided(CHECK, story, QUICK) is not None
