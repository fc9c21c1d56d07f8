"""What a test stands on, and that its death is noticed; in real runs this is what `test_killed.py` shows."""

from types import SimpleNamespace
from typing import Any

import pytest

from proxy_addons.harness.subject import RunningSubject, SubjectProcess
from proxy_addons.harness.vitals import Vitals, lost_browser, lost_subject


class Browser:
    """As Playwright's; it hears of its own death only when it is asked for something."""

    def __init__(self, *, alive: bool = True, heard: bool = False) -> None:
        self._alive, self._connected = alive, alive or not heard

    def is_connected(self) -> bool:
        return self._connected

    def new_context(self) -> Any:
        self._connected = self._alive
        if not self._alive:
            raise RuntimeError("Target page, context or browser has been closed")
        return SimpleNamespace(close=lambda: None)


class Fixture:
    """As pytest's FixtureDef."""

    def __init__(self, name: str) -> None:
        self.argname = name
        self.finished: list[object] = []

    def finish(self, request: object) -> None:
        self.finished.append(request)


def made(vitals: Vitals, name: str, value: object) -> Fixture:
    """The fixture of this name has been set up."""
    fixture = Fixture(name)
    setup = vitals.pytest_fixture_setup(fixture, f"request of {name}")  # type: ignore[arg-type]  # as much as is needed
    next(setup)
    with pytest.raises(StopIteration) as stop:
        setup.send(value)
    assert stop.value.value is value
    return fixture


@pytest.fixture
def vitals() -> Vitals:
    return Vitals()


class TestBrowser:
    def test_that_lives_is_no_loss(self) -> None:
        assert lost_browser(Browser(), ask=True) is None

    def test_that_is_known_to_be_gone_is_a_loss(self) -> None:
        assert lost_browser(Browser(alive=False, heard=True)) == "the browser is gone"

    def test_that_has_died_just_now_is_a_loss_when_it_is_asked(self) -> None:
        assert lost_browser(Browser(alive=False)) is None
        assert lost_browser(Browser(alive=False), ask=True) == "the browser is gone"

    def test_is_not_everything_that_a_fixture_makes(self) -> None:
        assert lost_browser("http://app.test", ask=True) is None


class TestSubject:
    def test_that_ended_by_itself_is_a_loss(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(SubjectProcess, "ended", lambda _: "`app` ended with exit code 1")
        assert (
            lost_subject(SubjectProcess(["app"], "http://app.test")) == "the app is gone: `app` ended with exit code 1"
        )

    def test_that_was_never_started_is_none(self) -> None:
        assert lost_subject(SubjectProcess(["app"], "http://app.test"), ask=True) is None

    @pytest.mark.parametrize(
        ("status", "loss"), [(503, None), (None, "the app is gone: http://app.test does not answer any more")]
    )
    def test_that_somebody_else_runs_is_asked(
        self, monkeypatch: pytest.MonkeyPatch, status: int | None, loss: str | None
    ) -> None:
        monkeypatch.setattr("proxy_addons.harness.vitals.status_of", lambda _: status)
        assert lost_subject(RunningSubject("http://app.test"), ask=True) == loss
        assert lost_subject(RunningSubject("http://app.test")) is None


class TestVitals:
    def test_tell_all_losses(self, vitals: Vitals) -> None:
        made(vitals, "browser", Browser(alive=False, heard=True))
        made(vitals, "page", Browser(alive=False, heard=True))
        proxies = [SimpleNamespace(death=None), SimpleNamespace(death="the proxy is gone")]
        assert vitals.losses(proxies) == ["the browser is gone", "the proxy is gone"]

    def test_have_what_is_lost_made_anew(self, vitals: Vitals) -> None:
        # given
        browser = made(vitals, "browser", Browser(alive=False, heard=True))
        subject = made(vitals, "subject", RunningSubject("http://app.test"))

        # when
        assert vitals.losses()
        vitals.pytest_runtest_setup()

        # then
        assert (browser.finished, subject.finished) == (["request of browser"], [])
        assert vitals.losses() == []

    def test_do_so_once(self, vitals: Vitals) -> None:
        browser = made(vitals, "browser", Browser(alive=False, heard=True))
        vitals.losses()
        vitals.pytest_runtest_setup()
        vitals.pytest_runtest_setup()
        assert len(browser.finished) == 1

    def test_count_no_loss_that_was_wanted(self, vitals: Vitals) -> None:
        browser: Any = made(vitals, "browser", Browser(alive=False, heard=True))
        vitals.pytest_fixture_post_finalizer(browser)
        assert vitals.losses(ask=True) == []

    def test_know_the_new_one_when_the_old_one_ends(self, vitals: Vitals) -> None:
        old: Any = made(vitals, "browser", Browser())
        made(vitals, "browser", Browser(alive=False, heard=True))
        vitals.pytest_fixture_post_finalizer(old)
        assert vitals.losses() == ["the browser is gone"]

    def test_leave_alone_what_lives(self, vitals: Vitals) -> None:
        browser = made(vitals, "browser", Browser())
        assert vitals.losses(ask=True) == []
        vitals.pytest_runtest_setup()
        assert browser.finished == []
