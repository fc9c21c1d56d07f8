"""Settings that cannot work are refused at once."""

import pytest

from reference_app.settings import Settings


@pytest.mark.parametrize("scale", [0, -1, float("nan"), float("inf")])
def test_refuses_a_scale_that_is_no_positive_number(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        Settings(scale=scale)


@pytest.mark.parametrize("duration_ms", [0, -1, 10**12])
def test_refuses_a_duration_out_of_range(duration_ms: int) -> None:
    with pytest.raises(ValueError, match="duration_ms"):
        Settings(duration_ms=duration_ms)


def test_refuses_to_have_no_timer() -> None:
    with pytest.raises(ValueError, match="max_timers"):
        Settings(max_timers=0)


def test_serves_the_client_of_the_package_when_no_other_is_named() -> None:
    assert (Settings().client_dir.parent / "settings.py").is_file()
