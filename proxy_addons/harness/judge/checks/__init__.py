"""The checks: one file each; `CHECKS` are all of them, those of safety first (S1 to S25), then those of liveness."""

from importlib import import_module
from pkgutil import iter_modules

from proxy_addons.harness.judge.facts import Check

NAMES = sorted((module.name for module in iter_modules(__path__)), key=lambda name: (name[0] != "s", name))
"""Of the modules here: `s01_accuracy`, ..., `l12_herd`."""

CHECKS: tuple[Check, ...] = tuple(import_module(f"{__name__}.{name}").CHECK for name in NAMES)
"""In the order of their numbers."""
