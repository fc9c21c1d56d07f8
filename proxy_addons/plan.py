"""A plan: which faults, where, and how often. Data: nothing here does anything to a connection."""

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Self, Union, get_args

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

from proxy_addons.errors import PlanError, did_you_mean
from proxy_addons.events import (
    ConnectionOpened,
    ControlPassing,
    Event,
    ListenerReady,
    MessagePassing,
    RequestReceived,
    ResponseReceived,
    SsePassing,
)
from proxy_addons.faults import FAULTS, Fault
from proxy_addons.problems import Location, Misplaced, problems
from proxy_addons.when import MESSAGE_CONDITIONS, REQUEST_CONDITIONS, Page, Payload
from proxy_addons.when import When as When

_FROZEN = ConfigDict(frozen=True, extra="forbid", strict=True)


def _kind_of(fault: Any) -> Any:
    return fault.get("kind") if isinstance(fault, dict) else getattr(fault, "kind", None)


def _any_kind() -> Any:
    """The union of all kinds, told apart by `kind`."""
    kinds = tuple(Annotated[fault, Tag(kind)] for kind, fault in FAULTS.items())
    return Annotated[Union[kinds], Discriminator(_kind_of)]  # noqa: UP007 - made from a tuple


class Rule(BaseModel):
    """One fault, what it applies to and when, and how often it may fire."""

    model_config = _FROZEN

    id: str = Field(default="", description="Its name in receipts; without one, its plan numbers it by its kind.")
    when: When = Field(default=When(), description="What it applies to, and when.")
    fault: Annotated[Fault, GetPydanticSchema(lambda _source, handler: handler(_any_kind()))] = Field(
        description="What goes wrong: a kind and its settings."
    )
    times: int | None = Field(default=None, ge=1, description="How often it fires at most, over all streams.")
    times_per_connection: int | None = Field(
        default=None, ge=1, description="How often it fires at most on each TCP connection."
    )

    @model_validator(mode="after")
    def _can_apply(self) -> Self:
        """A rule whose conditions exclude all that its fault acts on would never fire: say so at once."""
        kind, only, wanted = self.fault.kind, self.fault.transport, self.when.transport
        if only and wanted not in (None, only):
            raise Misplaced(("when", "transport"), f"is {wanted!r}, but {kind} acts on {only!r}; leave it out")
        seen = set(self.fault.events())
        for place, needed, otherwise in _NEEDS:
            if self._gives(place) and not seen & needed:
                raise Misplaced(place, f"{kind} {otherwise}, so it cannot match; leave it out")
        return self

    def _gives(self, place: Location) -> bool:
        """Whether a condition is other than by default."""
        model: BaseModel = self.when if place[0] == "when" else self
        name = str(place[-1])
        return bool(getattr(model, name) != type(model).model_fields[name].default)


_REQUESTS = set(get_args(Event)) - {ListenerReady, ConnectionOpened}

_NEEDS: tuple[tuple[Location, set[type[Event]], str], ...] = (
    *((("when", name), _REQUESTS, "acts before a request is read") for name in REQUEST_CONDITIONS),
    *(
        (place, _REQUESTS | {ConnectionOpened}, "acts on the listener")
        for place in (("when", "connection"), ("when", "nth"), ("when", "connection_ms"), ("times_per_connection",))
    ),
    *((("when", name), {MessagePassing, SsePassing}, "sees no message or event") for name in MESSAGE_CONDITIONS),
    (
        ("when", "payload"),
        {MessagePassing, SsePassing, RequestReceived, ResponseReceived},
        "sees no message, event or body",
    ),
    (("when", "direction"), {MessagePassing, ControlPassing}, "sees nothing on its way to the server"),
)
"""Place of a condition in a rule -> the events that it can be true of, and what is wrong with a fault without them."""


class Plan(BaseModel):
    """Rules in order of precedence, and the seed of every draw that they make."""

    model_config = ConfigDict(**_FROZEN, title="A plan of brownout: which faults, where, when and how often")

    seed: int = Field(default=0, description="Same seed, plan and traffic: same faults.")
    rules: tuple[Rule, ...] = Field(default=(), strict=False, description="In order of precedence.")

    @field_validator("rules")
    @classmethod
    def _each_has_a_name(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return named(rules)

    @model_validator(mode="after")
    def _rules_fit_together(self) -> Self:
        require_fit(self.rules)
        return self


def named(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """The rules with `<kind>-<n>` as the id of each that has none."""
    rules = tuple(rules)
    taken = {rule.id for rule in rules}
    return tuple(rule if rule.id else _numbered(rule, taken) for rule in rules)


def _numbered(rule: Rule, taken: set[str]) -> Rule:
    """The rule under the first free number of its kind, which is taken then."""
    n = 1
    while (name := f"{rule.fault.kind}-{n}") in taken:
        n += 1
    taken.add(name)
    return rule.model_copy(update={"id": name})


def require_fit(rules: Sequence[Rule], gone: Iterable[str] = ()) -> None:
    """See to it that each rule has an id of its own, and waits for a rule that can fire; `gone` are ids of rules that
    were there and may be named too.

    Raises:
        Misplaced: a rule does not.
    """
    waits: dict[str, str | None] = {}
    for number, rule in enumerate(rules):
        if rule.id in waits:
            raise Misplaced(("rules", number, "id"), f"two rules have the id {rule.id!r}; each needs its own")
        waits[rule.id] = rule.when.after
    for number, rule in enumerate(rules):
        place, after = ("rules", number, "when", "after"), rule.when.after
        if after is not None and after not in waits and after not in gone:
            known = [*(other for other in waits if other != rule.id), *gone]
            raise Misplaced(place, f"unknown rule {after!r}{did_you_mean(after, known)}")
        chain = [rule.id]
        while after is not None and after not in chain:
            chain.append(after)
            after = waits.get(after)
        if after == rule.id:
            raise Misplaced(place, f"{' waits for '.join((*chain, rule.id))}, so none of them ever fires")


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
        raise PlanError(problems(name, error, fields_at)) from error


def dump_plan(plan: Plan) -> str:
    """The plan as TOML, without what is as it would be anyway; `parse_plan` reads the same plan from it."""
    document = tomlkit.document()
    document["seed"] = plan.seed
    rules = tomlkit.aot()
    for rule in plan.rules:
        settings = rule.model_dump(exclude_defaults=True)
        table = tomlkit.table()
        for name in sorted(settings, key=_ORDER.index):
            table[name] = toml_value(settings[name])
        rules.append(table)
    if plan.rules:
        document["rules"] = rules
    return tomlkit.dumps(document)


_ORDER = ["id", "times", "times_per_connection", "when", "fault"]
"""In which order people read the parts of a rule."""


def toml_value(value: Any) -> Any:
    """A value as TOML writes it in one line: tables inline, whole numbers without a fraction."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return int(value)
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        array.extend(toml_value(each) for each in value)
        return array
    if not isinstance(value, dict):
        return value
    table = tomlkit.inline_table()
    table.update({name: toml_value(each) for name, each in value.items()})
    return table


def plan_schema() -> dict[str, Any]:
    """The JSON Schema of a plan file, for editors."""
    described: dict[str, Any] = _without_null(Plan.model_json_schema())
    described["$defs"]["Rule"]["properties"]["when"]["default"] = {}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **described}


def _without_null(schema: Any) -> Any:
    """The same, where null stands for what is left out: TOML can't write it."""
    if isinstance(schema, list):
        return [_without_null(each) for each in schema if each != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _without_null(each) for name, each in schema.items() if (name, each) != ("default", None)}
    only = kept.get("anyOf", ())
    return {**only[0], **{name: each for name, each in kept.items() if name != "anyOf"}} if len(only) == 1 else kept


def fields_at(place: Location) -> Iterable[str]:
    """The names that are known at a place of a plan."""
    match place:
        case ():
            return Plan.model_fields
        case ("rules", _):
            return Rule.model_fields
        case ("rules", _, "when"):
            return When.model_fields
        case ("rules", _, "when", "payload"):
            return Payload.model_fields
        case ("rules", _, "when", "page"):
            return Page.model_fields
        case (*_, kind) if kind in FAULTS:
            return FAULTS[str(kind)].model_fields
    return ()
