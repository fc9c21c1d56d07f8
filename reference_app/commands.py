"""Commands over HTTP: one request, one result, and one effect however often the request is repeated."""

from http import HTTPStatus

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from reference_app.hub import Hub
from reference_app.messages import MAX_REQUEST_BYTES, AnyCommand, ErrorCode, Message, Rejected, encode
from reference_app.polling import RETRY_AFTER
from reference_app.reader import read_command

STATUS: dict[ErrorCode, HTTPStatus] = {
    "malformed": HTTPStatus.UNPROCESSABLE_ENTITY,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "conflict": HTTPStatus.CONFLICT,
    "unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The status of an error message; a command that the state does not allow is a result, and so 200."""


async def post(hub: Hub, request: Request) -> Response:
    """Carry out the command in the body; an `Idempotency-Key`, where given, must be its id."""
    try:
        body = await _read_body(request)
        command = read_command(body)
        _check_key(request.headers.get("idempotency-key"), command)
        return _respond(HTTPStatus.OK, hub.execute(command))
    except Rejected as rejected:
        return _respond(STATUS[rejected.code], hub.error(rejected))
    except ClientDisconnect:
        return Response(status_code=HTTPStatus.BAD_REQUEST)  # to nobody


async def _read_body(request: Request) -> bytes:
    """The body, or as much of it as shows that it is too large."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_REQUEST_BYTES:
            break
    return body


def _check_key(key: str | None, command: AnyCommand) -> None:
    if key is not None and key != command.id:
        raise Rejected("malformed", "Idempotency-Key: should equal the command's id", command.id)


def _respond(status: HTTPStatus, message: Message) -> Response:
    headers = {"Cache-Control": "no-store"} | (RETRY_AFTER if status == HTTPStatus.SERVICE_UNAVAILABLE else {})
    return Response(encode(message), status, headers=headers, media_type="application/json")
