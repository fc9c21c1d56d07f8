"""A part of the tests, so that several machines share them: `--shard 2/4` plays the second of four parts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Shard:
    """One part of so many."""

    number: int
    """From 1."""
    of: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """`2/4`.

        Raises:
            ValueError: it is none.
        """
        found = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", text)
        if found is None or int(found[1]) > int(found[2]):
            raise ValueError(f"--shard {text}: is no part of a whole; 2/4 would be the second of four")
        return cls(int(found[1]), int(found[2]))

    def share(self, tests: Sequence[T]) -> tuple[list[T], list[T]]:
        """Its tests, and the others, each in their order.

        Tests that stand beside each other take about as long as each other, so they are dealt out one by one.
        """
        own = [test for place, test in enumerate(tests) if place % self.of == self.number - 1]
        others = [test for place, test in enumerate(tests) if place % self.of != self.number - 1]
        return own, others
