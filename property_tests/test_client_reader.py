"""The client's reader of messages in a real page: rubbish never throws and is never shown, and the next good message
is applied; good messages in odd spellings are good messages."""

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page

from e2e.app import start_app
from e2e.bundle import CLIENT

RIG = (Path(__file__).parent / "client_rig.js").read_text(encoding="utf-8")
EPOCH = "e0e0"
CANARY = "canary-d1a5"
"""Stands in all rubbish that can hold a text; it must not come to light."""
FORBIDDEN = ("NaN", "undefined", "null", "Infinity", "[object", "\ufffd", CANARY)

Json = dict[str, Any]
in_batches = settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass
class Server:
    """What a right server would have said by now."""

    home: int = 0
    events: list[Json] = field(default_factory=list)

    def scores(self) -> Json:
        """The next event; the state is the one after it."""
        self.home += 1
        body = {"seq": len(self.events) + 1, "name": "scored", "at_ms": 1_700_000_000_000}
        self.events.append(body | {"game": {"score": {"home": self.home}}})
        return self._envelope("event") | self.events[-1]

    def notes(self) -> Json:
        """Likewise, an event with a text."""
        self.events.append({"seq": len(self.events) + 1, "name": "noted", "at_ms": 1_700_000_000_000, "text": "so"})
        return self._envelope("event") | self.events[-1]

    def snapshot(self) -> Json:
        game = {"round": 1, "score": {"home": self.home, "away": 0}}
        rest = {"timer": TIMER, "game": game, "events": self.events[-200:], "oldest_seq": min(1, len(self.events))}
        return self._envelope("snapshot") | rest

    def tick(self) -> Json:
        return self._envelope("tick") | {"timer": TIMER}

    def _envelope(self, kind: str) -> Json:
        return {"v": 1, "epoch": EPOCH, "seq": len(self.events), "server_ms": 1_700_000_000_000, "kind": kind}


TIMER = {"phase": "paused", "duration_ms": 600_000, "remaining_ms": 300_000}


class ReaderPage:
    """The reference app's page, with its client on a socket that the test holds."""

    def __init__(self, page: Page, url: str) -> None:
        self.errors: list[str] = []
        self._page = page
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.route("**/client/main.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
        page.route("**/rig.js", lambda route: route.fulfill(body=RIG, content_type="text/javascript"))
        page.goto(url)

    def start(self, server: Server) -> None:
        """A fresh client that has the server's first snapshot."""
        first = json.dumps(server.snapshot())
        self._page.evaluate("async (first) => { window.rig = new (await import('/rig.js')).Rig(first) }", first)

    def receive(self, rubbish: list[str]) -> None:
        self._page.evaluate("(batch) => batch.forEach((text) => window.rig.receive(text))", rubbish)

    def next(self, message: str, server: Server) -> Json:
        """What is shown after a good message, when `server` is how things stand."""
        shown: Json = self._page.evaluate("([m, s]) => window.rig.next(m, s)", [message, json.dumps(server.snapshot())])
        return shown


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[ReaderPage]:
    """The modules one by one: the rig imports some of them."""
    with start_app("--client", str(CLIENT)) as app, browser.new_context() as context:
        yield ReaderPage(context.new_page(), app.url)


# -- rubbish ------------------------------------------------------------------------------------------------------

of_no_kind = st.sampled_from([None, True, [CANARY], {"__proto__": {"polluted": CANARY}}])
not_a_text = st.one_of(of_no_kind, st.integers())
not_a_count = st.one_of(of_no_kind, st.sampled_from([CANARY, "12", -1, -(2**60), 2**60, 1e308, 0.5]))
OPTIONAL = {"game", "timer", "text"}
"""An event without them is an event."""

server = Server()
messages = st.sampled_from([server.snapshot(), server.tick(), server.scores(), server.notes(), server.snapshot()])


def paths(value: object, prefix: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value within a value."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*prefix, key)
        yield from paths(child, (*prefix, key))


@st.composite
def wrong_shapes(draw: st.DrawFn) -> str:
    """A message in which one value, at any depth, is missing or is what no field of its name can be."""
    message = copy.deepcopy(draw(messages))
    *way, name = draw(st.sampled_from(list(paths(message))))
    place: Any = message
    for key in way:
        place = place[key]
    if name not in OPTIONAL and isinstance(place, dict) and draw(st.booleans()):
        del place[name]
    else:
        wrong = not_a_text if isinstance(place[name], str) else not_a_count
        # An object of unknown fields only is a change that changes nothing.
        place[name] = draw(wrong.filter(lambda value: not (isinstance(value, dict) and isinstance(place[name], dict))))
    return json.dumps(message | {"from_a_newer_server": CANARY})


@st.composite
def cut_short(draw: st.DrawFn) -> str:
    text = json.dumps(draw(messages))
    return text[: draw(st.integers(0, len(text) - 1))]


not_json = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            f"<html><body>{CANARY}</body></html>",
            "NaN",
            "[1e999]",
            '{"v":1,"kind":"tick","timer":{"phase":"paused","remaining_ms":NaN}}',
            "[" * 10_000,
            "\ufeff{}",
            '"\\ud800"',
            "null",
            "[]",
            "0",
            "",
        ]
    ),
)
rubbish = st.lists(st.one_of(wrong_shapes(), cut_short(), not_json), min_size=1, max_size=12)


@in_batches
@given(batches=st.lists(rubbish, min_size=1, max_size=5))
def test_rubbish_is_never_shown_and_the_next_good_message_is(reader: ReaderPage, batches: list[list[str]]) -> None:
    server = Server()
    reader.start(server)
    for batch in batches:
        reader.receive(batch)
        shown = reader.next(json.dumps(server.scores()), server)
        assert (shown["seq"], shown["home"], shown["phase"]) == (len(server.events), server.home, "paused")
        assert shown["events"] == [event["seq"] for event in reversed(server.events)]
        assert [word for word in FORBIDDEN if word in shown["text"]] == []
    assert reader.errors == []


# -- odd spellings ------------------------------------------------------------------------------------------------


@st.composite
def spellings(draw: st.DrawFn) -> tuple[bool, str, str, bool]:
    """Non-ASCII escaped or not, the separators, and whether the fields come in reverse."""
    space = st.sampled_from(["", " ", "\n", "\t \r\n"])
    return draw(st.booleans()), draw(space) + "," + draw(space), draw(space) + ":" + draw(space), draw(st.booleans())


def spelt(message: Json, spelling: tuple[bool, str, str, bool]) -> str:
    escaped, comma, colon, backwards = spelling
    fields = {**message, "from_a_newer_server": {"ünknown": [1, None]}}
    items = reversed(fields.items()) if backwards else fields.items()
    text = json.dumps(dict(items), ensure_ascii=escaped, separators=(comma, colon))
    return text.replace(f'"v"{colon}1', f'"v"{colon}1.0e0')


@in_batches
@given(batch=st.lists(spellings(), min_size=1, max_size=8))
def test_odd_spellings_are_read(reader: ReaderPage, batch: list[tuple[bool, str, str, bool]]) -> None:
    server = Server()
    reader.start(server)
    for spelling in batch:
        shown = reader.next(spelt(server.scores(), spelling), server)
        assert (shown["seq"], shown["home"], shown["malformed"]) == (len(server.events), server.home, 0)
    assert reader.errors == []
