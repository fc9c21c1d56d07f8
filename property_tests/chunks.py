"""Bytes as a network delivers them: in pieces that no one chose."""

from itertools import pairwise

from hypothesis import strategies as st

cuts = st.lists(st.integers(0), max_size=10)


def chunks_of(stream: bytes, cuts: list[int]) -> list[bytes]:
    """The stream cut at these places, counted around its end."""
    places = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    return [stream[start:end] for start, end in pairwise(places)]
