"""Rules for one test, whose fault is in no list of kinds."""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from proxy_addons.actions import Action
from proxy_addons.events import Event
from proxy_addons.faults.base import Fault, Tally
from proxy_addons.plan import Rule

E = TypeVar("E", bound=Event)

NO_BYTES: Any = object()
"""For an action that cannot be performed."""


def rule_that(
    on: type[E], act: Callable[[E], Action | None], *, scope: str = "connection", id: str = "throwaway"
) -> Rule:
    """A rule that does this to every event of one class."""

    class Throwaway(Fault):
        kind: ClassVar[str] = f"{scope}.throwaway"
        colour: ClassVar[str] = "red"

        def events(self) -> tuple[type[Any], ...]:
            return (on,)

        def decide(self, event: Any, tally: Tally) -> Action | None:  # noqa: ARG002  # as the base class has it
            return act(event)

    # A plan knows registered kinds only, so the rule is made without validation.
    return Rule.model_construct(id=id, fault=Throwaway())
