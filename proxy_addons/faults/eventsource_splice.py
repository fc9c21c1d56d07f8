"""`eventsource.splice`: somebody else writes into the stream."""

from typing import ClassVar

from pydantic import Field

from proxy_addons.actions import Action, Insert
from proxy_addons.events import Event
from proxy_addons.faults.base import Fault, Tally
from proxy_addons.faults.passing import beside
from proxy_addons.mutations import canary


class SpliceEventSource(Fault):
    """Puts foreign text between two events of a stream, exactly as it is given, which need not be an event.

    A warning of the server's language, a page of a proxy, lines that were meant for a log. Without a blank line at its
    end, it runs into the event behind it. Without `text`, it is a line of HTML with the canary token.
    """

    kind: ClassVar[str] = "eventsource.splice"
    colour: ClassVar[str] = "#880e4f"

    text: str | None = Field(default=None, min_length=1, description="The text, with all its line ends.")
    after_events: int = Field(default=0, ge=0, description="Behind which event; 0: as soon as the stream is open.")
    before: bool = Field(default=False, description="Whether it comes before that event and not behind it.")

    def decide(self, event: Event, tally: Tally) -> Action | None:
        if not beside(event, self.after_events, tally):
            return None
        text = f"<b>Warning</b>: {canary(tally.key)}\n\n" if self.text is None else self.text
        return Insert(text.encode(), before=self.before)
