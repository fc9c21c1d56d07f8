"""What a check is given and what it returns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from proxy_addons.records import RequestSeen

if TYPE_CHECKING:
    from proxy_addons.harness.judge.run import Run

Evidence = Literal["truth", "cursor", "display", "attempts", "trace", "figures", "health", "commands"]
"""What a subject may offer beyond the wire: its server's log; epoch and seq in its messages; a page that can be read;
URLs that say whose request is what; what its client says of itself; what its pages use; what became of commands."""

Purpose = Literal["live", "probe", "resync", "check", "command", "asset"]
"""What a request is for; a subject without `attempts` has only `live` (streams, polls), `command` and `asset`."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one message of the server says, as far as a judge must know."""

    kind: str
    """`snapshot`, `event`, `tick`, `result`, `goodbye`, or the subject's own word."""
    epoch: str | None = None
    seq: int | None = None
    since: int | None = None
    """Up to which number a snapshot may have left events out (`missed`); None: it leaves none out."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose request it is, by its URL."""

    client: str
    attempt: int
    purpose: Purpose


class Contract(Protocol):
    """How a subject's traffic is read."""

    offers: frozenset[Evidence]

    def said(self, data: str) -> Said | None:
        """What a message says; None: it is malformed."""

    def polled(self, body: str) -> list[str]:
        """The messages in the answer to a poll, for `said` to read; an answer that is none is one malformed one."""

    def whose(self, request: RequestSeen) -> Whose:
        """Whose request it is."""


@runtime_checkable
class BinaryContract(Protocol):
    """What a Contract has besides where the subject's client reads binary messages; to another each is malformed."""

    def said_binary(self, data: str) -> Said | None:
        """What a binary message says; `data` as the record has it."""


@dataclass(frozen=True)
class Limits:
    """The bounds of the invariants, in seconds at the run's scale unless a name says otherwise."""

    scale: float = 1.0
    """1 for people, 0.1 in tests: of protocol timers and of what derives from them."""
    slow_s: float = 0.0
    """Added to the bounds of liveness: what a busy machine takes. Never to those of safety."""
    shown_error_s: float = 0.3
    """`X` on `data-remaining-ms`; the text may be off by `text_error_s`."""
    text_error_s: float = 1.2
    clock_error_s: float = 0.05
    events_listed: int = 200
    """How many of the latest events a page lists, where it lists them."""
    budget: int = 3
    """Failures in a row before a client goes on to the next transport."""
    browser_throttle_s: float = 5.0
    """`T`: how long Chromium may put a WebSocket off after many failures."""

    @property
    def stale_after_s(self) -> float:
        """`A`."""
        return 3.0 * self.scale

    @property
    def detection_s(self) -> float:
        """`d`."""
        return 0.5 * self.scale + self.slow_s

    @property
    def liveness_s(self) -> float:
        """`LIV`."""
        return 5.0 * self.scale

    @property
    def connect_s(self) -> float:
        """`CT`."""
        return 4.0 * self.scale

    @property
    def cap_s(self) -> float:
        """`CAP`: the longest back-off."""
        return 20.0 * self.scale

    @property
    def floor_s(self) -> float:
        """No reconnection comes sooner."""
        return 0.1 * self.scale

    @property
    def base_s(self) -> float:
        """The first window of the back-off, doubled after each failure up to `cap_s`."""
        return 0.5 * self.scale

    @property
    def spread_s(self) -> float:
        """Over how long clients come back that the server let go together."""
        return 2.0 * self.scale

    @property
    def crowd_window_s(self) -> float:
        """In which requests are counted when many clients come back together."""
        return 1.0 * self.scale

    def most_requests(self, clients: int) -> float:
        """`R`: how many requests so many clients that come back together make at most in any `crowd_window_s`.

        Each comes back once, at a time drawn evenly from `spread_s`: how many fall into a window is binomial, and four
        standard deviations above its mean are chance in one window of thirty thousand.
        """
        share = min(1.0, self.crowd_window_s / self.spread_s)
        return clients * share + 4 * sqrt(clients * share * (1 - share))

    @property
    def uptime_s(self) -> float:
        """How long a connection must last to clear the record of its transport."""
        return 5.0 * self.scale

    @property
    def poll_s(self) -> float:
        """How long a client waits for the answer to a poll."""
        return 3.0 * self.scale

    @property
    def beat_s(self) -> float:
        """From one poll to the next, and from one request to catch up, or look whether the network is there, to the
        next."""
        return 1.0 * self.scale

    @property
    def probe_least_s(self) -> float:
        """The shortest time between two upward probes: half of the first interval, which is 15 s."""
        return 7.5 * self.scale

    @property
    def convergence_s(self) -> float:
        """`Y`."""
        return self.cap_s + self.connect_s + self.liveness_s + self.browser_throttle_s + self.slow_s

    @property
    def handover_s(self) -> float:
        """`W`."""
        return 1.0 * self.scale + self.slow_s

    @property
    def gap_s(self) -> float:
        """`G`."""
        return 2.0 * self.scale + self.slow_s

    @property
    def command_s(self) -> float:
        """`C`."""
        return 10.0 * self.scale + self.slow_s

    @property
    def probe_every_s(self) -> float:
        """The longest interval between two upward probes."""
        return 30.0 * self.scale

    @property
    def upgrade_s(self) -> float:
        """`U`."""
        return 1.5 * self.probe_every_s + self.connect_s + self.slow_s

    @property
    def hold_s(self) -> float:
        """How long convergence must last to count."""
        return 10.0 * self.scale


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that was not as it should have been."""

    t: float
    """When, on the clock of the run."""
    text: str
    """What was seen, and what should have been."""
    first: int
    """The smallest slice of the record that shows it: numbers of its first and last record."""
    last: int


class Undecided(Exception):
    """The premise of a check is missing: there was nothing that could have gone wrong. The text says what."""


@dataclass(frozen=True)
class Check:
    """One statement about a run."""

    id: str
    """As in S1 or L12."""
    title: str
    find: Callable[["Run", Limits], list[Difference]]
    """All differences; none means that the statement holds. Raises Undecided."""
    needs: frozenset[Evidence] = frozenset()
    own_run: bool = False
    """It says something only of runs that were made for it."""


Outcome = Literal["held", "broken", "not applicable", "undecided", "crashed"]


@dataclass(frozen=True)
class Finding:
    """What a check found in a run."""

    check: str
    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    why: str = ""
    """Which evidence or premise is missing, or how it crashed."""
    details: Mapping[str, object] = field(default_factory=dict)
