"""What a request tells of its headers."""

from proxy_addons.events import Headers, Request


def request(*headers: tuple[str, str]) -> Request:
    fields: Headers = headers
    return Request(1, 1, "http", "GET", "/timer", "", fields)


def test_header_names_have_no_case() -> None:
    assert request(("UPGRADE", "websocket"), ("Host", "x")).values_of("Upgrade") == ["websocket"]


def test_a_header_may_stand_there_several_times() -> None:
    assert request(("Accept", "a"), ("Host", "x"), ("accept", "b")).values_of("Accept") == ["a", "b"]


def test_cookies_are_read_from_all_lines() -> None:
    cookies = request(("Cookie", "ARRAffinity=abc; theme=dark"), ("cookie", "bare")).cookies()
    assert list(cookies) == [("ARRAffinity", "abc"), ("theme", "dark"), ("bare", "")]
