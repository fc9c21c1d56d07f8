"""What the kinds have in common that corrupt data: by a named mutation, by a JSON Pointer, or to other data."""

import json
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from proxy_addons.errors import did_you_mean
from proxy_addons.faults.base import Fault, Tally
from proxy_addons.json_pointer import steps
from proxy_addons.mutations import MUTATIONS, mutate, replace_at

MutationName = Annotated[str, Field(json_schema_extra={"enum": [*MUTATIONS]})]


class Corrupting(Fault):
    """Base of the kinds that corrupt data. At most one way is chosen; without any, the mutation is `truncate`."""

    mutation: MutationName | None = Field(default=None, description="A mutation of the JSON, by its name.")
    pointer: str | None = Field(
        default=None,
        description="A JSON pointer to what is replaced, such as /timer/phase; empty: all of it.",
    )
    replacement: str | None = Field(default=None, description="With a pointer: what stands there then, as JSON.")
    data: str | None = Field(default=None, description="The data to send instead.")

    @field_validator("mutation")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        if name is not None and name not in MUTATIONS:
            raise ValueError(f"unknown mutation {name!r}{did_you_mean(name, MUTATIONS)}")
        return name

    @field_validator("pointer")
    @classmethod
    def _is_a_pointer(cls, pointer: str | None) -> str | None:
        if pointer is not None:
            steps(pointer)
        return pointer

    @field_validator("replacement")
    @classmethod
    def _is_json(cls, replacement: str | None) -> str | None:
        if replacement is not None:
            _check_json(replacement)
        return replacement

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.pointer is None) != (self.replacement is None):
            raise ValueError("pointer and replacement need each other")
        if sum(way is not None for way in (self.mutation, self.pointer, self.data)) > 1:
            raise ValueError("mutation, pointer and data exclude each other; leave all but one out")
        return self

    @property
    def changes_data(self) -> bool:
        """Whether a way is chosen."""
        return (self.mutation, self.pointer, self.data) != (None, None, None)

    def corrupted(self, document: bytes, tally: Tally) -> bytes | None:
        """The document with the change; None where the pointer leads nowhere, or nothing would change."""
        if self.data is not None:
            changed: bytes | None = self.data.encode()
        elif self.pointer is not None and self.replacement is not None:
            changed = replace_at(document, self.pointer, self.replacement)
        else:
            changed = mutate(self.mutation or "truncate", document, tally.key)
        return None if changed == document else changed


def _check_json(text: str) -> None:
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{text!r} is no JSON ({error}); a text needs its quotes, such as '\"12\"'") from error
