"""Chance that repeats: a draw is a hash of what it is for, never the next number of a shared stream."""

import hashlib
import math
from statistics import NormalDist
from typing import Literal

Distribution = Literal["uniform", "normal", "exponential"]


def draw(*key: object) -> float:
    """A number in [0, 1) that depends on the key and on no more."""
    return int.from_bytes(hashlib.blake2b(repr(key).encode(), digest_size=6).digest()) / (1 << 48)


def spread(distribution: Distribution, width: float, unit: float) -> float:
    """How much a draw in [0, 1) adds to a fixed value of which it is the jitter; never less than 0.

    uniform: 0 to `width`; normal: the half of a bell whose standard deviation is `width`; exponential: mean `width`.
    """
    match distribution:
        case "uniform":
            return width * unit
        case "normal":
            return width * NormalDist().inv_cdf(0.5 + unit / 2)
        case "exponential":
            return -width * math.log1p(-unit)
