"""Makes a scenario that breaks something smaller, rule by rule and step by step, while it still does. Pure."""

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ValidationError

from proxy_addons.harness.scenario import Scenario
from proxy_addons.harness.steps import ChangeRules, HandlePage, Wait

_ENDS = {"hide": "show", "offline": "online"}
"""What is begun must be ended: these go together."""


def shrunk(scenario: Scenario, breaks: Callable[[Scenario], bool], most: int) -> Scenario:
    """The smallest scenario found that still `breaks`, which is asked `most` times at the utmost.

    Greedy: whatever can go without mending it goes, and what is left is tried again from the start.
    """
    asked = 0
    smaller = True
    while smaller:
        smaller = False
        for candidate in candidates(scenario):
            if asked == most:
                return scenario
            asked += 1
            if breaks(candidate):
                scenario, smaller = candidate, True
                break
    return scenario


def candidates(scenario: Scenario) -> Iterator[Scenario]:
    """Each scenario that is smaller by one rule, or by one step and what belongs to it."""
    for rule in scenario.rules:
        yield from _valid(_without_rule(scenario, rule.id))
    for number in range(len(scenario.steps)):
        gone = _together(scenario, number)
        if gone:
            kept = tuple(step for other, step in enumerate(scenario.steps) if other not in gone)
            yield from _valid(scenario.model_dump() | {"steps": _dumped(kept)})


def _valid(settings: dict[str, Any]) -> Iterator[Scenario]:
    try:
        yield Scenario.model_validate(settings)
    except ValidationError:
        return  # something else needs what is gone


def _dumped(steps: Any) -> list[dict[str, Any]]:
    return [step.model_dump() for step in steps]


def _together(scenario: Scenario, number: int) -> set[int]:
    """A step and the one that ends what it begins; nothing for one that ends something."""
    match scenario.steps[number]:
        case HandlePage(do=do, page=page) if do in _ENDS:
            later = range(number + 1, len(scenario.steps))
            wanted = ((_ENDS[do], page) == _handles(scenario.steps[other]) for other in later)
            end = next((other for other, found in zip(later, wanted, strict=True) if found), None)
            return {number} if end is None else {number, end}
        case HandlePage(do=do) if do in _ENDS.values():
            return set()
    return {number}


def _handles(step: Any) -> tuple[str, int | None] | None:
    return (step.do, step.page) if isinstance(step, HandlePage) else None


def _without_rule(scenario: Scenario, name: str) -> dict[str, Any]:
    """Without the rule, and without what names it."""
    settings = scenario.model_dump()
    rules = [rule for rule in settings["rules"] if rule["id"] != name]
    for rule in rules:
        if rule["when"]["after"] == name:
            rule["when"]["after"] = None
    heal = settings["heal"]
    if heal["rules"] is not None:
        heal["rules"] = [other for other in heal["rules"] if other != name]
    steps = (_unnamed(step, name) for step in scenario.steps)
    return settings | {
        "rules": rules,
        "may_miss": [other for other in scenario.may_miss if other != name],
        "steps": [step for step in steps if step],
    }


def _unnamed(step: Any, name: str) -> dict[str, Any] | None:
    settings: dict[str, Any] = step.model_dump()
    if isinstance(step, ChangeRules):
        kept = [other for other in step.rules if other != name]
        return settings | {"rules": kept} if kept else None
    if isinstance(step, Wait) and step.fired == name:
        return settings | {"fired": ""} if step.ms or step.shows or step.over else None
    return settings
