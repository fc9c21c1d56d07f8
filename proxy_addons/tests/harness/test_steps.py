"""The steps of a scenario as data."""

import pytest
from pydantic import ValidationError

from proxy_addons.harness.steps import STEPS, Wait


def test_every_step_is_found_by_what_it_does() -> None:
    assert {"event", "command", "wait", "hide", "leave", "inject", "heal"} <= set(STEPS)
    assert all(do in str(step.model_fields["do"].annotation) for do, step in STEPS.items())


def test_every_field_says_what_it_means() -> None:
    silent = [
        f"{step.__name__}.{name}"
        for step in STEPS.values()
        for name, field in step.model_fields.items()
        if name != "do" and not field.description
    ]
    assert silent == []


def test_a_wait_that_waits_for_nothing_is_an_error() -> None:
    with pytest.raises(ValidationError, match="waits for nothing; give ms, fired, shows or over"):
        Wait(do="wait")
