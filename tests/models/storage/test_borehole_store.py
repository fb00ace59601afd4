"""Heat in the ground over the seasons: held against the g-function, hour by hour over five years.

Deviation found: in the fifth year, which is the store's declared age, its mean warmth over the
undisturbed ground differs by 0.1 % and its swing over the year is too large by 10 % (144 boreholes)
to 26 % (36), as the ground around it, which swings along, is counted as loss only. Before its age
it is too warm, by 17 % in the second of five years. Not covered: insulation on top, groundwater.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import PhysicsError
from models.carriers import hot_water
from models.storage.borehole import Boreholes
from models.storage.borehole_store import BoreholeStore, cell_resistance
from tests.setting import network_of, setting

SUMMER = hot_water("summer", 90.0, 80.0)
WINTER = hot_water("winter", 35.0, 25.0)


def field(**more: Any) -> Boreholes:
    """The field of Okotoks: 144 boreholes of 35 m, 2.25 m apart."""
    usual: dict[str, Any] = {
        "rows": 12, "columns": 12, "length": 35.0, "spacing": 2.25, "ground_temperature": 8.0,
    }  # fmt: skip
    return Boreholes(**{**usual, **more})


def store(**more: Any) -> BoreholeStore:
    """It works between 40 and 70 degC."""
    usual: dict[str, Any] = {
        "charge": "summer", "discharge": "winter", "field": field(), "warmest": 70.0,
        "coldest": 40.0,
    }  # fmt: skip
    return BoreholeStore(**{**usual, **more})


def test_by_hand() -> None:
    """144 x 35 m x 2.25^2 m2 = 25,515 m3 of 2.3 MJ/m3K are 16.30 MWh/K.

    489 MWh of use over 522 MWh of no use. The cell ends at 2.25 / sqrt(pi) = 1.2694 m:
    (ln(1.2694 / 0.075) - 3/4) / (4 pi) = 0.1655 mK/W, 0.9 % less than exact, and 0.0711 in the
    borehole: 15 K x 5040 m / 0.238 = 0.318 MW fill the last kelvin, 10 K empty it by 0.212 MW.
    """
    where = setting(SUMMER, WINTER)
    lowering = store(initial=1.0).lower(where)
    kept = lowering.stores[0]
    assert kept.capacity - kept.minimum == pytest.approx(489.0, abs=0.1)
    assert kept.minimum == pytest.approx(521.6, abs=0.1)
    assert kept.initial == kept.capacity
    assert cell_resistance(0.075, 2.25, 2.0) == pytest.approx(0.1655, rel=0.01)
    fill, empty = lowering.flows
    assert float(fill.upper) == pytest.approx(0.318, abs=0.001)
    assert float(empty.upper) == pytest.approx(0.212, abs=0.001)


def test_cell_resistance_is_the_ring_integrated() -> None:
    """Mean over a closed ring of the steady-flux profile, in 200,000 slices."""
    inner, outer = 0.075, 2.25 / math.sqrt(math.pi)
    radius = np.linspace(inner, outer, 200_001)
    middle = (radius[1:] + radius[:-1]) / 2
    # The flow through a ring falls from one at the wall to none at the outer radius.
    through = (outer**2 - middle**2) / (outer**2 - inner**2)
    fall = np.cumsum(through / (2 * math.pi * 2.0 * middle) * np.diff(radius))
    mean = float(np.sum(fall * middle) / np.sum(middle))
    assert cell_resistance(0.075, 2.25, 2.0) == pytest.approx(mean, rel=1e-5)


@pytest.mark.parametrize("rows", [6, 12])
def test_five_years_by_the_g_function(rows: int) -> None:
    """A flow that heats in summer, cools in winter and makes good the loss, hour by hour.

    The mean of the ground is the brine less what the flow needs to get there. In the fifth year
    the store is as warm in the mean, within 1 %. It swings more, as a shell that heat enters
    within a year, sqrt(a / omega) thick, swings along in truth: by less than if that shell were
    as warm as the store. With the loss of the steady state it would be a sixth too warm.
    """
    spec = store(field=field(rows=rows, columns=rows), age=5.0)
    capacity, conductance = spec.heat_capacity(), spec.conductance() / 1e6
    hours = np.arange(1, 5 * 8760 + 1)
    flow = capacity * 20 * 2 * np.pi / 8760 * (0.3 + np.sin(2 * np.pi * hours / 8760))
    inside = spec.field.resistance() + cell_resistance(0.075, 2.25, 2.0)
    exact = spec.field.brine(-flow) - 8.0 - flow * 1e6 / spec.field.metres * inside
    keep = math.exp(-conductance / capacity)
    warm, lumped = 0.0, np.empty(len(flow))
    for i, rate in enumerate(flow.tolist()):
        warm = warm * keep + rate * (1 - keep) / conductance
        lumped[i] = warm
    fifth = slice(4 * 8760, None)
    assert lumped[fifth].mean() == pytest.approx(exact[fifth].mean(), rel=0.01)
    depth = math.sqrt(spec.field.diffusivity * 8760 * 3600 / (2 * math.pi))
    side = rows * 2.25
    shell = ((side + 2 * depth) / side) ** 2 * (35 + 2 * depth) / 35
    assert 1.0 < np.ptp(lumped[fifth]) / np.ptp(exact[fifth]) < shell


def test_loss_falls_with_age_and_size() -> None:
    """The ground around grows warm; and 4 times the boreholes lose less per content.

    A loss by the surface of the block alone would not know of the years.
    """
    young, old = (store(age=a).conductance() for a in (1.0, 50.0))
    assert old < 0.6 * young
    small = store(field=field(rows=6, columns=6))
    assert small.conductance() / small.heat_capacity() > (
        1.5 * store().conductance() / store().heat_capacity()
    )


@settings(max_examples=10, deadline=None)
@given(st.floats(41, 80), st.floats(0, 1), st.integers(4, 8), st.floats(1.5, 3.5))
def test_every_store_closes(warmest: float, initial: float, rows: int, spacing: float) -> None:
    """Heat is conserved and no loop gets more exergy than the ground holds."""
    where = setting(SUMMER, WINTER)
    spec = store(
        warmest=warmest, initial=initial, field=field(rows=rows, columns=rows, spacing=spacing)
    )
    lowering = spec.lower(where)
    network_of(lowering, where)
    kept = lowering.stores[0]
    assert 0 < kept.minimum <= kept.initial <= kept.capacity
    assert 0 < kept.loss_rate < 0.01


def test_what_the_second_law_forbids() -> None:
    """A loop colder than the store cannot fill it, one warmer cannot be heated by it."""
    where = setting(SUMMER, WINTER)
    with pytest.raises(
        PhysicsError, match="'winter' leaves the ground at 25 degC, and cannot charge it"
    ) as found:
        store(charge="winter").lower(where)
    assert found.value.key == "charge"
    with pytest.raises(PhysicsError, match="'summer' leaves the ground at 90 degC, and cannot dis"):
        store(discharge="summer").lower(where)
    with pytest.raises(PhysicsError, match="works from 7 to 70 degC in ground of 8 degC"):
        store(coldest=7.0).lower(where)
    with pytest.raises(PhysicsError, match="1 x 1 boreholes 40 m apart are no store"):
        store(field=field(rows=1, columns=1, spacing=40.0), age=1.0).lower(where)


@pytest.mark.parametrize(
    ("role", "supply", "back", "leaves"),
    [("charge", 90.0, 60.0, 60), ("discharge", 55.0, 20.0, 55)],
)
def test_no_loop_leaves_beyond_the_ground(
    role: str, supply: float, back: float, leaves: float
) -> None:
    """90/60 degC are 75 in the mean and 55/20 are 37.5, yet neither gets past the ground.

    Ground of 70 degC cools nothing to 60, and ground of 40 degC heats nothing to 55. By the mean
    alone both loops would be let through, and exergy would not object: 0.14 and 0.04 against 0.09.
    """
    loop = hot_water("loop", supply, back)
    with pytest.raises(PhysicsError, match=f"'loop' leaves the ground at {leaves} degC") as found:
        store(**{role: "loop"}).lower(setting(SUMMER, WINTER, loop))
    assert found.value.key == role
