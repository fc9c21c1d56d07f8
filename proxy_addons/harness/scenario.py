"""A scenario: what goes wrong in front of a page that is live, what heals it, and what must be seen. Data."""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, Field, ValidationError, field_validator, model_validator

from proxy_addons.errors import PlanError, did_you_mean
from proxy_addons.harness.steps import FROZEN, STEPS, AnyStep, ChangeRules, GiveCommand, HandlePage, SaySomething, Wait
from proxy_addons.plan import Plan, Rule, fields_at, named, require_fit
from proxy_addons.problems import Location, Misplaced, problems
from proxy_addons.scenarios import SCENARIOS

LADDER = ("websocket", "eventsource", "polling")
"""From the best transport down."""
Transport = Literal["websocket", "eventsource", "polling"]
SHUT_OUT = "no-{}"
"""The id of the rule that keeps pages from a transport above the one that is given."""


class Given(BaseModel):
    """What stands before anything goes wrong."""

    model_config = FROZEN

    transport: Transport | None = Field(
        default=None, description="The pages are live over this one: those above it are refused, until healed."
    )
    pages: int = Field(default=1, ge=1, description="How many, each in a browser profile of its own.")
    rules: tuple[Rule, ...] = Field(
        default=(), strict=False, description="In force before the first page opens; they stay, unless healed."
    )
    live: bool = Field(default=True, description="False: the faults are in force before the page is ever live.")
    keeps_its_log: bool = Field(default=False, description="The server's log outlives a restart.")


class Heal(BaseModel):
    """What ends the trouble."""

    model_config = FROZEN

    rules: tuple[str, ...] | None = Field(
        default=None, strict=False, description="Which rules are lifted; without it, all but those that are given."
    )
    after_ms: float = Field(
        default=1000,
        ge=0,
        allow_inf_nan=False,
        description="So long after the last step, when each rule has fired: what it did must have come to something.",
    )


class Attempts(BaseModel):
    """How many requests of a kind each page makes, from its opening to the end."""

    model_config = FROZEN

    least: int = Field(default=0, ge=0)
    most: int | None = Field(default=None, ge=0)


class Expect(BaseModel):
    """What must be seen beside what holds for every run."""

    model_config = FROZEN

    transports: tuple[Transport, ...] | None = Field(
        default=None, strict=False, description="Over which each page is served, in this order and no other."
    )
    shows: tuple[str, ...] = Field(
        default=(), strict=False, description="Words for its state that each page shows meanwhile: stale, offline, ..."
    )
    never_shows: tuple[str, ...] = Field(
        default=(), strict=False, description="Words for its state that no page shows, once it was live."
    )
    ends: str = Field(default="live", description="The word that each page shows in the end.")
    hides: tuple[str, ...] = Field(default=(), strict=False, description="Texts that no page ever shows.")
    attempts: dict[Transport, Attempts] = Field(default={}, description="How many of each kind each page makes.")
    asides: Attempts | None = Field(
        default=None, description="How many requests each page makes to look, check or catch up beside those."
    )
    commands: Literal["done", "failed", "unknown"] | None = Field(
        default=None, description="What each page says of each of its commands in the end."
    )
    limits: dict[str, float] = Field(default={}, description="Bounds of the checks that are other than usual.")


class Scenario(BaseModel):
    """One scenario, as it stands in a file. Times are those of scale 1."""

    model_config = FROZEN

    name: str = Field(default="", description="Its folder and file, without the ending.")
    title: str = Field(description="What happens, in one line.")
    why: str = Field(description="Who met it, and what a client that is not up to it does.")
    source: tuple[str, ...] = Field(default=(), strict=False, description="Where that is written.")
    seed: int = Field(default=0, description="Of every draw.")
    given: Given = Given()
    rules: tuple[Rule, ...] = Field(default=(), strict=False, description="What goes wrong, once the pages are live.")
    may_miss: tuple[str, ...] = Field(
        default=(), strict=False, description="Rules that need not fire: all others must, or nothing is proved."
    )
    steps: tuple[AnyStep, ...] = Field(default=(), strict=False, description="What happens meanwhile, in order.")
    heal: Heal = Heal()
    expect: Expect = Expect()

    @field_validator("steps", mode="before")
    @classmethod
    def _unrolled(cls, steps: Any) -> Any:
        """`{repeat = 20, steps = [...]}` stands for these steps, so often."""
        if not isinstance(steps, list | tuple):
            return steps
        return [each for step in steps for each in _repeated(step)]

    @field_validator("rules")
    @classmethod
    def _each_has_a_name(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        return named(rules)

    @field_validator("given")
    @classmethod
    def _each_given_has_a_name(cls, given: Given) -> Given:
        return given.model_copy(update={"rules": named(given.rules)})

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        require_fit(self.rules, gone=[rule.id for rule in self.before])
        known = [rule.id for rule in (*self.before, *self.rules)]
        for place, name in self._named_rules():
            if name not in known:
                raise Misplaced(place, f"unknown rule {name!r}{did_you_mean(name, known)}")
        if twice := {name for name in known if known.count(name) > 1}:
            raise Misplaced(("rules",), f"two rules have the id {min(twice)!r}; each needs its own")
        self._require_order()
        for number, step in enumerate(self.steps):
            page = step.page if isinstance(step, GiveCommand | HandlePage) else None
            if page is not None and page > self.pages:
                raise Misplaced(("steps", number, "page"), f"there is no page {page}; there are {self.pages}")
        return self

    def _require_order(self) -> None:
        """No rule comes into force before the one for which it waits."""
        places = {rule.id: place for place, rule in enumerate(self.rules)}
        injected = [step.rules for step in self.steps if isinstance(step, ChangeRules) and step.do == "inject"]
        there = {rule.id for rule in self.before}
        for names in ([rule.id for rule in self.at_once], *injected):
            there |= set(names)
            for name in names:
                after = self.rules[places[name]].when.after if name in places else None
                if after is not None and after not in there:
                    text = f"{after!r} comes into force only later; inject it together with {name!r} or before it"
                    raise Misplaced(("rules", places[name], "when", "after"), text)

    def _named_rules(self) -> Iterable[tuple[Location, str]]:
        for number, step in enumerate(self.steps):
            if isinstance(step, ChangeRules):
                yield from ((("steps", number, "rules"), name) for name in step.rules)
            elif isinstance(step, Wait) and step.fired:
                yield ("steps", number, "fired"), step.fired
        yield from ((("heal", "rules"), name) for name in self.heal.rules or ())
        yield from ((("may_miss",), name) for name in self.may_miss)

    # -- what follows from it -----------------------------------------------------------------------------------

    @property
    def pages(self) -> int:
        """How many pages there are in all."""
        return self.given.pages + sum(isinstance(step, HandlePage) and step.do == "open" for step in self.steps)

    @property
    def before(self) -> tuple[Rule, ...]:
        """The rules that are in force before the first page opens."""
        above = LADDER[: LADDER.index(self.given.transport)] if self.given.transport else ()
        return (*map(_shut_out, above), *self.given.rules)

    @property
    def at_once(self) -> tuple[Rule, ...]:
        """The rules that come into force when the pages are live; the others wait for a step that injects them."""
        later = {
            name for step in self.steps if isinstance(step, ChangeRules) and step.do == "inject" for name in step.rules
        }
        return tuple(rule for rule in self.rules if rule.id not in later)

    @property
    def plan(self) -> Plan:
        """All its rules at once, for a proxy that somebody works with by hand."""
        return Plan(seed=self.seed, rules=(*self.before, *self.rules))

    @property
    def healed(self) -> tuple[str, ...]:
        """The ids of the rules that are lifted in the end."""
        return tuple(rule.id for rule in self.rules) if self.heal.rules is None else self.heal.rules

    @property
    def restarts(self) -> bool:
        """Whether the server is restarted."""
        return any(rule.fault.needs_restart for rule in (*self.before, *self.rules))

    @property
    def happenings(self) -> set[str]:
        """What the server must be able to say."""
        return {step.what for step in self.steps if isinstance(step, SaySomething)}

    @property
    def deeds(self) -> set[str]:
        """What a person must be able to do on the page."""
        return {step.what for step in self.steps if isinstance(step, GiveCommand)}

    @property
    def handling(self) -> set[str]:
        """What is done to pages."""
        return {step.do for step in self.steps if isinstance(step, HandlePage)}

    def at_scale(self, scale: float) -> Self:
        """The same with every time multiplied."""
        return type(self).model_validate(_scaled(self.model_dump(), scale))


def _shut_out(transport: str) -> Rule:
    name = SHUT_OUT.format(transport)
    fault = {"kind": "request.respond", "status": 503}
    return Rule.model_validate({"id": name, "when": {"transport": transport}, "fault": fault})


def _repeated(step: Any) -> list[Any]:
    match step:
        case {"repeat": int(times), "steps": list(steps), **rest} if times > 0 and not rest:
            return steps * times
    return [step]


def _scaled(settings: Any, scale: float) -> Any:
    """Every time in it, whose name says so, multiplied, and every rate divided."""
    if isinstance(settings, Mapping):
        return {name: _rescaled(str(name), value, scale) for name, value in settings.items()}
    return [_scaled(each, scale) for each in settings] if isinstance(settings, list | tuple) else settings


def _rescaled(name: str, value: Any, scale: float) -> Any:
    if not isinstance(value, int | float):
        return _scaled(value, scale)
    if name == "ms" or name.endswith("_ms"):
        return value * scale
    return value / scale if name.endswith("_per_second") else value


# -- files --------------------------------------------------------------------------------------------------------


def shipped() -> dict[str, Path]:
    """The scenarios that come with brownout, by name: `transport/websocket-aborted`."""
    files = sorted(SCENARIOS.rglob("*.toml"))
    return {file.relative_to(SCENARIOS).with_suffix("").as_posix(): file for file in files}


def find_scenario(name: str) -> Scenario:
    """A shipped scenario by its name, or the one in a file.

    Raises:
        PlanError: there is none, or it is not right; a line for each problem.
    """
    known = shipped()
    if name in known:
        return load_scenario(known[name], name)
    if not Path(name).is_file():
        raise PlanError(f"{name}: there is no such scenario, and no such file{did_you_mean(name, known)}")
    return load_scenario(Path(name), Path(name).stem)


def load_scenario(path: Path, name: str = "") -> Scenario:
    """The scenario in a TOML file.

    Raises:
        PlanError: the file cannot be read or is no scenario; a line for each problem.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PlanError(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    return parse_scenario(text, str(path), name or path.stem)


def parse_scenario(text: str, where: str = "scenario", name: str = "") -> Scenario:
    """The scenario in a TOML text; `where` is what errors call it.

    Raises:
        PlanError: the text is no scenario; a line for each problem.
    """
    try:
        return Scenario.model_validate({"name": name, **tomllib.loads(text)})
    except tomllib.TOMLDecodeError as error:
        raise PlanError(f"{where}: {error}") from error
    except ValidationError as error:
        raise PlanError(problems(where, error, _fields_at, _written)) from error


_PARTS: dict[str, type[BaseModel]] = {"given": Given, "heal": Heal, "expect": Expect}


def _fields_at(place: Location) -> Iterable[str]:
    """The names that are known at a place of a scenario."""
    match place:
        case ():
            return [*Scenario.model_fields]
        case (str(part),) if part in _PARTS:
            return _PARTS[part].model_fields
        case ("steps", _, str(do)) if do in STEPS:
            return STEPS[do].model_fields
        case ("given", *rest) if rest:
            return fields_at(tuple(rest))
    return fields_at(place)


def _written(place: Location) -> Location:
    """As it stands in the file, where what a step does is no key."""
    match place:
        case ("steps", number, str(do), *rest) if do in STEPS:
            return ("steps", number, *rest)
    return place
