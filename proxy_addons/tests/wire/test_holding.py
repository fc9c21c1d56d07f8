"""What tells the addon that a client is to wait."""

from typing import Any, cast

from mitmproxy import hooks

from proxy_addons.addon import FaultAddon
from proxy_addons.tests.loops import on_a_loop
from proxy_addons.wire.holding import HoldHook, Holding


class ListenerThatHolds:
    """Remembers whom it was to hold."""

    def __init__(self) -> None:
        self.held: list[tuple[str, float | None, Any]] = []

    async def hold(self, rule: str, for_ms: float | None, link: Any) -> None:
        self.held.append((rule, for_ms, link))


@on_a_loop
async def test_is_a_hook_that_the_addon_answers() -> None:
    # given a hook as the layers call it
    listener, link = ListenerThatHolds(), cast(Any, object())
    hook = HoldHook(Holding(cast(Any, listener), link, "slow", 20))
    assert hook.blocking
    assert hooks.all_hooks[hook.name] is HoldHook
    # when the addon is asked
    await getattr(FaultAddon(), hook.name)(*hook.args())
    # then it waits as the listener says
    assert listener.held == [("slow", 20, link)]
