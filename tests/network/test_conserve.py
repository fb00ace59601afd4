"""Closing flows: what leaves and enters is derived, and what nature forbids is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import Carrier, Flow, Store
from models.carriers import STANDARD, SURROUNDINGS, cold_water, hot_water, steam
from twin.network.conserve import close_flow, close_store

HEAT = hot_water("heat", 80, 45)
COLD = cold_water("cold", 6, 12)
PLACES = {**STANDARD, "heat": HEAT, "cold": COLD, "steam": steam("steam", 12, 200)}
OUTSIDE = {**STANDARD, **SURROUNDINGS}
BURNING = ("co2", "n2", "so2", "water_vapour", "air")


def closed(coefficients: dict[str, float], *closes: str, **more: object) -> Flow:
    """A flow that must close."""
    flow = Flow("f", "c", dict(coefficients), upper=1.0, closes=closes, **more)  # type: ignore[arg-type]
    violations = close_flow(flow, PLACES, OUTSIDE)
    assert not violations, violations[0].message
    return flow


def refused(coefficients: dict[str, float], *closes: str) -> str:
    """The first reason why a flow is refused."""
    flow = Flow("f", "c", dict(coefficients), upper=1.0, closes=closes)
    violations = close_flow(flow, PLACES, OUTSIDE)
    assert violations
    return violations[0].message


def test_burning_methane_by_hand() -> None:
    """CH4 + 2 O2 -> CO2 + 2 H2O: per kg 2.743 kg CO2, 2.246 kg H2O and 3.989 kg O2.

    A fuel whose CO2 is typed in beside it would keep its number when the fuel changes.
    """
    from models.carriers import gas

    methane = gas("methane", {"C": 1, "H": 4}, hhv=890.58)
    flow = Flow("f", "c", {"methane": -1.0, "heat": 0.9}, upper=1.0, closes=BURNING)
    assert not close_flow(flow, {"methane": methane, "heat": HEAT}, OUTSIDE)
    kilograms = methane.of("mass")
    assert flow.exchange["co2"] / kilograms == pytest.approx(44.009 / 16.043, rel=1e-4)
    assert flow.exchange["water_vapour"] / kilograms == pytest.approx(36.03 / 16.043, rel=1e-4)
    assert -flow.exchange["air"] / kilograms == pytest.approx(63.996 / 16.043, rel=1e-4)
    # LHV in, 0.9 of it as heat: 0.1 to ambient; the latent part leaves with the vapour.
    assert flow.exchange["heat_to_ambient"] == pytest.approx(0.1, abs=1e-3)


def test_emission_factors_are_those_of_the_guidelines() -> None:
    """IPCC 2006 vol. 2 table 1.4: natural gas 56.1, other bituminous coal 94.6, wood 112 kg/GJ.

    Derived from composition, so a wrong element or heating value would show at once. Wood spans
    95 to 132 there.
    """
    factors = {}
    for name in ("natural_gas", "coal", "wood_chips"):
        flow = closed({name: -1.0}, *BURNING)
        factors[name] = flow.exchange["co2"] * 1000 / 3.6
    assert factors["natural_gas"] == pytest.approx(56.1, rel=0.01)
    assert factors["coal"] == pytest.approx(94.6, rel=0.01)
    assert 95 < factors["wood_chips"] < 132


def test_a_chiller_rejects_electricity_and_cold() -> None:
    """1 MWh of power making 4 MWh of cold gives 5 MWh to the ambient.

    Were cold counted as energy it would be 'made' from nothing: 4 MWh out of 1.
    """
    flow = closed({"electricity": -1.0, "cold": 4.0})
    assert flow.exchange["heat_to_ambient"] == pytest.approx(5.0)
    use = closed({"cold": -1.0}, "building_heat")
    assert use.exchange["building_heat"] == pytest.approx(-1.0)


def test_cold_loss_is_heat_that_enters() -> None:
    """A cold store loses cold by taking heat from the air: the exchange is inward."""
    store = Store("ice", "ice", COLD, 10.0, loss_rate=0.01, closes=("air_heat",))
    exchange, violations = close_store(store, OUTSIDE)
    assert not violations
    assert exchange == {"air_heat": -1.0}


@pytest.mark.parametrize(
    ("coefficients", "closes", "words"),
    [
        ({"electricity": -1.0, "heat": 1.2}, (), "makes energy from nothing: it gives 1.2 MWh"),
        ({"natural_gas": -1.0, "heat": 0.9}, (), "loses carbon"),
        ({"electricity": -1.0, "co2": 0.2}, (), "makes carbon from nothing: it gives 0.054"),
        ({"heat": -1.0, "electricity": 0.5}, (), "breaks the second law: it gives 0.5 MWh"),
        ({"steam": -1.0, "condensate": 1.1, "electricity": 0.01}, (), "makes mass from nothing"),
        ({"electricity": -1.0, "heat": 12.0}, ("air_heat",), "breaks the second law"),
        ({"water_vapour": -1.0}, (), "loses"),
    ],
)
def test_what_nature_forbids_is_refused_with_numbers(
    coefficients: dict[str, float], closes: tuple[str, ...], words: str
) -> None:
    """Each would run and report a park better than nature allows."""
    places = {**PLACES, "water_vapour": SURROUNDINGS["water_vapour"]}
    flow = Flow("f", "c", dict(coefficients), upper=1.0, closes=closes)
    violations = close_flow(flow, places, OUTSIDE)
    assert violations
    assert words in violations[0].message
    assert violations[0].mend


def test_a_heat_pump_needs_a_source_with_a_name() -> None:
    """COP 3 takes 2 MWh from a named source; without one it is energy from nothing."""
    flow = closed({"electricity": -1.0, "heat": 3.0}, "water_body_heat")
    assert flow.exchange == {"water_body_heat": pytest.approx(-2.0)}
    assert "from nothing" in refused({"electricity": -1.0, "heat": 3.0})


def test_a_varying_coefficient_is_closed_at_every_step() -> None:
    """The worst step decides, and is named."""
    cop = np.array([2.0, 3.0, 20.0])
    flow = Flow("f", "c", {"electricity": -1.0, "heat": cop}, upper=1.0, closes=("air_heat",))
    violations = close_flow(flow, PLACES, OUTSIDE)
    assert "second law" in violations[0].message
    flow = Flow("f", "c", {"electricity": -1.0, "heat": cop[:2]}, upper=1.0, closes=("air_heat",))
    assert not close_flow(flow, PLACES, OUTSIDE)
    assert np.allclose(flow.exchange["air_heat"], [-1.0, -2.0])


def test_a_declared_quantity_must_close_too() -> None:
    """Phosphorus is nobody's closing term: a flow that drops it is refused where it is declared."""
    rich = Carrier("rich", "t/h", {"mass": 1.0, "phosphorus": 0.01})
    poor = Carrier("poor", "t/h", {"mass": 1.0})
    places = {"rich": rich, "poor": poor}
    flow = Flow("f", "c", {"rich": -1.0, "poor": 1.0}, upper=1.0)
    assert not close_flow(flow, places, OUTSIDE)
    violations = close_flow(flow, places, OUTSIDE, ("energy", "carbon", "mass", "phosphorus"))
    assert "loses phosphorus" in violations[0].message


@given(
    st.floats(0.0, 0.6), st.floats(0.0, 0.6), st.sampled_from(["natural_gas", "coal", "wood_chips"])
)
def test_a_closed_flow_closes(power: float, heat: float, fuel: str) -> None:
    """Whatever is accepted balances in every quantity; whatever gives more than HHV is refused."""
    flow = Flow(
        "f", "c", {fuel: -1.0, "electricity": power, "heat": heat}, upper=1.0,
        closes=BURNING, exchange={"ash": 0.0},
    )  # fmt: skip
    violations = close_flow(flow, PLACES, OUTSIDE)
    latent = flow.exchange.get("water_vapour", 0.0) * SURROUNDINGS["water_vapour"].of("energy")
    if power + heat > STANDARD[fuel].of("energy") - latent + 1e-9:
        assert violations
        return
    assert not violations
    for quantity in ("energy", "carbon", "mass", "water", "sulphur", "nitrogen"):
        total = sum(v * PLACES[p].of(quantity) for p, v in flow.coefficients.items())
        total += sum(v * OUTSIDE[p].of(quantity) for p, v in flow.exchange.items())
        assert abs(total) < 1e-12
