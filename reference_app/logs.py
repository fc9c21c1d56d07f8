"""Logs for machines and for grep: one JSON object a line, whatever is in it."""

import json
import logging
from datetime import UTC, datetime


class JsonLines(logging.Formatter):
    """`at` (UTC), `level`, `event`, the record's `fields`, and `error` where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "event": record.getMessage()}
        line |= getattr(record, "fields", {})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def to_stderr() -> None:
    """Log the app's lines to stderr; of uvicorn's only what is wrong, for each request has a line of its own."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
