"""A client that is made to wait in the middle of an exchange."""

from dataclasses import dataclass
from typing import ClassVar

from mitmproxy.proxy.commands import StartHook

from proxy_addons.wire.link import ClientLink
from proxy_addons.wire.listener import Listener


@dataclass(frozen=True)
class Holding:
    """A rule makes a client wait."""

    listener: Listener
    link: ClientLink
    rule: str
    for_ms: float | None

    async def over(self) -> None:
        """Returns when the wait is over."""
        await self.listener.hold(self.rule, self.for_ms, self.link)


@dataclass
class HoldHook(StartHook):
    """Pauses an exchange, as mitmproxy's own hooks do, until the addon's `brownout_hold` returns."""

    name: ClassVar[str] = "brownout_hold"
    holding: Holding
