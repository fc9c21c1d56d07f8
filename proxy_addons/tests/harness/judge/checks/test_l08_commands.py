"""L8: each command leaves `pending` within `C` of its issue, or within `C` of the last fault."""

from proxy_addons.harness.judge.checks.l08_commands import CHECK
from proxy_addons.harness.judge.facts import Limits
from proxy_addons.records import PageClosed, PageSaid
from proxy_addons.tests.harness.judge.stories import Story, found, healthy, texts, undecided

QUICK = Limits(scale=0.1)
"""`C` is 1 s, and 0.05 s more for the clocks."""


def issued(*states: tuple[float, str], until: float = 9.0) -> Story:
    """A command is issued at 2 s, and goes through these states."""
    story = Story().looks(1.0).step(until, "over").add(PageSaid(until, "a", "trace", {"what": "applied"}))
    for t, state in ((2.0, "pending"), *states):
        story.add(PageSaid(t, "a", "trace", {"what": "command", "id": "c1", "state": state}))
    return story


def test_holds_where_the_page_is_told_in_time() -> None:
    for state in ("done", "failed", "unknown"):
        assert found(CHECK, issued((2.5, state)), QUICK) == []


def test_breaks_where_nobody_is_ever_told() -> None:
    (difference,) = found(CHECK, issued(), QUICK)
    assert difference.text == (
        "page a: command c1, issued at 1.000 s, should have left `pending` within 1.050 s, and never left it"
    )
    assert (difference.first, difference.last) == (1, 1)


def test_the_figures_that_a_page_tells_at_the_end_are_a_word_too() -> None:
    story = issued(until=2.5).add(PageSaid(9.0, "a", "figures", {})).step(9.5, "over")
    assert len(found(CHECK, story, QUICK)) == 1


def test_breaks_where_the_page_is_told_too_late() -> None:
    (text,) = texts(CHECK, issued((5.0, "done")), QUICK)
    assert text.endswith("and left it only after 3.000 s")


def test_a_command_is_issued_at_the_latest_when_it_goes_out() -> None:
    for t, broken in ((3.0, False), (5.0, True)):
        story = Story().looks(1.0).add(PageSaid(9.0, "a", "trace", {"what": "applied"}))
        story.websocket(1.5, client="a").hears(2.0, '{"kind": "command", "id": "c1"}')
        story.add(PageSaid(t, "a", "trace", {"what": "command", "id": "c1", "state": "done"}))
        assert bool(found(CHECK, story, QUICK)) is broken


def test_breaks_where_the_server_carried_it_out_and_the_page_never_said_a_word() -> None:
    story = Story().looks(1.0).command(2.1, "c1").add(PageSaid(9.0, "a", "trace", {"what": "applied"}))
    story.websocket(1.5, client="a").hears(2.0, '{"kind": "command", "id": "c1"}')
    assert len(found(CHECK, story, QUICK)) == 1


def test_to_say_pending_again_is_no_end() -> None:
    assert len(found(CHECK, issued((2.5, "pending")), QUICK)) == 1


def test_the_time_counts_from_the_last_fault() -> None:
    assert found(CHECK, issued((4.5, "done")).fault(4.0), QUICK) == []
    assert len(found(CHECK, issued((5.5, "done")).fault(4.0), QUICK)) == 1


def test_a_busy_server_may_make_it_wait() -> None:
    story = issued((5.0, "done"))
    story.poll(1.5, status=503, client="a")
    assert found(CHECK, story, QUICK) == []


WORDS = "no command was issued, and its time over, before the page's last word"


def test_nothing_can_be_asked_where_no_command_was_issued() -> None:
    assert undecided(CHECK, healthy()) == WORDS


def test_nothing_can_be_asked_where_the_record_or_the_page_ends_before_the_time_is_over() -> None:
    assert undecided(CHECK, issued(until=2.5), QUICK) == WORDS
    assert undecided(CHECK, issued().opens(0.0).add(PageClosed(2.5, "a")), QUICK) == WORDS
