"""One direction of a connection, without any socket: what goes out, in which writes, and what is held."""

import asyncio
from typing import ParamSpec

import pytest

from proxy_addons.actions import Pace
from proxy_addons.pacing import END, Pacer
from proxy_addons.tests.loops import on_a_loop
from proxy_addons.wire.pipe import ROOM, Pipe

P = ParamSpec("P")


class Far:
    """A pipe, and what has come out at its far end."""

    def __init__(self) -> None:
        self.out: list[bytes] = []
        self.ended = False
        self.full: list[bool] = []
        self.crashes: list[tuple[str, str]] = []
        self.news = asyncio.Event()
        self.pipe = Pipe(
            "to_client",
            out=self._take,
            end=self._end,
            filled=self.full.append,
            crashed=lambda rule, error: self.crashes.append((rule, str(error))),
        )

    def feed(self, *chunks: bytes) -> None:
        for data in chunks:
            self.pipe.feed(data)

    async def all_of(self, data: bytes) -> None:
        """Wait until these bytes, and no others, have come out."""
        while len(b"".join(self.out)) < len(data):
            self.news.clear()
            await self.news.wait()
        assert b"".join(self.out) == data

    async def end(self) -> None:
        while not self.ended:
            self.news.clear()
            await self.news.wait()

    def _take(self, data: bytes) -> None:
        self.out.append(data)
        self.news.set()

    def _end(self) -> None:
        self.ended = True
        self.news.set()


@on_a_loop
async def test_is_idle_until_a_rule_wants_something() -> None:
    far = Far()
    idle = [far.pipe.idle]
    far.pipe.stall("a")
    idle.append(far.pipe.idle)
    far.pipe.release("a")
    idle.append(far.pipe.idle)
    assert idle == [True, False, True]


class TestPace:
    @on_a_loop
    async def test_cuts_bytes_into_writes_of_their_own(self) -> None:
        far = Far()
        far.pipe.pace("split", Pace(piece_bytes=2, piece_apart_ms=1), [])
        far.feed(b"abcde")
        await far.all_of(b"abcde")
        assert far.out == [b"ab", b"cd", b"e"]

    @pytest.mark.parametrize(
        ("order", "writes"),
        [
            pytest.param(["split", "join"], [b"abcdef"], id="split-then-join"),
            pytest.param(["join", "split"], [b"abc", b"def"], id="join-then-split"),
        ],
    )
    @pytest.mark.parametrize("came", [["split", "join"], ["join", "split"]])
    @on_a_loop
    async def test_of_several_rules_stand_in_plan_order(
        self, order: list[str], writes: list[bytes], came: list[str]
    ) -> None:
        far = Far()
        paces = {"split": Pace(piece_bytes=3), "join": Pace(gather_ms=5)}
        for rule in came:
            far.pipe.pace(rule, paces[rule], order)
        far.feed(b"abcd", b"ef")
        await far.all_of(b"abcdef")
        assert far.out == writes

    @on_a_loop
    async def test_that_is_released_lets_go_of_what_waits_in_order(self) -> None:
        far = Far()
        far.pipe.pace("late", Pace(latency_ms=60_000), [])
        far.feed(b"a", b"b")
        far.pipe.release("late")
        far.feed(b"c")
        assert far.out == [b"a", b"b", b"c"]
        assert far.pipe.idle

    @on_a_loop
    async def test_that_is_released_leaves_the_others_at_work(self) -> None:
        far = Far()
        far.pipe.pace("late", Pace(latency_ms=60_000), [])
        far.pipe.pace("split", Pace(piece_bytes=1), [])
        far.feed(b"ab")
        far.pipe.release("late")
        await far.all_of(b"ab")
        assert far.out == [b"a", b"b"]

    @on_a_loop
    async def test_that_fails_is_reported_and_its_bytes_go_on(self, monkeypatch: pytest.MonkeyPatch) -> None:
        far = Far()
        far.pipe.pace("broken", Pace(latency_ms=1), [])
        far.feed(b"ab")
        monkeypatch.setattr(Pacer, "due", lambda *_: 1 // 0)
        await far.all_of(b"ab")
        assert far.crashes == [("broken", "integer division or modulo by zero")]
        assert far.pipe.idle


class TestLimit:
    @on_a_loop
    async def test_lets_as_many_bytes_through_and_no_more(self) -> None:
        far = Far()
        far.pipe.limit("cut", 3, far.pipe.drop)
        far.feed(b"ab", b"cd")
        assert far.out == [b"ab", b"c"]

    @on_a_loop
    async def test_is_reached_with_its_last_byte(self) -> None:
        far = Far()
        reached = list[bytes]()
        far.pipe.limit("cut", 2, lambda: reached.append(b"".join(far.out)))
        far.feed(b"a")
        assert reached == []
        far.feed(b"b")
        assert reached == [b"ab"]

    @on_a_loop
    async def test_of_nothing_is_reached_at_once(self) -> None:
        far = Far()
        far.pipe.limit("cut", 0, lambda: far.pipe.stall("cut"))
        far.feed(b"a")
        assert far.out == []

    @on_a_loop
    async def test_that_stalls_keeps_the_rest(self) -> None:
        far = Far()
        far.pipe.limit("cut", 1, lambda: far.pipe.stall("cut"))
        far.feed(b"abc")
        assert far.out == [b"a"]
        far.pipe.release("cut")
        assert far.out == [b"a", b"bc"]

    @on_a_loop
    async def test_of_two_rules_count_the_same_bytes(self) -> None:
        far = Far()
        far.pipe.limit("first", 1, lambda: far.pipe.stall("first"))
        far.pipe.limit("second", 3, lambda: far.pipe.stall("second"))
        far.feed(b"abcdef")
        assert far.out == [b"a"]
        far.pipe.release("first")
        assert far.out == [b"a", b"bc"]

    @on_a_loop
    async def test_that_is_released_counts_no_more(self) -> None:
        far = Far()
        far.pipe.limit("cut", 1, far.pipe.drop)
        far.pipe.release("cut")
        far.feed(b"abc")
        assert far.out == [b"abc"]


class TestStall:
    @on_a_loop
    async def test_holds_until_it_is_released(self) -> None:
        far = Far()
        far.pipe.stall("quiet")
        far.feed(b"a", b"b")
        assert far.out == []
        far.pipe.release("quiet")
        assert far.out == [b"a", b"b"]

    @on_a_loop
    async def test_holds_as_long_as_one_rule_wants_it(self) -> None:
        far = Far()
        far.pipe.stall("one")
        far.pipe.stall("two")
        far.feed(b"a")
        far.pipe.release("one")
        assert far.out == []
        assert far.pipe.stalled_only_by("two")


class TestEnd:
    @on_a_loop
    async def test_comes_behind_what_waits(self) -> None:
        far = Far()
        far.pipe.pace("late", Pace(latency_ms=5), [])
        far.feed(b"a", END)
        assert not far.ended
        await far.end()
        assert far.out == [b"a"]

    @on_a_loop
    async def test_is_held_by_a_stall(self) -> None:
        far = Far()
        far.pipe.stall("quiet")
        far.feed(END)
        assert not far.ended
        far.pipe.release("quiet")
        assert far.ended

    @on_a_loop
    async def test_is_the_last_thing_that_is_taken(self) -> None:
        far = Far()
        far.feed(b"a", END, b"b", END)
        assert far.out == [b"a"]


class TestRoom:
    @on_a_loop
    async def test_runs_out_and_comes_back(self) -> None:
        far = Far()
        far.pipe.stall("quiet")
        far.feed(bytes(ROOM))
        assert far.full == []
        far.feed(b"a", b"b")
        assert far.full == [True]
        far.pipe.release("quiet")
        assert far.full == [True, False]

    @on_a_loop
    async def test_comes_back_when_everything_is_dropped(self) -> None:
        far = Far()
        far.pipe.stall("quiet")
        far.feed(bytes(ROOM + 1))
        far.pipe.clear()
        assert far.full == [True, False]


@on_a_loop
async def test_takes_nothing_after_it_was_cleared() -> None:
    far, later = Far(), Far()
    far.pipe.pace("late", Pace(latency_ms=1), [])
    later.pipe.pace("late", Pace(latency_ms=2), [])
    far.feed(b"a")
    later.feed(b"a")
    far.pipe.clear()
    far.feed(b"b", END)
    await later.all_of(b"a")
    assert (far.out, far.ended) == ([], False)


@on_a_loop
async def test_that_was_dropped_takes_an_end_once_more() -> None:
    far = Far()
    far.pipe.stall("quiet")
    far.feed(b"a", END)
    far.pipe.drop()
    far.feed(END)
    assert (far.out, far.ended) == ([], True)
