"""What a page showed, and what went wrong in it."""

from dataclasses import dataclass, field
from typing import Literal

from proxy_addons.records.base import Moment


@dataclass(frozen=True, slots=True)
class PageOpened(Moment):
    """A page was opened, or loaded again: a new page life."""

    page: str
    """Its name in the record."""
    url: str
    clock_error_s: float
    """How far its clock, as translated, may be off."""
    world: Literal["isolated", "main"]
    """Where it is observed from: a world that its scripts can't reach, or theirs."""

    def __str__(self) -> str:
        exposed = ", observed from the world of its scripts" if self.world == "main" else ""
        return f"page {self.page} opened at {self.url}{exposed}"


@dataclass(frozen=True, slots=True)
class PageLooked(Moment):
    """What a page displayed from this moment on, or still displays (`beat`)."""

    page: str
    why: Literal["change", "beat"]
    marks: dict[str, str]
    """What the subject's marks say: name -> text; empty where a subject names none."""
    items: list[str]
    """The entries of its list of events, as they are displayed."""
    text: str
    """All text that can be seen, up to a limit; empty where it is the same as before."""

    def __str__(self) -> str:
        marks = ", ".join(f"{name} {value}" for name, value in self.marks.items())
        return f"page {self.page} shows {marks or repr(self.text[:60])}"


@dataclass(frozen=True, slots=True)
class PageFailed(Moment):
    """An error that the page did not catch, or the end of its process."""

    page: str
    what: Literal["error", "rejection", "crash"]
    text: str

    def __str__(self) -> str:
        return f"page {self.page} {self.what}: {self.text}"


NETWORK = "network"
"""The level of a line that the browser itself writes, of a connection that failed."""


@dataclass(frozen=True, slots=True)
class PageLogged(Moment):
    """A line on the page's console."""

    page: str
    level: str
    """That of the console's method; or `network`, which no page can give."""
    text: str

    def __str__(self) -> str:
        return f"page {self.page} says {self.level}: {self.text}"


@dataclass(frozen=True, slots=True)
class PageMeasured(Moment):
    """What the page uses, after a garbage collection where one could be had."""

    page: str
    listeners: int
    nodes: int
    heap_bytes: int
    functions: int = 0
    """Of its scripts, that something still holds: a timer that nobody cancels holds one, and so does a listener."""

    def __str__(self) -> str:
        what = f"{self.listeners} listeners, {self.functions} functions, {self.nodes} nodes"
        return f"page {self.page}: {what}, {self.heap_bytes} bytes of heap"


@dataclass(frozen=True, slots=True)
class PageSaid(Moment):
    """What the page's script says of itself: evidence against it, never for it."""

    page: str
    what: str
    """`trace` or `figures`."""
    fields: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"page {self.page} {self.what}: {self.fields}"


@dataclass(frozen=True, slots=True)
class PageClosed(Moment):
    """The page is gone, or its life ended by a navigation."""

    page: str

    def __str__(self) -> str:
        return f"page {self.page} closed"


@dataclass(frozen=True, slots=True)
class PageMoved(Moment):
    """What the harness did to a page, as a person who looks away or a cable that is pulled would."""

    page: str
    to: Literal["hidden", "visible", "offline", "online"]
    """`hidden` and `visible` as the page is told (`document.visibilityState`, `visibilitychange`); `offline` and
    `online` as the browser has it: new requests fail in it, a WebSocket pauses, an event stream goes on."""

    def __str__(self) -> str:
        return f"page {self.page} is {self.to} from now on"


@dataclass(frozen=True, slots=True)
class PageShown(Moment):
    """What the page shows of its connection, as the harness tells it."""

    transport: str
    state: str

    def __str__(self) -> str:
        return f"the page shows {self.state} over {self.transport}"
