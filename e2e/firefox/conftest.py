"""All that is here is played in Firefox, whatever `--browser` says; a machine without one skips it."""

from collections.abc import Generator
from unittest.mock import patch

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> Generator[None, object, object]:
    """pytest-playwright makes one test for each browser that is asked for."""
    with patch.object(metafunc.config.option, "browser", ["firefox"]):
        return (yield)
