"""Strategies for whole rules and plans: any fault, any condition that fits to it, rules that wait for each other."""

from typing import Any, get_args

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import ValidationError

from property_tests.faults import faults
from proxy_addons.events import Direction, Transport
from proxy_addons.plan import Plan, Rule
from proxy_addons.when import Page, Payload, When

texts = st.sampled_from(["a", "x-y", "a, b", '"', "'", "{", "[1]", "true", "3", "/timer/*", ""]) | st.text(
    st.characters(codec="utf-8"), max_size=20
)
milliseconds = st.sampled_from([1, 40, 500, 0.5]) | st.floats(0, 1e6, exclude_min=True)
names = st.text("abcXYZ019-_.!~", min_size=1, max_size=8)
globs = st.dictionaries(names, texts | st.just(False), max_size=3)
pointers = st.lists(texts, max_size=3).map(
    lambda steps: "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
payloads = st.one_of(
    st.builds(Payload, pointer=pointers, op=st.sampled_from(["exists", "missing"])),
    st.builds(Payload, pointer=pointers, op=st.sampled_from(["==", "!="]), value=texts | numbers | st.booleans()),
    st.builds(Payload, pointer=pointers, op=st.sampled_from(["<", "<=", ">", ">="]), value=texts | numbers),
    st.builds(Payload, pointer=pointers, op=st.just("matches"), value=texts),
)
pages = st.builds(Page, transport=st.none() | texts, state=texts, shown_ms=st.just(0) | milliseconds)

CONDITIONS: dict[str, SearchStrategy[Any]] = {
    "transport": st.sampled_from(get_args(Transport)),
    "method": st.sampled_from(["GET", "POST"]),
    "path": st.sampled_from(["/timer", "/timer*", "*"]) | texts,
    "header": globs,
    "cookie": globs,
    "connection": st.integers(1, 5),
    "nth": st.integers(1, 3),
    "direction": st.sampled_from(get_args(Direction)),
    "message": st.integers(1, 5),
    "every": st.integers(1, 3),
    "after_bytes": st.integers(0, 100),
    "payload": payloads,
    "connection_ms": milliseconds,
    "after_ms": st.just(0) | milliseconds,
    "for_ms": milliseconds,
    "page": pages,
    "probability": st.floats(0, 1, exclude_min=True),
}
"""Field of `When` -> what may stand there; `after` is drawn with the plan."""

WITHOUT_TIME = sorted(CONDITIONS.keys() - {"connection_ms", "after_ms", "for_ms", "page"})


@st.composite
def whens(draw: st.DrawFn, among: list[str]) -> When:
    """Some conditions, the first of which can be true together."""
    conditions: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(among), unique=True, max_size=5)):
        more = {**conditions, name: draw(CONDITIONS[name])}
        conditions = more if _holds(When, more) else conditions
    return When(**conditions)


@st.composite
def rules(draw: st.DrawFn, among: list[str]) -> Rule:
    """A rule with any fault; conditions that contradict it are left out."""
    limits = st.none() | st.integers(1, 5)
    rule: dict[str, Any] = {"id": draw(texts), "fault": draw(faults), "times": draw(limits)}
    more = {**rule, "times_per_connection": draw(limits)}
    rule = more if _holds(Rule, more) else rule
    given = When()
    drawn = draw(whens(among))
    for name in drawn.model_fields_set:
        more = {**rule, "when": given.model_copy(update={name: getattr(drawn, name)})}
        if _holds(Rule, more):
            rule, given = more, more["when"]
    return Rule(**rule)


@st.composite
def plans(draw: st.DrawFn, among: list[str] | None = None) -> Plan:
    """A plan; of its rules, some wait for earlier ones where conditions of time are drawn."""
    drawn = draw(st.lists(rules(among or sorted(CONDITIONS)), max_size=4, unique_by=lambda rule: rule.id))
    plan = Plan(seed=draw(st.integers()), rules=tuple(drawn))
    if among:
        return plan
    waiting = []
    for number, rule in enumerate(plan.rules):
        after = draw(st.none() | st.sampled_from(plan.rules[:number])) if number else None
        when = rule.when.model_copy(update={"after": after.id if after else None})
        waiting.append(rule.model_copy(update={"when": when}))
    return Plan(seed=plan.seed, rules=tuple(waiting))


def _holds(model: type[When] | type[Rule], settings: dict[str, Any]) -> bool:
    """Whether the model takes these settings together."""
    try:
        model.model_validate(settings)
    except ValidationError:
        return False
    return True
