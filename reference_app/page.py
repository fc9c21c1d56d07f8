"""The page and its modules, served as they are but for the scale."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

SCALE_PLACEHOLDER = "__TIME_SCALE__"

_HEADERS = {"Cache-Control": "no-cache"}


def index(client_dir: Path, scale: float) -> Response:
    """`index.html` with the scale of the protocol's timers filled in; raises HTTPException if there is none."""
    try:
        html = (client_dir / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise HTTPException(404, f"there is no index.html in {client_dir}") from None
    return HTMLResponse(html.replace(SCALE_PLACEHOLDER, f"{scale:g}"), headers=_HEADERS)


class ClientFiles(StaticFiles):
    """Static files that browsers ask for anew and whose type no system's table decides."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        if path.endswith(".js"):
            response.headers["Content-Type"] = "text/javascript; charset=utf-8"
        return response
