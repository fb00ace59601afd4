"""What passes the fence: every standard carrier in and out, and releases by hand.

Buying, selling, disposal and release close for all carriers of the library; a flare's vapour lies
within 0.002 % of the mass by hand, and what cannot go away by itself is refused.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from models.base import PhysicsError
from models.carriers import STANDARD, cold_water, hot_water, steam
from models.market.tariff import Tariff
from models.market.trade import Disposal, Inflow, Purchase, Release, Sale, outside_name
from models.series import TimeSeries
from tests.models.test_shape import in_years
from tests.setting import network_of, setting

EXTRA = (hot_water("heat", 80, 45), cold_water("cold", 6, 12), steam("steam", 12, 200))
NAMES = sorted([*STANDARD, *(c.name for c in EXTRA)])
STAYS = {n for n in STANDARD if "solid" in STANDARD[n].kind.split("|")}


@given(st.sampled_from(NAMES), st.floats(0, 1000), st.floats(-100, 1000))
def test_every_carrier_may_be_bought_sold_and_disposed_of(
    bus: str, capacity: float, price: float
) -> None:
    """What enters the bus has entered the park; nothing is made, burnt or warmed on the way."""
    here = setting(*EXTRA)
    for spec, sign, cost, side in (
        (Purchase(bus=bus, capacity=capacity, price=price), 1.0, price, "import"),
        (Sale(bus=bus, capacity=capacity, price=price), -1.0, -price, "export"),
        (Disposal(bus=bus, capacity=capacity, fee=price), -1.0, price, "disposal"),
    ):
        lowering = spec.lower(here)
        network_of(lowering, here)
        (flow,) = lowering.flows
        assert flow.coefficients == {bus: sign} and flow.exchange == {bus: -sign}
        assert (flow.cost, flow.side, flow.upper) == (cost, side, capacity)


@given(st.sampled_from(sorted(set(NAMES) - STAYS)))
def test_everything_that_goes_away_by_itself_may_be_released(bus: str) -> None:
    """It closes; of fuels nothing but what they burn to crosses the fence."""
    here = setting(*EXTRA)
    lowering = Release(bus=bus, capacity=1.0).lower(here)
    network_of(lowering, here)
    (flow,) = lowering.flows
    assert flow.side == "emission"
    if "fuel" in here.buses[bus].kind:
        assert bus not in flow.exchange


def test_releases_by_hand() -> None:
    """A flare turns 1 MWh of hydrogen (0.0300 t at 119.96 MJ/kg) into 9 times its mass of vapour,
    and its LHV into heat; 1 MWh of cold takes 1 MWh out of the air; CO2 is emitted as it is.

    Vented unburnt, hydrogen would leave as hydrogen and no heat would come of it.
    """
    here = setting(*EXTRA)
    found = {}
    for bus in ("hydrogen", "cold", "co2", "heat", "wastewater"):
        lowering = Release(bus=bus, capacity=1.0).lower(here)
        network_of(lowering, here)
        found[bus] = lowering.flows[0].exchange
    kilograms = 3600 / 119.96
    assert found["hydrogen"]["water_vapour"] * 1000 == pytest.approx(
        kilograms * 18.015 / 2.016, rel=1e-3
    )
    assert found["hydrogen"]["heat_to_ambient"] == pytest.approx(1.0, rel=1e-9)
    assert found["cold"] == {"air_heat": pytest.approx(-1.0)}
    assert found["co2"] == {"co2": 1.0}
    assert found["heat"] == {"heat_to_ambient": pytest.approx(1.0)}
    assert found["wastewater"]["wastewater"] == 1.0


def test_solids_stay_where_they_are_dropped() -> None:
    """Gypsum, ash and wood chips need somebody who takes them."""
    here = setting(*EXTRA)
    assert {"gypsum", "ash", "wood_chips", "coal"} <= STAYS | {"ash"}
    for bus in ("gypsum", "ash", "wood_chips"):
        with pytest.raises(PhysicsError, match=f"cannot release {bus}") as found:
            Release(bus=bus, capacity=1.0).lower(here)
        assert found.value.key == "bus" and found.value.mend


def test_a_bus_of_another_name_crosses_as_its_carrier() -> None:
    """A second bus of natural gas imports natural gas; a loop of the park's own goes by its bus.

    Under the bus's name, accounts would not find the gas among the fuels bought.
    """
    here = setting()
    here = replace(
        here, buses={**here.buses, "gas_line": STANDARD["natural_gas"], "north": EXTRA[0]}
    )
    assert outside_name(here, "gas_line") == "natural_gas"
    assert outside_name(here, "north") == "north"
    for bus in ("gas_line", "north"):
        network_of(Purchase(bus=bus, capacity=1.0, price=1.0).lower(here), here)


def test_an_inflow_must_be_taken() -> None:
    """8760 t a year come at 1 t/h, no more and no less; a lower limit of 0 would leave it outside.

    A week's inflow in a year of one shift has the rate of that week, as a demand has.
    """
    here = setting()
    (flow,) = Inflow(bus="wastewater", annual=8760.0).lower(here).flows
    assert np.asarray(flow.lower).tolist() == np.asarray(flow.upper).tolist()
    assert np.asarray(flow.upper) == pytest.approx(1.0)
    assert flow.side == "import" and flow.exchange == {"wastewater": -1.0}
    (flow,) = Inflow(bus="wastewater", rate=2.5).lower(here).flows
    assert flow.lower == flow.upper == 2.5
    week = in_years("2025-01-06", 168)
    (flow,) = Inflow(bus="wastewater", annual=100.0, shape="one_shift").lower(week).flows
    year = Inflow(bus="wastewater", annual=100.0, shape="one_shift").lower(
        in_years("2025-01-01", 8760)
    )
    assert np.asarray(flow.upper) == pytest.approx(
        np.asarray(year.flows[0].upper)[5 * 24 : 12 * 24], rel=1e-12
    )
    with pytest.raises(ValidationError, match="neither annual nor rate"):
        Inflow(bus="wastewater")


def test_tariffs_are_for_energy() -> None:
    """Night prices per MWh mean nothing to a tonne of water, and hold for gas."""
    here = setting(n_steps=24)
    night = Tariff(flat=10.0, valley=4.0, valley_hours=[(0, 6)])
    (flow,) = Purchase(bus="natural_gas", capacity=1.0, price=night).lower(here).flows
    assert np.asarray(flow.cost).tolist() == [4.0] * 6 + [10.0] * 18
    with pytest.raises(PhysicsError, match="counted in t/h"):
        Purchase(bus="fresh_water", capacity=1.0, price=night).lower(here)


def test_a_supply_may_follow_the_season() -> None:
    """A capacity as a series limits each step by its own value; a mean would offer 2.5 always."""
    where = setting(n_steps=4)
    series = TimeSeries(np.array([1.0, 2.0, 3.0, 4.0]), int(where.times[0].timestamp()), 3600)
    spec = Purchase(bus="hydrogen", capacity=series, price=3.0)
    assert spec.lower(where).flows[0].upper == pytest.approx([1.0, 2.0, 3.0, 4.0])
