"""Who catches a mutant: the scenario that shows it most likely comes first, and the first catch is enough."""

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence

from pydantic import BaseModel, ConfigDict

from e2e.mutant import Mutant
from e2e.trial import Outcome

MOST_PLACES = 20
"""So many are tried before a mutant counts as caught by nobody."""
STEP_S = 5
"""What seconds are rounded up to where they are written down: a machine is not equally fast twice."""


class Catch(BaseModel):
    """What became of one mutant."""

    model_config = ConfigDict(frozen=True)

    mutant: str
    place: str = ""
    """The scenario or story in which it was caught; empty: in none."""
    check: str = ""
    title: str = ""
    seconds: float = 0.0
    """From its start to the catch, with all that was tried in vain."""
    text: str = ""
    """What was found; of one that nobody caught, what its own scenario gave."""

    @property
    def caught(self) -> bool:
        return bool(self.place)

    @property
    def words(self) -> str:
        """In one line."""
        if not self.caught:
            return f"{self.mutant}: caught by nobody, {self.seconds:.0f} s"
        return f"{self.mutant}: {self.check} in {self.place}, {self.seconds:.0f} s"


def likeliest(mutant: Mutant, places: Sequence[str]) -> Iterator[str]:
    """Its own first, then what lies in the same folder, then the rest."""
    folder = mutant.scenario.partition("/")[0]
    others = [place for place in places if place != mutant.scenario and not place.startswith("stories/")]
    near = [place for place in others if place.startswith(f"{folder}/")]
    yield from [mutant.scenario, *near, *(place for place in others if place not in near)][:MOST_PLACES]


def hunt(mutant: Mutant, places: Iterable[str], put_through: Callable[[str], Outcome]) -> Catch:
    """Tries one place after the other until a check says that something is wrong."""
    begin, first = time.monotonic(), ""
    for place in places:
        outcome = put_through(place)
        seconds = time.monotonic() - begin
        first = first or outcome.text
        if outcome.broken:
            check = mutant.caught_by if mutant.caught_by in outcome.broken else outcome.broken[0]
            told = {"check": check, "title": outcome.titles[check], "text": outcome.text}
            return Catch(mutant=mutant.name, place=place, seconds=seconds, **told)
    return Catch(mutant=mutant.name, seconds=time.monotonic() - begin, text=first)


def rounded(seconds: float) -> int:
    """As it is written down."""
    return max(1, math.ceil(seconds / STEP_S)) * STEP_S
