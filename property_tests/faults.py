"""Strategies for faults, derived from the models: a new kind is drawn as soon as it is in `FAULTS`."""

import json
from itertools import combinations
from types import NoneType
from typing import Annotated, Any, get_args, get_origin

from annotated_types import Ge, Gt, Le
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from proxy_addons.faults import FAULTS, Fault

texts = st.sampled_from(["a", "x-y", "a, b", '"', "0", "/a*", "<b>\n"]) | st.text(
    st.characters(codec="utf-8"), max_size=20
)
header_names = st.text("aZ09-!#$%&'*+.^_`|~", min_size=1, max_size=8)
header_values = texts.map(lambda text: text.translate(dict.fromkeys(map(ord, "\r\n\0"))))
pointers = st.lists(st.text("a0~/", max_size=3), max_size=3).map(
    lambda names: "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)
"""Anything that JSON can say."""

_BY_NAME: dict[str, SearchStrategy[Any]] = {
    "body_file": st.sampled_from(["", __file__]),
    "headers": st.dictionaries(header_names, header_values, max_size=3),
    "location": header_values,
    "pointer": pointers,
    "remove": st.lists(header_names, max_size=3).map(tuple),
    "replacement": values.map(json.dumps),
    "set": st.dictionaries(header_names, header_values, max_size=3),
    "target": st.sampled_from(["http://127.0.0.1:8001", "https://other.example:443", "http://[::1]:80"]),
}
"""For settings for which a text of any kind is hardly ever right."""


def fault_of(kind: type[Fault]) -> SearchStrategy[Fault]:
    """Faults of this kind with any settings, each of them left out or of its field's type and in its range, and as many
    of those as go together."""
    settings = {name: _BY_NAME.get(name, _setting(field)) for name, field in kind.model_fields.items()}
    required = {name for name, field in kind.model_fields.items() if field.is_required()}
    drawn = st.fixed_dictionaries(
        {name: settings[name] for name in settings if name in required},
        optional={name: settings[name] for name in settings if name not in required},
    )
    return drawn.map(lambda settings: _fitting(kind, settings)).filter(bool).map(lambda fitting: fitting[0])


def _fitting(kind: type[Fault], settings: dict[str, Any]) -> list[Fault]:
    """With the largest part of the settings that the kind takes together; empty if it takes none of them."""
    for size in range(len(settings), -1, -1):
        for part in combinations(settings.items(), size):
            try:
                return [kind.model_validate(dict(part))]
            except ValidationError:
                continue
    return []


def _setting(field: FieldInfo) -> SearchStrategy[Any]:
    return _of_type(field.annotation, field)


def _of_type(annotation: Any, field: FieldInfo) -> SearchStrategy[Any]:
    match field.json_schema_extra:
        case {"enum": list(options)}:
            return st.sampled_from(options)
    if get_origin(annotation) is Annotated:
        inner, *notes = get_args(annotation)
        return _of_type(inner, next(note for note in notes if isinstance(note, FieldInfo)))
    if NoneType in get_args(annotation):
        return st.one_of([_of_type(each, field) for each in get_args(annotation)])
    if annotation is int:
        return st.integers(_limit(Ge, field), _limit(Le, field))
    if annotation is float:
        least = _limit(Ge, field) if _limit(Gt, field) is None else _limit(Gt, field)
        strictly = _limit(Gt, field) is not None
        return st.floats(least, _limit(Le, field), exclude_min=strictly, allow_nan=False, allow_infinity=False)
    if annotation is str:
        return texts
    drawn: SearchStrategy[Any] = st.from_type(annotation)
    return drawn


def _limit(kind: type[Ge] | type[Gt] | type[Le], field: FieldInfo) -> Any:
    """What the field's `ge`, `gt` or `le` says, if it has one."""
    return next((getattr(limit, kind.__name__.lower()) for limit in field.metadata if isinstance(limit, kind)), None)


faults: SearchStrategy[Fault] = st.one_of([fault_of(kind) for kind in FAULTS.values()])
