"""What a rule applies to, and when: conditions on the request, on the message, and on time and page."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from proxy_addons.events import Direction, Transport
from proxy_addons.json_pointer import steps
from proxy_addons.problems import Misplaced

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""The name of a header field or cookie (RFC 9110, 5.6.2; RFC 6265, 4.1.1)."""

REQUEST_CONDITIONS = ("transport", "method", "path", "header", "cookie")
"""Fields of `When` that look at a request's head."""

MESSAGE_CONDITIONS = ("message", "every", "after_bytes")
"""Fields of `When` that look at the place of a message or event in its stream."""

_FROZEN = ConfigDict(frozen=True, extra="forbid", strict=True)


def _glob_or_absent(value: Any) -> Any:
    if value is False or isinstance(value, str):
        return value
    raise ValueError(f"should be a glob, or false where it must be absent, but is {value!r}")


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str) or (isinstance(value, float) and abs(value) < float("inf")):
        return value
    raise ValueError(f"should be a text, a finite number, true or false, but is {value!r}")


Glob = Annotated[str | Literal[False], BeforeValidator(_glob_or_absent)]
"""A glob for the value, or False: there must be none of this name."""

Scalar = Annotated[bool | int | float | str | None, BeforeValidator(_scalar)]


class Payload(BaseModel):
    """A comparison of one value in a JSON payload; a payload that is no JSON never matches."""

    model_config = _FROZEN

    pointer: str = Field(description="Where the value stands: a JSON pointer (RFC 6901), such as /timer/phase.")
    op: Literal["==", "!=", "<", "<=", ">", ">=", "exists", "missing", "matches"] = Field(
        default="exists",
        description="How to compare. < <= > >= compare two numbers or two texts; matches takes a glob for a text.",
    )
    value: Scalar = Field(
        default=None,
        description="What to compare with. == and != without a value compare with null, which TOML cannot write.",
    )

    @field_validator("pointer")
    @classmethod
    def _is_a_pointer(cls, pointer: str) -> str:
        steps(pointer)
        return pointer

    @model_validator(mode="after")
    def _value_fits(self) -> Self:
        ordered, number = self.op in ("<", "<=", ">", ">="), isinstance(self.value, int | float)
        if self.op in ("exists", "missing") and self.value is not None:
            raise Misplaced(("value",), f"{self.op} compares with nothing; leave it out, or choose another op")
        if self.op == "matches" and not isinstance(self.value, str):
            raise Misplaced(("value",), f"matches needs a glob such as 'start*', but is {self.value!r}")
        if ordered and (isinstance(self.value, bool) or not (number or isinstance(self.value, str))):
            raise Misplaced(("value",), f"{self.op} needs a number or a text, but is {self.value!r}")
        return self


class Page(BaseModel):
    """What the page shows of its connection, as the harness tells the proxy."""

    model_config = _FROZEN

    transport: str | None = Field(default=None, description="The transport that it shows, such as websocket.")
    state: str | None = Field(default=None, description="The state that it shows, such as connecting.")
    shown_ms: float = Field(
        default=0, ge=0, allow_inf_nan=False, description="For how long it must have shown them already."
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        if self.transport is None and self.state is None:
            raise ValueError("says nothing of what the page shows; give a transport, a state, or both")
        return self

    def shows(self, transport: str, state: str) -> bool:
        return self.transport in (None, transport) and self.state in (None, state)


class When(BaseModel):
    """What a rule applies to, and when: everything that is given must match."""

    model_config = _FROZEN

    transport: Transport | None = Field(default=None, description="How the request talks.")
    method: str | None = Field(default=None, description="The request's method, in capitals.")
    path: str | None = Field(default=None, description="A glob for the path without the query; * matches / too.")
    header: dict[str, Glob] = Field(
        default={}, description="Header field of the request -> a glob for its value, or false: it must be absent."
    )
    cookie: dict[str, Glob] = Field(
        default={}, description="Cookie of the request -> a glob for its value, or false: it must be absent."
    )
    connection: int | None = Field(default=None, ge=1, description="Only the proxy's nth TCP connection, from 1.")
    nth: int | None = Field(
        default=None, ge=1, description="Only the rule's nth matching stream, request or connection, from 1."
    )

    direction: Direction = Field(
        default="to_client", description="Which WebSocket messages, pings and pongs count and are acted on."
    )
    message: int | None = Field(
        default=None, ge=1, description="Only the nth message of the stream in its direction, or its nth event, from 1."
    )
    every: int | None = Field(default=None, ge=1, description="Only every nth message or event: 3 takes 3, 6, 9, ...")
    after_bytes: int | None = Field(
        default=None,
        ge=0,
        description="Only messages or events that come when at least so many bytes of others have passed in their "
        "direction of the stream, since the rule came into force.",
    )
    payload: Payload | None = Field(
        default=None, description="Only messages, events, request bodies or answers whose JSON compares so."
    )

    connection_ms: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="Only on connections that are at least so old."
    )
    after: str | None = Field(default=None, description="The id of another rule: in force only once that has fired.")
    after_ms: float = Field(
        default=0,
        ge=0,
        allow_inf_nan=False,
        description="In force only so long after the plan began (or this rule was added), or with `after`, after that "
        "rule fired.",
    )
    for_ms: float | None = Field(
        default=None,
        gt=0,
        allow_inf_nan=False,
        description="How long it is in force from then; with `after`, each firing of that rule begins anew.",
    )
    page: Page | None = Field(default=None, description="In force only while the page shows this.")

    probability: float = Field(default=1.0, gt=0, le=1, description="How likely the rule fires where it could.")

    @field_validator("method")
    @classmethod
    def _in_capitals(cls, method: str | None) -> str | None:
        """RFC 9110, 9.1: methods are case-sensitive."""
        if method is not None and method != method.upper():
            raise ValueError(f"{method!r} matches no request; {method.upper()!r} would be right")
        return method

    @field_validator("header", "cookie")
    @classmethod
    def _has_names(cls, globs: Mapping[str, Glob]) -> Mapping[str, Glob]:
        for name in globs:
            if not _TOKEN.fullmatch(name):
                raise Misplaced((name,), "is no name of a header field or cookie: letters, digits and !#$%&'*+.^_`|~-")
        return globs

    @model_validator(mode="after")
    def _can_be_true(self) -> Self:
        if self.message and self.every and self.message % self.every:
            raise Misplaced(("message",), f"is {self.message}, which every = {self.every} leaves out; give one of them")
        return self

    @property
    def picks_messages(self) -> bool:
        """Whether it looks for particular messages or events, and not only for a stream."""
        by_number = self.message is not None or self.every is not None or self.after_bytes is not None
        return by_number or self.payload is not None
