"""Sinks by the year: growth that ends, frost that forbids, char that stays."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import PhysicsError
from models.carbon.sinks import (
    biochar,
    forest,
    grown,
    mangrove,
    salt_marsh,
    soil_carbon,
    urban_trees,
)

CO2 = 44.009 / 12.011


def test_trees_by_hand() -> None:
    """1000 pines of 5 years: 1000 * 0.0087 * 3.664 = 31.9 t CO2/a; none once they are grown.

    Were uptake to go on, a park of twenty years would claim it for ever.
    """
    assert urban_trees(1000, "pine", 5.0) == pytest.approx(31.88, abs=0.01)
    assert urban_trees(1000, "pine", 20.0) == 0.0


def test_a_stand_by_hand() -> None:
    """Largest 200 t/ha, 0.05 per year, exponent 2: at 10 years 200 (1 - e^-0.5)^2 = 30.96 t, at 11
    35.81 (4.85 more). With roots of 0.26: 4.85 * 1.26 * 0.47 * 3.664 = 10.5 t CO2/ha/a, within the
    2 to 20 of temperate stands; in the first year 0.476 * 1.26 * 0.47 * 3.664 = 1.03."""
    first = 200 * (1 - math.exp(-0.5)) ** 2
    second = 200 * (1 - math.exp(-0.55)) ** 2
    assert grown(10, 200, 0.05, 2) == pytest.approx(first)
    found = forest(1.0, 10.0, 200.0, 0.05, 2.0, 0.26)
    assert found == pytest.approx((second - first) * 1.26 * 0.47 * CO2)
    assert 2.0 < found < 20.0
    assert forest(1.0, 0.0, 200.0, 0.05, 2.0, 0.26) == pytest.approx(1.03, abs=0.01)


@given(
    largest=st.floats(1.0, 500.0),
    rate=st.floats(0.005, 0.3),
    shape=st.floats(1.0, 4.0),
    root=st.floats(0.0, 1.0),
)
def test_growth_ends_at_the_largest(largest: float, rate: float, shape: float, root: float) -> None:
    """The yearly uptakes add up to what the stand holds, and never to more than the largest."""
    total = sum(forest(1.0, float(year), largest, rate, shape, root) for year in range(300))
    held = grown(300.0, largest, rate, shape) * (1 + root) * 0.47 * CO2
    assert total == pytest.approx(held, rel=1e-9)
    assert total <= largest * (1 + root) * 0.47 * CO2 * (1 + 1e-9)


def test_no_mangrove_at_rudong() -> None:
    """At 32.3 N frost kills mangroves; at Shenzhen a hectare buries 1.62 t C, 5.9 t CO2 a year
    (IPCC 2013 Wetlands Supplement). A salt marsh buries 0.91 t C, 3.3 t CO2, within 3 to 8."""
    with pytest.raises(PhysicsError, match=r"no mangrove survives the winter at 32\.3 deg N"):
        mangrove(1.0, 32.3)
    with pytest.raises(PhysicsError, match=r"at 42 deg S"):
        mangrove(1.0, -42.0)
    assert mangrove(1.0, 22.5) == pytest.approx(5.94, abs=0.01)
    assert 3.0 < salt_marsh(1.0) < 8.0


def test_biochar_by_hand() -> None:
    """10 t of char from wood at 500 degC: 7.7 t C, 80 % of it for 100 years: 22.6 t CO2."""
    assert biochar(10.0, "wood", 500.0) == pytest.approx(22.57, abs=0.01)
    assert biochar(10.0, "wood", 600.0) == pytest.approx(10 * 0.77 * 0.89 * CO2, rel=1e-4)
    with pytest.raises(PhysicsError, match="not charred"):
        biochar(10.0, "wood", 300.0)


def test_soil_by_hand() -> None:
    """64 t C/ha, cropping at 0.8 with full tillage, then no tillage at 1.10 (F_MG): 64 * 0.8 * 0.10
    / 20 = 0.256 t C, 0.94 t CO2 per ha and year for 20 years, then nothing; back again it is lost.
    """
    gain = soil_carbon(1.0, 64.0, (0.8, 1.0, 1.0), (0.8, 1.10, 1.0), 3.0)
    assert gain == pytest.approx(0.938, abs=0.001)
    assert soil_carbon(1.0, 64.0, (0.8, 1.0, 1.0), (0.8, 1.10, 1.0), 20.0) == 0.0
    assert soil_carbon(1.0, 64.0, (0.8, 1.10, 1.0), (0.8, 1.0, 1.0), 3.0) == -gain


def test_what_cannot_be() -> None:
    """Less than nothing, and species and feedstock of which nothing is known."""
    with pytest.raises(PhysicsError, match="area is -1"):
        salt_marsh(-1.0)
    with pytest.raises(PhysicsError, match="nothing is known of 'bamboo'"):
        urban_trees(1.0, "bamboo", 1.0)
    with pytest.raises(PhysicsError, match="char from 'plastic'"):
        biochar(1.0, "plastic", 500.0)
