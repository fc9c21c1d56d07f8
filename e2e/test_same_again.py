"""One scenario, one seed: the same verdict and the same receipts, however often it is run."""

from collections.abc import Callable

import pytest

from e2e.nightly import nightly
from proxy_addons.harness.judge.sameness import receipts_of
from proxy_addons.harness.runner import Ruling

TIMES = 20
SCENARIOS = (
    *("transport/websocket-aborted", "transport/websocket-reset", "transport/websocket-closed-normally"),
    *("transport/websocket-restarting", "transport/websocket-going-away", "transport/dropped-again-at-once"),
    *("transport/handshake-cut", "transport/connections-refused", "transport/old-socket-wakes-up"),
    *("codes/closed-4403", "codes/closed-4401-after-a-drop", "azure/restart"),
    *("commands/repeated-on-the-way", "commands/a-drop-between-two", "data/silent-after-a-drop", "data/dropped-twice"),
    *("timing/half-open-websocket", "timing/hidden-page-wakes-to-a-dead-link", "timing/blocked"),
    "transport/websocket-closed-for-good",
)
"""Those whose traffic is the same each time, as far as rules look at it: in others, how many polls or ticks have passed
when a rule comes into force is a matter of milliseconds."""

pytestmark = nightly(60)


@pytest.mark.parametrize("name", SCENARIOS)
def test_is_the_same_each_time(scenario: Callable[[str], Ruling], name: str) -> None:
    receipts = [receipts_of(scenario(name).run) for _ in range(TIMES)]
    assert receipts == receipts[:1] * TIMES
