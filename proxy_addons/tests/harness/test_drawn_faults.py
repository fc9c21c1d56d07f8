"""Faults at random: any kind, with settings that it takes."""

import pytest

from proxy_addons.faults import FAULTS
from proxy_addons.harness.drawn_faults import LEFT_OUT, SETTINGS, fault_of, options, picked
from proxy_addons.plan import Rule


@pytest.mark.parametrize("kind", FAULTS)
def test_each_kind_is_drawn_with_settings_that_it_takes(kind: str) -> None:
    for number in range(30):
        drawn = fault_of(FAULTS[kind], "seed", number)
        assert Rule.model_validate({"fault": drawn}).fault.kind == kind


def test_one_key_gives_one_fault_and_others_give_others() -> None:
    stall = FAULTS["websocket.stall"]
    drawn = [fault_of(stall, number) for number in range(20)]
    assert drawn == [fault_of(stall, number) for number in range(20)]
    assert len({repr(fault) for fault in drawn}) > 5


@pytest.mark.parametrize("kind", FAULTS)
def test_every_setting_is_drawn_or_left_out_on_purpose(kind: str) -> None:
    fields = FAULTS[kind].model_fields
    drawn = {name for number in range(300) for name in fault_of(FAULTS[kind], number)}
    assert set(fields) - set(LEFT_OUT) <= drawn
    assert all(options(name, field) for name, field in fields.items() if name not in LEFT_OUT)


def test_no_setting_is_listed_that_no_kind_has() -> None:
    known = {name for kind in FAULTS.values() for name in kind.model_fields}
    assert {*SETTINGS, *LEFT_OUT} <= known


def test_everything_is_picked_sooner_or_later() -> None:
    assert {picked((1, 2, 3), number) for number in range(40)} == {1, 2, 3}
