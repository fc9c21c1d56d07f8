"""An app of a few lines for tests of the harness: a page with a WebSocket, which says how it is."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from fastapi.responses import HTMLResponse

from proxy_addons.harness.guide import Guide
from proxy_addons.harness.judge.facts import Evidence, Limits
from proxy_addons.harness.judge.plain import PlainContract
from proxy_addons.harness.ports import free_port
from proxy_addons.harness.subject import RunningSubject, SubjectProcess

BEAT_S = 0.05
PAGE = """<!doctype html><body data-connection="connecting" data-stale="offline" data-transport="none" data-said="0">
<button onclick="document.body.dataset.said = Number(document.body.dataset.said) + 1">Say</button><script>
const show = (connection, stale, transport) => Object.assign(document.body.dataset, { connection, stale, transport });
let heardAt = 0;
function connect() {
  const socket = new WebSocket(`ws://${location.host}/ws`);
  socket.onmessage = () => { heardAt = Date.now(); show('live', 'fresh', 'websocket'); };
  socket.onclose = () => { show('connecting', 'offline', 'none'); if (COMES_BACK) setTimeout(connect, 100); };
}
setInterval(() => { if (Date.now() - heardAt > 400) document.body.dataset.stale = 'stale'; }, 50);
document.addEventListener('visibilitychange', () => document.body.dataset.visible = document.visibilityState);
addEventListener('offline', () => document.body.dataset.online = 'no');
addEventListener('online', () => document.body.dataset.online = 'yes');
connect();
</script></body>"""
MARKS = {name: f"body@data-{name}" for name in ("connection", "stale", "transport", "visible", "online", "said")}


class ShownContract(PlainContract):
    """A page that can be read, and nothing else."""

    offers: frozenset[Evidence] = frozenset({"display"})


def guide(**more: object) -> Guide:
    """What must be known of the app; its times are short."""
    settings: dict[str, object] = {
        "contract": ShownContract(),
        "limits": Limits(scale=0.1, slow_s=1.0, browser_throttle_s=0.5),
        "marks": MARKS,
        "deeds": {"say": lambda page, _: page.get_by_role("button").click()},
        **more,
    }
    return Guide(**settings)  # type: ignore[arg-type]  # the settings of a Guide by name


@contextmanager
def running(*, comes_back: bool = True) -> Iterator[RunningSubject]:
    """The app, in a thread of its own; its page opens another WebSocket when it has lost one, or not."""
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(_app(comes_back), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            thread.join(0.01)
        yield RunningSubject(f"http://127.0.0.1:{port}")
    finally:
        server.should_exit = True
        thread.join()


def started() -> SubjectProcess:
    """The app in a process of its own, not started yet."""
    port = free_port()
    return SubjectProcess([sys.executable, "-m", __name__, str(port)], f"http://127.0.0.1:{port}")


def _app(comes_back: bool) -> FastAPI:
    app = FastAPI()
    app.get("/")(lambda: HTMLResponse(PAGE.replace("COMES_BACK", str(comes_back).lower())))
    app.websocket("/ws")(_beat)
    return app


async def _beat(socket: WebSocket) -> None:
    """One message at once and one at each beat."""
    with suppress(WebSocketDisconnect, RuntimeError):
        await socket.accept()
        while True:
            await socket.send_json({"beat": True})
            await asyncio.sleep(BEAT_S)


if __name__ == "__main__":
    uvicorn.run(_app(comes_back=True), port=int(sys.argv[1]), log_level="error")
