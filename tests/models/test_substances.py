"""Materials of industry: energy from formation data, mixtures by mass, and what is refused."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.carriers import STANDARD
from models.elements import ATOMIC_WEIGHT
from models.substances import QUANTITY, atoms_of, mixture, substance, substances

ALL = substances()


def molar_energy(name: str, grams: float) -> float:
    """Energy of a carrier [kJ/mol]."""
    return ALL[name].of("energy") * 3.6 * grams


def test_calcination_by_hand() -> None:
    """CaCO3 -> CaO + CO2: -635.09 - 393.51 + 1206.92 = 178.32 kJ/mol, all of it in the lime.

    Without the reference of calcium in calcite, lime would hold -635.
    """
    assert molar_energy("lime", 56.077) == pytest.approx(178.32, abs=0.01)
    assert ALL["limestone"].of("energy") == 0.0
    lost = ALL["limestone"].of("carbon") / ALL["captured_co2"].of("carbon")
    assert 1.0 - lost == pytest.approx(56.077 / 100.086, rel=1e-6)


@pytest.mark.parametrize(
    ("name", "grams", "heat"),
    [
        ("methanol", 32.042, 726.1),
        ("urea", 60.056, 632.7),
        ("kerosene", 170.34, 8086.5),
        ("solid_carbon", 12.011, 393.5),
        ("ammonia", 17.031, 382.6),
    ],
)
def test_heat_of_combustion(name: str, grams: float, heat: float) -> None:
    """Published: enthalpies of combustion of the NIST Chemistry WebBook [kJ/mol], to 0.2 %.

    They were measured by burning; ours follow from enthalpies of formation.
    """
    assert molar_energy(name, grams) == pytest.approx(heat, rel=2e-3)


def test_heating_values() -> None:
    """Published: LHV of ammonia 5.1667 MWh/t (DECHEMA 2017), of methanol 19.9 MJ/kg, of diesel 43.0
    GJ/t with 74.1 kg CO2/GJ (IPCC 2006); iron to haematite releases 7.38 MJ/kg."""
    assert ALL["ammonia"].lhv == pytest.approx(5.1667, rel=1e-3)
    assert ALL["methanol"].lhv * 3.6 == pytest.approx(19.9, rel=2e-3)
    diesel = ALL["diesel"]
    assert diesel.lhv * 3.6 == pytest.approx(43.0, rel=4e-3)
    co2 = diesel.of("carbon") / STANDARD["co2"].of("carbon")
    assert 1000 * co2 / (diesel.lhv * 3.6) == pytest.approx(74.1, rel=4e-3)
    assert ALL["steel"].of("energy") * 3.6 == pytest.approx(7.38, rel=1e-3)


def test_syngas_of_a_steam_blown_bed() -> None:
    """Published (Hofbauer et al.): dry gas of a dual fluidised bed has 12 to 14 MJ/m3."""
    syngas = ALL["syngas"]
    grams = 0.63 * 12.011 + 1.32 * 1.008 + 0.69 * 15.999
    per_mol = 3.6e3 / (syngas.of("mass") * 1e6) * grams  # MJ per mol, as 1 MWh is 3600 MJ
    assert 12.0 < per_mol / 22.414e-3 < 14.0


def test_same_content_as_the_standard_carriers() -> None:
    """What both tables hold is the same substance, so either may stand on a bus."""
    for name in ("limestone", "gypsum"):
        for quantity in ("mass", "carbon", "sulphur", "water"):
            assert ALL[name].of(quantity) == pytest.approx(STANDARD[name].of(quantity), rel=1e-12)
    assert ALL["gypsum"].of("energy") == pytest.approx(STANDARD["gypsum"].of("energy"), rel=1e-4)
    assert ALL["captured_co2"].content == pytest.approx(dict(STANDARD["co2"].content), rel=1e-12)


@given(st.lists(st.floats(0.01, 1.0), min_size=2, max_size=4))
def test_a_mixture_holds_what_its_parts_do(weights: list[float]) -> None:
    """Every quantity of a mixture is the mean of its parts, weighted by mass."""
    names = ["lime", "wustite", "steel", "silica"][: len(weights)]
    shares = {name: weight / sum(weights) for name, weight in zip(names, weights, strict=True)}
    found = mixture("mix", shares, ALL)
    for quantity in ("calcium", "iron", "energy"):
        mean = sum(share * ALL[name].of(quantity) for name, share in shares.items())
        assert found.of(quantity) == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_carrier_is_whole(name: str) -> None:
    """A tonne weighs a tonne, elements within it weigh no more, and its origin is named."""
    carrier = ALL[name]
    if carrier.unit == "t/h":
        assert carrier.of("mass") == 1.0
    hydrogen = carrier.of("water") / QUANTITY["H"][1]
    elements = sum(carrier.of(q) for q, factor in QUANTITY.values() if factor == 1.0) + hydrogen
    assert elements <= carrier.of("mass") * (1 + 1e-12)
    assert carrier.source or name == "minerals"
    assert carrier.exergy >= 0
    assert math.isfinite(carrier.of("energy"))


def test_what_cannot_be() -> None:
    """No reference, no formula, no whole."""
    with pytest.raises(ValueError, match="holds Cu"):
        substance("copper", {"Cu": 1}, 0.0, 134.2)
    with pytest.raises(ValueError, match="is no formula"):
        atoms_of("CaCO3")
    with pytest.raises(ValueError, match=r"add up to 0\.9"):
        mixture("mix", {"lime": 0.9}, ALL)
    assert atoms_of("C0.5 H4 C0.5") == {"C": 1.0, "H": 4.0}
    assert set(ATOMIC_WEIGHT) >= {"Ca", "Fe", "Al", "Na"}
