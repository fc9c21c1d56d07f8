"""OpenAPI of all ways in: what may be asked, what is answered, and what goes wrong.

Bodies and streams are read and written by hand, so what FastAPI cannot see of them is said here, from the same models.
"""

from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query
from pydantic import BaseModel, Field, TypeAdapter
from starlette.responses import Response

from reference_app.messages import (
    MAX_ID_LENGTH,
    MAX_REQUEST_BYTES,
    AnyCommand,
    ErrorMessage,
    Message,
    Ping,
    Result,
    Resync,
)
from reference_app.metrics import CONTENT_TYPE
from reference_app.timers import NAME

_REF = "#/components/schemas/{model}"
_CURSOR = "The cursor of the last message that was applied: `<epoch>.<seq>`. What makes no sense is as good as none."

Since = Annotated[str, Query(description=_CURSOR, examples=["5f0c6b1e9a7d4432.17"])]
TimerName = Annotated[
    str,
    Query(
        description="Which timer; one is made when it is first asked for. Without it, the default one.",
        json_schema_extra={"pattern": f"^{NAME}$"},
    ),
]
AnyMessage = Annotated[Message, Field(discriminator="kind")]
AnyRequest = Annotated[AnyCommand | Ping | Resync, Field(discriminator="kind")]


class Polled(BaseModel):
    """The answer to a poll: a snapshot, or the events after the cursor and a tick."""

    messages: list[AnyMessage]


class Problem(BaseModel):
    """Why a request has no answer of a timer."""

    detail: str


class Health(BaseModel):
    """Alive, and how far the log of the default timer has come."""

    status: Literal["ok"]
    epoch: str
    seq: int


class EventStream(Response):
    """What FastAPI takes the media type from."""

    media_type = "text/event-stream"


class PlainText(Response):
    """What FastAPI takes the media type from."""

    media_type = CONTENT_TYPE


# --- parts ------------------------------------------------------------------------------------------------------------


def _parameter(place: str, name: str, description: str, **schema: object) -> dict[str, Any]:
    return {"in": place, "name": name, "description": description, "schema": {"type": "string", **schema}}


_WHO = [
    _parameter("query", "client", "An id of whoever asks, one per page life; for the log alone."),
    _parameter("query", "attempt", "Which of its connections this is, counted from 1; for the log alone."),
    _parameter("query", "for", "What it is for: live, probe, resync or check; for the log alone."),
]
_LAST_EVENT_ID = _parameter("header", "Last-Event-ID", f"{_CURSOR} Where `since` is given, that counts.")
_KEY = _parameter("header", "Idempotency-Key", "If given, the command's `id`.", maxLength=MAX_ID_LENGTH)
_NO_STORE = {"Cache-Control": {"schema": {"const": "no-store"}}}
_RETRY_AFTER = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string", "pattern": "^[0-9]+$"}}}
_NO_TIMER: dict[int | str, dict[str, Any]] = {
    403: {"model": Problem, "description": "There are as many timers as there may be; use one of them."},
    422: {"model": Problem, "description": "The timer's name is none."},
    503: {"model": Problem, "description": "The timer's log cannot be opened.", "headers": _RETRY_AFTER},
}
_NO_TIMER_NOR_BODY = {status: {"description": said["description"]} for status, said in _NO_TIMER.items()}
_STREAM_HEADERS = {
    name: {"schema": {"const": value}}
    for name, value in {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}.items()
}
_COMMAND_EXAMPLE = {"id": "one-id-per-command", "name": "score", "args": {"team": "home", "points": 3}}
_STREAM_EXAMPLE = 'retry: 3000\nid: 5f0c.17\ndata: {"v":1,"epoch":"5f0c","seq":17,"server_ms":1,"kind":"tick",…}\n\n'


def _refused(description: str, **more: object) -> dict[str, Any]:
    return {"model": ErrorMessage, "description": description, **more}


# --- operations -------------------------------------------------------------------------------------------------------

APP: dict[str, Any] = {
    "title": "Timer",
    "version": "1",
    "description": "A timer with game events. The same messages over WebSocket, server-sent events and polling; "
    "`epoch` names the event log, `seq` counts its events, `<epoch>.<seq>` is a cursor to resume from.",
}
POLL: dict[str, Any] = {
    "operation_id": "poll",
    "response_model": Polled,
    "responses": {200: {"headers": _NO_STORE}, **_NO_TIMER},
    "openapi_extra": {"parameters": _WHO},
}
POLL_HEAD: dict[str, Any] = {
    "operation_id": "poll_head",
    "response_class": Response,
    "responses": {200: {"headers": _NO_STORE}, **_NO_TIMER_NOR_BODY},
    "openapi_extra": {"parameters": _WHO},
}
STREAM: dict[str, Any] = {
    "operation_id": "stream",
    "response_class": EventStream,
    "responses": {
        200: {
            "description": "A block of `id` and `data` for each message, without end; the first comes at once.",
            "headers": _STREAM_HEADERS,
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _STREAM_EXAMPLE}},
        },
        **_NO_TIMER,
    },
    "openapi_extra": {"parameters": [_LAST_EVENT_ID, *_WHO]},
}
STREAM_HEAD: dict[str, Any] = {
    "operation_id": "stream_head",
    "response_class": Response,
    "responses": {200: {"headers": _STREAM_HEADERS}, **_NO_TIMER_NOR_BODY},
    "openapi_extra": {"parameters": [_LAST_EVENT_ID, *_WHO]},
}
COMMAND: dict[str, Any] = {
    "operation_id": "command",
    "response_model": Result,
    "responses": {
        200: {"description": "Done, or not allowed as things stand: `ok` says which.", "headers": _NO_STORE},
        403: _NO_TIMER[403],
        409: _refused("The id was used for another command."),
        413: _refused(f"The body has more than {MAX_REQUEST_BYTES} bytes."),
        422: {
            "model": ErrorMessage | Problem,
            "description": "The command cannot be read, or the timer's name is none.",
        },
        503: {
            "model": ErrorMessage | Problem,
            "description": "The command was not carried out, for the log cannot be written; send it again.",
            "headers": _RETRY_AFTER,
        },
    },
    "openapi_extra": {
        "parameters": [_KEY, *_WHO],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"$ref": _REF.format(model="Command")}, "example": _COMMAND_EXAMPLE}
            },
        },
    },
}
WEBSOCKET: dict[str, Any] = {
    "operation_id": "websocket",
    "status_code": 426,
    "response_model": Problem,
    "response_description": "The request asked for no WebSocket.",
    "responses": {101: {"description": "The WebSocket is open: a text frame for each message, either way."}},
    "openapi_extra": {
        "parameters": [
            {"in": "query", "name": "timer", "schema": {"type": "string", "pattern": f"^{NAME}$"}},
            _parameter("query", "since", _CURSOR),
            _parameter("query", "v", "The protocol's version.", const="1"),
            *_WHO,
        ],
        "x-websocket": {
            "sends": {"$ref": _REF.format(model="Message")},
            "receives": {"$ref": _REF.format(model="Request")},
            "closes": {
                "1007": "a text frame is not UTF-8",
                "1009": "a frame is far too large",
                "1012": "the server stops, after a goodbye",
                "1013": "the reader fell behind, or the timer's log cannot be opened",
                "4400": "the version or the timer's name is none that the server knows",
                "4403": "there are as many timers as there may be",
            },
        },
    },
}
HEALTH: dict[str, Any] = {"operation_id": "health"}
METRICS: dict[str, Any] = {"operation_id": "metrics", "response_class": PlainText}


# --- the whole --------------------------------------------------------------------------------------------------------


class DocumentedApp(FastAPI):
    """FastAPI, whose description also has what goes over a WebSocket and in a body."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            schema = super().openapi()
            schemas = schema["components"]["schemas"]
            for name, model in (("Command", AnyCommand), ("Request", AnyRequest)):
                schemas |= _schemas(name, model, "validation")
            answers = _schemas("Message", AnyMessage, "serialization")
            schemas |= {name: _never_null(each) for name, each in answers.items()}
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            self.openapi_schema = schema
        return self.openapi_schema


def _schemas(name: str, model: Any, mode: Literal["validation", "serialization"]) -> dict[str, Any]:
    """A model under this name and all that it refers to."""
    schema = TypeAdapter(model).json_schema(ref_template=_REF, mode=mode)
    return {**schema.pop("$defs", {}), name: schema}


def _never_null(schema: Any) -> Any:
    """Absent fields are absent: the same without a null that a field might have in memory."""
    if isinstance(schema, list):
        return [_never_null(each) for each in schema if each != {"type": "null"}]
    if not isinstance(schema, dict):
        return schema
    kept = {name: _never_null(each) for name, each in schema.items() if not (name == "default" and each is None)}
    if len(kept.get("anyOf", ())) == 1:
        return {**kept.pop("anyOf")[0], **kept}
    return kept
