"""Binds the harness to the reference app: this is the app that the stories are about."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from e2e.app import LIMITS, start_app
from e2e.contract import ReferenceContract
from proxy_addons.harness.subject import SubjectProcess

# The same examples in every run, and no verdict from a stopwatch: a gate says the same thing twice.
settings.register_profile("gate", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gate")


@pytest.fixture(scope="session")
def subject() -> Iterator[SubjectProcess]:
    """The reference app, with its state in memory."""
    with start_app() as app:
        yield app


contract = pytest.fixture(lambda: ReferenceContract(), scope="session", name="contract")
usual_limits = pytest.fixture(lambda: LIMITS, scope="session", name="usual_limits")
