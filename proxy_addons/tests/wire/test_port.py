"""The port: who closes it, and when it opens again."""

import pytest

from proxy_addons.history import History
from proxy_addons.tests.loops import on_a_loop
from proxy_addons.wire.port import Port


class Door:
    """A gate that remembers what was done to it."""

    port = 8080

    def __init__(self) -> None:
        self.done: list[str] = []

    async def open(self) -> None:
        self.done.append("open")

    async def close(self) -> None:
        self.done.append("close")


@pytest.fixture
def door() -> Door:
    return Door()


@on_a_loop
async def test_opens_and_says_so(door: Door) -> None:
    history = History()
    await Port(door, history, lambda: 7.0).open()
    assert door.done == ["open"]
    assert [str(record) for record in history.records] == ["port 8080 listens"]


@on_a_loop
async def test_is_closed_as_long_as_one_rule_refuses(door: Door) -> None:
    history = History()
    port = Port(door, history, lambda: 7.0)
    await port.refuse("a")
    await port.refuse("b")
    await port.release("a")
    assert door.done == ["close"]
    await port.release("b")
    assert door.done == ["close", "open"]
    assert [str(record) for record in history.records] == ["port 8080 refuses connections", "port 8080 listens"]


@on_a_loop
async def test_does_not_care_about_rules_that_never_refused(door: Door) -> None:
    port = Port(door, History(), lambda: 7.0)
    await port.refuse("a")
    await port.release("stranger")
    assert door.done == ["close"]
