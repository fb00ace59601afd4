"""Suzhou: the figures of its year that the white paper and the press give."""

from __future__ import annotations

import pytest

from twin.scenario.park import load
from twin.simulate import simulate


@pytest.mark.slow
def test_the_story_of_a_year() -> None:
    """PV of warehouses and works, and the sludge that the station burns.

    Published: 12.23 GWh a year from 12 MW on GLP's roofs, 6 GWh on wastewater plant 2. Public: 126
    kt of sludge a year (1.26 Mt in ten years). Weather of another place, or a yield per inflow
    instead of per treated water, would miss them.
    """
    run = simulate(load("suzhou"))
    roofs = run.ledger.bus("electricity")
    assert roofs["pv_glp_warehouses"] == pytest.approx(12_230, rel=0.05)
    assert roofs["pv_wastewater_plant_2"] == pytest.approx(6_000, rel=0.05)
    sludge = run.ledger.bus("wet_sludge")
    assert sludge[sludge > 0].sum() == pytest.approx(126_000, rel=0.05)
    assert run.summary["unserved_MWh"] == 0.0
    assert max(run.ledger.residuals().values()) <= 1e-9
