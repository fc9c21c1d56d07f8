"""What a client sent: bytes -> a command, a ping or a resync; or one error that names the field."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails, from_json

from reference_app.messages import MAX_ID_LENGTH, MAX_REQUEST_BYTES, AnyCommand, Ping, Rejected, Resync

Request = TypeVar("Request")

_COMMAND: TypeAdapter[AnyCommand] = TypeAdapter(AnyCommand)
_BY_KIND: dict[str, TypeAdapter[Any]] = {
    "command": _COMMAND,
    "ping": TypeAdapter(Ping),
    "resync": TypeAdapter(Resync),
}
_MAX_DESCRIPTION = 300


def read_command(data: bytes) -> AnyCommand:
    """The command in the body of a request; raises Rejected."""
    _check_size(data)
    return _validate(_COMMAND, data)


def read_message(data: bytes) -> AnyCommand | Ping | Resync:
    """The message in a WebSocket frame; raises Rejected."""
    _check_size(data)
    fields = _fields(data)
    adapter = _BY_KIND.get(_text(fields, "kind") or "")
    if adapter is None:
        raise Rejected("malformed", f"kind: should be one of {', '.join(_BY_KIND)}", _text(fields, "id"))
    message: AnyCommand | Ping | Resync = _validate(adapter, data)
    return message


def _check_size(data: bytes) -> None:
    if len(data) > MAX_REQUEST_BYTES:
        raise Rejected("too_large", f"at most {MAX_REQUEST_BYTES} bytes are read, this has more")


def _validate(adapter: TypeAdapter[Request], data: bytes) -> Request:
    try:
        return adapter.validate_json(data)
    except ValidationError as invalid:
        error = invalid.errors()[0]
        # The tag of the union, a command's name, precedes its fields.
        path = error["loc"][1:] if adapter is _COMMAND else error["loc"]
        raise Rejected("malformed", _describe(error, path)[:_MAX_DESCRIPTION], _id_in(data)) from None


def _describe(error: ErrorDetails, path: tuple[str | int, ...]) -> str:
    """One sentence that begins with the field."""
    match error["type"]:
        case "union_tag_not_found":
            return "name: Field required"
        case "union_tag_invalid":
            return f"name: should be one of {error['ctx']['expected_tags']}"
    field = ".".join(map(str, path))
    text = error["msg"].removeprefix("Value error, ")
    return f"{field}: {text}" if field else text


def _fields(data: bytes) -> dict[str, Any]:
    """The top-level fields of a JSON object; raises Rejected for what is none."""
    try:
        value = from_json(data)
    except ValueError as error:
        raise Rejected("malformed", f"Invalid JSON: {error}") from None
    if not isinstance(value, dict):
        raise Rejected("malformed", "should be a JSON object")
    return value


def _id_in(data: bytes) -> str | None:
    try:
        return _text(_fields(data), "id")
    except Rejected:
        return None


def _text(fields: dict[str, Any], name: str) -> str | None:
    value = fields.get(name)
    return value if isinstance(value, str) and 1 <= len(value) <= MAX_ID_LENGTH else None
