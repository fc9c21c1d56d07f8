"""Binds the harness to the reference app: this is the app that the stories and scenarios are about."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from e2e.app import apps_to_restart, start_app
from e2e.guide import REFERENCE
from proxy_addons.harness.guide import Restarting
from proxy_addons.harness.subject import SubjectProcess

# The same examples in every run, and no verdict from a stopwatch: a gate says the same thing twice.
settings.register_profile("gate", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gate")
guide = pytest.fixture(lambda: REFERENCE, scope="session", name="guide")


@pytest.fixture(scope="session")
def subject() -> Iterator[SubjectProcess]:
    """The reference app, with its state in memory."""
    with start_app() as app:
        yield app


@pytest.fixture(scope="session")
def restarting() -> Iterator[Restarting]:
    with apps_to_restart() as app:
        yield app
