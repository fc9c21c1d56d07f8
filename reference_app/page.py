"""The page and its modules, served as they are but for the scale and for what a browser may fetch ahead."""

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

SCALE_PLACEHOLDER = "__TIME_SCALE__"
MODULES_PLACEHOLDER = "<!-- modules -->"
"""Becomes a `modulepreload` link for each module: a browser finds them level by level of imports otherwise, at one
round trip a level (WHATWG HTML, 4.6.7.11)."""

_HEADERS = {"Cache-Control": "no-cache"}


def index(client_dir: Path, scale: float) -> Response:
    """`index.html` with the scale and the modules filled in; raises HTTPException if there is none."""
    try:
        html = (client_dir / "index.html").read_text(encoding="utf-8")
    except FileNotFoundError:
        raise HTTPException(404, f"there is no index.html in {client_dir}") from None
    html = html.replace(SCALE_PLACEHOLDER, f"{scale:g}").replace(MODULES_PLACEHOLDER, _preload(client_dir))
    return HTMLResponse(html, headers=_HEADERS)


def _preload(client_dir: Path) -> str:
    modules = sorted(module.relative_to(client_dir).as_posix() for module in client_dir.rglob("*.js"))
    return "\n  ".join(f'<link rel="modulepreload" href="/client/{module}">' for module in modules)


class ClientFiles(StaticFiles):
    """Static files that browsers ask for anew and whose type no system's table decides."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers.update(_HEADERS)
        if path.endswith(".js"):
            response.headers["Content-Type"] = "text/javascript; charset=utf-8"
        return response
