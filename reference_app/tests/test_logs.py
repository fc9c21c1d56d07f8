"""One line of JSON, whatever is in it."""

import json
import logging
import sys

from reference_app.logs import JsonLines


def line(message: str, level: int = logging.INFO, **more: object) -> dict[str, object]:
    record = logging.LogRecord("a", level, "a.py", 1, message, (), None)
    record.__dict__.update(more)
    written = JsonLines().format(record)
    assert len(written.splitlines()) == 1
    parsed: dict[str, object] = json.loads(written)
    return parsed


def test_says_when_what_and_how_bad() -> None:
    assert line("x", logging.WARNING, created=0.0012) == {
        "at": "1970-01-01T00:00:00.001+00:00",
        "level": "warning",
        "event": "x",
    }


def test_has_the_fields_of_the_record() -> None:
    assert line("x", fields={"status": 200})["status"] == 200


def test_stays_one_line_when_a_client_sends_more() -> None:
    assert line("x", fields={"client": 'a\r\n{"level":"error"}'})["client"] == 'a\r\n{"level":"error"}'


def test_has_the_traceback_of_an_error() -> None:
    try:
        raise ValueError("no")
    except ValueError:
        assert "ValueError: no" in str(line("x", exc_info=sys.exc_info())["error"])
