"""Actors: what happens in a park besides the passing of time. Importing registers them."""

from twin.engine.actors import outage

__all__ = ["outage"]
