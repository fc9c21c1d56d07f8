"""What two runs of one scenario with one seed have in common, to the millisecond, unless the client has changed."""

from collections import Counter
from collections.abc import Iterable, Sequence

from pydantic import BaseModel, ConfigDict, Field

from proxy_addons.harness.gate.recovery import Recovery


class Figures(BaseModel):
    """Of all recoveries of a run together."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    recoveries: int = Field(ge=0)
    attempts: int = Field(ge=0)
    switches: int = Field(ge=0)
    waits_ms: int | None = Field(default=None, ge=0)
    """The sum of all that the client planned to wait; None: it does not say."""

    def worse_than(self, known: "Figures") -> list[str]:
        """Each figure that has grown, in words; fewer recoveries are worse as well."""
        found = [
            f"{name} {now} instead of {before}"
            for name, now, before in self._beside(known)
            if (now < before if name == "recoveries" else now > before)
        ]
        return found if known.waits_ms is None or self.waits_ms is not None else [*found, "it does not say its waits"]

    def differs_from(self, known: "Figures") -> list[str]:
        """Each figure that is another, in words."""
        return [f"{name} {now} instead of {before}" for name, now, before in self._beside(known) if now != before]

    def _beside(self, known: "Figures") -> Iterable[tuple[str, int, int]]:
        for name, word in (("recoveries", "recoveries"), ("attempts", "attempts"), ("switches", "switches")):
            yield word, getattr(self, name), getattr(known, name)
        if self.waits_ms is not None and known.waits_ms is not None:
            yield "waits in ms", self.waits_ms, known.waits_ms

    def __str__(self) -> str:
        waits = "" if self.waits_ms is None else f", waits {self.waits_ms} ms"
        return f"recoveries {self.recoveries}, attempts {self.attempts}, switches {self.switches}{waits}"


def figures_of(recoveries: Sequence[Recovery]) -> Figures:
    """The figures of one run."""
    waits = [each.waits_ms for each in recoveries]
    known = [sum(each) for each in waits if each is not None]
    return Figures(
        recoveries=len(recoveries),
        attempts=sum(each.attempts for each in recoveries),
        switches=sum(each.switches for each in recoveries),
        waits_ms=round(sum(known)) if len(known) == len(waits) else None,
    )


def commonest(runs: Sequence[Figures]) -> Figures | None:
    """What more than half of the runs agree on: a machine that stood still may have spoilt one. None: nothing is."""
    if not runs:
        return None
    found, times = Counter(runs).most_common(1)[0]
    return found if 2 * times > len(runs) else None
