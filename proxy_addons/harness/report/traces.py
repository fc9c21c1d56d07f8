"""Playwright's traces, for the tests that want to know more of a failure than the record tells.

A trace is taken of every context that a test opens, by pytest-playwright's fixtures or by itself, and is kept only if
the test is not green. Whoever traces a context himself (`--tracing`, or `context.tracing.start`) has it for himself.
"""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any


class Traces:
    """Follows a browser; `begin` and `end` enclose each test. Turned off, it starts nothing."""

    def __init__(self, *, on: bool) -> None:
        self._on = on
        self._folder: Path | None = None
        self._running: dict[int, Callable[[], object]] = {}
        """id of a context -> what ends its trace"""
        self._saved: list[Path] = []

    def follow(self, browser: Any) -> None:
        """From now on, every context that this browser opens: Playwright's `Browser`, of the sync API."""
        new_context, new_page = browser.new_context, browser.new_page

        def followed_context(*args: Any, **settings: Any) -> Any:
            context = new_context(*args, **settings)
            self._follow(context)
            return context

        def followed_page(*args: Any, **settings: Any) -> Any:
            page = new_page(*args, **settings)
            self._follow(page.context)
            return page

        browser.new_context, browser.new_page = followed_context, followed_page

    def begin(self, folder: Path) -> None:
        """A test begins; its traces go here."""
        self._folder, self._saved = folder, []

    def end(self, *, keep: bool) -> list[Path]:
        """The test is over: what was traced and is kept. A trace that can't be saved is no error."""
        for finish in list(self._running.values()):
            finish()
        traces = [trace for trace in self._saved if trace.is_file()]
        if not keep:
            for trace in traces:
                trace.unlink()
            self._remove_folder()
        self._folder, self._saved = None, []
        return traces if keep else []

    def _follow(self, context: Any) -> None:
        tracing, place = context.tracing, id(context)
        start, stop, close = tracing.start, tracing.stop, context.close

        def finish() -> None:
            if self._running.pop(place, None) is not None:
                with suppress(Exception):  # the browser may be gone, or the disk full
                    stop(path=self._next())

        def another_starts(*args: Any, **settings: Any) -> Any:
            if self._running.pop(place, None) is not None:
                stop()
            return start(*args, **settings)

        def somebody_stops(path: Path | str | None = None) -> None:
            """pytest-playwright does so before it closes a context, whether it has started a trace or not."""
            if place in self._running:
                finish()
            elif path is None:
                with suppress(Exception):  # nothing was wanted of a browser that is gone
                    stop()
            else:
                stop(path=path)

        def finish_and_close(*args: Any, **settings: Any) -> None:
            finish()
            close(*args, **settings)

        tracing.start, tracing.stop, context.close = another_starts, somebody_stops, finish_and_close
        if self._on and self._folder is not None:
            with suppress(Exception):  # a test that wants no trace does not fail for the lack of one
                start(screenshots=False, snapshots=True, sources=False)
                self._running[place] = finish

    def _next(self) -> Path:
        assert self._folder is not None, "traces run only between begin and end"
        self._folder.mkdir(parents=True, exist_ok=True)
        number = len(self._saved) + 1
        self._saved.append(self._folder / ("trace.zip" if number == 1 else f"trace-{number}.zip"))
        return self._saved[-1]

    def _remove_folder(self) -> None:
        """If it held nothing else."""
        if self._folder is not None:
            with suppress(OSError):
                self._folder.rmdir()
