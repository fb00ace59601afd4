"""The wastewater plant: a tonne by hand, the oxygen demand of glucose, and closing.

CO2, nitrogen and water by hand agree within 1e-4; the oxygen taken for glucose is 0.1 % below its
theoretical demand of 1.067 g/g. No operating plant is compared; the electricity is a mean of plants
in the United States.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.base import Carrier, PhysicsError
from models.carriers import STANDARD, solid
from models.water.wastewater import WastewaterPlant, chemical
from tests.setting import network_of, setting

ALL = ("energy", "carbon", "mass", "water", "nitrogen")
FIELDS = {
    "inlet": "sewage",
    "outlet": "treated_water",
    "capacity": 1000.0,
    "electricity": "electricity",
}
WITH_SLUDGE = FIELDS | {"sludge": "sludge", "sludge_yield": 0.0008}


def sewage(**changes: float) -> Carrier:
    parts = {
        "dry_matter": 0.0006,
        "carbon": 0.45,
        "hydrogen": 0.065,
        "oxygen": 0.30,
        "nitrogen": 0.06,
        "hhv": 20.0,
        "temperature": 25.0,
    }
    return solid("sewage", **(parts | changes))  # type: ignore[arg-type]


def sludge(**changes: float) -> Carrier:
    parts = {
        "dry_matter": 0.2,
        "carbon": 0.36,
        "hydrogen": 0.05,
        "oxygen": 0.2,
        "nitrogen": 0.05,
        "hhv": 16.0,
    }
    return solid("sludge", **(parts | changes))  # type: ignore[arg-type]


def test_a_tonne_by_hand() -> None:
    """600 g of dry matter; 0.8 kg of wet sludge take 160 g of it.

    Carbon 270 - 57.6 = 212.4 g leaves as 212.4 * 44.009 / 12.011 = 778.2 g CO2, nitrogen
    36 - 8 = 28 g as N2. Water 999.4 + 0.6 * 0.065 * 8.9360 kg, less 0.8 * (0.8 + 0.2 * 0.05 *
    8.9360) kg in the sludge: 999.037 kg. Were carbon of the sludge forgotten, CO2 would be 989 g.
    """
    where = setting(sewage(), sludge())
    lowering = WastewaterPlant.model_validate(WITH_SLUDGE).lower(where)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    assert flow.coefficients["treated_water"] == pytest.approx(0.999037, rel=1e-6)
    assert flow.coefficients["electricity"] == pytest.approx(-0.00045)
    assert flow.exchange["co2"] == pytest.approx(778.2e-6, rel=1e-4)
    assert flow.exchange["n2"] == pytest.approx(28e-6, rel=1e-6)
    oxidised = (0.0006 * 20 - 0.0008 * 0.2 * 16) / 3.6
    cooled = -float(flow.coefficients["treated_water"]) * STANDARD["treated_water"].of("energy")
    expected = oxidised + 0.00045 + cooled
    assert flow.exchange["heat_to_ambient"] == pytest.approx(expected, rel=1e-9)


def test_oxygen_taken_is_the_theoretical_demand() -> None:
    """Published: glucose has a theoretical oxygen demand of 1.067 g/g (192 / 180).

    The oxygen is derived from the mass balance, after CO2 from carbon and water from hydrogen: a
    second way to the same stoichiometry.
    """
    glucose = sewage(
        dry_matter=0.001, carbon=0.40002, hydrogen=0.06714, oxygen=0.53284, nitrogen=0, hhv=15.57
    )
    where = setting(glucose)
    lowering = WastewaterPlant.model_validate(FIELDS).lower(where)
    network_of(lowering, where, ALL)
    assert -lowering.flows[0].exchange["air"] / 0.001 == pytest.approx(1.0667, rel=1e-3)


def test_clean_water_passes() -> None:
    """A wastewater without a declared load comes out whole; only electricity is used."""
    where = setting()
    lowering = WastewaterPlant.model_validate(FIELDS | {"inlet": "wastewater"}).lower(where)
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    assert flow.coefficients["treated_water"] == 1.0
    assert flow.exchange == pytest.approx({"heat_to_ambient": 0.00045})


@settings(deadline=None)
@given(
    load=st.floats(1e-4, 0.02),
    ash=st.floats(0.0, 0.15),
    temperature=st.floats(2.0, 35.0),
    taken=st.floats(0.0, 1.5),
)
def test_it_closes_or_is_refused(load: float, ash: float, temperature: float, taken: float) -> None:
    """For any load and sludge, either all closes or there is too much or too little sludge."""
    inlet = sewage(dry_matter=load, oxygen=0.425 - ash, temperature=temperature)
    mud = sludge()
    tonnes = taken * load * 0.5 / mud.of("carbon") * 0.36
    fields = FIELDS | ({"sludge": "sludge", "sludge_yield": tonnes} if tonnes else {})
    where = setting(inlet, mud)
    try:
        lowering = WastewaterPlant.model_validate(fields).lower(where)
    except PhysicsError as error:
        assert error.key == "sludge_yield"
        too_much = [q for q in ("carbon", "nitrogen") if tonnes * mud.of(q) > inlet.of(q)]
        minerals = "minerals" in str(error)
        assert too_much or minerals or tonnes * chemical(mud) > chemical(inlet)
        return
    network_of(lowering, where, ALL)
    (flow,) = lowering.flows
    carbon = tonnes * mud.of("carbon") + float(flow.exchange["co2"]) * 12.011 / 44.009
    assert carbon == pytest.approx(inlet.of("carbon"), rel=1e-6)


def test_what_cannot_be() -> None:
    """Sludge out of nothing, a sludge without a bus, a load without water."""
    with pytest.raises(PhysicsError, match=r"holds 5\.76e-05 t C.*only 0 t C") as caught:
        fields = WITH_SLUDGE | {"inlet": "wastewater"}
        WastewaterPlant.model_validate(fields).lower(setting(sludge()))
    assert caught.value.key == "sludge_yield"
    with pytest.raises(PhysicsError, match="MWh of energy per t"):
        rich = sludge(hhv=80.0)
        WastewaterPlant.model_validate(WITH_SLUDGE).lower(setting(sewage(), rich))
    with pytest.raises(ValidationError, match="not named and its yield is 0.001"):
        WastewaterPlant.model_validate(FIELDS | {"sludge_yield": 0.001})
    with pytest.raises(PhysicsError, match="of minerals per t of 'sewage'"):
        salty = sewage(carbon=0.1, hydrogen=0.01, oxygen=0.0)
        WastewaterPlant.model_validate(FIELDS).lower(setting(salty))
    with pytest.raises(PhysicsError, match="counted in MW"):
        WastewaterPlant.model_validate(FIELDS | {"inlet": "wood_chips"}).lower(setting())
