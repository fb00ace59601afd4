"""One short run of each shipped park, shared by the tests that look at it."""

from __future__ import annotations

from functools import cache

import pytest

from twin.results import Run
from twin.scenario.park import load, shipped
from twin.simulate import simulate

SHORT = {"start": "2025-07-05", "horizon": "4 d"}
"""A summer weekend and two workdays; on the Monday Kalundborg's unit 6 goes into its overhaul."""


@cache
def short_run(name: str) -> Run:
    """The park as shipped, with 48 steps solved again by HiGHS."""
    return simulate(load(name), **SHORT, certify=48)  # type: ignore[arg-type]


@pytest.fixture(params=shipped())
def name(request: pytest.FixtureRequest) -> str:
    """Each shipped park."""
    return str(request.param)


@pytest.fixture
def run(name: str) -> Run:
    """Its short run."""
    return short_run(name)
