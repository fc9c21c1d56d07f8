"""Observes what a page displays without its help.

In Chromium from a world of its own (CDP), where neither the page's scripts nor a fake clock reach; in other browsers
from the page's own world, and the record says which. A look is stamped in the page; the batches come in whenever
Playwright's loop runs, which it does in every wait of Playwright's, and in `pump` and `wait_for`.
"""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib.resources import files
from typing import Any, Literal, Protocol
from uuid import uuid4

from playwright.sync_api import CDPSession, Error, Frame, Page

from proxy_addons.harness.sight import Clock, Sight, World, best_clock, first_in
from proxy_addons.records import NETWORK, PageFailed, PageLogged, PageLooked, PageMeasured, PageMoved, PageSaid, Record

BEAT_MS = 250
TEXT_LIMIT = 8000
URGENT = ("connection", "stale", "transport")
"""Marks of which a change is told at once; all else waits for the beat."""
_WORLD = "brownout"
_ANSWER_MS = 2000
"""What does not answer within this time does not answer at all."""
_NOW = "performance.timeOrigin + performance.now()"


def was_thrown(error: Error) -> bool:
    """Whether a script threw what Playwright calls a page error. Of lost connections Firefox writes to the console
    itself, without the name of an error and without a place in a script, and Playwright takes that for one."""
    return bool(error.name) or "\n    at " in (error.stack or "")


class Sink(Protocol):
    """Where records go: a `History`."""

    def append(self, record: Record) -> None: ...


class Probe:
    """Attached to a page before it is opened; ends with `finish`."""

    def __init__(
        self,
        page: Page,
        history: Sink,
        name: str = "page",
        *,
        marks: Mapping[str, str] | None = None,
        items: str | None = None,
        client: Callable[[str], str | None] | None = None,
        world: World | None = None,
        on_shown: Callable[[str, str], None] | None = None,
    ) -> None:
        """`marks`: name -> `css@attribute`, or `css` for its text; `items`: the entries of a list, in the same way;
        `client`: who sends a request, by its URL; `world`: the best that there is, unless told; `on_shown`: told the
        marks `transport` and `connection` at once when they change."""
        self.page = page
        self._history = history
        chromium = page.context.browser is not None and page.context.browser.browser_type.name == "chromium"
        self._cdp: CDPSession | None = page.context.new_cdp_session(page) if chromium else None
        self._world: World = world or ("isolated" if chromium else "main")
        self._place: int | None = None
        """The number of the isolated world in which the page is observed at the moment."""
        self._tell, self._flush = (f"__brownout_{word}_{uuid4().hex}" for word in ("tell", "flush"))
        self._whose = client
        self._over = False
        self._sight = Sight(name, self._measured_clock(), self._world, history.append, on_shown=on_shown)
        self._install(self._script(marks or {}, items))
        self._listen()

    # -- while the page lives ------------------------------------------------------------------------------------

    @property
    def life(self) -> str:
        """The name of the page's present life in the record."""
        return self._sight.life

    @property
    def latest(self) -> PageLooked | None:
        """What the page displayed last, as far as it has been told; None: nothing since it was opened or loaded."""
        return self._sight.latest

    def moved(self, to: Literal["hidden", "visible", "offline", "online"]) -> None:
        """Notes what was just done to the page."""
        self._history.append(PageMoved(time.monotonic(), self.life, to))

    def pump(self, duration_s: float = 0.001) -> None:
        """Lets what has happened come in, for so long."""
        self.page.wait_for_timeout(duration_s * 1000)

    def wait_for(self, condition: Callable[[], bool], timeout_s: float, beat_s: float = 0.02) -> bool:
        """Until the condition holds; False if the time is up. What happens meanwhile comes in."""
        until = time.monotonic() + timeout_s
        while not condition():
            if time.monotonic() > until:
                return False
            self.pump(beat_s)
        return True

    def measure(self) -> None:
        """What the page uses now, after a garbage collection; Chromium alone can tell."""
        if self._cdp is None:
            return
        self._cdp.send("Performance.enable")
        self._cdp.send("HeapProfiler.collectGarbage")
        told = self._cdp.send("Performance.getMetrics")["metrics"]
        figures = {each["name"]: int(each["value"]) for each in told}
        names = ("JSEventListeners", "Nodes", "JSHeapUsedSize")
        counts = (*(figures[name] for name in names), self._functions(self._cdp))
        self._history.append(PageMeasured(time.monotonic(), self.life, *counts))

    @staticmethod
    def _functions(cdp: CDPSession) -> int:
        """How many functions of the page's scripts are reachable, after another collection."""
        group = {"objectGroup": "measured"}
        root = cdp.send("Runtime.evaluate", {"expression": "Function.prototype", **group})["result"]["objectId"]
        found = cdp.send("Runtime.queryObjects", {"prototypeObjectId": root, **group})["objects"]["objectId"]
        wanted = {"functionDeclaration": "function() { return this.length; }", "objectId": found, "returnByValue": True}
        count = cdp.send("Runtime.callFunctionOn", wanted)["result"]["value"]
        cdp.send("Runtime.releaseObjectGroup", group)
        return int(count)

    def ask(self, what: str, expression: str, at_ms: str = "") -> None:
        """What the page's script says of itself: an object, or a list of them with the page's time in `at_ms`.

        A page that can't say it says nothing.
        """
        try:
            self.page.wait_for_function("true", timeout=_ANSWER_MS)
            answer = self.page.evaluate(expression)
        except Error:
            return
        for each in answer if isinstance(answer, list) else [answer]:
            if isinstance(each, dict):
                t = self._sight.clock.run_time(each[at_ms]) if at_ms in each else time.monotonic()
                self._history.append(PageSaid(t, self.life, what, each))

    def finish(self) -> None:
        """Takes what is still in the page; from now on only its end is noted. A page that is gone has told what it
        could."""
        if not self._over and self._sight.lives and not self.page.is_closed():
            with suppress(Error):  # the page goes away, its process does, or its script never ends
                self.page.wait_for_function("true", timeout=_ANSWER_MS)
                last = str(self._evaluate(f"{self._flush}()"))
                self.pump()  # what was told before comes first
                self._sight.hear(last)
        self._over = True

    # -- how -----------------------------------------------------------------------------------------------------

    def _script(self, marks: Mapping[str, str], items: str | None) -> str:
        settings = {
            "marks": [[name, *first_in(where)] for name, where in marks.items()],
            "items": None if items is None else first_in(items),
            "tell": self._tell,
            "flush": self._flush,
            "beatMs": BEAT_MS,
            "textLimit": TEXT_LIMIT,
            "urgent": URGENT,
        }
        source = (files(__package__) / "probe.js").read_text(encoding="utf-8")
        return source.replace("(SETTINGS)", f"({json.dumps(settings)})")

    def _measured_clock(self) -> Clock:
        """Before the page has opened: in a world that no fake clock has reached."""
        if self._cdp is not None:
            frame = self._cdp.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
            blank = self._cdp.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": f"{_WORLD}-clock"})
            self._place = blank["executionContextId"]
        return best_clock(lambda: float(self._evaluate(_NOW)), time.monotonic)

    def _evaluate(self, expression: str) -> Any:
        if self._cdp is None or self._place is None:
            return self.page.evaluate(expression)
        wanted = {"expression": expression, "contextId": self._place, "returnByValue": True}
        return self._cdp.send("Runtime.evaluate", wanted)["result"]["value"]

    def _install(self, script: str) -> None:
        if self._cdp is None or self._world == "main":
            self._place = None
            self.page.expose_function(self._tell, self._sight.hear)
            self.page.add_init_script(script)
            return
        self._cdp.on("Runtime.bindingCalled", self._heard)
        self._cdp.send("Runtime.addBinding", {"name": self._tell, "executionContextName": _WORLD})
        # The domain must be on for the script to run in new documents.
        self._cdp.send("Page.enable")
        self._cdp.send("Page.addScriptToEvaluateOnNewDocument", {"source": script, "worldName": _WORLD})

    def _heard(self, call: dict[str, Any]) -> None:
        if call["name"] == self._tell and not self._over:
            self._place = call["executionContextId"]
            self._sight.hear(call["payload"])

    def _listen(self) -> None:
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("websocket", lambda socket: self._asked(socket.url))
        self.page.on("crash", lambda _: self._failed("crash", "the page's process ended"))
        self.page.on("close", lambda _: self._sight.close(time.monotonic()))
        self.page.on("framenavigated", self._navigated)
        if self._cdp is None:
            self.page.on("pageerror", self._erred)
            self.page.on("console", lambda said: self._logged(said.type, said.text))
            return
        self._cdp.on("Runtime.exceptionThrown", self._thrown)
        self._cdp.on("Runtime.consoleAPICalled", self._said)
        self._cdp.send("Runtime.enable")

    def _asked(self, url: str) -> None:
        if self._whose is not None and self._sight.client is None:
            self._sight.client = self._whose(url)

    def _navigated(self, frame: Frame) -> None:
        """What a page tells last is lost where an empty one takes its place, which tells nothing itself."""
        if frame == self.page.main_frame and frame.url.startswith("about:"):
            self._sight.close(time.monotonic())

    def _erred(self, error: Error) -> None:
        """Firefox does not tell a rejection from an error, and what it says itself comes in the same way."""
        if was_thrown(error):
            self._failed("error", f"{error.name}: {error.message}" if error.name else error.message)
        else:
            self._logged(NETWORK, error.message)

    def _thrown(self, event: dict[str, Any]) -> None:
        details = event["exceptionDetails"]
        text = details.get("exception", {}).get("description") or details["text"]
        rejected = "in promise" in details["text"]
        self._failed("rejection" if rejected else "error", text, event["timestamp"])

    def _said(self, event: dict[str, Any]) -> None:
        words = (str(each.get("value", each.get("description", each["type"]))) for each in event["args"])
        self._logged(event["type"], " ".join(words), event["timestamp"])

    def _failed(self, what: Any, text: str, page_ms: float | None = None) -> None:
        self._note(PageFailed(self._when(page_ms), self.life, what, text))

    def _logged(self, level: str, text: str, page_ms: float | None = None) -> None:
        self._note(PageLogged(self._when(page_ms), self.life, level, text))

    def _note(self, record: Record) -> None:
        if not self._over:
            self._history.append(record)

    def _when(self, page_ms: float | None) -> float:
        """Where the browser does not say it, the moment at which it was heard."""
        return time.monotonic() if page_ms is None else self._sight.clock.run_time(page_ms)
