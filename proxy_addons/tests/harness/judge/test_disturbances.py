"""What can get in the way of a client."""

from proxy_addons.harness.judge.disturbances import closed_port, cut_off, disturbances, told_to_wait, within
from proxy_addons.harness.judge.run import NEVER
from proxy_addons.records import ListenerChanged, OriginRestarted, Released, UpstreamFailed
from proxy_addons.tests.harness.judge.stories import Story


def test_lists_what_rules_and_the_server_did_in_order() -> None:
    story = (
        Story()
        .fault(3.0)
        .add(
            UpstreamFailed(2.0, 1, "refused"),
            OriginRestarted(4.0, "r"),
            Released(5.0, "r", 1, 2),
            ListenerChanged(1.0, False, 80),
        )
    )
    assert [each.begin for each in disturbances(story.run())] == [1.0, 2.0, 3.0, 4.0, 5.0]


def test_nothing_disturbs_a_run_without_faults() -> None:
    story = Story().looks(2.0)
    story.poll(1.0)
    assert disturbances(story.run()) == []


def test_a_port_is_closed_until_it_opens_again_or_for_good() -> None:
    changes = [ListenerChanged(t, up, 80) for t, up in ((0.0, True), (1.0, False), (3.0, True), (5.0, False))]
    assert [(each.begin, each.end) for each in closed_port(Story().add(*changes).run())] == [(1.0, 3.0), (5.0, NEVER)]


def test_tells_which_reach_into_a_time() -> None:
    closed = closed_port(Story().add(ListenerChanged(1.0, False, 80), ListenerChanged(3.0, True, 80)).run())
    assert [bool(within(closed, *span)) for span in ((0.0, 0.5), (0.5, 1.5), (2.0, 2.5), (3.5, 4.0))] == [
        False,
        True,
        True,
        False,
    ]


def test_an_answer_that_says_busy_may_make_its_client_wait_for_a_minute() -> None:
    story = Story()
    story.poll(1.0, status=503, client="a")
    story.poll(1.0, client="b")
    run = story.run()
    assert [told_to_wait(run, "a", t) for t in (0.5, 2.0, 60.0, 62.0)] == [False, True, True, False]
    assert not told_to_wait(run, "b", 2.0)


def test_who_is_offline_is_cut_off_as_by_a_closed_port() -> None:
    story = Story().looks(0.0, "a").looks(0.0, "b").moved(4.0, "offline").moved(6.0, "online")
    story.add(ListenerChanged(1.0, False, 80), ListenerChanged(2.0, True, 80))
    run = story.run()
    assert [(each.begin, each.end) for each in cut_off(run, "a")] == [(1.0, 2.0), (4.0, 6.0)]
    assert [(each.begin, each.end) for each in cut_off(run, "b")] == [(1.0, 2.0)]
    assert cut_off(run) == cut_off(run, "a") == disturbances(run)
