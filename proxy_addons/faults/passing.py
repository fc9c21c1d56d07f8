"""What the kinds have in common that act on single messages or events of a stream as they pass.

Which ones: those that the rule matches, and among them only the nth where `nth_message` or `nth_event` says so. How
often at most is for the rule to say (`times`).
"""

from abc import abstractmethod

from pydantic import Field

from proxy_addons.actions import Action
from proxy_addons.events import Counted, Event, MessagePassing, SsePassing, StreamOpened
from proxy_addons.faults.base import Fault, Tally


class MessageFault(Fault):
    """Base of the kinds that act on WebSocket messages."""

    nth_message: int | None = Field(
        default=None, ge=1, description="Only the nth message that the rule matches, from 1; without it, each of them."
    )

    def events(self) -> tuple[type[Event], ...]:
        return (MessagePassing,)

    def decide(self, event: Event, tally: Tally) -> Action | None:
        if not isinstance(event, MessagePassing) or self.nth_message not in (None, tally.messages + 1):
            return None
        return self.act(event, tally)

    @abstractmethod
    def act(self, message: MessagePassing, tally: Tally) -> Action | None:
        """What to do about a message that is due; None: nothing, it passes."""


class EventFault(Fault):
    """Base of the kinds that act on the events of an event stream."""

    nth_event: int | None = Field(
        default=None, ge=1, description="Only the nth event that the rule matches, from 1; without it, each of them."
    )

    def events(self) -> tuple[type[Event], ...]:
        return (SsePassing,)

    def decide(self, event: Event, tally: Tally) -> Action | None:
        if not isinstance(event, SsePassing) or self.nth_event not in (None, tally.messages + 1):
            return None
        return self.act(event, tally)

    @abstractmethod
    def act(self, event: SsePassing, tally: Tally) -> Action | None:
        """What to do about an event that is due; None: nothing, it passes."""


def beside(event: Event, after: int, tally: Tally) -> bool:
    """Whether this is the `after`th message or event; for 0, whether the stream opens, or this is any that the rule
    picked where it looks for particular ones."""
    if after:
        return isinstance(event, Counted) and tally.messages + 1 == after
    return isinstance(event, Counted if tally.picks_messages else StreamOpened)
