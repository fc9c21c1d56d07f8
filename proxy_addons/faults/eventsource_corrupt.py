"""`eventsource.corrupt`: an event arrives with data that make no sense."""

from typing import ClassVar

from proxy_addons.actions import Action, Replace
from proxy_addons.events import SsePassing
from proxy_addons.faults.base import Tally
from proxy_addons.faults.corruption import Corrupting
from proxy_addons.faults.passing import EventFault


class CorruptEventSource(Corrupting, EventFault):
    """Changes the data of an event by a mutation of its JSON, by a JSON Pointer with a replacement, or to other data;
    without any of these, they are cut in half.

    Type, id and framing stay as they are. An event in which the pointer leads nowhere passes.
    """

    kind: ClassVar[str] = "eventsource.corrupt"
    colour: ClassVar[str] = "#9467bd"

    def act(self, event: SsePassing, tally: Tally) -> Action | None:
        data = self.corrupted(event.block.data or b"", tally)
        return None if data is None else Replace(event.block.with_data(data))
