"""Binds the harness to the reference app: this is the app that the stories are about."""

from collections.abc import Iterator

import pytest

from e2e.app import start_app
from proxy_addons.harness.subject import SubjectProcess


@pytest.fixture(scope="session")
def subject() -> Iterator[SubjectProcess]:
    """The reference app, with its state in memory."""
    with start_app() as app:
        yield app
