"""The page and its modules."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from reference_app.settings import Settings


def test_the_page_knows_the_scale(http: httpx.Client) -> None:
    response = http.get("/")
    assert response.text == '<body data-scale="0.1">é</body>'
    assert response.headers["content-type"] == "text/html; charset=utf-8"


def test_the_page_names_its_modules_ahead(serve: Callable[[Settings], str], tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<head><!-- modules --></head>")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "a.js").touch()
    page = httpx.get(serve(Settings(client_dir=tmp_path))).text
    assert page == '<head><link rel="modulepreload" href="/client/parts/a.js"></head>'


def test_modules_are_served_as_javascript(http: httpx.Client) -> None:
    response = http.get("/client/main.js")
    assert response.text == "export const answer = 42;\n"
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"


@pytest.mark.parametrize("path", ["/", "/client/main.js", "/client/index.html"])
def test_browsers_ask_for_files_anew(http: httpx.Client, path: str) -> None:
    assert http.get(path).headers["cache-control"] == "no-cache"


def test_a_browser_that_has_the_file_gets_it_no_second_time(http: httpx.Client) -> None:
    etag = http.get("/client/main.js").headers["etag"]
    response = http.get("/client/main.js", headers={"If-None-Match": etag})
    assert (response.status_code, response.headers["cache-control"]) == (304, "no-cache")


@pytest.mark.parametrize("path", ["/client/none.js", "/client/", "/client/%2e%2e/secret", "/client/%00", "/client/a/b"])
def test_there_is_nothing_else(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 404


def test_says_so_when_there_is_no_page(serve: Callable[[Settings], str], tmp_path: Path) -> None:
    response = httpx.get(serve(Settings(client_dir=tmp_path)))
    assert response.status_code == 404
    assert "there is no index.html" in response.text
