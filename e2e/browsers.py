"""Tests that belong to one browser, whatever `--browser` says."""

from collections.abc import Callable, Generator
from unittest.mock import patch

import pytest


def always_in(browser: str) -> Callable[[pytest.Metafunc], Generator[None, object, object]]:
    """A hook for a conftest: pytest-playwright, which makes a test for each browser that is asked for, makes those of
    its folder for this one alone."""

    @pytest.hookimpl(wrapper=True)
    def pytest_generate_tests(metafunc: pytest.Metafunc) -> Generator[None, object, object]:
        with patch.object(metafunc.config.option, "browser", [browser]):
            return (yield)

    return pytest_generate_tests
