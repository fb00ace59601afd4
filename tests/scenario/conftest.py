"""The small technologies are the only ones in these tests."""

from tests.scenario.technologies import technologies

__all__ = ["technologies"]
