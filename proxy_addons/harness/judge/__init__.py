"""Judges a run by its record, and by nothing else."""
