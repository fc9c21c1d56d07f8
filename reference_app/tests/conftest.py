"""A server of one's own, on a free port, with a small client directory."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import anyio
import httpx
import pytest

from reference_app.server import serving
from reference_app.settings import Settings

Serve = Callable[[Settings], str]

# anyio imports this when it is first used. In a server's thread, while pytest compiles tests in another, that may end
# in a SystemError of CPython 3.11: "AST constructor recursion depth mismatch".
assert callable(anyio.open_file)


@pytest.fixture(scope="module")
def client_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A client of two files."""
    folder = tmp_path_factory.mktemp("client")
    (folder / "index.html").write_text('<body data-scale="__TIME_SCALE__">é</body>', encoding="utf-8")
    (folder / "main.js").write_text("export const answer = 42;\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def server(client_dir: Path) -> Iterator[str]:
    """The URL of a server that a module's tests share."""
    with serving(Settings(scale=0.1, client_dir=client_dir)) as url:
        yield url


@pytest.fixture(scope="module")
def http(server: str) -> Iterator[httpx.Client]:
    """An HTTP client of the shared server."""
    with httpx.Client(base_url=server, timeout=5, verify=False) as client:
        yield client


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server with settings of one's own and get its URL; it stops when the test ends."""
    with ExitStack() as stack:
        yield lambda settings: stack.enter_context(serving(settings))
