"""What a test stands on, the browser, the app and the proxy: whether it has died in the middle of the run.

A test that has lost one of them proves nothing, whatever else it found. The next test that wants it gets a new one.
"""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Any

import pytest

from proxy_addons.harness.subject import RunningSubject, SubjectProcess, status_of

SHARED = ("browser", "subject")
"""The fixtures that all tests of a session share."""


_VITALS = pytest.StashKey["Vitals"]()


def watch(config: pytest.Config) -> None:
    """For all of a session."""
    config.stash[_VITALS] = Vitals()
    config.pluginmanager.register(config.stash[_VITALS], "brownout-vitals")


def vitals_of(config: pytest.Config) -> "Vitals":
    return config.stash[_VITALS]


@dataclass
class _Shared:
    fixture: pytest.FixtureDef[Any]
    request: Any
    value: Any
    is_lost: bool = False


class Vitals:
    """Knows what the fixtures of a session have made: a plugin of pytest's own kind."""

    def __init__(self) -> None:
        self._shared: dict[str, _Shared] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
    ) -> Generator[None, object, object]:
        made = yield
        if fixturedef.argname in SHARED:
            self._shared[fixturedef.argname] = _Shared(fixturedef, request, made)
        return made

    def pytest_fixture_post_finalizer(self, fixturedef: pytest.FixtureDef[Any]) -> None:
        """It was ended as it should be, at the latest with the last test, and that is no loss."""
        if fixturedef.argname in self._shared and self._shared[fixturedef.argname].fixture is fixturedef:
            del self._shared[fixturedef.argname]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        """Before the fixtures of the next test: what is lost is made anew as soon as one of them wants it."""
        for name, shared in list(self._shared.items()):
            if shared.is_lost:
                self._shared.pop(name, None)
                shared.fixture.finish(shared.request)

    def losses(self, proxies: Iterable[Any] = (), *, ask: bool = False) -> list[str]:
        """What has died, and how; `ask` to make sure of it, which takes a moment: where something is wrong anyway."""
        found = []
        for shared in self._shared.values():
            how = lost_browser(shared.value, ask=ask) or lost_subject(shared.value, ask=ask)
            if how:
                shared.is_lost = True
                found.append(how)
        return found + [proxy.death for proxy in proxies if proxy.death]


def lost_browser(browser: Any, *, ask: bool = False) -> str | None:
    """Playwright hears of it whenever its loop runs; asked for something, a dead browser can't do it."""
    if not hasattr(browser, "is_connected"):
        return None
    if ask and browser.is_connected():
        try:
            type(browser).new_context(browser).close()  # past whoever follows what tests open
        except Exception:  # noqa: BLE001  # whatever it says, it does not work any more
            return "the browser is gone"
    return None if browser.is_connected() else "the browser is gone"


def lost_subject(subject: Any, *, ask: bool = False) -> str | None:
    """An app that nobody has stopped; one that somebody else runs must be asked."""
    if isinstance(subject, SubjectProcess) and (how := subject.ended()):
        return f"the app is gone: {how}"
    if ask and isinstance(subject, RunningSubject) and status_of(subject.url) is None:
        return f"the app is gone: {subject.url} does not answer any more"
    return None
