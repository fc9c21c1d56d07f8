"""`eventsource.corrupt`: one event arrives with data that make no sense."""

import json
from collections.abc import Sequence
from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Replace
from proxy_addons.events import Event, SsePassing
from proxy_addons.faults.base import Fault, Tally


class CorruptEventSource(Fault):
    """Replaces the data of one event by `data`, or cuts its JSON in half; type, id and framing stay as they are."""

    kind: ClassVar[str] = "eventsource.corrupt"
    colour: ClassVar[str] = "#9467bd"

    nth_event: int = Field(default=1, ge=1, description="Which event of the stream, from 1.")
    data: str | None = Field(default=None, description="The data to send instead; without it, half of the real ones.")

    def decide(self, event: Event, tally: Tally) -> Sequence[Action]:
        if not isinstance(event, SsePassing) or tally.messages != self.nth_event - 1:
            return []
        data = _half(event.block.data or b"") if self.data is None else self.data.encode()
        return [Replace(event.block.with_data(data))]


def _half(document: bytes) -> bytes:
    """The first half, or nothing where half of it would be JSON again (a digit of a number)."""
    half = document[: len(document) // 2]
    try:
        json.loads(half)
    except ValueError:
        return half
    return b""
