"""Failures as data: plans that are shipped."""

from pathlib import Path

SCENARIOS = Path(__file__).parent
"""Where they lie: `SCENARIOS / "azure" / "error-320.toml"`."""
