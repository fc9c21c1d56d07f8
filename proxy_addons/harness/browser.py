"""Which browser to drive, and how to get one on a machine that has none.

Found in this order: the path in `BROWNOUT_BROWSER`, Playwright's own build, a Chromium or Chrome on the machine. A
Firefox, where one is asked for: the path in `BROWNOUT_FIREFOX`, Playwright's own build, a Firefox on the machine.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

VARIABLE = "BROWNOUT_BROWSER"
ON_THE_MACHINE = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
"""Names to look for; the headless shell starts in a third of the time."""
FIREFOX_VARIABLE = "BROWNOUT_FIREFOX"
FIREFOX_ON_THE_MACHINE = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")
FIREFOX_PUTS_NOTHING_OFF = {"network.websocket.delay-failed-reconnects": False}
"""A preference for runs at a small scale. After a WebSocket has failed, Firefox puts the next one to the same port off:
by 0.2 to 0.4 s at first, by half as much again each time, by a minute at most (`WebSocketChannel.cpp`, `FailDelay`).
That has no scale: where the times of the protocol are a tenth, it would be as if it began with 2 to 4 s, and a client
waits 4 s for a handshake."""
NO_FIREFOX = f"needs Firefox: sudo apt-get install firefox-esr, or {FIREFOX_VARIABLE} set to one"


class BrowserMissing(Exception):
    """No browser could be found or installed: says what was tried and what to type."""


@dataclass(frozen=True)
class Browser:
    """A browser that can be launched; `path` is None for Playwright's own build, which Playwright finds itself."""

    source: str
    path: Path | None

    def __str__(self) -> str:
        return f"{self.source}: {self.path}" if self.path else self.source


def find_browser(
    playwright_build: Path | None,
    environ: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
) -> Browser | None:
    """The first browser in the order above; `playwright_build` is where Playwright would put its own.

    Raises BrowserMissing if `BROWNOUT_BROWSER` names a file that can't be run.
    """
    if named := environ.get(VARIABLE):
        path = which(named)
        if path is None:
            raise BrowserMissing(f"{VARIABLE}={named}: no such program; give the path of a Chromium, or unset it")
        return Browser(VARIABLE, Path(path))
    if playwright_build is not None and _installed(playwright_build):
        return Browser("Playwright's own build", None)
    for name in ON_THE_MACHINE:
        if path := which(name):
            return Browser("on this machine", Path(path))
    return None


def find_firefox(
    playwright_build: Path | None,
    environ: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
) -> Browser | None:
    """The first Firefox in the order above; arguments and errors are those of `find_browser`."""
    if named := environ.get(FIREFOX_VARIABLE):
        path = which(named)
        if path is None:
            raise BrowserMissing(
                f"{FIREFOX_VARIABLE}={named}: no such program; give the path of a Firefox, or unset it"
            )
        return Browser(FIREFOX_VARIABLE, Path(path))
    if playwright_build is not None and playwright_build.exists():
        return Browser("Playwright's own build", None)
    for name in FIREFOX_ON_THE_MACHINE:
        if path := which(name):
            return Browser("on this machine", Path(path))
    return None


def launch_arguments(browser: Browser, name: str) -> dict[str, str]:
    """What Playwright must be told to launch it; `name` is Playwright's own for its kind: chromium or firefox.

    A Firefox that is not Playwright's is driven by WebDriver BiDi, which needs the channel named as well as the path:
    the channel alone looks for a snap package.
    """
    if browser.path is None:
        return {}
    channel = {"channel": "moz-firefox"} if name == "firefox" else {}
    return {**channel, "executable_path": str(browser.path)}


def locate_playwright_build() -> Path | None:
    """Where Playwright's Chromium is or would be."""
    from playwright.sync_api import sync_playwright  # slow to import, and most callers have a path already

    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


def _installed(executable: Path) -> bool:
    """Playwright keeps a full build and a headless shell side by side: `chromium-N`, `chromium_headless_shell-N`."""
    if executable.exists():
        return True
    folder = next((parent for parent in executable.parents if parent.name.startswith("chromium-")), None)
    if folder is None:
        return False
    revision = folder.name.removeprefix("chromium-")
    return any(folder.parent.glob(f"chromium_headless_shell-{revision}/*/*shell*"))


@dataclass(frozen=True)
class Attempt:
    """One way to install a browser: commands to run in turn."""

    commands: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        return " && ".join(" ".join(_shown(word) for word in command) for command in self.commands)


def install_attempts(is_root: bool, has_apt: bool) -> Sequence[Attempt]:
    """What to try, best first."""
    attempts = [Attempt(((sys.executable, "-m", "playwright", "install", "chromium-headless-shell"),))]
    if is_root and has_apt:
        install = ("apt-get", "install", "--yes", "--no-install-recommends")
        for package in ("chromium-headless-shell", "chromium"):
            attempts.append(Attempt((("apt-get", "update"), (*install, package))))
    return attempts


def install_browser(attempts: Sequence[Attempt], find: Callable[[], Browser | None]) -> Browser:
    """Try each way until a browser is there. Raises BrowserMissing with what was tried and what to type."""
    failures = []
    for attempt in attempts:
        failure = _run(attempt)
        if failure is None and (browser := find()):
            return browser
        failures.append(f"  {attempt}\n      {failure or 'ran, and yet there is no browser'}")
    raise BrowserMissing(
        "no browser to drive. Looked for "
        f"{VARIABLE}, Playwright's own build and {', '.join(ON_THE_MACHINE[:-1])}; then tried:\n"
        + "\n".join(failures)
        + f"\nInstall Chromium or Chrome (Debian, Ubuntu: sudo apt-get install chromium), or set {VARIABLE} to one."
    )


def _run(attempt: Attempt) -> str | None:
    """None, or the first line in which the failing command speaks of an error (its last line, if it never does)."""
    for command in attempt.commands:
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError as error:
            return str(error)
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip() or "said nothing").splitlines()
            telling = next((line.strip() for line in said if "error" in line.lower()), said[-1])
            return f"exit {done.returncode}: {telling}"
    return None


def _shown(word: str) -> str:
    return "python" if word == sys.executable else word
