"""What a page must list: every event up to the one it shows, but for those that a snapshot left out and said so."""

from collections.abc import Iterable

from proxy_addons.harness.judge.items import missing_from, texts_of
from proxy_addons.harness.judge.lives import Life
from proxy_addons.harness.judge.run import Look, Run
from proxy_addons.records import TruthTold


class Omissions:
    """What the snapshots that one life of a page was given have left out, and said so.

    A page that was kept while its reader was elsewhere goes on as the client that it was, with what that one was told.
    """

    def __init__(self, run: Run, life: Life) -> None:
        self._told = [
            (each.t, each.said.epoch, each.said.since)
            for each in run.deliveries(life.client)
            if each.is_valid and each.said and each.said.since and (life.client or each.t >= life.begin)
        ]

    def up_to(self, epoch: str, t: float) -> int:
        """The number of the last event that need not be listed at this time; 0: each must be."""
        return max((since for told, of, since in self._told if of == epoch and told <= t), default=0)


def what_is_missing(look: Look, told: Iterable[TruthTold], most: int) -> str:
    """What a list of the latest events, `most` at most, lacks of these, in words; empty: nothing.

    An event with a text must be there with its text; of the others there must be as many entries as events.
    """
    told = list(told)[-most:]
    gone = missing_from(look.record.items, texts_of(told))
    if gone:
        return f"lacks {gone[0]!r}" + (f" and {len(gone) - 1} more" if len(gone) > 1 else "")
    if len(look.record.items) < len(told):
        return f"lists {len(look.record.items)}"
    return ""
