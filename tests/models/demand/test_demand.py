"""Demands: how much when, and what becomes of what is served.

Held against hand-solved hours, degree days by pandas (exact), and tables of two Danish district
heating companies: 75.2 to 79.0 % of the space heat from October to March, between which ours lies.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

import parks
from models.base import Flow, Model, PhysicsError
from models.calendar import step_index
from models.carriers import STANDARD, cold_water, custom, hot_water, steam, water
from models.demand.demand import (
    CoolingDemand,
    Demand,
    ElectricityDemand,
    HeatDemand,
    SteamDemand,
    WaterDemand,
    degree_hours,
)
from models.series import TimeSeries
from models.site import Setting
from models.weather import load
from tests.models.test_shape import DENMARK, in_years
from tests.setting import network_of, setting

HEAT = hot_water("heat", 80, 45)
COLD = cold_water("cold", 6, 12)
STEAM = steam("steam", 12, 200)
EXTRA = (HEAT, COLD, STEAM, water("hot_drain", 60.0))


def closed(spec: Model, here: Setting | None = None) -> Flow:
    """The one flow of a demand, closed by the network."""
    here = here or setting(*EXTRA)
    lowering = spec.lower(here)
    network_of(lowering, here)
    (flow,) = lowering.flows
    assert flow.demand and flow.main == spec.bus  # type: ignore[attr-defined]
    assert flow.activity == "final_use" and flow.cost == 0.0
    assert flow.steer == -spec.value_of_lost_load  # type: ignore[attr-defined]
    return flow


def year_like(*extra: Any, **more: Any) -> Setting:
    """A run of the whole year 2025 by the hour, that knows its year."""
    year = in_years("2025-01-01", 8760, **more)
    return replace(year, buses={**year.buses, **{c.name: c for c in (*EXTRA, *extra)}})


def test_electricity_ends_as_heat() -> None:
    """8760 MWh a year, evenly: 1 MW, all of it to the ambient.

    If lost load were money, cost would hold it; if it were not penalised, nothing would be served.
    """
    flow = closed(ElectricityDemand(bus="electricity", annual=8760.0))
    assert np.asarray(flow.upper) == pytest.approx(1.0)
    assert flow.exchange == {"heat_to_ambient": pytest.approx(1.0)}
    assert flow.steer == -10_000


def test_heat_follows_degree_hours_by_hand() -> None:
    """Half the year at 7, half at 12 degC, base 17: 10 and 5 K, so 2/3 and 1/3 of the heat.

    8760 MWh with a quarter as even hot water: 0.25 MW always, and 6570 x 2/3 / 4380 = 1 MW or
    0.5 MW of space heat: 1.25 and 0.75 MW. By temperature without a base it would be inverse.
    """

    def halves(times: pd.DatetimeIndex) -> np.ndarray:
        return np.where(np.arange(len(times)) < len(times) // 2, 7.0, 12.0)

    spec = HeatDemand(
        bus="heat", annual=8760.0, hot_water_share=0.25, time_constant=0.0, shape="flat"
    )
    flow = closed(spec, year_like(temperature=halves))
    assert np.asarray(flow.upper) == pytest.approx(np.repeat([1.25, 0.75], 4380), rel=1e-12)
    assert flow.exchange == {"heat_to_ambient": pytest.approx(1.0)}


def test_months_of_heat_agree_with_pandas() -> None:
    """A second implementation of the degree days, month by month, without memory or hot water."""
    here = year_like()
    spec = HeatDemand(bus="heat", annual=1000.0, hot_water_share=0.0, time_constant=0.0)
    rate = pd.Series(np.asarray(closed(spec, here).upper), here.times)
    lack = (17.0 - pd.Series(here.weather.temp_air, here.times)).clip(lower=0.0)
    months = lack.resample("MS").sum() / lack.sum() * 1000
    assert rate.resample("MS").sum().to_numpy() == pytest.approx(months.to_numpy(), rel=1e-12)


def test_yesterday_weighs_half_of_today() -> None:
    """The published weights of past days, 1, 1/2, 1/4, 1/8 (BDEW/VKU/GEODE), from the default.

    A cold day lowers the felt temperature at its own end by 20 x (1 - 2^(-24/tau ln2)), with tau
    rounded to 34.6 h a half to 3e-4; a day later by half of it. Without memory: 20, then 0.
    """

    def spell(times: pd.DatetimeIndex) -> np.ndarray:
        return np.where(np.asarray(times.strftime("%m-%d") == "03-02"), -10.0, 10.0)

    constant = HeatDemand(bus="heat", annual=1.0).time_constant
    lack = degree_hours(17.0, constant)(in_years("2025-01-01", 8760, temperature=spell)) - 7.0
    ends = lack[[61 * 24 - 1 + 24 * k for k in range(4)]]
    assert ends[1:] / ends[:-1] == pytest.approx([0.5] * 3, abs=4e-4)
    assert ends[0] == pytest.approx(10.0, abs=8e-3)


def test_winter_heats_as_danish_degree_days_do() -> None:
    """October to March hold 2262 of 3009 degree days of a normal year at Auning, 2458 of 3112 at
    Hals (their district heating companies' tables): 75.2 to 79.0 % of the space heat.

    Ours has the synthetic weather of Kalundborg and a building's memory. Spread by the temperature
    itself instead of its lack, winter would hold the smaller part.
    """
    hours = step_index("2025-01-01", 8760 * 3600, 3600, DENMARK.time_zone)
    climate = Path(parks.__path__[0]) / "climate" / "kalundborg.yaml"
    shares = []
    for seed in (1, 2, 3):
        weather = load(climate, DENMARK, hours, 3600, seed=seed)
        here = replace(year_like(site=DENMARK), times=hours, weather=weather, year=None)
        spec = HeatDemand(bus="heat", annual=1.0, hot_water_share=0.0)
        rate = np.asarray(spec.lower(here).flows[0].upper)
        shares.append(rate[np.isin(hours.month, [1, 2, 3, 10, 11, 12])].sum())
    assert 2262 / 3009 < np.mean(shares) < 2458 / 3112


@pytest.mark.parametrize("day", [0, 100, 358])
def test_a_week_of_heat_is_that_of_the_year(day: int) -> None:
    """With memory, at quarter hours: the demand of a week is what the year's run has there.

    Spread over the week alone, every week would ask for 1/52 of the year.
    """
    spec = HeatDemand(bus="heat", annual=5000.0)
    year = np.asarray(spec.lower(year_like()).flows[0].upper)
    assert year.sum() == pytest.approx(5000.0, rel=1e-12)
    start = (pd.Timestamp("2025-01-01") + pd.Timedelta(days=day)).strftime("%Y-%m-%d")
    run = in_years(start, 7 * 96, 900)
    run = replace(run, buses={**run.buses, "heat": HEAT})
    week = np.asarray(spec.lower(run).flows[0].upper).reshape(-1, 4).mean(axis=1)
    assert week == pytest.approx(year[day * 24 : day * 24 + 168], rel=1e-12)


def test_cold_takes_heat_out_of_buildings() -> None:
    """28.3 degC all year is 10 K over the base at all times, so 8760 MWh are 1 MW.

    Cold has -1 MWh per MWh: using 1 MWh takes 1 MWh out of a building, it does not heat the air.
    """
    hot = year_like(temperature=lambda times: np.full(len(times), 28.3))
    flow = closed(CoolingDemand(bus="cold", annual=8760.0, flat_share=0.4), hot)
    assert np.asarray(flow.upper) == pytest.approx(1.0)
    assert flow.exchange == {"building_heat": pytest.approx(-1.0)}
    mild = year_like()
    flow = closed(CoolingDemand(bus="cold", annual=8760.0, flat_share=0.4), mild)
    upper = np.asarray(flow.upper)
    assert upper.sum() == pytest.approx(8760.0, rel=1e-12)
    assert upper[:24] == pytest.approx(0.4)  # January: only what is set free inside


def test_no_weather_to_heat_or_cool_by_is_refused() -> None:
    """A year that never falls below the base has no hour for space heat; zero would be silent."""
    hot = year_like(temperature=lambda times: np.full(len(times), 28.0))
    with pytest.raises(PhysicsError, match="no hour to fall on") as found:
        HeatDemand(bus="heat", annual=10.0).lower(hot)
    assert found.value.key == "base_temperature"
    only_water = HeatDemand(bus="heat", annual=10.0, hot_water_share=1.0).lower(hot)
    assert np.sum(only_water.flows[0].upper) == pytest.approx(10.0)


def test_steam_by_hand() -> None:
    """Steam at 12 bar, 200 degC has 2816.1 kJ/kg, water at 25 degC 104.9 (steam tables).

    Of a tonne, 0.6 t return at 90 degC with 0.6 x 4.18 x 65 = 163.0 MJ, and 0.4 t leave as vapour
    with 0.4 x 2441.7 = 976.7 MJ; 2711.2 - 163.0 - 976.7 = 1571.5 MJ = 0.43653 MWh are heat used.
    If the vapour's latent heat were counted as used, it would be 0.708.
    """
    spec = SteamDemand(bus="steam", annual=8760.0, condensate="condensate", condensate_return=0.6)
    flow = closed(spec)
    assert np.asarray(flow.upper) == pytest.approx(1.0)
    assert flow.coefficients == {"steam": -1.0, "condensate": 0.6}
    assert flow.exchange["water_vapour"] == pytest.approx(0.4)
    assert flow.exchange["heat_to_ambient"] == pytest.approx(0.43653, abs=3e-5)


def test_water_by_hand() -> None:
    """Of a tonne at 15 degC, 0.75 t drain at 24.5 degC and 0.25 t evaporate.

    Heat from buildings: 0.25 x 2441.7 + 0.75 x 4.18 x (24.5 - 25) - 4.18 x (15 - 25) =
    610.4 - 1.6 + 41.8 = 650.7 MJ = 0.18074 MWh. Were the evaporation free, it would be 0.0112.
    """
    spec = WaterDemand(bus="fresh_water", annual=8760.0, drain="wastewater", drain_share=0.75)
    flow = closed(spec)
    assert flow.exchange["water_vapour"] == pytest.approx(0.25)
    expected = (0.25 * 2441.7 + 0.75 * 4.18 * -0.5 - 4.18 * -10) / 3600
    assert flow.exchange["building_heat"] == pytest.approx(-expected, rel=1e-9)
    dry = closed(WaterDemand(bus="fresh_water", annual=1.0))
    assert dry.exchange["water_vapour"] == pytest.approx(1.0)


def test_hot_drains_do_not_come_from_cold_water() -> None:
    """Water at 15 degC cannot leave at 60 degC on the heat of buildings: the second law."""
    spec = WaterDemand(bus="fresh_water", annual=1.0, drain="hot_drain", drain_share=1.0)
    here = setting(*EXTRA)
    with pytest.raises(AssertionError, match="breaks the second law"):
        network_of(spec.lower(here), here)


USES = [
    *((name, "burn") for name in ("natural_gas", "biogas", "hydrogen", "wood_chips", "coal")),
    *((name, "heat") for name in ("electricity", "heat", "cold")),
    *((name, "product") for name in ("gypsum", "hydrogen", "heat", "steam", "sulphur")),
    *((name, "release") for name in ("co2", "steam", "fresh_water", "heat", "cold", "natural_gas")),
]


@given(st.sampled_from(USES), st.floats(0, 100))
def test_every_use_closes(use: tuple[str, str], rate: float) -> None:
    """Energy, carbon and mass, and the second law, whatever is used by whatever use."""
    flow = closed(Demand(bus=use[0], use=use[1], rate=rate))  # type: ignore[arg-type]
    assert flow.upper == rate
    assert (flow.side == "export") == (use[1] == "product")
    if use == ("natural_gas", "burn"):  # IPCC 2006: 56.1 kg/GJ
        assert flow.exchange["co2"] / 3.6 == pytest.approx(0.0561, rel=0.01)


@given(st.floats(1.0, 40.0), st.floats(120.0, 400.0), st.floats(0.01, 1.0))
def test_steam_closes_at_every_state(pressure: float, above: float, share: float) -> None:
    """Superheated steam of any state covers what its condensate and vapour hold."""
    from CoolProp.CoolProp import PropsSI

    boiling = PropsSI("T", "P", pressure * 1e5, "Q", 1, "IF97::Water") - 273.15
    carrier = steam("process_steam", pressure, boiling + above - 119)
    here = setting(carrier)
    spec = SteamDemand(
        bus="process_steam", annual=1.0, condensate="condensate", condensate_return=share
    )
    flow = closed(spec, here)
    assert float(np.min(flow.exchange["heat_to_ambient"])) > 0


def test_rates_as_given() -> None:
    """A constant or a series stands as it is; amounts per quarter hour become rates."""
    here = setting(*EXTRA, n_steps=2)
    series = TimeSeries(np.arange(8.0), int(here.times[0].timestamp()), 900)
    flow = closed(Demand(bus="electricity", use="heat", rate=series), here)
    assert np.asarray(flow.upper).tolist() == [1.5, 5.5]
    amounts = replace(series, kind="amount")
    flow = closed(Demand(bus="electricity", use="heat", rate=amounts), here)
    assert np.asarray(flow.upper).tolist() == [6.0, 22.0]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        (lambda: Demand(bus="gypsum", use="heat", rate=1.0), "needs electricity, heat or cold"),
        (lambda: Demand(bus="electricity", use="burn", rate=1.0), "needs a fuel"),
        (lambda: Demand(bus="gypsum", use="release", rate=1.0), "cannot release gypsum"),
        (lambda: Demand(bus="gypsum", use="product", rate=-1.0), "rate goes down to -1"),
        (
            lambda: SteamDemand(
                bus="steam", annual=1.0, condensate="boiling", condensate_return=0.5
            ),
            "condensate at 210 degC is not colder than the steam at 200 degC",
        ),
        (lambda: SteamDemand(bus="wet", annual=1.0), "more than its 0.5 MWh"),
    ],
)
def test_impossible_demands_are_refused(spec: Any, message: str) -> None:
    """Each names its numbers, its key and how to mend it."""
    wet = custom("wet", "t/h", {"energy": 0.5, "mass": 1.0, "water": 1.0}, kind="steam")
    here = setting(*EXTRA, water("boiling", 210.0), wet)
    with pytest.raises(PhysicsError, match=message) as found:
        spec().lower(here)
    assert found.value.key and found.value.mend


@pytest.mark.parametrize(
    ("cls", "given"),
    [
        (Demand, {"bus": "gypsum", "use": "product"}),
        (Demand, {"bus": "gypsum", "use": "product", "rate": 1.0, "annual": 1.0}),
        (SteamDemand, {"bus": "steam", "annual": 1.0, "condensate_return": 0.5}),
        (SteamDemand, {"bus": "steam", "annual": 1.0, "condensate": "condensate"}),
        (ElectricityDemand, {"bus": "electricity", "annual": -1.0}),
        (ElectricityDemand, {"bus": "electricity", "annual": 1.0, "value_of_lost_load": 0.0}),
    ],
)
def test_contradictions_are_refused(cls: type[Model], given: dict[str, Any]) -> None:
    """Neither or both of two keys, and what cannot be negative."""
    with pytest.raises(ValidationError):
        cls(**given)


def test_lost_load_is_dearer_than_any_price() -> None:
    """The defaults lie far above what energy costs, or a demand would be shed to save money."""
    assert STANDARD["electricity"].unit == "MW"
    for cls in (ElectricityDemand, HeatDemand, CoolingDemand, SteamDemand):
        assert cls.model_fields["value_of_lost_load"].default >= 1500
