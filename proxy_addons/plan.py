"""A plan: which faults, where, and how often. Data: nothing here does anything to a connection."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Self, Union, get_origin

import tomlkit
from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    GetPydanticSchema,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo

from proxy_addons.errors import PlanError
from proxy_addons.events import ConnectionOpened, Direction, ListenerReady, Transport
from proxy_addons.faults import FAULTS, Fault
from proxy_addons.problems import Location, problems, unknown_kind

_FROZEN = ConfigDict(frozen=True, extra="forbid", strict=True)


class When(BaseModel):
    """What a rule applies to: everything that is given must match."""

    model_config = _FROZEN

    transport: Transport | None = Field(default=None, description="How the request talks.")
    method: str | None = Field(default=None, description="The request's method, in capitals.")
    path: str | None = Field(default=None, description="A glob for the path without the query; * matches / too.")
    direction: Direction = Field(default="to_client", description="Which WebSocket messages count and are acted on.")
    nth: int | None = Field(
        default=None, ge=1, description="Only the rule's nth matching stream, request or connection, from 1."
    )
    probability: float = Field(default=1.0, gt=0, le=1, description="How likely the rule fires where it could.")

    @field_validator("method")
    @classmethod
    def _in_capitals(cls, method: str | None) -> str | None:
        """RFC 9110, 9.1: methods are case-sensitive."""
        if method is not None and method != method.upper():
            raise ValueError(f"{method!r} matches no request; {method.upper()!r} would be right")
        return method


def _kind_of(fault: Any) -> Any:
    return fault.get("kind") if isinstance(fault, dict) else getattr(fault, "kind", None)


def _any_kind() -> Any:
    """The union of all kinds, told apart by `kind`."""
    kinds = tuple(Annotated[fault, Tag(kind)] for kind, fault in FAULTS.items())
    return Annotated[Union[kinds], Discriminator(_kind_of)]  # noqa: UP007 - made from a tuple


class Rule(BaseModel):
    """One fault, what it applies to, and how often it may fire."""

    model_config = _FROZEN

    id: str = Field(default="", description="Its name in receipts; without one, its plan numbers it by its kind.")
    when: When = Field(default=When(), description="What it applies to.")
    fault: Annotated[Fault, GetPydanticSchema(lambda _source, handler: handler(_any_kind()))]
    times: int | None = Field(default=None, ge=1, description="How often it fires at most, over all streams.")

    @model_validator(mode="after")
    def _can_apply(self) -> Self:
        """A rule whose `when` excludes all that its fault acts on would never fire: say so at once."""
        kind, only, wanted = self.fault.kind, self.fault.transport, self.when.transport
        if only and wanted not in (None, only):
            raise ValueError(f"when.transport is {wanted!r}, but {kind} acts on {only!r}; leave it out")
        early = [name for name in ("transport", "method", "path") if getattr(self.when, name) is not None]
        if early and set(self.fault.events()) <= {ListenerReady, ConnectionOpened}:
            raise ValueError(f"{kind} acts before a request is read, so when.{early[0]} cannot match; leave it out")
        return self


class Plan(BaseModel):
    """Rules in order of precedence, and the seed of every draw that they make."""

    model_config = _FROZEN

    seed: int = Field(default=0, description="Same seed, plan and traffic: same faults.")
    rules: tuple[Rule, ...] = Field(default=(), strict=False, description="In order of precedence.")

    @field_validator("rules")
    @classmethod
    def _each_has_a_name(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return named(rules)

    def with_fault(self, fault: Fault) -> Self:
        """This plan and, behind its rules, one that applies the fault wherever it can."""
        return self.model_copy(update={"rules": named((*self.rules, Rule(fault=fault)))})


def named(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules with `<kind>-<n>` as the id of each that has none.

    Raises:
        ValueError: two rules have the same id.
    """
    rules = tuple(rules)
    taken: set[str] = set()
    for rule in rules:
        if rule.id in taken:
            raise ValueError(f"two rules have the id {rule.id!r}; each needs its own")
        taken |= {rule.id} - {""}
    return tuple(rule if rule.id else _numbered(rule, taken) for rule in rules)


def _numbered(rule: Rule, taken: set[str]) -> Rule:
    """The rule under the first free number of its kind, which is taken then."""
    n = 1
    while (name := f"{rule.fault.kind}-{n}") in taken:
        n += 1
    taken.add(name)
    return rule.model_copy(update={"id": name})


def load_plan(path: Path | str) -> Plan:
    """The plan in a TOML file.

    Raises:
        PlanError: the file cannot be read or is no plan; a line for each problem.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise PlanError(f"{path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise PlanError(f"{path}: is not UTF-8: {error.reason} at byte {error.start}") from error
    return parse_plan(text, str(path))


def parse_plan(text: str, name: str = "plan") -> Plan:
    """The plan in a TOML text; `name` is what errors call it.

    Raises:
        PlanError: the text is no plan; a line for each problem.
    """
    try:
        return Plan.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{name}: {error}") from error
    except ValidationError as error:
        raise PlanError(problems(name, error, _fields_at)) from error


def parse_fault(text: str) -> Fault:
    """A fault in one line: `kind`, or `kind:setting=value,...`; a value with a comma stands in double quotes.

    Raises:
        PlanError: there is no such kind or setting, or a value is wrong; a line for each problem.
    """
    kind, _, rest = text.partition(":")
    if kind not in FAULTS:
        raise PlanError(f"{text}: {unknown_kind(kind)}")
    if rest and not _SETTINGS.fullmatch(rest):
        raise PlanError(f"{text}: {rest!r} is not setting=value,...; {kind}:name=value would be right")
    fields = FAULTS[kind].model_fields
    settings = {name: _value(fields.get(name), value) for name, value in _SETTING.findall(rest)}
    try:
        return FAULTS[kind].model_validate_strings(settings, strict=False)
    except ValidationError as error:
        raise PlanError(problems(text, error, lambda _place: fields)) from error


def dump_plan(plan: Plan) -> str:
    """The plan as TOML, without what is as it would be anyway; `parse_plan` reads the same plan from it."""
    document = tomlkit.document()
    document["seed"] = plan.seed
    rules = tomlkit.aot()
    for rule in plan.rules:
        settings = rule.model_dump(exclude_defaults=True)
        table = tomlkit.table()
        for name in sorted(settings, key=["id", "times", "when", "fault"].index):
            table[name] = _inline(settings[name])
        rules.append(table)
    if plan.rules:
        document["rules"] = rules
    return tomlkit.dumps(document)


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of a plan file."""
    return Plan.model_json_schema()


def _inline(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    table = tomlkit.inline_table()
    table.update({name: _inline(each) for name, each in value.items()})
    return table


def _fields_at(place: Location) -> Iterable[str]:
    match place:
        case ():
            return Plan.model_fields
        case ("rules", _):
            return Rule.model_fields
        case ("rules", _, "when"):
            return When.model_fields
        case (*_, kind) if kind in FAULTS:
            return FAULTS[str(kind)].model_fields
    return ()


_SETTING = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\{[^}]*\}|[^,]*)(?=,|$)')
_SETTINGS = re.compile(rf"{_SETTING.pattern}(?:,{_SETTING.pattern})*")


def _value(field: FieldInfo | None, text: str) -> Any:
    """As TOML where it is quoted or the field is a table; anything else is taken as it is written."""
    if text.startswith('"') or (field and get_origin(field.annotation) is dict):
        try:
            return tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            return text
    return text
