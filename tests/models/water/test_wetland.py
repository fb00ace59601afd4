"""Constructed wetland: removal by hand, its bounds, and evaporation by the reference.

Outlet concentrations agree with the P-k-C* model by hand within 0.04 %, evaporation with FAO 56 by
hand within 0.1 %. Rates are medians, from which single wetlands differ by a factor of two; none is
compared.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Carrier, PhysicsError
from models.water.wetland import Wetland, evaporation, outlet_concentration
from tests.setting import network_of, setting


def nitrogenous(name: str, grams: float) -> Carrier:
    """Water at 20 degC with nitrogen [g/m3]."""
    content = {"mass": 1.0, "water": 1.0 - grams / 1e6, "nitrogen": grams / 1e6}
    return Carrier(name, "t/h", content, kind="water", temperature=20.0)


def wetland(**more: Any) -> Wetland:
    """15 t/h on a hectare."""
    fields = {"inlet": "dirty", "outlet": "clean", "area": 10_000.0, "capacity": 15.0}
    return Wetland.model_validate(fields | more)


def test_removal_by_hand() -> None:
    """Loading 13.15 m/a at 20 degC: (1 + 12.6 / 3 / 13.15)^-3 = 0.435; from 15 g/m3 of nitrogen
    1.5 + 13.5 * 0.435 = 7.4. At 10 degC the rate is 1.056^-10 = 0.580 of that:
    1.5 + 13.5 * (1 + 7.307 / 39.45)^-3 = 9.61."""
    found = outlet_concentration("nitrogen", 15.0, 13.149, 20.0)
    assert found == pytest.approx(7.38, abs=0.01)
    assert outlet_concentration("nitrogen", 15.0, 13.149, 10.0) == pytest.approx(9.61, abs=0.01)
    assert outlet_concentration("nitrogen", 1.0, 13.149, 20.0) == 1.0


@given(
    inlet=st.floats(2.0, 100.0),
    loading=st.floats(1.0, 200.0),
    temperature=st.floats(0.0, 30.0),
    substance=st.sampled_from(["nitrogen", "phosphorus"]),
)
def test_removal_has_its_bounds(
    inlet: float, loading: float, temperature: float, substance: str
) -> None:
    """Never below the background, never above the inlet, and better with more area."""
    found = outlet_concentration(substance, inlet, loading, temperature)
    assert 0.0 < found <= inlet
    assert outlet_concentration(substance, inlet, loading / 2, temperature) <= found


def test_evaporation_against_the_reference() -> None:
    """Published (FAO Irrigation and Drainage Paper 56, annex 2): at 20 degC the slope of saturation
    pressure is 0.145 kPa/K. By hand 0.65 * 0.145 / (0.145 + 0.066) * 20 MJ / 2.442 = 3.66 mm on a
    day of 20 MJ/m2, a usual summer day in Europe (3 to 4 mm)."""
    hourly = evaporation(np.full(24, 20e6 / 86400), np.full(24, 20.0))
    assert hourly.sum() == pytest.approx(3.66, rel=5e-3)


@settings(deadline=None, max_examples=30)
@given(
    ghi=st.floats(0.0, 1000.0),
    temperature=st.floats(-5.0, 38.0),
    before=st.floats(5.0, 40.0),
    kept=st.floats(0.0, 1.0),
)
def test_it_closes(ghi: float, temperature: float, before: float, kept: float) -> None:
    """Water that is lost has gone with the sun's heat, and nitrogen as gas."""
    least = outlet_concentration("nitrogen", before, 15 * 24 * 365.25 / 10_000, 20.0)
    clean = nitrogenous("clean", least + kept * (before - least))
    where = setting(nitrogenous("dirty", before), clean, ghi=ghi, temp_air=temperature)
    lowering = wetland().lower(where)
    network_of(lowering, where, ("energy", "carbon", "mass", "water", "nitrogen"))
    (flow,) = lowering.flows
    lost = float(np.max(1.0 - np.asarray(flow.coefficients["clean"])))
    assert np.max(flow.exchange.get("water_vapour", 0.0)) == pytest.approx(lost, abs=1e-4)


def test_what_cannot_be() -> None:
    """Too clean for its area, or dry at noon."""
    where = setting(nitrogenous("dirty", 15.0), nitrogenous("clean", 2.0))
    with pytest.raises(PhysicsError, match=r"to 7\.4 at 13 m/a, and 'clean' holds 2\.0"):
        wetland().lower(where)
    sunny = setting(nitrogenous("dirty", 15.0), nitrogenous("clean", 14.9), ghi=1000.0)
    with pytest.raises(PhysicsError, match="would evaporate"):
        wetland(area=1e6).lower(sunny)
