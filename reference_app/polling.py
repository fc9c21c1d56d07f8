"""The way in that always works: one request, one answer."""

from starlette.responses import Response

from reference_app.hub import Hub
from reference_app.messages import encode


def poll(hub: Hub, since: str | None) -> Response:
    """The snapshot, or what came after the cursor `since`."""
    messages = ",".join(map(encode, hub.catch_up(since)))
    body = f'{{"messages":[{messages}]}}'
    return Response(body, media_type="application/json", headers={"Cache-Control": "no-store"})
