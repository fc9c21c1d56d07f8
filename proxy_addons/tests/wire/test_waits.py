"""Timers and waiting tasks, and that none of them outlives its listener."""

import asyncio

from proxy_addons.tests.loops import on_a_loop
from proxy_addons.wire.waits import Waits


class Diary:
    """What was done, in order."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.news = asyncio.Event()

    async def note(self, what: str) -> None:
        self.done.append(what)
        self.news.set()

    async def is_told(self, what: str) -> None:
        while what not in self.done:
            self.news.clear()
            await self.news.wait()


@on_a_loop
async def test_timers_ring_in_the_order_of_their_times() -> None:
    waits, diary = Waits(), Diary()
    waits.later(0.01, "owner", lambda: diary.note("second"))
    waits.later(0.001, "owner", lambda: diary.note("first"))
    await diary.is_told("second")
    assert diary.done == ["first", "second"]
    await waits.close()


@on_a_loop
async def test_timers_of_an_owner_are_forgotten_with_it() -> None:
    waits, diary = Waits(), Diary()
    waits.later(0.001, "gone", lambda: diary.note("gone"))
    waits.later(0.005, "stays", lambda: diary.note("stays"))
    waits.cancel("gone")
    await diary.is_told("stays")
    assert diary.done == ["stays"]
    await waits.close()


@on_a_loop
async def test_there_is_one_alarm_only() -> None:
    waits, diary = Waits(), Diary()
    waits.set_alarm(0.001, lambda: diary.note("early"))
    waits.set_alarm(0.005, lambda: diary.note("late"))
    await diary.is_told("late")
    assert diary.done == ["late"]
    await waits.close()


@on_a_loop
async def test_an_alarm_can_be_taken_back() -> None:
    waits, diary = Waits(), Diary()
    waits.set_alarm(0.001, lambda: diary.note("alarm"))
    waits.set_alarm(None, lambda: diary.note("never"))
    waits.later(0.005, "owner", lambda: diary.note("timer"))
    await diary.is_told("timer")
    assert diary.done == ["timer"]
    await waits.close()


@on_a_loop
async def test_a_hold_ends_when_its_rule_or_its_owner_wakes() -> None:
    waits = Waits()
    holds = [asyncio.create_task(waits.hold(rule, owner, None)) for rule, owner in (("a", 1), ("b", 2), ("c", 3))]
    await asyncio.sleep(0)
    waits.wake("a")
    waits.wake(2)
    await asyncio.wait(holds[:2])
    assert [hold.done() for hold in holds] == [True, True, False]
    await waits.close()
    await holds[2]


@on_a_loop
async def test_nothing_begins_after_the_end() -> None:
    waits, diary = Waits(), Diary()
    await waits.close()
    waits.later(0, "owner", lambda: diary.note("timer"))
    waits.set_alarm(0, lambda: diary.note("alarm"))
    await waits.hold("rule", "owner", None)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert diary.done == []


@on_a_loop
async def test_the_end_waits_for_what_must_be_finished_and_cancels_the_rest() -> None:
    waits, diary = Waits(), Diary()
    go_on = asyncio.Event()

    async def important() -> None:
        await go_on.wait()
        await diary.note("finished")

    async def endless() -> None:
        await diary.note("begun")
        await asyncio.Event().wait()

    waits.run_to_its_end(important())
    waits.later(0, "owner", endless)
    await diary.is_told("begun")
    asyncio.get_running_loop().call_later(0.001, go_on.set)
    await waits.close()
    assert diary.done == ["begun", "finished"]
    assert asyncio.all_tasks() == {asyncio.current_task()}
