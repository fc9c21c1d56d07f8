"""Somebody in front of a page: opens it, hides it, goes offline, leaves."""

from collections.abc import Callable
from typing import assert_never

from playwright.sync_api import Browser, Error, Page, ViewportSize

from proxy_addons.harness.guide import Guide
from proxy_addons.harness.probe import Probe
from proxy_addons.harness.steps import HandlePage
from proxy_addons.history import History

_TURN = """
(state) => {
  Object.defineProperty(document, 'visibilityState', { value: state, configurable: true });
  Object.defineProperty(document, 'hidden', { value: state === 'hidden', configurable: true });
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
}
"""
"""A headless browser never hides a page, so the page is made to believe it."""
_PHONE: ViewportSize = {"width": 412, "height": 732}
"""A small window takes a fifth of the processor less than the usual one: pages are painted in software here."""
_BLOCK = "(ms) => { const end = performance.now() + ms; while (performance.now() < end); }"


class Visitor:
    """One page in a browser profile of its own, and what is done to it."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        history: History,
        guide: Guide,
        name: str,
        on_shown: Callable[[str, str], None] | None = None,
    ) -> None:
        self.name = name
        self.page: Page = browser.new_context(viewport=_PHONE).new_page()
        self.is_here = False
        """Whether it is at the page: it has opened it and not left."""
        self._url = url
        self._guide = guide
        self.probe = Probe(
            self.page,
            history,
            name,
            marks=guide.marks,
            items=guide.items,
            client=guide.client,
            on_shown=on_shown,
        )

        if guide.seed is not None:
            self.page.add_init_script(guide.seeded(guide.seed))

    def seed(self) -> None:
        """From now on it draws from the start of its seed, if it has one: what it drew before depends on how it got
        here."""
        if self._guide.seed is not None:
            self.page.evaluate(self._guide.seeded(self._guide.seed))

    def open(self) -> None:
        self.page.goto(self._url, wait_until="commit")
        self.is_here = True

    def do(self, step: HandlePage) -> None:
        """What a step says."""
        match step.do:
            case "hide" | "show":
                self._turn("hidden" if step.do == "hide" else "visible")
            case "offline" | "online":
                self.page.context.set_offline(step.do == "offline")
                self.probe.moved(step.do)
            case "reload":
                self._ask()
                self.page.reload(wait_until="commit")
            case "leave":
                self._ask()
                self.is_here = False
                self.page.goto("about:blank", wait_until="commit")
            case "block":
                self.page.evaluate(_BLOCK, step.ms)
            case "measure":
                self.probe.measure()
            case "open":
                self.open()
            case _:
                assert_never(step.do)

    def act(self, deed: str, text: str) -> None:
        """What a person does on this page, by the guide."""
        self._guide.deeds[deed](self.page, text)

    def screenshot(self) -> bytes | None:
        """The page as it is; None if it can't be had."""
        try:
            return self.page.screenshot(timeout=2000)
        except Error:
            return None

    def finish(self) -> None:
        """All that it saw is in the record."""
        if self.is_here:
            self._ask()
        self.probe.finish()

    def close(self) -> None:
        self.page.context.close()

    def _turn(self, state: str) -> None:
        self.page.evaluate(_TURN, state)
        self.probe.moved("hidden" if state == "hidden" else "visible")

    def _ask(self) -> None:
        for question in self._guide.questions:
            self.probe.ask(question.what, question.expression, question.at_ms)
