"""Faults at random: any kind that there is, with settings that hurt and that a page can get over. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from proxy_addons.draws import draw
from proxy_addons.faults import Fault

SETTINGS: Mapping[str, Sequence[Any]] = {
    "after_bytes": (0, 40, 300, 2000),
    "after_events": (0, 1, 2, 4),
    "after_messages": (0, 1, 2, 4),
    "apart_ms": (0, 1, 300),
    "back": (1, 2, 5),
    "behind": (1, 2, 3),
    "body": ("<h1>Bad Gateway</h1>", "{}", "null"),
    "body_bytes": (0, 10, 200),
    "bytes_per_second": (300, 3000),
    "code": (1000, 1001, 1002, 1011, 1012, 1013, 4000, 4429),
    "copies": (1, 2),
    "data": ("", "null", "[]", "{}", '{"kind":"weather"}', "<h1>Sign in</h1>"),
    "down_ms": (0, 2000),
    "event": ("weather",),
    "for_ms": (500, 2000, 6000),
    "headers": ({"Retry-After": "1"}, {"Content-Type": "application/json"}),
    "id": ("", "0", "somewhere"),
    "id_back": (1, 3),
    "jitter_ms": (200, 800),
    "location": ("/healthz", "/nowhere"),
    "max_bytes": (200, 4000),
    "ms": (100, 700, 2500),
    "nth_event": (1, 2, 3),
    "nth_message": (1, 2, 3),
    "partial_bytes": (5, 40),
    "piece_bytes": (1, 7, 64),
    "reason": ("bye",),
    "remove": (["Upgrade"], ["Content-Type"], ["Connection"]),
    "retry": ("0", "5000", "soon"),
    "set": ({"Content-Type": "text/html"}, {"Cache-Control": "max-age=60"}),
    "status": (200, 204, 302, 307, 400, 404, 429, 500, 502, 503, 504),
    "target": ("http://127.0.0.1:9",),
    "text": ("<h1>Bad Gateway</h1>\n\n", ": nothing\n\n", "data: {\n\n", "retry: 0\n\n"),
    "until_bytes": (500, 4000),
    "until_ms": (300, 1500),
    "window_ms": (100, 1000),
}
"""Name of a setting -> what it may be, at scale 1. Nothing that ends a page for good is among it: no 401, no 4403."""

LEFT_OUT = ("body_file", "grace_ms", "pointer", "replacement")
"""Settings that are never drawn: they need files or knowledge of the subject, or only make a run longer."""


def fault_of(kind: type[Fault], *key: object) -> dict[str, Any]:
    """A fault of this kind as it stands in a file; the same for the same key."""
    settings: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        if field.is_required():
            settings[name] = picked(options(name, field), *key, name)
    optional = {name: options(name, field) for name, field in kind.model_fields.items() if name not in settings}
    wanted = [name for name in optional if optional[name] and draw(*key, name, "is given") >= 0.5]
    waiting: dict[str, Any] = {}  # for another one that it needs
    for name in (*wanted, *optional):
        if name not in wanted and fits(kind.model_validate, settings):
            break  # the others are drawn where a kind cannot do without
        one = {name: picked(optional[name], *key, name)} if optional[name] else {}
        more = next((new for new in (one, waiting | one) if fits(kind.model_validate, settings | new)), None)
        settings, waiting = (settings, waiting | one) if more is None else (settings | more, {})
    return {"kind": kind.kind, **settings}


def options(name: str, field: FieldInfo) -> Sequence[Any]:
    """What may be drawn for a setting: what stands above, or else what its type lists."""
    if name in LEFT_OUT:
        return ()
    listed = tuple(_listed(field.annotation, field))
    return listed or SETTINGS.get(name, ())


def _listed(annotation: Any, field: FieldInfo) -> Iterator[Any]:
    match field.json_schema_extra:
        case {"enum": list(words)}:
            yield from words
            return
    if annotation is bool:
        yield from (False, True)
    elif get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            yield from _listed(each, _noted(each, field))


def _noted(annotation: Any, field: FieldInfo) -> FieldInfo:
    """What is noted at a type itself, where something is."""
    notes = getattr(annotation, "__metadata__", ())
    return next((note for note in notes if isinstance(note, FieldInfo)), field)


def picked(among: Sequence[Any], *key: object) -> Any:
    """One of them."""
    return among[int(draw(*key) * len(among))]


def fits(validate: Callable[[Any], object], settings: Any) -> bool:
    """Whether a model takes these settings together."""
    try:
        validate(settings)
    except ValidationError:
        return False
    return True
