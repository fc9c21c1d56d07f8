"""What can be written into a plan, as a document in Markdown: made of the models' own documentation."""

import inspect
import json
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from proxy_addons.faults import Fault
from proxy_addons.mutations import Mutation
from proxy_addons.plan import Rule
from proxy_addons.when import Page, Payload, When

_INTRODUCTION = """# What can be broken, where and when

A plan is a list of rules. A rule is a fault, the conditions under which it fires, and how often it may. This page says
everything that can be written into one; `brownout faults --schema` prints the same as a JSON Schema for editors.

```toml
seed = 1

[[rules]]
id = "cut"
when = { transport = "websocket", nth = 1 }
fault = { kind = "websocket.abort", after_messages = 3 }

[[rules]]                                        # while the client still waits to try again
id = "restart"
when = { after = "cut", after_ms = 200 }
fault = { kind = "upstream.restart", how = "kill" }
```

In one line, for `brownout proxy --fault`: the settings of the fault, then `when.` and `rule.` for the rest:

```
websocket.abort:after_messages=3,when.transport=websocket,when.nth=1,rule.id=cut
```
"""


def reference(faults: Mapping[str, type[Fault]], mutations: Mapping[str, Mutation]) -> str:
    """The whole document."""
    parts = [_INTRODUCTION]
    parts += ["## Rules\n", _fields(Rule, leave_out=("when", "fault"))]
    parts += ["## When\n", "Everything that is given must match.\n", _fields(When)]
    parts += ["`payload` and `page` are tables of their own:\n", _fields(Payload), _fields(Page)]
    parts += ["## Mutations\n", "What the kinds named `corrupt` can do to JSON, by name.\n", _mutations(mutations)]
    parts += ["## Kinds\n", *_kinds(faults)]
    return "\n".join(parts)


def _kinds(faults: Mapping[str, type[Fault]]) -> Iterator[str]:
    for kind, fault in faults.items():
        yield f"### `{kind}`\n"
        yield inspect.cleandoc(fault.__doc__ or "") + "\n"
        if fault.model_fields:
            yield _fields(fault)


def _fields(model: type[BaseModel], leave_out: Iterable[str] = ()) -> str:
    rows = [
        (f"`{name}`", _type(field.annotation), _default(field), field.description or "")
        for name, field in model.model_fields.items()
        if name not in leave_out
    ]
    return _table(("setting", "type", "default", "meaning"), rows)


def _mutations(mutations: Mapping[str, Mutation]) -> str:
    rows = [(f"`{name}`", each.does, each.duty, each.client) for name, each in mutations.items()]
    return _table(("name", "what it does", "a right client must", "that is"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    cells = (" | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in line) for line in lines)
    return "".join(f"| {line} |\n" for line in cells)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "*must be given*"
    default = field.get_default(call_default_factory=True)
    return "" if default is None or default == {} or default == () else f"`{json.dumps(default)}`"


def _type(annotation: Any) -> str:
    """In words: `whole number`, `"fin" or "rst"`, `table of text`."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is typing.Annotated:
        return _type(arguments[0])
    if origin is Literal:
        return " or ".join(json.dumps(each) for each in arguments)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(dict.fromkeys(_type(each) for each in arguments if each is not type(None)))
    if origin is dict:
        return f"table of {_type(arguments[1])}"
    if origin is tuple:
        return f"array of {_type(arguments[0])}"
    return _WORDS.get(annotation, "table")


_WORDS: dict[Any, str] = {str: "text", int: "whole number", float: "number", bool: "true or false"}
