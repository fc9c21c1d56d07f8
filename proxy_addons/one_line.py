"""A rule in one line, for the command line: `websocket.abort:after_messages=3,when.path=/timer/ws,rule.times=1`.

First the kind, then its settings, then the fields of `when`, then those of the rule itself. A value that is a text
stands as it is; one with a comma, a quote or a bracket at its start stands in TOML's quotes. Any other value stands as
in TOML: `when.header={Origin="*.test",X-Debug=false}`. What lies deeper can be reached by name:
`when.page.state=connecting`.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import tomlkit
from pydantic import BaseModel, ValidationError

from proxy_addons.errors import PlanError
from proxy_addons.faults import FAULTS, Fault
from proxy_addons.plan import Plan, Rule, fields_at, named, require_fit, toml_value
from proxy_addons.problems import Location, Misplaced, problems, unknown_kind

_KEY = re.compile(r"([\w.-]+)=")
_OPENING = {"{": "}", "[": "]"}
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')


def parse_rule(text: str) -> Rule:
    """The rule in one line.

    Raises:
        PlanError: there is no such kind, setting or field, or a value is wrong; a line for each problem.
    """
    kind, _, rest = text.partition(":")
    if kind not in FAULTS:
        raise PlanError(f"{text}: {unknown_kind(kind)}")
    rule: dict[str, Any] = {"fault": {"kind": kind}}
    for place, value in _settings(text, kind, rest):
        _put(rule, place, value, text)
    try:
        return Rule.model_validate(rule)
    except ValidationError as error:
        raise PlanError(problems(text, error, _fields_at, _written)) from error


def parse_fault(text: str) -> Fault:
    """A fault in one line: `kind`, or `kind:setting=value,...`.

    Raises:
        PlanError: it is no fault, or more than a fault; a line for each problem.
    """
    rule = parse_rule(text)
    if rule != Rule(fault=rule.fault):
        raise PlanError(f"{text}: is more than a fault; leave out what starts with 'when.' or 'rule.'")
    return rule.fault


def dump_rule(rule: Rule) -> str:
    """The rule in one line, without what is as it would be anyway; `parse_rule` reads the same rule from it."""
    settings = rule.model_dump(exclude_defaults=True)
    fault, when = settings.pop("fault"), settings.pop("when", {})
    kind = fault.pop("kind")
    parts = [
        *(_part(name, ("fault", name), value, kind) for name, value in fault.items()),
        *(_part(f"when.{name}", ("when", name), value, kind) for name, value in when.items()),
        *(_part(f"rule.{name}", (name,), value, kind) for name, value in settings.items()),
    ]
    return f"{kind}:{','.join(parts)}" if parts else str(kind)


def add_lines(plan: Plan, lines: Sequence[str]) -> Plan:
    """The plan, and behind its rules one for each line.

    Raises:
        PlanError: a line is no rule, or its rule does not fit to the others.
    """
    rules = named((*plan.rules, *map(parse_rule, lines)))
    try:
        require_fit(rules)
    except Misplaced as error:
        _, number, *place = error.place  # the plan's own rules fit together, so it is one of the lines
        raise PlanError(f"{lines[int(number) - len(plan.rules)]}: {_dotted(tuple(place))}: {error.what}") from error
    return Plan(seed=plan.seed, rules=rules)


# -- reading ----------------------------------------------------------------------------------------------------------


def _settings(text: str, kind: str, rest: str) -> Iterator[tuple[Location, Any]]:
    """Where in a rule each value of the line belongs, and the value."""
    at = 0
    while at < len(rest):
        key = _KEY.match(rest, at)
        if not key:
            raise PlanError(f"{text}: {rest[at:]!r} is not setting=value,...; {kind}:name=value would be right")
        end = _end_of_value(rest, key.end())
        place = _place(key[1])
        if key[1].startswith(("rule.when", "rule.fault")):
            raise PlanError(f"{text}: {key[1]}: there is no such field; {key[1].removeprefix('rule.')!r} stands alone")
        yield place, _value(_type_at(kind, place), rest[key.end() : end])
        at = end + 1
        if at == len(rest):
            raise PlanError(f"{text}: nothing stands behind its last comma; leave that out")


def _end_of_value(text: str, start: int) -> int:
    """Where the value that starts here ends: at a comma outside of its quotes and brackets, or at the end."""
    quoted = _QUOTED.match(text, start)
    end = quoted.end() if quoted else _end_of_brackets(text, start)
    if end is not None and text[end : end + 1] in ("", ","):
        return end
    comma = text.find(",", start)
    return len(text) if comma < 0 else comma


def _end_of_brackets(text: str, start: int) -> int | None:
    """Behind the bracket that closes the one that stands here; None if there is no such pair."""
    expected: list[str] = []
    at = start
    while at < len(text):
        quoted = _QUOTED.match(text, at) if expected else None
        if quoted:
            at = quoted.end()
            continue
        if text[at] in _OPENING:
            expected.append(_OPENING[text[at]])
        elif not expected or (text[at] in _OPENING.values() and expected.pop() != text[at]):
            return None
        at += 1
        if not expected:
            return at
    return None


def _place(key: str) -> Location:
    """Where in a rule the value of a key belongs."""
    first, *rest = key.split(".")
    if first == "rule":
        return tuple(rest)
    return (first, *rest) if first == "when" and rest else ("fault", first, *rest)


def _put(rule: dict[str, Any], place: Location, value: Any, text: str) -> None:
    *path, name = place
    table: Any = rule
    for step in path:
        table = table.setdefault(step, {}) if isinstance(table, dict) else None
    if not isinstance(table, dict) or name in table:
        raise PlanError(f"{text}: {_dotted(place)}: is given twice; once would be right")
    table[name] = value


def _value(kind: Any, text: str) -> Any:
    """The value of a text: as TOML, but for a field that takes any text, a text without quotes is what it is."""
    if _takes_text(kind) and not _QUOTED.fullmatch(text):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"] if "\n" not in text else text
    except tomllib.TOMLDecodeError:
        return text


def _type_at(kind: str, place: Location) -> Any:
    """The annotation of what stands at a place of a rule; None: nothing that is known."""
    annotation: Any = Rule
    for step in place:
        annotation = FAULTS[kind] if annotation is Fault else annotation
        inner = next(iter(_alternatives(annotation)), None)
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            field = inner.model_fields.get(str(step))
            annotation = field.annotation if field else None
        elif get_origin(inner) is dict:
            annotation = get_args(inner)[1]
        else:
            return None
    return annotation


def _alternatives(annotation: Any) -> Iterator[Any]:
    """The types that an annotation stands for, without None."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in (Union, UnionType):
        for each in get_args(annotation):
            yield from _alternatives(each)
    elif annotation is not NoneType:
        yield annotation


def _takes_text(annotation: Any) -> bool:
    """Whether a field takes texts and nothing else."""
    kinds = list(_alternatives(annotation))
    return bool(kinds) and all(
        kind is str or (get_origin(kind) is Literal and all(isinstance(word, str) for word in get_args(kind)))
        for kind in kinds
    )


# -- writing ----------------------------------------------------------------------------------------------------------


def _part(name: str, place: Location, value: Any, kind: str) -> str:
    bare = str(value)
    if isinstance(value, str) and bare.isprintable() and _end_of_value(bare, 0) == len(bare) > 0:
        read = _value(_type_at(kind, place), bare)
        if isinstance(read, str) and read == value:
            return f"{name}={bare}"
    return f"{name}={tomlkit.item(toml_value(value)).as_string()}"


# -- errors -----------------------------------------------------------------------------------------------------------


def _fields_at(place: Location) -> Iterable[str]:
    return fields_at(("rules", 0, *place))


def _written(place: Location) -> Location:
    """How a place in a rule is written in a line."""
    match place:
        case ("fault", *rest):
            return tuple(rest)
        case ("when", *_):
            return place
    return ("rule", *place) if place else place


def _dotted(place: Location) -> str:
    return ".".join(map(str, _written(place)))
