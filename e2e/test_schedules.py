"""Two or three faults at random, with things happening between them: the page is live and up to date in the end."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from e2e.guide import REFERENCE
from e2e.nightly import ASKED, nightly
from e2e.spare import SPARE
from proxy_addons.harness.guide import Restarting
from proxy_addons.harness.report.keeping import Broken
from proxy_addons.harness.runner import Ruling, run
from proxy_addons.harness.scenario import Scenario
from proxy_addons.harness.scenario_text import dump_scenario
from proxy_addons.harness.schedules import schedule
from proxy_addons.harness.shrinking import shrunk
from proxy_addons.harness.subject import Subject

ALWAYS = [pytest.param(seed, marks=SPARE) for seed in (3, 11, 13)]
"""WebSocket, event stream and polls are each where one of them begins."""
SCHEDULES = 1000
WORDS = ("note", "score", "start_round")
"""What the server says and what is done on the page: what needs no particular state of the timer."""
MOST_RUNS = 20
"""How often a schedule that breaks something is played again to make it smaller."""

pytestmark = [nightly(6)] if ASKED else []


@pytest.mark.parametrize("seed", range(SCHEDULES) if ASKED else ALWAYS)
def test_the_page_is_live_in_the_end(
    scenario: Callable[[Scenario], Ruling],
    subject: Subject,
    restarting: Restarting,
    browser: Browser,
    seed: int,
) -> None:
    drawn = schedule(seed, happenings=WORDS, deeds=WORDS)

    def breaks(candidate: Scenario) -> bool:
        where = restarting(candidate.given.keeps_its_log) if candidate.restarts else subject
        return run(candidate, where, REFERENCE, browser).verdict == "failed"

    try:
        ruling = scenario(drawn)
    except Broken as broken:
        smaller = dump_scenario(shrunk(drawn, breaks, MOST_RUNS))
        raise Broken(f"{broken}\n\nThe smallest schedule that breaks it, for brownout run:\n\n{smaller}") from None
    fired = {receipt.rule for receipt in ruling.proxy.history.receipts}
    if fired.isdisjoint(rule.id for rule in drawn.rules):
        assert ASKED, f"no fault of schedule {seed} fired; choose another one"
        pytest.skip("none of its faults came to fire, which proves nothing")
