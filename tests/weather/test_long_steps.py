"""Steps longer than an hour offer what their hours offer."""

from __future__ import annotations

from pathlib import Path

import pytest

import twin

EXAMPLES = Path(__file__).parents[2] / "docs" / "reference" / "examples"


@pytest.mark.parametrize("kind", ["free_cooling", "pv", "solar_thermal", "wind"])
def test_totals_do_not_depend_on_the_step(kind: str) -> None:
    """Six summer days in steps of 1 h, 6 h and 24 h offer the same to 1e-9.

    By the sun of noon a module would give twice as much in a day, by the mean wind of a day a
    turbine 7 % less, by the mean warmth of a day the air nothing of the cool of its night.
    """
    park = twin.load(EXAMPLES / f"{kind}.yaml")
    names = [n for n, part in park.components.items() if part.spec.kind == kind]
    offered = []
    for step in ("1 h", "6 h", "24 h"):
        flows = twin.run(park, start="2025-07-01", horizon="6 d", step=step).ledger.flows
        offered.append(float(flows.loc[flows["component"].isin(names), "offered"].sum()))
    assert offered[0] > 0
    assert offered == pytest.approx([offered[0]] * 3, rel=1e-9)
