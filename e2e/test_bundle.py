"""What most runs load is the client as one file; here it is loaded as it lies there, too."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.app import start_app
from e2e.bundle import CLIENT, bundle
from e2e.operator_console import Operator
from e2e.pages import TimerPage
from proxy_addons.faults import AbortWebSocket, RespondToRequest
from proxy_addons.harness.subject import SubjectProcess
from proxy_addons.plan import When
from proxy_addons.proxy import FaultProxy
from proxy_addons.records import RequestSeen


@pytest.fixture
def subject() -> Iterator[SubjectProcess]:
    """The app with the client as it is shipped."""
    with start_app("--client", str(CLIENT)) as app:
        yield app


def test_a_page_of_modules_steps_down_catches_up_and_climbs_back(
    timer: TimerPage, proxy: FaultProxy, operator: Operator
) -> None:
    # given a page that loads each module by itself
    timer.open()
    timer.expect_transport("websocket")
    assert any(each.url.endswith("/client/core/ladder.js") for each in proxy.history.of(RequestSeen))
    # when WebSocket is blocked, and something happens meanwhile
    proxy.inject(RespondToRequest(status=503), when=When.model_validate({"transport": "websocket"}), times=None)
    proxy.inject(AbortWebSocket())
    operator.note("over the stream")
    timer.expect_transport("eventsource")
    timer.expect_note("over the stream")
    # then it climbs back when that is over
    proxy.heal()
    timer.expect_transport("websocket")
    timer.expect_in_sync(operator)


def test_a_bundle_is_the_page_and_one_module_that_imports_nothing(tmp_path: Path) -> None:
    made = bundle(CLIENT, tmp_path / "client")
    assert [each.name for each in made.rglob("*.js")] == ["main.js"]
    assert re.findall(r"^\s*import\b.*", (made / "main.js").read_text(encoding="utf-8"), re.MULTILINE) == []
    assert (made / "index.html").read_bytes() == (CLIENT / "index.html").read_bytes()


def test_a_client_that_cannot_be_bundled_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "main.js").write_text("import './gone.js';", encoding="utf-8")
    with pytest.raises(ValueError, match=r"the client can't be bundled: .*gone\.js"):
        bundle(tmp_path, tmp_path / "bundled")
