"""A long run of a right app without faults: nothing is wrong in it."""

import pytest

from proxy_addons.harness.judge.checks import (
    s01_accuracy,
    s02_staleness,
    s03_monotone,
    s04_no_duplicate,
    s05_validity,
    s06_no_gap,
    s07_one_transport,
    s08_no_ghost,
    s18_display_sanity,
    s19_indicator,
    s24_agreement,
)
from proxy_addons.harness.judge.facts import Check
from proxy_addons.tests.harness.judge.stories import healthy, texts, undecided

HOLD = [
    module.CHECK
    for module in (
        s01_accuracy, s02_staleness, s03_monotone, s04_no_duplicate, s05_validity, s06_no_gap, s07_one_transport,
        s18_display_sanity, s19_indicator, s24_agreement,
    )
]  # fmt: skip


@pytest.mark.parametrize("check", HOLD, ids=lambda check: check.id)
def test_holds_on_a_healthy_run_of_two_clients(check: Check) -> None:
    assert texts(check, healthy(120, ("a", "b"))) == []


@pytest.mark.parametrize("check", HOLD[:-1], ids=lambda check: check.id)
def test_holds_on_a_healthy_run_of_one_client(check: Check) -> None:
    assert texts(check, healthy(120)) == []


def test_finds_no_ghost_where_nothing_was_ever_replaced() -> None:
    assert undecided(s08_no_ghost.CHECK, healthy(120)) is not None
