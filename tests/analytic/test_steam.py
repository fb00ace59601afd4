"""A back-pressure turbine between two steam levels, by the steam tables."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from twin.results import Run

Solve = Callable[..., Run]

WORKS = """\
carriers:
  live_steam: {steam: {pressure: 40 bar, temperature: 400 degC}}
  low_steam: {steam: {pressure: 5 bar, temperature: 180 degC}}
buses: [natural_gas, electricity, live_steam, low_steam, condensate]
components:
  gas: {model: purchase, bus: natural_gas, capacity: 50 MW, price: 300 CNY/MWh}
  water: {model: purchase, bus: condensate, capacity: 50 t/h, price: 5 CNY/t}
  boiler:
    model: boiler
    fuel: natural_gas
    output: live_steam
    feedwater: condensate
    capacity: 20 MW
    efficiency: {value: 0.9, source: assumed}
  turbine:
    model: steam_turbine
    inlet: live_steam
    outlet: low_steam
    electricity: electricity
    spray: condensate
    capacity: 5 MW
    isentropic_efficiency: {value: 0.75, source: assumed}
    generator_efficiency: {value: 0.97, source: assumed}
  grid:
    model: grid
    bus: electricity
    import_capacity: 1 MW
    export_capacity: 9 MW
    import_price: 600 CNY/MWh
    export_price: 400 CNY/MWh
  users: {model: steam_demand, bus: low_steam, annual: 175.2 kt}
"""

# M. J. Moran and H. N. Shapiro, Fundamentals of Engineering Thermodynamics, tables
# [kJ/kg, kJ/kg/K]: at 40 bar and 400 degC; saturated at 5 bar; at 5 bar and 180 degC; at 25 degC.
H_LIVE, S_LIVE = 3213.6, 6.7690
H_F, H_FG, S_F, S_G = 640.23, 2108.5, 1.8607, 6.8212
H_LOW, H_DEAD = 2812.0, 104.9
H_WATER = H_DEAD + 4.18 * (90 - 25)

QUALITY = (S_LIVE - S_F) / (S_G - S_F)
WORK = 0.75 * (H_LIVE - H_F - QUALITY * H_FG)
SPRAY = (H_LIVE - WORK - H_LOW) / (H_LOW - H_WATER)
LIVE = 20 / (1 + SPRAY)
"""Live steam for 20 t/h of low-pressure steam: 19.71 t/h, the rest is spray water."""

TABLES = 2e-3
"""The tables are an older formulation and rounded; a drop of 365 kJ/kg differs by less."""


def test_power_follows_the_steam(solve: Solve) -> None:
    """20 t/h of users let 19.71 t/h expand by 365 kJ/kg: 0.97 of 2.000 MW are sold, 1.940 MW.

    The ideal turbine would give 2.59 MW; a letdown valve in its place nothing; without the spray
    water the live steam would be 20 t/h and the power 1.969 MW.
    """
    run = solve(WORKS)
    power = 0.97 * LIVE * WORK / 3600
    assert run.ledger.flows.loc["grid.export", "amount"] / 24 == pytest.approx(power, rel=TABLES)
    live = run.ledger.bus("live_steam")
    assert live["turbine"] / 24 == pytest.approx(-LIVE, rel=TABLES)


def test_heat_of_the_fuel_is_what_steam_and_power_hold(solve: Solve) -> None:
    """The boiler raises 19.71 t/h from water of 90 degC: 15.53 MW, so 17.26 MW of gas.

    Paid by the enthalpy of the low-pressure steam, as if power were free, it would be 15.1 MW.
    """
    run = solve(WORKS)
    fuel = LIVE * (H_LIVE - H_WATER) / 3600 / 0.9
    assert run.ledger.flows.loc["gas", "amount"] / 24 == pytest.approx(fuel, rel=TABLES)


def test_the_mass_of_the_users_steam_is_that_of_the_water(solve: Solve) -> None:
    """Live steam and spray are together 20 t/h, all of it bought, for 100 an hour.

    Spray water made from nothing would leave 19.71 t/h to be bought.
    """
    run = solve(WORKS)
    assert run.ledger.flows.loc["water", "amount"] == pytest.approx(480.0, rel=1e-9)
    assert run.ledger.flows.loc["water", "cost"] == pytest.approx(2400.0, rel=1e-9)
    assert max(run.ledger.residuals().values()) <= 1e-9
