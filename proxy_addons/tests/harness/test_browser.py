"""Which browser is taken, and what is said when there is none."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from proxy_addons.harness.browser import (
    FIREFOX_VARIABLE,
    ON_THE_MACHINE,
    VARIABLE,
    Attempt,
    Browser,
    BrowserMissing,
    find_browser,
    find_firefox,
    install_attempts,
    install_browser,
    launch_arguments,
)

FOUND = Browser("on this machine", Path("/usr/bin/chromium"))


def machine_with(*programs: str) -> Callable[[str], str | None]:
    """A `which` for a machine that has these programs."""
    return lambda name: f"/usr/bin/{name}" if name in programs else name if name.startswith("/opt/") else None


def python(program: str) -> Attempt:
    return Attempt(((sys.executable, "-c", program),))


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """Playwright's own build, installed."""
    executable = tmp_path / "chromium-1200" / "chrome-linux" / "chrome"
    executable.parent.mkdir(parents=True)
    executable.touch()
    return executable


class TestFinding:
    def test_takes_the_one_that_the_environment_names_before_all_others(self, build: Path) -> None:
        found = find_browser(build, {VARIABLE: "/opt/chrome"}, machine_with("chromium"))
        assert found == Browser(VARIABLE, Path("/opt/chrome"))

    def test_says_that_the_environment_names_nothing_instead_of_taking_another(self, build: Path) -> None:
        with pytest.raises(BrowserMissing, match=r"^BROWNOUT_BROWSER=/usr/bin/crome: no such program; give the path"):
            find_browser(build, {VARIABLE: "/usr/bin/crome"}, machine_with("chromium"))

    def test_takes_playwright_s_own_build_before_one_on_the_machine(self, build: Path) -> None:
        found = find_browser(build, {}, machine_with("chromium"))
        assert found == Browser("Playwright's own build", None)

    def test_counts_playwright_s_headless_shell_as_its_build(self, tmp_path: Path) -> None:
        shell = tmp_path / "chromium_headless_shell-1200" / "chrome-linux" / "headless_shell"
        shell.parent.mkdir(parents=True)
        shell.touch()
        found = find_browser(tmp_path / "chromium-1200" / "chrome-linux" / "chrome", {}, machine_with())
        assert found == Browser("Playwright's own build", None)

    def test_does_not_count_a_headless_shell_of_another_revision(self, tmp_path: Path) -> None:
        shell = tmp_path / "chromium_headless_shell-1100" / "chrome-linux" / "headless_shell"
        shell.parent.mkdir(parents=True)
        shell.touch()
        assert find_browser(tmp_path / "chromium-1200" / "chrome-linux" / "chrome", {}, machine_with()) is None

    @pytest.mark.parametrize("build", [None, Path("/nowhere/chromium-1/chrome")])
    def test_takes_the_first_on_the_machine_when_playwright_has_none(self, build: Path | None) -> None:
        found = find_browser(build, {VARIABLE: ""}, machine_with("google-chrome", "chromium"))
        assert found == FOUND

    def test_finds_none_where_none_is(self) -> None:
        assert find_browser(None, {}, machine_with()) is None

    def test_takes_the_firefox_that_the_environment_names_before_all_others(self, build: Path) -> None:
        found = find_firefox(build, {FIREFOX_VARIABLE: "/opt/firefox"}, machine_with("firefox-esr"))
        assert found == Browser(FIREFOX_VARIABLE, Path("/opt/firefox"))

    def test_says_that_the_environment_names_no_firefox_instead_of_taking_another(self) -> None:
        with pytest.raises(BrowserMissing, match=r"^BROWNOUT_FIREFOX=/usr/bin/fierfox: no such program; give the path"):
            find_firefox(None, {FIREFOX_VARIABLE: "/usr/bin/fierfox"}, machine_with("firefox-esr"))

    def test_takes_playwright_s_own_firefox_before_one_on_the_machine(self, build: Path) -> None:
        assert find_firefox(build, {}, machine_with("firefox")) == Browser("Playwright's own build", None)

    def test_takes_the_first_firefox_on_the_machine_when_playwright_has_none(self) -> None:
        found = find_firefox(None, {}, machine_with("firefox", "firefox-esr"))
        assert found == Browser("on this machine", Path("/usr/bin/firefox-esr"))

    def test_a_chromium_is_no_firefox(self) -> None:
        assert find_firefox(None, {VARIABLE: "/opt/chrome"}, machine_with("chromium")) is None

    @pytest.mark.parametrize(
        ("browser", "text"),
        [
            (FOUND, "on this machine: /usr/bin/chromium"),
            (Browser("Playwright's own build", None), "Playwright's own build"),
        ],
    )
    def test_says_what_it_found(self, browser: Browser, text: str) -> None:
        assert str(browser) == text


class TestLaunching:
    @pytest.mark.parametrize("name", ["chromium", "firefox"])
    def test_playwright_needs_no_help_with_its_own_build(self, name: str) -> None:
        assert launch_arguments(Browser("Playwright's own build", None), name) == {}

    def test_a_firefox_of_the_machine_is_driven_over_its_own_channel(self) -> None:
        firefox = Browser("on this machine", Path("/usr/bin/firefox"))
        assert launch_arguments(FOUND, "chromium") == {"executable_path": "/usr/bin/chromium"}
        assert launch_arguments(firefox, "firefox") == {
            "channel": "moz-firefox",
            "executable_path": "/usr/bin/firefox",
        }


class TestInstalling:
    def test_asks_playwright_first_and_then_the_system(self) -> None:
        apt = "apt-get update && apt-get install --yes --no-install-recommends"
        assert [str(attempt) for attempt in install_attempts(is_root=True, has_apt=True)] == [
            "python -m playwright install chromium-headless-shell",
            f"{apt} chromium-headless-shell",
            f"{apt} chromium",
        ]

    @pytest.mark.parametrize(("is_root", "has_apt"), [(False, True), (True, False)])
    def test_leaves_the_system_alone_where_it_cannot_ask_it(self, is_root: bool, has_apt: bool) -> None:
        assert len(install_attempts(is_root, has_apt)) == 1

    def test_stops_at_the_first_attempt_that_brings_a_browser(self, tmp_path: Path) -> None:
        too_late = tmp_path / "too late"
        attempts = [python("exit(1)"), python(""), python(f"open({str(too_late)!r}, 'w')")]
        assert install_browser(attempts, lambda: FOUND) == FOUND
        assert not too_late.exists()

    def test_stops_an_attempt_at_its_first_command_that_fails(self, tmp_path: Path) -> None:
        too_late = tmp_path / "too late"
        first, second = python("exit(1)").commands + python(f"open({str(too_late)!r}, 'w')").commands
        with pytest.raises(BrowserMissing):
            install_browser([Attempt((first, second))], lambda: None)
        assert not too_late.exists()

    def test_lists_what_it_tried_and_what_to_type_when_all_fail(self) -> None:
        attempts = [
            python("import sys; sys.exit('no network')"),
            python("import sys; sys.exit('Error: no such host\\n}')"),
            python(""),
            Attempt((("apt-got", "update"),)),
        ]
        with pytest.raises(BrowserMissing) as caught:
            install_browser(attempts, lambda: None)
        first, *tried, advice = str(caught.value).splitlines()
        assert first.startswith("no browser to drive. Looked for BROWNOUT_BROWSER, Playwright's own build and chromium")
        assert [line.strip() for line in tried] == [
            "python -c import sys; sys.exit('no network')",
            "exit 1: no network",
            "python -c import sys; sys.exit('Error: no such host\\n}')",
            "exit 1: Error: no such host",
            "python -c",
            "ran, and yet there is no browser",
            "apt-got update",
            "[Errno 2] No such file or directory: 'apt-got'",
        ]
        assert "sudo apt-get install chromium" in advice
        assert f"set {VARIABLE}" in advice


def test_prefers_the_headless_shell_which_starts_fastest() -> None:
    assert find_browser(None, {}, machine_with(*ON_THE_MACHINE)) == Browser(
        "on this machine", Path("/usr/bin/chromium-headless-shell")
    )
