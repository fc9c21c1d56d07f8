"""Timers side by side: nobody disturbs anybody, and there are not too many."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import anyio
import httpx
import pytest
from anyio.from_thread import start_blocking_portal
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from reference_app.reader import read_command
from reference_app.settings import Settings
from reference_app.store import StoreError
from reference_app.subscription import Batch
from reference_app.timers import DEFAULT, KEPT_SECONDS, NoTimer, Timers

NOTE = read_command(b'{"id":"a","name":"note","args":{"text":"x"}}')
BAD_NAMES = ["", "A", "é", "a b", "a.b", "../a", "-a", "a" * 33, "a\n", "a\0"]


class Clock:
    """Seconds, set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def three(clock: Clock) -> Iterator[Timers]:
    """Room for the default timer and two more."""
    with closing(Timers(Settings(max_timers=3), lambda: 0, clock=clock)) as timers:
        yield timers


def test_each_has_a_log_and_an_epoch_of_its_own(three: Timers) -> None:
    three.get("a").execute(NOTE)
    assert [three.get(name).last_seq for name in (DEFAULT, "a", "b")] == [0, 1, 0]
    assert len({three.get(name).epoch for name in (DEFAULT, "a", "b")}) == 3


def test_the_same_command_id_is_another_command_on_another_timer(three: Timers) -> None:
    assert [three.get(name).execute(NOTE).event_seq for name in ("a", "b", "a")] == [1, 1, 1]


@pytest.mark.parametrize("name", BAD_NAMES)
def test_says_what_a_name_should_be(three: Timers, name: str) -> None:
    with pytest.raises(NoTimer, match="should be 1 to 32 of a-z, 0-9 and -") as caught:
        three.get(name)
    assert (caught.value.reason, len(three)) == ("name", 1)


@pytest.mark.parametrize("name", ["a", "0", "a-b-9", "a" * 32, "con"])
def test_takes_a_name_that_is_one(three: Timers, name: str) -> None:
    three.get(name)
    assert len(three) == 2


# --- how many ---------------------------------------------------------------------------------------------------------


def test_makes_no_more_than_there_may_be(three: Timers, clock: Clock) -> None:
    for name in ("a", "b"):
        three.get(name).execute(NOTE)
    clock.now += KEPT_SECONDS + 1
    with pytest.raises(NoTimer, match="there are 3 already, which is the limit; use one of them") as caught:
        three.get("c")
    assert caught.value.reason == "full"
    assert three.get("a").last_seq == 1


def test_a_timer_that_nothing_happened_to_makes_room_after_a_while(three: Timers, clock: Clock) -> None:
    # given a timer that is used, and one that was only looked at
    three.get("used").execute(NOTE)
    three.get("looked-at")
    with pytest.raises(NoTimer):
        three.get("more")
    # when nobody has asked for that for long
    clock.now += KEPT_SECONDS + 1
    # then there is room
    three.get("more")
    assert (len(three), three.get("used").last_seq) == (3, 1)


@pytest.mark.parametrize("refused", [True, False], ids=["refused a command", "has a reader"])
def test_a_timer_that_somebody_counts_on_makes_no_room(three: Timers, clock: Clock, refused: bool) -> None:
    for name in ("a", "b"):
        if refused:
            three.get(name).execute(read_command(b'{"id":"a","name":"pause","args":{}}'))
    with three.get("a").subscribe(), three.get("b").subscribe():
        clock.now += KEPT_SECONDS + 1
        with pytest.raises(NoTimer):
            three.get("c")


# --- on disk ----------------------------------------------------------------------------------------------------------


def test_finds_all_of_them_again(tmp_path: Path) -> None:
    with closing(Timers(Settings(data=tmp_path), lambda: 0)) as timers:
        timers.get("a").execute(NOTE)
        epochs = [timers.get(name).epoch for name in (DEFAULT, "a")]
    assert sorted(file.name for file in tmp_path.glob("*.sqlite3")) == ["timer-a.sqlite3", "timer.sqlite3"]
    with closing(Timers(Settings(data=tmp_path, max_timers=1), lambda: 0)) as timers:
        assert len(timers) == 2
        assert [timers.get(name).epoch for name in (DEFAULT, "a")] == epochs
        assert timers.get("a").last_seq == 1


def test_removes_the_file_of_a_timer_that_makes_room(tmp_path: Path, clock: Clock) -> None:
    with closing(Timers(Settings(data=tmp_path, max_timers=2), lambda: 0, clock=clock)) as timers:
        timers.get("a")
        clock.now += KEPT_SECONDS + 1
        timers.get("b")
    assert sorted(file.name for file in tmp_path.glob("*a*.sqlite3*")) == []


def test_says_which_file_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "timer-a.sqlite3").write_bytes(b"no database" * 99)
    with pytest.raises(StoreError, match=r"timer-a\.sqlite3: file is not a database"):
        Timers(Settings(data=tmp_path), lambda: 0)
    # and lets go of those that it opened
    (tmp_path / "timer-a.sqlite3").unlink()
    Timers(Settings(data=tmp_path), lambda: 0).close()


def test_says_so_when_a_new_log_cannot_be_opened(tmp_path: Path) -> None:
    with closing(Timers(Settings(data=tmp_path), lambda: 0)) as timers:
        (tmp_path / "timer-a.sqlite3").mkdir()
        with pytest.raises(NoTimer, match=r"'a' cannot be opened: .+timer-a\.sqlite3") as caught:
            timers.get("a")
    assert caught.value.reason == "unavailable"


# --- the time of all --------------------------------------------------------------------------------------------------


def test_keeps_the_time_of_those_that_come_later_and_says_goodbye_to_all() -> None:
    kinds: dict[str, list[str]] = {DEFAULT: [], "late": []}
    ticking = {name: asyncio.Event() for name in kinds}

    async def read(timers: Timers, name: str) -> None:
        async def send(batch: Batch) -> None:
            kinds[name] += [message.kind for message in batch]
            if "tick" in kinds[name]:
                ticking[name].set()

        with timers.get(name).subscribe() as reader:
            await reader.deliver(send)

    async def act() -> None:
        with closing(Timers(Settings(scale=0.01), lambda: 0)) as timers, anyio.fail_after(10):
            async with anyio.create_task_group() as tasks, anyio.create_task_group() as readers:
                tasks.start_soon(timers.run)
                await anyio.lowlevel.checkpoint()
                for name in kinds:
                    readers.start_soon(read, timers, name)
                for each in ticking.values():
                    await each.wait()
                await timers.stop(5)
                tasks.cancel_scope.cancel()

    with start_blocking_portal() as portal:
        portal.call(act)
    for each in kinds.values():
        assert (each[0], each[1], each[-1]) == ("snapshot", "tick", "goodbye")


# --- on every way in --------------------------------------------------------------------------------------------------


def test_every_way_in_leads_to_the_timer_that_is_named(http: httpx.Client, server: str) -> None:
    query = {"timer": "named"}
    note = {"id": "named-1", "name": "note", "args": {"text": "x"}}
    epoch = http.get("/timer", params=query).json()["messages"][0]["epoch"]
    assert epoch != http.get("/healthz").json()["epoch"]
    assert http.post("/timer/commands", params=query, json=note).json()["epoch"] == epoch
    with connect(f"{server.replace('http', 'ws')}/timer/ws?timer=named") as link:
        snapshot = json.loads(link.recv(timeout=5))
    assert (snapshot["epoch"], [event["text"] for event in snapshot["events"]]) == (epoch, ["x"])
    with http.stream("GET", "/timer/stream", params={**query, "since": f"{epoch}.0"}) as response:
        lines = response.iter_lines()
        assert next(line for line in lines if line.startswith("id")) == f"id: {epoch}.1"


@pytest.mark.parametrize("name", ["", "A", "a/b"])
def test_every_way_in_says_what_is_wrong_with_a_name(http: httpx.Client, server: str, name: str) -> None:
    for method, path in [("GET", "/timer"), ("GET", "/timer/stream"), ("POST", "/timer/commands")]:
        response = http.request(method, path, params={"timer": name})
        assert (response.status_code, response.headers["access-control-allow-origin"]) == (422, "*")
        assert response.json()["detail"].startswith("timer: should be")
    with connect(f"{server.replace('http', 'ws')}/timer/ws?timer={name}") as link:
        with pytest.raises(ConnectionClosed):
            link.recv(timeout=5)
        assert (link.close_code, (link.close_reason or "")[:16]) == (4400, "timer: should be")


def test_every_way_in_says_when_there_are_too_many(serve: Callable[[Settings], str], client_dir: Path) -> None:
    url = serve(Settings(max_timers=1, client_dir=client_dir))
    for method, path in [("GET", "/timer"), ("GET", "/timer/stream"), ("POST", "/timer/commands")]:
        response = httpx.request(method, url + path, params={"timer": "a"})
        assert (response.status_code, response.json()["detail"][:18]) == (403, "timer: there are 1")
    with connect(f"{url.replace('http', 'ws')}/timer/ws?timer=a") as link:
        with pytest.raises(ConnectionClosed):
            link.recv(timeout=5)
        assert link.close_code == 4403
