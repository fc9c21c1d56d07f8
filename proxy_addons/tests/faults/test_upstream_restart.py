"""`upstream.restart`."""

from proxy_addons.actions import Forward, Restart
from proxy_addons.events import ListenerReady
from proxy_addons.faults import FAULTS, RestartUpstream
from proxy_addons.tests.play import play, received


def test_restarts_as_soon_as_the_rule_is_in_force() -> None:
    assert play(RestartUpstream(), ListenerReady(), received()) == [Restart("terminate", 5000, 0), Forward()]


def test_kills_at_once_and_stays_down_for_a_while() -> None:
    fault = RestartUpstream(how="kill", grace_ms=0, down_ms=800)
    assert play(fault, ListenerReady()) == [Restart("kill", 0, 800)]


def test_is_the_only_kind_that_needs_a_way_to_restart() -> None:
    assert [kind for kind, fault in FAULTS.items() if getattr(fault, "needs_restart", False)] == ["upstream.restart"]
