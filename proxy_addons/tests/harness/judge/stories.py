"""Hand-written histories: a run as a story, told in any order; times are seconds on the clock of the run.

story = Story()
socket = story.websocket(0.0, client="a")
socket.says(0.1, snapshot(3))
story.truth(0.0, 3, phase="running", ends_t=60.0)
story.looks(0.12, page="a", stale="fresh", epoch="e", seq=3, remaining_ms=59_880)
run = story.run()
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from proxy_addons.events import Transport
from proxy_addons.harness.judge.facts import Check, Difference, Evidence, Limits, Purpose, Said, Undecided, Whose
from proxy_addons.harness.judge.run import Run
from proxy_addons.records import (
    BodySeen,
    CommandKnown,
    FaultFired,
    MessageSeen,
    PageLooked,
    PageMoved,
    PageOpened,
    PageSaid,
    Record,
    Released,
    RequestSeen,
    ResponseSeen,
    StepTaken,
    StreamBegan,
    StreamEnded,
    TruthTold,
)

EPOCH = "e"
EVERYTHING: frozenset[Evidence] = frozenset(
    {"truth", "cursor", "display", "attempts", "trace", "figures", "health", "commands"}
)


# -- what the server says ----------------------------------------------------------------------------------------------


def message(kind: str, seq: int, epoch: str = EPOCH, **more: object) -> str:
    return json.dumps({"kind": kind, "epoch": epoch, "seq": seq, **more})


def snapshot(seq: int, epoch: str = EPOCH, *, since: int | None = None) -> str:
    """The whole state; it carries all events up to its own unless told otherwise."""
    return message("snapshot", seq, epoch, since=since)


def event(seq: int, epoch: str = EPOCH) -> str:
    return message("event", seq, epoch)


def tick(seq: int, epoch: str = EPOCH) -> str:
    return message("tick", seq, epoch)


class StoryContract:
    """Reads messages {"kind", "epoch", "seq"} and URLs with `client`, `attempt` and `for`.

    Without `attempts` all of a story is one client's, named `page`, as for a foreign app.
    """

    def __init__(self, offers: frozenset[Evidence] = EVERYTHING) -> None:
        self.offers = offers

    def said(self, data: str) -> Said | None:
        try:
            told = json.loads(data)
            return Said(told["kind"], told["epoch"], told["seq"], told.get("since"))
        except (ValueError, KeyError, TypeError, AttributeError):
            return None

    def polled(self, body: str) -> list[str]:
        try:
            return [json.dumps(each) for each in json.loads(body)["messages"]]
        except (ValueError, KeyError, TypeError):
            return [body]

    def whose(self, request: RequestSeen) -> Whose:
        path, query = urlsplit(request.url).path, parse_qs(urlsplit(request.url).query)
        purpose: Purpose = "live"
        if "attempts" in self.offers and query.get("for"):
            purpose = query["for"][0]  # type: ignore[assignment]
        if request.method == "POST":
            purpose = "command"
        elif not path.startswith("/timer"):
            purpose = "asset"
        if "attempts" not in self.offers:
            return Whose("page", 0, purpose)
        return Whose(query.get("client", ["?"])[0], int(query.get("attempt", ["0"])[0]), purpose)


# -- what happens ------------------------------------------------------------------------------------------------------


@dataclass
class Told:
    """One exchange of a story, to tell more of."""

    story: "Story"
    exchange: int
    connection: int
    sent: int = 0

    def says(self, t: float, *data: str, delivered: bool = True) -> "Told":
        """Messages of the server come by."""
        for each in data:
            self.sent += 1
            self.story.add(MessageSeen(t, self.exchange, "to_client", self.sent, each, len(each), delivered))
        return self

    def hears(self, t: float, data: str) -> "Told":
        """A message of the client comes by."""
        self.story.add(MessageSeen(t, self.exchange, "to_server", 1, data, len(data), True))
        return self

    def ends(self, t: float, how: str = "fin", by: str = "client", code: int | None = None) -> "Told":
        self.story.add(StreamEnded(t, self.exchange, how, by, code))
        return self

    def releases(self, t: float, messages: int = 1, rule: str = "r") -> "Told":
        """What a rule held goes out."""
        self.story.add(Released(t, rule, self.exchange, messages))
        return self

    def fault(
        self,
        t: float,
        effect: str,
        sent: str = "",
        index: int | None = None,
        rule: str = "r",
        kind: str = "",
        detail: str = "",
    ) -> "Told":
        """A rule acts on it; what it sends in the place of a message needs the message's index."""
        if index is None and self.sent:
            index = self.sent
        self.story.add(
            FaultFired(
                t,
                rule,
                kind or f"websocket.{effect}",
                effect,
                self.connection,
                self.exchange,
                index,
                len(sent),
                detail,
                sent,
            )
        )
        return self


class Story:
    """Tells what happens, in any order; `run` sorts it."""

    def __init__(self, offers: frozenset[Evidence] = EVERYTHING) -> None:
        self.offers = offers
        self.records: list[Record] = []
        self.count = 0

    def add(self, *records: Record) -> "Story":
        self.records.extend(records)
        return self

    def run(self) -> Run:
        return Run(sorted(self.records, key=lambda record: record.t), StoryContract(self.offers))

    # -- the wire

    def request(
        self,
        t: float,
        transport: Transport = "http",
        *,
        client: str = "a",
        attempt: int | None = None,
        purpose: Purpose = "live",
        method: str = "GET",
        path: str = "/timer",
        connection: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> Told:
        """A request of a client, of its own connection and attempt unless told otherwise; no answer yet."""
        self.count += 1
        number = self.count if attempt is None else attempt
        url = f"{path}?client={client}&attempt={number}&for={purpose}"
        told = Told(self, self.count, self.count if connection is None else connection)
        self.add(RequestSeen(t, told.connection, told.exchange, transport, method, url, headers or {}))
        return told

    def websocket(self, t: float, opened: float | None = None, **more: Any) -> Told:
        """A WebSocket that stands at once, or `opened` then."""
        return self._stream(t, "websocket", "/timer/ws", 101, "", opened, more)

    def eventsource(self, t: float, opened: float | None = None, **more: Any) -> Told:
        return self._stream(t, "eventsource", "/timer/stream", 200, "text/event-stream", opened, more)

    def _stream(
        self,
        t: float,
        transport: Literal["websocket", "eventsource"],
        path: str,
        status: int,
        content_type: str,
        opened: float | None,
        more: dict[str, Any],
    ) -> Told:
        told = self.request(t, transport, **{"path": path, **more})
        then = t if opened is None else opened
        self.add(ResponseSeen(then, told.exchange, status, content_type, "origin"))
        self.add(StreamBegan(then, told.exchange, transport))
        return told

    def answer(
        self,
        told: Told,
        t: float,
        body: str = "",
        *,
        status: int = 200,
        by: str = "origin",
        delivered: bool = True,
    ) -> Told:
        """An ordinary answer, whole."""
        self.add(ResponseSeen(t, told.exchange, status, "application/json", by))
        self.add(BodySeen(t, told.exchange, "to_client", body, len(body), delivered))
        return told

    def poll(self, t: float, *messages: str, took: float = 0.02, status: int = 200, **more: Any) -> Told:
        """A poll and its answer with these messages."""
        body = json.dumps({"messages": [json.loads(each) for each in messages]})
        return self.answer(self.request(t, **more), t + took, body, status=status)

    def refused(self, t: float, transport: Transport = "websocket", status: int = 503, **more: Any) -> Told:
        """A request of a stream that is answered with an error."""
        path = {"websocket": "/timer/ws", "eventsource": "/timer/stream", "http": "/timer"}[transport]
        return self.answer(self.request(t, transport, **{"path": path, **more}), t + 0.01, status=status, by="rule")

    def fault(self, t: float, effect: str = "abort", rule: str = "r", sent: str = "") -> "Story":
        """A rule acts on nothing that the story tells of."""
        return self.add(FaultFired(t, rule, f"connection.{effect}", effect, None, None, None, len(sent), "", sent))

    def step(self, t: float, step: Literal["steady", "injected", "healed", "over"]) -> "Story":
        return self.add(StepTaken(t, step))

    # -- the truth

    def truth(
        self,
        t: float,
        seq: int,
        name: str = "noted",
        *,
        epoch: str = EPOCH,
        error_s: float = 0.005,
        **state: object,
    ) -> "Story":
        """An event of the server; what of its state is not named is a running timer of 60 s that began at 0."""
        phase = state.get("phase", "running")
        rest = {"ends_t": 60.0} if phase == "running" else {"remaining_ms": 60_000}
        whole = {"phase": phase, "duration_ms": 60_000, **rest, "round": 1, "home": 0, "away": 0, "text": None, **state}
        return self.add(TruthTold(t, epoch, seq, name, whole, error_s))

    def command(self, t: float, id: str, effects: int = 1) -> "Story":
        return self.add(CommandKnown(t, id, effects))

    # -- the page

    def opens(self, t: float, page: str = "a", url: str = "http://localhost/", clock_error_s: float = 0.005) -> "Story":
        return self.add(PageOpened(t, page, url, clock_error_s, "isolated"))

    def moved(self, t: float, to: Literal["hidden", "visible", "offline", "online"], page: str = "a") -> "Story":
        """The harness does something to a page."""
        return self.add(PageMoved(t, page, to))

    def looks(
        self,
        t: float,
        page: str = "a",
        *,
        items: Iterable[str] = (),
        text: str = "",
        why: Literal["change", "beat"] = "beat",
        **marks: object,
    ) -> "Story":
        """What a page displays; `remaining_ms=5` is the mark `remaining-ms`; its client has its own name."""
        shown = {"client": page, **{name.replace("_", "-"): str(value) for name, value in marks.items()}}
        return self.add(PageLooked(t, page, why, shown, list(items), text))

    def shows(self, begin: float, end: float, page: str = "a", *, items: Iterable[str] = (), **marks: Any) -> "Story":
        """Looks at a beat, at a page that is right about a timer that ends at 60; what is named is shown instead."""
        shown_items = list(items)
        for beat in range(int((end - begin) / 0.25) + 1):
            t = begin + beat * 0.25
            left_ms = int(60_000 - t * 1000)
            right: dict[str, Any] = {"stale": "fresh", "state": "running", "epoch": EPOCH, "remaining_ms": left_ms}
            self.looks(t, page, items=shown_items, **{**right, **marks})
        return self

    def says(self, t: float, what: str = "trace", page: str = "a", **fields: object) -> "Story":
        """What the page's script says of itself."""
        return self.add(PageSaid(t, page, what, fields))

    def traces(self, t: float, entry: str, page: str = "a", **fields: object) -> "Story":
        """An entry of the trace that the page's script keeps."""
        return self.add(PageSaid(t, page, "trace", {"what": entry, **fields}))


def healthy(
    seconds: float = 60.0, clients: tuple[str, ...] = ("a",), offers: frozenset[Evidence] = EVERYTHING
) -> Story:
    """A run without faults: a timer of 1,000 s that starts at 0, a note every 10 s, and pages that are right."""
    story = Story(offers)
    truth: dict[str, Any] = {"phase": "running", "duration_ms": 1_000_000, "ends_t": 1000.0}
    notes = [0.0, *(10.0 * n for n in range(1, int(seconds / 10)))]
    for seq, t in enumerate(notes, 1):
        story.truth(t, seq, "started" if seq == 1 else "noted", text=None if seq == 1 else f"note {seq}", **truth)
    for client in clients:
        story.opens(0.2, client)
        socket = story.websocket(0.5, client=client)
        socket.says(0.51, snapshot(1))
        for seq, t in enumerate(notes[1:], 2):
            socket.says(t + 0.005, event(seq))
        for each in range(1, int(seconds)):
            socket.says(each + 0.5, tick(sum(t <= each + 0.5 for t in notes)))
        for each in range(3, int(seconds * 4)):
            _look(story, client, each / 4, notes)
    return story.step(0.9, "steady").step(seconds, "over")


def _look(story: Story, page: str, t: float, notes: list[float]) -> None:
    seq = sum(note + 0.01 <= t for note in notes)
    left = 1_000_000 - t * 1000
    seconds = int(-(-left // 1000))
    story.looks(
        t,
        page,
        items=[f"12:00:{n:02} " + ("Started" if n == 1 else f"note {n}") for n in range(seq, 0, -1)],
        text="Brownout timer",
        stale="fresh",
        state="running",
        transport="websocket",
        connection="live",
        epoch=EPOCH,
        seq=seq,
        remaining_ms=int(left),
        remaining=f"{seconds // 60:02}:{seconds % 60:02}",
        round=1,
        home=0,
        away=0,
    )


# -- what a check finds ------------------------------------------------------------------------------------------------


def found(check: Check, story: Story, limits: Limits | None = None) -> list[Difference]:
    """All differences."""
    return check.find(story.run(), limits or Limits())


def texts(check: Check, story: Story, limits: Limits | None = None) -> list[str]:
    """All differences, in words."""
    return [difference.text for difference in found(check, story, limits)]


def undecided(check: Check, story: Story, limits: Limits | None = None) -> str | None:
    """Which premise is missing; None if none is."""
    try:
        check.find(story.run(), limits or Limits())
    except Undecided as why:
        return str(why)
    return None
