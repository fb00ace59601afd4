"""The digester: a tonne by hand, first order by integration, and the limit of cellulose.

Gas and digestate by hand agree within 1e-5, the yield with an integral over residence times to
rounding; cellulose is refused between 414 and 416 Nm3/t, for 415 published. Own use of the Danish
catalogue's plant is met within 1.5 %, the rounding of its figures.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy.integrate import quad

from models.base import Carrier, Lowering, PhysicsError
from models.carriers import custom, gas, hot_water, solid
from models.residues.digester import METHANE_LHV, Digester, Kinetics, first_order_yield, warming
from models.site import Setting
from tests.setting import network_of, setting

ALL = ("energy", "carbon", "mass", "water", "nitrogen", "sulphur")
HEAT = hot_water("heat", 80, 45)


def residue(**changes: float) -> Carrier:
    """Kitchen waste of 20 % dry matter."""
    parts = {
        "dry_matter": 0.2,
        "carbon": 0.5,
        "hydrogen": 0.065,
        "oxygen": 0.35,
        "nitrogen": 0.03,
        "sulphur": 0.002,
        "hhv": 20.0,
    }
    return solid("residue", **(parts | changes))  # type: ignore[arg-type]


def lowered(spec: Digester, *carriers: Carrier) -> tuple[Lowering, Setting]:
    """The lowering in a setting that knows the digestate."""
    where = setting(*carriers)
    digestate = spec.outlets(where.buses)["digestate"]
    where = replace(where, buses={**where.buses, "it.digestate": digestate})
    return spec.lower(where), where


def plain(**fields: object) -> Digester:
    given = {"substrate": "residue", "biogas": "biogas", "capacity": 10.0} | fields
    return Digester.model_validate(given)


def test_a_tonne_by_hand() -> None:
    """40 Nm3 of methane from a tonne at 25 degC, in biogas of 60 % methane.

    CH4 40 / 22.414 = 1.78460 kmol, CO2 two thirds of that, 1.18973 kmol. Carbon in the gas
    2.97433 * 12.011 = 35.725 kg of 100 kg; mass 1.78460 * 16.043 + 1.18973 * 44.009 = 80.99 kg, so
    919.01 kg of digestate with 64.275 kg of carbon. LHV 1.78460 * 802.60 = 1432.3 MJ = 0.39787 MWh;
    HHV 1.78460 * 890.58 = 1589.3 MJ = 0.44148 MWh of 4000 / 3600 = 1.11111 MWh.
    Were the CO2 of the gas forgotten, the digestate would hold 78.6 kg of carbon.
    """
    lowering, where = lowered(plain(methane_yield=40.0), residue())
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    digestate = where.buses["it.digestate"]
    tonnes = flow.coefficients["it.digestate"]
    assert flow.coefficients["biogas"] == pytest.approx(0.39787, rel=1e-4)
    assert tonnes == pytest.approx(0.91901, rel=1e-5)
    assert tonnes * digestate.of("carbon") == pytest.approx(0.064275, rel=1e-4)
    assert tonnes * digestate.of("energy") == pytest.approx(1.11111 - 0.44148, rel=1e-4)
    assert digestate.of("mass") == pytest.approx(1.0, abs=1e-15)
    assert digestate.of("nitrogen") == pytest.approx(0.2 * 0.03 / 0.91901, rel=1e-5)
    assert digestate.lhv < digestate.of("energy")
    assert "heat_to_ambient" not in flow.exchange


def test_the_slurry_keeps_the_heat_that_warms_it() -> None:
    """From 15 to 38 degC a tonne takes 4.18 * 23 / 3600 = 26.71 kWh; the digestate is that warm.

    Electricity ends in the ambient, and so does heat beyond the warming. If heat were lost at
    once, heat_to_ambient would be 35.9 kWh and the digestate as cold as the substrate.
    """
    cold = residue(temperature=15.0)
    spec = plain(methane_yield=40.0, heat="heat", electricity="electricity")
    lowering, where = lowered(spec, cold, HEAT)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    assert flow.coefficients["heat"] == pytest.approx(-0.026706, rel=1e-4)
    assert flow.exchange["heat_to_ambient"] == pytest.approx(0.0092, rel=1e-9)
    assert where.buses["it.digestate"].temperature == pytest.approx(38.0)

    lowering, where = lowered(plain(methane_yield=40.0, heat="heat", heat_use=0.05), cold, HEAT)
    network_of(lowering, where, ALL)
    lost = lowering.flows[0].exchange["heat_to_ambient"]
    assert lost == pytest.approx(0.05 - 0.026706, rel=1e-4)


@settings(deadline=None)
@given(
    dry_matter=st.floats(0.03, 0.9),
    carbon=st.floats(0.3, 0.55),
    nitrogen=st.floats(0.0, 0.05),
    hhv=st.floats(10.0, 24.0),
    temperature=st.floats(2.0, 70.0),
    methane=st.floats(0.5, 0.8),
    methane_yield=st.floats(0.0, 300.0),
    heated=st.booleans(),
)
def test_it_closes_or_is_refused(
    dry_matter: float,
    carbon: float,
    nitrogen: float,
    hhv: float,
    temperature: float,
    methane: float,
    methane_yield: float,
    heated: bool,
) -> None:
    """Every quantity of the substrate is in gas or digestate, and neither is below zero."""
    substrate = residue(
        dry_matter=dry_matter,
        carbon=carbon,
        oxygen=0.3,
        nitrogen=nitrogen,
        hhv=hhv,
        temperature=temperature,
    )
    atoms = {"C": 1.0, "H": 4 * methane, "O": 2 * (1 - methane)}
    biogas = gas("biogas", atoms, hhv=methane * 890.58)
    spec = plain(methane_yield=methane_yield, heat="heat" if heated else None)
    try:
        lowering, where = lowered(spec, substrate, biogas, HEAT)
    except PhysicsError:
        taken = methane_yield * METHANE_LHV
        short = [q for q in ALL if taken * biogas.of(q) > substrate.of(q)]
        sensible = 0.02  # MWh/t that a cold slurry may lie below the reference
        ordered = taken * biogas.exergy <= substrate.exergy
        assert (
            short or not ordered or taken * biogas.of("energy") > substrate.of("energy") - sensible
        )
        return
    network_of(lowering, where, ALL)
    digestate = where.buses["it.digestate"]
    assert min(digestate.of(q) for q in ALL if q != "energy") >= 0
    assert digestate.lhv >= 0
    assert digestate.exergy >= 0


@given(potential=st.floats(1, 500), rate=st.floats(0.01, 2.0), retention_time=st.floats(1.0, 100.0))
def test_first_order_yield_against_the_residence_times(
    potential: float, rate: float, retention_time: float
) -> None:
    """Second implementation: each parcel decays by itself, over the exponential residence times."""
    mean, _ = quad(
        lambda s: (
            (1 - pow(2.718281828459045, -rate * retention_time * s)) * pow(2.718281828459045, -s)
        ),
        0,
        60,
        limit=200,
    )
    found = first_order_yield(potential, rate, retention_time)
    assert found == pytest.approx(potential * mean, rel=1e-6)
    assert 0 < found < potential
    spec = plain(kinetics=Kinetics(potential=potential, rate=rate, retention_time=retention_time))
    assert spec.specific_yield == found


def test_cellulose_gives_no_more_than_its_theoretical_yield() -> None:
    """Published: carbohydrates give at most 415 Nm3 of methane per t, in biogas of half methane.

    (C6H10O5)n has 3 CH4 and 3 CO2 to give, and takes up water. At 10 % dry matter the limit is
    3 * 22.414 / 162.14 * 100 = 41.47 Nm3 per t; without the carbon balance, energy would
    allow 43.7.
    """
    cellulose = solid(
        "residue", dry_matter=0.1, carbon=0.44446, hydrogen=0.06217, oxygen=0.49337, hhv=17.35
    )
    half = gas("biogas", {"C": 1, "H": 2, "O": 1}, hhv=0.5 * 890.58)
    lowered(plain(methane_yield=41.4), cellulose, half)
    with pytest.raises(PhysicsError, match=r"biogas holds 0\.04.* t C of carbon per t"):
        lowered(plain(methane_yield=41.6), cellulose, half)


def test_own_use_of_a_large_plant() -> None:
    """Danish catalogue, sheet 81 (2025): 1.59 GJ of biogas per t of input, own electricity 2.11 %
    and heat 5.05 % of it; 9.2 and 22 kWh per t are those shares to within their rounding of 2 %."""
    per_tonne = 1.59e3 / 3.6
    spec = plain(methane_yield=1.59 / 3.6 / METHANE_LHV, electricity="electricity")
    lowering, _ = lowered(spec, residue())
    coefficients = lowering.flows[0].coefficients
    assert coefficients["biogas"] == pytest.approx(per_tonne / 1e3, rel=1e-9)
    share = -coefficients["electricity"] / coefficients["biogas"]
    assert share == pytest.approx(0.0211372, rel=0.02)
    assert 22 / per_tonne == pytest.approx(0.0505385, rel=0.02)
    # Without heat recovery, slurry of 12 degC needs more: the plant's 22 kWh/t include a saving.
    assert warming(12.0, 38.0) > 0.022


def test_what_cannot_be() -> None:
    """Each refusal names the numbers and the key."""
    with pytest.raises(PhysicsError, match=r"1\.\d+ MWh of energy per t, and substrate") as caught:
        lowered(plain(methane_yield=120.0), residue())
    assert caught.value.key == "methane_yield"
    bare = custom("residue", "t/h", {"mass": 1, "carbon": 0.032})
    with pytest.raises(PhysicsError, match="carries no energy") as caught:
        lowered(plain(methane_yield=20.0), bare)
    assert caught.value.key == "substrate"
    with pytest.raises(PhysicsError, match="counted in MW"):
        lowered(plain(substrate="wood_chips", methane_yield=20.0))
    with pytest.raises(ValidationError, match="one of methane_yield and kinetics"):
        plain()
    adrift = replace(residue(), temperature=float("nan"))
    with pytest.raises(PhysicsError, match="no temperature"):
        lowered(plain(methane_yield=20.0, heat="heat"), adrift, HEAT)
