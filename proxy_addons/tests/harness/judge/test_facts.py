"""What a check is given and what it returns."""

from proxy_addons.harness.judge.facts import Limits

_OF_THE_SCALE = (
    "stale_after_s", "detection_s", "liveness_s", "connect_s", "cap_s", "handover_s", "gap_s", "command_s", "hold_s"
)  # fmt: skip


def test_has_the_bounds_of_the_invariants_at_scale_1() -> None:
    limits = Limits()
    assert (limits.stale_after_s, limits.detection_s, limits.liveness_s) == (3.0, 0.5, 5.0)
    assert (limits.connect_s, limits.cap_s, limits.handover_s) == (4.0, 20.0, 1.0)
    assert (limits.convergence_s, limits.upgrade_s, limits.hold_s) == (34.0, 49.0, 10.0)


def test_scales_protocol_timers() -> None:
    whole, tenth = Limits(), Limits(scale=0.1)
    for name in _OF_THE_SCALE:
        assert abs(getattr(tenth, name) - getattr(whole, name) / 10) < 1e-9, name


def test_does_not_scale_the_timer_s_own_time_nor_the_clocks_nor_the_browser() -> None:
    whole, tenth = Limits(), Limits(scale=0.1)
    assert tenth.shown_error_s == whole.shown_error_s
    assert tenth.clock_error_s == whole.clock_error_s
    assert tenth.convergence_s == 20 * 0.1 + 4 * 0.1 + 5 * 0.1 + whole.browser_throttle_s


def test_gives_a_busy_machine_its_time_where_something_must_happen_and_not_where_it_must_be_right() -> None:
    slow, quick = Limits(slow_s=2.0), Limits()
    assert slow.convergence_s == quick.convergence_s + 2.0
    assert slow.shown_error_s == quick.shown_error_s


def test_many_clients_that_come_back_together_ask_for_no_more_than_their_spread_gives() -> None:
    # a binomial of 100 and 1/2: its mean is 50, its standard deviation 5
    assert Limits().most_requests(100) == 50 + 4 * 5
    assert Limits(scale=0.1).most_requests(100) == Limits().most_requests(100)
    assert Limits(scale=0.1).crowd_window_s == 0.1
