"""A page whose chance is the same in every run."""

_SCRIPT = """
(() => {
  let state = SEED;
  Math.random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
})();
"""
"""The generator mulberry32 (Tommy Ettinger, public domain), in each life of a page from the same start."""


def seeded_random(seed: int) -> str:
    """A script that has `Math.random` of a page drawn from a seed, of which it takes 32 bits; to run before the page's
    own. A page that draws its jitter otherwise needs another way."""
    return _SCRIPT.replace("SEED", str(seed % 2**32))
