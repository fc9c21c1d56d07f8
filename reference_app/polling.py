"""The way in that always works: one request, one answer."""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from reference_app.hub import Hub
from reference_app.messages import encode
from reference_app.timers import NoTimer, Reason

STATUS: dict[Reason, HTTPStatus] = {
    "name": HTTPStatus.UNPROCESSABLE_ENTITY,
    "full": HTTPStatus.FORBIDDEN,
    "unavailable": HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The status where there is no timer, for every way in over HTTP."""
RETRY_AFTER = {"Retry-After": "1"}
"""With every 503: what stands in the way may pass."""


def poll(hub: Hub, since: str) -> Response:
    """The snapshot, or what came after the cursor `since`."""
    messages = ",".join(map(encode, hub.catch_up(since)))
    body = f'{{"messages":[{messages}]}}'
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})


async def refuse(_: Request, refusal: Exception) -> Response:
    """There is no such timer, and so no message of one."""
    assert isinstance(refusal, NoTimer)
    headers = {"Cache-Control": "no-store"} | (RETRY_AFTER if refusal.reason == "unavailable" else {})
    return JSONResponse({"detail": str(refusal)}, STATUS[refusal.reason], headers)
