"""A residue that has nowhere to go stops the run; nothing makes it vanish."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from twin.engine.dispatch import InfeasibleStep
from twin.results import Run

Solve = Callable[..., Run]

WORKS = """\
buses: [ash]
components:
  furnace: {model: inflow, bus: ash, rate: 5 t/h}
  landfill: {model: disposal, bus: ash, capacity: 5 t/h, fee: 100 CNY/t}
"""
CLOSED = (
    WORKS
    + """\
events:
  - {actor: outage, component: landfill, start: 2025-01-01 06:20, duration: 4 h, remaining: 0.6}
"""
)


def test_a_residue_with_a_way_out_is_paid_for(solve: Solve) -> None:
    """5 t/h for a day at 100 a tonne: 12,000. A slack that swallows it would cost nothing."""
    run = solve(WORKS)
    assert run.summary["cost"] == pytest.approx(12_000.0, rel=1e-12)
    left = run.ledger.entries[run.ledger.entries["role"] == "outside"].set_index("flow")["amount"]
    assert left["landfill"] == pytest.approx(120.0, rel=1e-12)
    assert left["furnace"] == pytest.approx(-120.0, rel=1e-12)


@pytest.mark.parametrize("dispatcher", ["kernel", "reference"])
def test_a_residue_without_a_way_out_stops_the_run(solve: Solve, dispatcher: str) -> None:
    """At 06:20, 22,800 s, the landfill takes 3 of 5 t/h: 2 t/h more than can leave bus 'ash'.

    A run that went on would have lost 8 t; one that named the step of the grid would say 06:15.
    """
    with pytest.raises(InfeasibleStep) as caught:
        solve(CLOSED, dispatcher=dispatcher)
    error = caught.value
    assert error.time_s == 22_800
    assert error.surplus == {"ash": pytest.approx(2.0, rel=1e-6)}
    assert not error.shortage
    assert "2 more than can leave bus 'ash'" in str(error)
    assert error.__notes__ == [
        "It is 2025-01-01 06:20:00 local time; limited by events: landfill at 60% (planned)"
    ]
