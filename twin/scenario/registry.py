"""Makes the technologies and actors known, ours and those that others install."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

GROUP = "parktwin.actors"
"""Entry-point group of modules that define `Actor` subclasses; models have one of their own."""


@cache
def register() -> None:
    """Import every module that registers technologies or actors, once."""
    # The actors live above this layer: they are named here as an entry point would name them.
    for module in ("models.library", "twin.engine.actors"):
        import_module(module)
    for point in entry_points(group=GROUP):
        point.load()
