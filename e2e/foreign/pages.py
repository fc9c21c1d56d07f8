"""The ticker's page: as it is, and made wrong by one edit of its source."""

from pathlib import Path

PAGE = Path(__file__).parent / "page.html"
WRONG = {
    "no-back-off": ("10 + Math.random() * longest", "0"),
    "never-reconnects": ("next = setTimeout(connect, 10 + Math.random() * longest);", ""),
    "leaks-connections": ("link?.close();", ""),
}
"""What is wrong: the text that is replaced, and by what."""


def page_source(wrong: str | None = None) -> str:
    """The page, or the one that is wrong in this way."""
    source = PAGE.read_text(encoding="utf-8")
    return source if wrong is None else edited(source, *WRONG[wrong])


def edited(source: str, right: str, instead: str) -> str:
    """The source with one text replaced.

    Raises:
        ValueError: it does not hold the text exactly once.
    """
    if (count := source.count(right)) != 1:
        raise ValueError(f"{right!r} stands {count} times in the page; it must stand there once")
    return source.replace(right, instead)
