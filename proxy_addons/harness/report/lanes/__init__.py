"""The lanes of a timeline: marks, from a run."""
