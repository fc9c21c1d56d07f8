"""The lane of the server."""

from proxy_addons.harness.judge.run import Run
from proxy_addons.harness.report.timeline import draw
from proxy_addons.records import (
    ListenerChanged,
    OriginRestarted,
    TruthTold,
)
from proxy_addons.tests.harness.judge.stories import Story, StoryContract
from proxy_addons.tests.harness.report.pictures import lane, seen


def test_leaves_out_what_the_server_logged_before_the_run() -> None:
    story = Story().add(ListenerChanged(10.0, True, 1)).truth(12.0, 2)
    run = Run((*story.run().records, TruthTold(3.0, "e", 1, "noted", {}, 0.005)), StoryContract())
    assert seen(lane(draw(run), "server")) == [(2.0, None, "truth")]


def test_draws_a_restart_beside_the_server_s_events() -> None:
    assert seen(lane(draw(Story().add(OriginRestarted(0, "a")).run()), "server")) == [(0, None, "restart")]
