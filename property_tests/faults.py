"""Strategies for faults and plans, derived from the models: a new kind is drawn as soon as it is in `FAULTS`."""

from types import NoneType
from typing import Any, TypeVar, get_args, get_origin

from annotated_types import Ge, Gt, Le
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from proxy_addons.faults import FAULTS, Fault
from proxy_addons.plan import Plan, Rule, When

M = TypeVar("M", bound=BaseModel)

texts = st.sampled_from(["a", "x-y", "a, b", '"', "/timer/*"]) | st.text(st.characters(codec="utf-8"), max_size=20)


def settings_of(model: type[BaseModel]) -> SearchStrategy[dict[str, Any]]:
    """Settings for a model, each of them left out or of its field's type and in its range."""
    optional = {name: _setting(field) for name, field in model.model_fields.items() if not field.is_required()}
    required = {name: _setting(field) for name, field in model.model_fields.items() if field.is_required()}
    return st.fixed_dictionaries(required, optional=optional)


def built(model: type[M], settings: dict[str, Any]) -> M | None:
    """The model, or None if it rejects these settings together."""
    try:
        return model.model_validate(settings)
    except ValidationError:
        return None


def _setting(field: FieldInfo) -> SearchStrategy[Any]:
    return _of_type(field.annotation, field.metadata)


def _of_type(annotation: Any, limits: list[Any]) -> SearchStrategy[Any]:
    if NoneType in get_args(annotation):
        return st.one_of([_of_type(each, limits) for each in get_args(annotation)])
    if annotation is int:
        return st.integers(_limit(Ge, limits), _limit(Le, limits))
    if annotation is float:
        return st.floats(_limit(Gt, limits), _limit(Le, limits), exclude_min=True)
    if annotation is str:
        return texts
    if get_origin(annotation) is dict:
        return st.dictionaries(texts, texts, max_size=3)
    drawn: SearchStrategy[Any] = st.from_type(annotation)
    return drawn


def _limit(kind: type[Ge] | type[Gt] | type[Le], limits: list[Any]) -> Any:
    """What the field's `ge`, `gt` or `le` says, if it has one."""
    return next((getattr(limit, kind.__name__.lower()) for limit in limits if isinstance(limit, kind)), None)


def _valid(model: type[BaseModel]) -> SearchStrategy[Any]:
    return settings_of(model).map(lambda settings: built(model, settings)).filter(lambda made: made is not None)


faults: SearchStrategy[Fault] = st.sampled_from(list(FAULTS.values())).flatmap(_valid)
whens: SearchStrategy[When] = st.just(When()) | _valid(When)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    """A rule with any fault; its `when` is the default where the drawn one contradicts the fault."""
    rule = Rule(id=draw(texts), fault=draw(faults), times=draw(st.none() | st.integers(1, 5)))
    fitting = built(Rule, {**dict(rule), "when": draw(whens)})
    return fitting or rule


plans: SearchStrategy[Plan] = st.builds(
    Plan, seed=st.integers(), rules=st.lists(rules(), max_size=4, unique_by=lambda rule: rule.id).map(tuple)
)
