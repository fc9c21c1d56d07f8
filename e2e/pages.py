"""The reference app as a person meets it: the only file that knows where things are on the page."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from playwright.sync_api import Locator, Page, TimeoutError, expect

from e2e.operator_console import Operator, signed
from proxy_addons.harness.probe import Probe, was_thrown

if TYPE_CHECKING:  # slow to import, and a run that has workers does not need it itself
    from proxy_addons.proxy import FaultProxy

Colours = Literal["light", "dark"]
Look = tuple[Colours, int, int]
"""Colours, width and height of the window in pixels."""

SOON_MS = 15_000
"""Far above any bound of the client at the test scale: a story that needs this long has failed."""

_RECORD_STALENESS = """
window.__staleness = [];
new MutationObserver((records) => {
  for (const { target } of records) window.__staleness.push(target.getAttribute('data-stale'));
}).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-stale'] });
"""
"""A short change is over before a test has looked twice, so the page's changes are written down as they happen."""


_TELL_WHAT_IS_SHOWN = """
let told = '';
new MutationObserver(() => {
  const timer = document.querySelector('[data-connection]');
  const shown = timer ? `${timer.dataset.transport} ${timer.dataset.connection}` : told;
  if (shown !== told) window.__shown(...(told = shown).split(' '));
}).observe(document, { subtree: true, childList: true, attributeFilter: ['data-transport', 'data-connection'] });
"""


BUTTONS = {
    "start": "Start",
    "pause": "Pause",
    "resume": "Resume",
    "reset": "Reset",
    "score": "+1 home",
    "start_round": "Next round",
}
"""What a person can press: command -> button."""


_HEAR = """
window.__heard = [];
new MutationObserver((records) => {
  for (const { target } of records) {
    const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
    const region = element?.closest('[role="status"], [role="alert"], [aria-live="polite"], [aria-live="assertive"]');
    if (region) window.__heard.push(region.textContent.trim());
  }
}).observe(document, { subtree: true, childList: true, characterData: true });
"""
"""What a screen reader is given to read out by itself."""

_FOCUSED = """() => {
  const focused = document.activeElement;
  const named = focused.getAttribute('aria-labelledby') ?? '';
  const name = focused.getAttribute('aria-label') ?? document.getElementById(named)?.textContent
    ?? focused.labels?.[0]?.textContent ?? focused.textContent;
  return [name.trim(), getComputedStyle(focused).outlineStyle];
}"""


def press(button: str, page: Page, _: str = "") -> None:
    page.get_by_role("button", name=button, exact=True).click()


def add_note(page: Page, text: str) -> None:
    page.get_by_label("Note").fill(text)
    press("Add note", page)


class TimerPage:
    """One open page. `expect_*` wait until what they say is so, or fail."""

    def __init__(self, page: Page, url: str, story: str, probe: Probe) -> None:
        self.page = page
        self._url = url
        self._story = story
        self._probe = probe
        self.errors: list[str] = []
        self.console: list[str] = []
        page.add_init_script(_RECORD_STALENESS)
        page.on("pageerror", lambda error: self.errors.append(str(error)) if was_thrown(error) else None)
        page.on("console", lambda message: self.console.append(f"{message.type}: {message.text}"))

    # -- what a person does ---------------------------------------------------------------------------------

    def open(self) -> None:
        self.page.goto(self._url, wait_until="commit")

    def leave(self) -> None:
        """Before it is closed: what it has shown and what it says of itself goes into the record."""
        self._probe.ask("trace", "window.__trace", "at")
        self._probe.ask("figures", "window.__timerMetrics()")
        self._probe.finish()

    def go_elsewhere(self) -> None:
        """To another site, with a way back."""
        self.page.evaluate("window.__left = true")
        self.page.goto("data:text/html,elsewhere", wait_until="load")
        self.page.locator("body").get_by_text("elsewhere").wait_for()  # while pages change places, none can go back

    def come_back(self) -> None:
        self.page.go_back(wait_until="commit")

    def tell(self, proxy: "FaultProxy") -> None:
        """Let the proxy know what the page shows, for rules that wait for it; before `open`."""
        self.page.expose_function("__shown", proxy.page_shows)
        self.page.add_init_script(_TELL_WHAT_IS_SHOWN)

    def without(self, name: str) -> None:
        """A browser that lacks this global; before `open`."""
        self.page.add_init_script(f"delete window.{name}")

    def look_in(self, colours: Colours, width: int, height: int) -> None:
        """With these colours, in a window of this size; at once, since colours that change step by step are neither."""
        self.page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        self.page.set_viewport_size({"width": width, "height": height})

    def listen(self) -> None:
        """With a screen reader; before `open`."""
        self.page.add_init_script(_HEAR)

    def tab(self, back: bool = False) -> tuple[str, str]:
        """One step with the keyboard: the name of what has the focus now, and the style of the line around it."""
        self.page.keyboard.press("Shift+Tab" if back else "Tab")
        return self.focused()

    def focused(self) -> tuple[str, str]:
        name, outline = self.page.evaluate(_FOCUSED)
        return name, outline

    def fill_connections(self) -> None:
        """As other tabs do: the browser's six connections to this server are taken."""
        self.page.evaluate(
            "window.__tabs = [1, 2, 3, 4, 5, 6].map((tab) => new EventSource(`timer/stream?client=tab-${tab}`))"
        )
        self.page.wait_for_function("window.__tabs.every(({ readyState }) => readyState === 1)", timeout=SOON_MS)

    def free_connections(self) -> None:
        self.page.evaluate("window.__tabs.forEach((each) => each.close())")

    def pause(self) -> None:
        press("Pause", self.page)

    def note(self, text: str) -> None:
        add_note(self.page, signed(text, self._story))

    # -- what a person sees ---------------------------------------------------------------------------------

    @property
    def _timer(self) -> Locator:
        return self.page.locator("#timer")

    def expect_transport(self, transport: str) -> None:
        """Live over this transport: the word changes only when valid data has come over it."""
        self._expect("data-transport", transport)
        self.expect_live()

    def expect_live(self) -> None:
        self._expect("data-connection", "live")
        self._expect("data-stale", "fresh")

    def expect_staleness(self, staleness: str) -> None:
        """The data are said to be fresh, stale or offline."""
        self._expect("data-stale", staleness)

    def expect_has_been_stale(self) -> None:
        """It has said so, however shortly, since it was fresh for the first time."""
        self.page.wait_for_function(
            "() => { const s = window.__staleness; return s.slice(s.indexOf('fresh') + 1).some(w => w !== 'fresh') }",
            polling=20,
            timeout=SOON_MS,
        )

    def expect_same_life(self) -> None:
        """It is the page that was left, not a new one from the same address."""
        assert self.page.evaluate("window.__left === true")

    def expect_phase(self, phase: str) -> None:
        self._expect("data-state", phase)

    def expect_note(self, text: str) -> None:
        self._notes.get_by_text(signed(text, self._story), exact=True).wait_for(state="visible", timeout=SOON_MS)

    def expect_in_sync(self, operator: Operator) -> None:
        """Every event of the server is in the list, once and in order, and the timer shows the server's time."""
        epoch, seq = operator.cursor()
        self._expect("data-epoch", epoch)
        self._expect("data-seq", str(seq))
        assert self.event_numbers() == operator.event_numbers()
        self.expect_remaining(operator.remaining_ms)
        self.expect_live()

    def expect_remaining(self, truth: Callable[[], float], tolerance_ms: float = 300) -> None:
        shown = float(self._timer.get_attribute("data-remaining-ms") or "nan")
        assert abs(shown - truth()) <= tolerance_ms

    def expect_console(self, words: str) -> None:
        """The line has been written, word for word."""
        if not any(words in said for said in self.console):
            self.page.wait_for_event("console", lambda message: words in message.text, timeout=SOON_MS)

    def expect_command(self, state: str) -> None:
        """The latest command is shown as pending, done, failed or unknown."""
        expect(self.page.locator("[data-command-state]").first).to_have_attribute(
            "data-command-state", state, timeout=SOON_MS
        )

    def expect_paused_by_keyboard(self) -> None:
        self.page.keyboard.press("Enter")
        self.expect_phase("paused")

    def expect_log(self, words: str) -> None:
        """The list of what the connection went through has such an entry."""
        expect(self.page.locator("#log > li").filter(has_text=re.compile(words))).not_to_have_count(0, timeout=SOON_MS)

    def expect_banner(self, words: str) -> None:
        expect(self.page.get_by_role("alert")).to_contain_text(re.compile(words), timeout=SOON_MS)

    def expect_hint(self, words: str) -> None:
        expect(self.page.locator("#hint")).to_have_text(re.compile(words), timeout=SOON_MS)

    def expect_heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", name=words, exact=True)).to_be_visible()

    def expect_language(self, tag: str) -> None:
        expect(self.page.locator("html")).to_have_attribute("lang", tag)

    def expect_chart(self, name: str, words: str) -> None:
        """The chart of this figure is drawn, and says in words what it shows."""
        chart = self.page.locator("dl > div").filter(has_text=name)
        expect(chart.get_by_role("img", name=re.compile(words))).to_be_visible(timeout=SOON_MS)
        expect(chart.locator("path")).to_have_attribute("d", re.compile("^M"), timeout=SOON_MS)

    def expect_time_fills(self) -> None:
        """The time is as large as the window lets it, and nothing sticks out of that."""
        card, time = self._timer.bounding_box(), self.page.locator("#remaining").bounding_box()
        text = self.page.locator("#remaining").evaluate(
            "e => { const range = document.createRange(); range.selectNodeContents(e);"
            " return range.getBoundingClientRect().width }"
        )
        window = self.page.viewport_size
        assert card
        assert time
        assert window
        bottom = card["y"] + card["height"]
        assert text > 0.85 * time["width"] or bottom > 0.9 * window["height"]
        assert text <= time["width"]
        assert bottom <= window["height"]
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    def heard(self) -> list[str]:
        """What a screen reader has read out by itself, oldest first."""
        return list(self.page.evaluate("window.__heard"))

    def expect_to_run(self, seconds: int) -> None:
        """The time shown runs down by so much."""
        shown = float(self._timer.get_attribute("data-remaining-ms") or "nan")
        self.page.wait_for_function(
            "(until) => Number(document.querySelector('#timer').dataset.remainingMs) <= until",
            arg=shown - seconds * 1000,
            timeout=SOON_MS,
        )

    def motions(self) -> list[str]:
        """What moves, or would when it changes."""
        return list(
            self.page.evaluate(
                "[...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e);"
                " return s.transitionDuration !== '0s' || s.animationName !== 'none' }).map((e) => e.tagName)"
            )
        )

    def event_numbers(self) -> list[int]:
        """The `seq` of each event in the list, oldest first."""
        numbers = self._events.evaluate_all("items => items.map(item => Number(item.dataset.seq))")
        newest_first = list(map(int, numbers))
        return newest_first[::-1]

    @property
    def _events(self) -> Locator:
        return self.page.locator("li[data-seq]")

    @property
    def _notes(self) -> Locator:
        return self.page.locator('li[data-name="noted"]')

    def _expect(self, attribute: str, value: str | re.Pattern[str]) -> None:
        """Looks every 20 ms, where Playwright's own assertion looks after 100, 250, 500, 1000 ms; that one speaks if
        it is in vain."""
        pattern = value.pattern if isinstance(value, re.Pattern) else f"^{re.escape(value)}$"
        try:
            self.page.wait_for_function(
                "([name, pattern]) => new RegExp(pattern).test(document.querySelector('#timer')?.getAttribute(name))",
                arg=[attribute, pattern],
                polling=20,
                timeout=SOON_MS,
            )
        except TimeoutError:
            expect(self._timer).to_have_attribute(attribute, value, timeout=1)
