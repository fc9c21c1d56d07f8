"""What a page's list of events holds, as it is displayed: each entry ends with the text of its event."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from proxy_addons.records import TruthTold


def texts_of(told: Iterable[TruthTold]) -> Counter[str]:
    """The texts of events that have one, and how often each came."""
    return Counter(text for each in told if (text := _plain(str(each.state.get("text") or ""))))


def is_of(item: str, text: str) -> bool:
    """Whether an entry can be that of an event with this text."""
    return _plain(item).endswith(text)


def missing_from(items: Iterable[str], texts: Counter[str]) -> list[str]:
    """The texts that the list does not hold, or not often enough."""
    entries = [_plain(item) for item in items]
    gone: list[str] = []
    # The longest first: an entry that ends with "a goal" also ends with "goal", and stands for one event only.
    for length, alike in groupby(sorted(texts, key=len, reverse=True), key=len):
        wanted, rest = {text: texts[text] for text in alike}, []
        for entry in entries:
            end = entry[-length:]
            if wanted.get(end):
                wanted[end] -= 1
            else:
                rest.append(entry)
        gone += [text for text, times in wanted.items() for _ in range(times)]
        entries = rest
    return gone


@lru_cache(maxsize=1 << 12)
def _plain(text: str) -> str:
    return " ".join(text.split())
