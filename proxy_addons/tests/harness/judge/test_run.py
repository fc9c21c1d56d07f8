"""A run as the checks see it."""

from proxy_addons.harness.judge.run import NEVER, Run
from proxy_addons.records import ConnectionEnded, PageClosed, PageLooked, TruthTold
from proxy_addons.tests.harness.judge.stories import EVERYTHING, Story, StoryContract, event, snapshot, tick


def test_begins_and_ends_with_its_records() -> None:
    run = Story().looks(3.0).looks(9.0).run()
    assert (run.start, run.end) == (3.0, 9.0)
    assert Story().run().end == 0.0


def test_puts_together_what_belongs_to_a_stream() -> None:
    story = Story()
    story.websocket(1.0, opened=1.2, client="a", attempt=4).says(1.3, snapshot(1)).ends(9.0, "close", "client", 1001)
    (exchange,) = story.run().exchanges
    assert (exchange.client, exchange.attempt, exchange.purpose, exchange.rung) == ("a", 4, "live", "websocket")
    assert (exchange.status, exchange.opened_t, exchange.ended_t, exchange.code) == (101, 1.2, 9.0, 1001)
    assert exchange.worked
    assert [exchange.is_open_at(t) for t in (1.1, 1.2, 8.9, 9.0)] == [False, True, True, False]


def test_reads_a_poll_as_messages() -> None:
    story = Story()
    story.poll(1.0, event(2), tick(2), took=0.5)
    (exchange,) = story.run().exchanges
    assert [each.said.kind for each in exchange.deliveries if each.said] == ["event", "tick"]
    assert (exchange.rung, exchange.ended_t, exchange.is_open_at(1.2)) == ("polling", 1.5, True)


def test_takes_no_message_from_a_poll_that_was_refused() -> None:
    story = Story()
    story.poll(1.0, tick(2), status=503)
    assert story.run().exchanges[0].deliveries == []


def test_ends_what_stands_on_a_connection_that_ends() -> None:
    story = Story()
    story.websocket(1.0, connection=5)
    (exchange,) = story.add(ConnectionEnded(4.0, 5, "rst", "client")).run().exchanges
    assert (exchange.ended_t, exchange.how, exchange.ended_by) == (4.0, "rst", "client")


def test_leaves_open_what_has_not_ended() -> None:
    story = Story()
    story.websocket(1.0)
    assert story.run().exchanges[0].ended_t == NEVER


def test_tells_clients_and_purposes_apart() -> None:
    story = Story()
    story.websocket(1.0, client="a").story.eventsource(2.0, client="b").story.websocket(
        3.0, client="b", purpose="probe"
    )
    story.request(4.0, client="c", method="POST")
    run = story.run()
    assert run.clients == ["a", "b"]
    assert [each.rung for each in run.channels("b")] == ["eventsource", "websocket"]
    assert [each.rung for each in run.channels("b", "probe")] == ["websocket"]
    assert run.exchanges[-1].rung == "command"


def test_knows_one_client_where_urls_do_not_tell() -> None:
    story = Story(EVERYTHING - {"attempts"})
    story.websocket(1.0, client="a").story.websocket(2.0, client="b")
    assert story.run().clients == ["page"]


def test_counts_only_what_was_delivered_and_can_be_read_as_valid() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, snapshot(1)).says(2.0, "{").says(3.0, tick(1), delivered=False).says(4.0, tick(1))
    run = story.run()
    assert run.valid_times() == [1.0, 4.0]


def test_counts_what_a_rule_sent_in_the_place_of_a_message() -> None:
    story = Story()
    told = story.websocket(0.0).says(1.0, event(1), delivered=False)
    told.fault(1.0, "duplicate", event(1) * 2).says(2.0, tick(1), delivered=False).fault(2.0, "replace", "{oops")
    run = story.run()
    assert run.valid_times() == [1.0, 1.0]
    assert [each.raw for each in run.deliveries() if each.delivered and each.said is None] == ["{oops"]


def test_counts_what_was_held_when_it_goes_out() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, event(1), delivered=False).fault(1.0, "delay").releases(4.0)
    late = [each for each in story.run().deliveries() if each.delivered]
    assert [(each.t, each.late_s, each.is_valid) for each in late] == [(4.0, 3.0, True)]


def test_is_not_sure_when_something_arrives_on_a_slow_line() -> None:
    story = Story()
    told = story.websocket(0.0).says(1.0, tick(1)).fault(1.5, "pace", kind="connection.throttle")
    told.says(2.0, tick(1))
    assert [each.surely for each in story.run().deliveries()] == [True, False]


def test_is_healed_when_the_last_fault_is_lifted() -> None:
    story = Story()
    story.websocket(0.0).says(1.0, tick(1), delivered=False).fault(1.0, "stall").releases(5.0)
    assert story.run().healed_at == 5.0
    assert Story().looks(1.0).looks(9.0).run().healed_at == 1.0


def test_shows_what_each_page_displayed() -> None:
    story = Story().opens(0.5, "a").looks(2.0, "a", stale="fresh", remaining_ms=5).looks(1.0, "b", remaining_ms="x")
    run = story.add(PageClosed(7.0, "a")).run()
    assert run.pages == ["b", "a"]
    (look,) = run.looks_of("a")
    assert (look.is_fresh, look.number_of("remaining-ms"), look.mark("none")) == (True, 5.0, None)
    assert run.looks_of("b")[0].number_of("remaining-ms") is None
    assert run.life_of("a") == (0.5, 7.0)


def test_knows_whose_page_it_is_by_its_mark_or_where_there_is_only_one() -> None:
    story = Story()
    story.websocket(0.0, client="x")
    story.add(PageLooked(1.0, "p", "beat", {}, [], "")).looks(1.0, "q")
    assert (story.run().client_of("p"), story.run().client_of("q")) == ("x", "q")
    story.websocket(2.0, client="y")
    assert story.run().client_of("p") is None


def test_tells_the_truth_in_order_and_by_its_place() -> None:
    run = Story().truth(5.0, 2, "paused").truth(1.0, 1, "started").run()
    assert [told.name for _, told in run.truth] == ["started", "paused"]
    assert run.told("e", 2) is not None
    assert run.told("e", 3) is None


def test_a_look_has_the_place_in_the_log_that_it_shows() -> None:
    story = Story().looks(1.0, epoch="e", seq=3).looks(2.0, epoch="e", seq="three").looks(3.0, seq=3)
    assert [look.place for look in story.run().looks] == [("e", 3), None, None]


def test_a_browser_that_is_online_again_is_healed() -> None:
    assert Story().moved(2.0, "offline").moved(5.0, "online").step(9.0, "over").run().healed_at == 5.0


def test_what_was_told_late_stands_in_order_of_time_with_its_line_in_the_saved_history() -> None:
    # given a record into which looks and the truth came in batches
    story = Story().truth(1.0, 1).truth(2.0, 2).looks(1.5).looks(2.5)
    story.websocket(0.5).says(3.0, tick(1))
    late = sorted(story.records, key=lambda record: isinstance(record, PageLooked | TruthTold))
    late = [*late[:-4], *reversed(late[-4:])]
    run = Run(late, StoryContract())
    # then who asks for them gets them in order, and can find each line
    assert [look.t for look in run.looks] == [1.5, 2.5]
    assert [told.seq for _, told in run.truth] == [1, 2]
    assert all(run.records[look.number] is look.record for look in run.looks)
    assert list(run.records) == late
