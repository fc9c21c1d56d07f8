"""What a harness may know of a subject beyond where it is. Nothing of it is needed: a page of which nothing is known is
judged by what crossed the wire."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from playwright.sync_api import Page

from proxy_addons.harness.judge.facts import Contract, Limits
from proxy_addons.harness.judge.plain import PlainContract
from proxy_addons.harness.seeding import seeded_random
from proxy_addons.harness.subject import Subject
from proxy_addons.history import History


@dataclass(frozen=True)
class Question:
    """What a page can be asked about itself at the end."""

    what: str
    """`trace` or `figures`."""
    expression: str
    at_ms: str = ""
    """Where each answer of a list has the page's time."""


@dataclass(frozen=True)
class Guide:
    """How a subject is read, looked at and dealt with."""

    contract: Contract = field(default_factory=PlainContract)
    """How its traffic is read."""
    limits: Limits = field(default_factory=Limits)
    """The bounds of the checks, and the scale of all times."""
    marks: Mapping[str, str] = field(default_factory=dict)
    """Where a page shows what: name -> `css@attribute`, or `css` for its text. The checks know `connection`, `stale`,
    `transport`, `epoch`, `seq`, `remaining-ms` and further ones, and a `command` for the newest command's state."""
    items: str | None = None
    """Where a page lists its events, in the same way."""
    client: Callable[[str], str | None] | None = None
    """Who sends a request, by its URL."""
    truth: Callable[[str, History], AbstractContextManager[object]] = lambda url, history: nullcontext()  # noqa: ARG005 - nothing to follow
    """Follows what the server at a URL says happened, into a history, for as long as it is entered."""
    prepare: Callable[[str], None] = lambda url: None  # noqa: ARG005 - nothing to prepare
    """Brings the server at a URL to where a run may begin."""
    happenings: Mapping[str, Callable[[str, str], None]] = field(default_factory=dict)
    """What the server can be made to say: name -> of the server at a URL, with a text of its own."""
    deeds: Mapping[str, Callable[[Page, str], None]] = field(default_factory=dict)
    """What a person can do on a page: name -> on that page, with a text of its own."""
    questions: tuple[Question, ...] = ()
    seed: int | None = None
    """From what its pages draw their jitter; None: from chance."""
    seeded: Callable[[int], str] = seeded_random
    """How a page is asked to draw from a seed: a script that runs in it before its own. Unless told, one for pages that
    draw by `Math.random`."""


Restarting = Callable[[bool], Subject]
"""Gives a subject whose server may be restarted; True: its log outlives that."""
