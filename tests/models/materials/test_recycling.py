"""Recycling: recovery and contamination by mass, and a residue that holds the rest.

Held against appliances and contaminated scrap by hand, random mixtures (every element to 1e-9), and
the recoveries that CATL publishes of its battery works (99.6 % of nickel, 91 % of lithium).
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Carrier, PhysicsError
from models.materials.recycling import Recycling
from models.site import Setting
from models.substances import substances
from tests.setting import network_of, setting

PURE = substances()
PLASTIC = Carrier(
    "plastic",
    "t/h",
    {"mass": 1.0, "carbon": 0.857, "water": 1.284, "energy": 12.9},
    12.9,
    12.0,
    1.0,
    "solid|material",
)
ELEMENTS = ("energy", "carbon", "mass", "water", "iron", "aluminium")


def mixed(shares: dict[str, float]) -> Carrier:
    """Old appliances: a mixture whose rest is inert."""
    content = {"mass": 1.0}
    exergy = 0.0
    for name, share in shares.items():
        part = PLASTIC if name == "plastic" else PURE[name]
        exergy += share * part.exergy
        for quantity, value in part.content.items():
            if quantity != "mass":
                content[quantity] = content.get(quantity, 0.0) + share * value
    return Carrier("appliances", "t/h", content, exergy, 0.0, 1.0, "solid|material", 25.0)


OLD = mixed({"steel": 0.50, "aluminium": 0.04, "plastic": 0.30})


def line(**more: Any) -> Recycling:
    """Shredder and sorting of appliances."""
    fields = {
        "inlet": "appliances",
        "products": {
            "steel": {"content": 0.50, "recovery": 0.95},
            "aluminium": {"content": 0.04, "recovery": 0.80},
            "plastic": {"content": 0.30, "recovery": 0.70},
        },
        "electricity": "electricity",
        "electricity_use": 0.066,
        "capacity": 5.0,
    }
    return Recycling.model_validate(fields | more)


def where_of(spec: Recycling, *extra: Carrier) -> Setting:
    """A setting with the products' buses and the residue."""
    base = setting(OLD, PLASTIC, *PURE.values(), *extra)
    made = {f"it.{thing}": c for thing, c in spec.outlets(base.buses).items()}
    buses = {**base.buses, **made}
    return Setting(
        "it", buses, base.site, base.times, base.step_s, base.weather, base.workday, base.rng
    )


def test_appliances_by_hand() -> None:
    """Of a tonne, 0.475 t of steel, 0.032 of aluminium and 0.21 of plastics leave 0.283 t, which
    hold 0.025 t of iron, 0.008 of aluminium and 0.09 t of plastics with 1.16 MWh: it burns.

    If recovery were ignored, 0.16 t would be left, free of metal.
    """
    spec = line()
    where = where_of(spec)
    lowering = spec.lower(where)
    network_of(lowering, where, ELEMENTS)
    (flow,) = lowering.flows
    assert flow.coefficients["it.residue"] == pytest.approx(0.283)
    residue = where.buses["it.residue"]
    assert residue.of("iron") == pytest.approx(0.025 / 0.283)
    assert residue.of("aluminium") == pytest.approx(0.008 / 0.283)
    assert residue.of("carbon") == pytest.approx(0.09 * 0.857 / 0.283)
    assert "fuel" in residue.kind.split("|")
    assert flow.exchange["heat_to_ambient"] == pytest.approx(0.066)


def test_contamination_by_hand() -> None:
    """Plastics of 95 % purity: 0.21 t of plastics weigh 0.2211 t with the dirt in them, which the
    residue no longer holds. The scrap's carrier says what the product is made of."""
    dirty = Carrier(
        "granulate",
        "t/h",
        {name: 0.95 * value for name, value in PLASTIC.content.items()} | {"mass": 1.0},
        0.95 * 12.9,
        kind="solid|material",
    )
    products = {"granulate": {"content": 0.30, "recovery": 0.70, "purity": 0.95}}
    spec = line(products=products)
    where = where_of(spec, dirty)
    lowering = spec.lower(where)
    network_of(lowering, where, ELEMENTS)
    (flow,) = lowering.flows
    assert flow.coefficients["granulate"] == pytest.approx(0.21 / 0.95)
    kept = where.buses["it.residue"].of("carbon") * flow.coefficients["it.residue"]
    assert kept == pytest.approx(0.09 * 0.857)


@settings(deadline=None, max_examples=30)
@given(
    steel=st.floats(0.01, 1.0),
    aluminium=st.floats(0.01, 1.0),
    plastic=st.floats(0.01, 1.0),
)
def test_it_closes(steel: float, aluminium: float, plastic: float) -> None:
    """Each element of the stream is in a product or in the residue."""
    products = {
        "steel": {"content": 0.50, "recovery": steel},
        "aluminium": {"content": 0.04, "recovery": aluminium},
        "plastic": {"content": 0.30, "recovery": plastic},
    }
    spec = line(products=products)
    where = where_of(spec)
    lowering = spec.lower(where)
    network_of(lowering, where, ELEMENTS)
    (flow,) = lowering.flows
    gained = sum(
        value * where.buses[bus].of("iron") for bus, value in flow.coefficients.items() if value > 0
    )
    assert gained == pytest.approx(0.50, rel=1e-9)


def test_batteries_against_published_recoveries() -> None:
    """Published (CATL, sustainability reports, of its Brunp works): 99.6 % of nickel, cobalt and
    manganese and 91 % of lithium are recovered.

    By hand: of cells with 20 % nickel and 2 % lithium, a tonne gives 199.2 kg and 18.2 kg, and
    1.8 kg of lithium are lost in the residue.
    """
    cells = Carrier(
        "cells", "t/h", {"mass": 1.0, "nickel": 0.20, "lithium": 0.02}, kind="solid|material"
    )
    nickel = Carrier("nickel", "t/h", {"mass": 1.0, "nickel": 1.0}, kind="material")
    lithium = Carrier("lithium", "t/h", {"mass": 1.0, "lithium": 1.0}, kind="material")
    products = {
        "nickel": {"content": 0.20, "recovery": 0.996},
        "lithium": {"content": 0.02, "recovery": 0.91},
    }
    spec = line(inlet="cells", products=products, electricity_use=0.0)
    where = where_of(spec, cells, nickel, lithium)
    lowering = spec.lower(where)
    network_of(lowering, where, ("energy", "mass", "nickel", "lithium"))
    (flow,) = lowering.flows
    assert flow.coefficients["nickel"] == pytest.approx(0.1992)
    lost = flow.coefficients["it.residue"] * where.buses["it.residue"].of("lithium")
    assert lost == pytest.approx(0.0018)


def test_what_cannot_be() -> None:
    """More metal than the scrap holds, more product than scrap, and a stream in MW."""
    here = setting(OLD, PLASTIC, *PURE.values())
    for products, words in (
        ({"steel": {"content": 0.60, "recovery": 0.9}}, r"hold 0\.54 t of iron and a tonne"),
        ({"minerals": {"content": 1.0, "recovery": 1.0}}, r"is to give 1\.0000 t"),
        ({"hydrogen": {"content": 0.1, "recovery": 0.9}}, "'hydrogen' is counted in MW"),
    ):
        with pytest.raises(PhysicsError, match=words):
            line(products=products).outlets(here.buses)
    with pytest.raises(PhysicsError, match="'wood_chips' is counted in MW"):
        line(inlet="wood_chips").outlets(here.buses)
