"""Tests that need an event loop of their own."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import ParamSpec

P = ParamSpec("P")
TIMEOUT_S = 20


def on_a_loop(story: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """Runs the test on an event loop in a thread of its own, for 20 s at most.

    Where another test of the process has started Playwright, a loop runs in the main thread already.
    """

    @wraps(story)
    def test(*args: P.args, **kwargs: P.kwargs) -> None:
        async def timed() -> None:
            async with asyncio.timeout(TIMEOUT_S):
                await story(*args, **kwargs)

        with ThreadPoolExecutor(max_workers=1) as pool:
            pool.submit(lambda: asyncio.run(timed())).result()

    return test
