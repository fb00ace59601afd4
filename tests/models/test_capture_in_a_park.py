"""Capture, compression, transport and storage in a scenario, from the file to the ledger.

Held against the carbon of the fuels by hand: what is stored, bound or let go adds up to it (1e-9),
and the national account counts the rest of the stack (1e-6), with an amine, with oxygen, with slag.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import twin
from twin.results import Run
from twin.scenario.errors import ScenarioError

SCENARIO = """\
park: {name: Trial, country: DK}
site: {latitude: 55.66, longitude: 11.09, time_zone: Europe/Copenhagen,
       weather: climate/kalundborg.yaml}
carriers:
  hot: {hot_water: {supply: 140 degC, return: 125 degC}}
  heat: {hot_water: {supply: 80 degC, return: 45 degC}}
buses:
  - electricity
  - natural_gas
  - wood_chips
  - hot
  - heat
  - captured_co2
  - at_the_pipe: captured_co2
  - at_the_well: captured_co2
components:
  gas: {model: purchase, bus: natural_gas, capacity: 50 MW, price: 30 EUR/MWh}
  wood: {model: purchase, bus: wood_chips, capacity: 50 MW, price: 25 EUR/MWh}
  power: {model: purchase, bus: electricity, capacity: 50 MW, price: 60 EUR/MWh}
  heater: {model: electric_boiler, electricity: electricity, output: hot, capacity: 20 MW}
  boiler: {model: boiler, fuel: natural_gas, output: heat, capacity: 9 MW}
  wood_boiler: {model: boiler, fuel: wood_chips, output: heat, capacity: 5 MW, efficiency: 0.9}
  town: {model: heat_demand, bus: heat, annual: 87.6 GWh}
  capture:
    model: carbon_capture
    sources: [boiler, wood_boiler]
    captured: captured_co2
    heat: hot
    electricity: electricity
    capacity: 10 t/h
    reboiler_heat: 3.4 GJ/t
    co2_price: 300 EUR/t
  compressor:
    {model: co2_compressor, inlet: captured_co2, outlet: at_the_pipe, electricity: electricity,
     capacity: 10 t/h}
  pipe:
    {model: co2_transport, mode: pipeline, inlet: at_the_pipe, outlet: at_the_well,
     distance: 50 km, energy: electricity, energy_use: 0.06 kWh/t/km, capacity: 10 t/h}
  reservoir:
    {model: co2_storage, inlet: at_the_well, electricity: electricity, capacity: 1 Mt,
     injection_capacity: 10 t/h, leakage: 0.001 1/a, fee: 8 EUR/t}
"""


def test_from_the_stack_to_the_rock(tmp_path: Path) -> None:
    """What both boilers make is stored or let go: 90 % and 10 %, and the run closes to 1e-9.

    Were the stacks still open, all of it would be emitted and nothing stored.
    """
    (tmp_path / "park.yaml").write_text(SCENARIO, encoding="utf-8")
    run = twin.run(twin.load(tmp_path), horizon="2 d", step="1 h", seed=1)
    assert max(run.ledger.residuals().values()) <= 1e-9
    stored = run.ledger.stores.loc["reservoir.stored"]
    to_the_air = run.ledger.outside()["co2"]
    kept = stored["after"] - stored["before"]
    injected = kept + stored["loss"]
    assert injected / (kept + to_the_air) == pytest.approx(0.9, rel=1e-9)
    # A thousandth a year of what comes in evenly over two days.
    assert stored["loss"] / injected == pytest.approx(0.001 / 365, rel=0.05)
    burnt = sum(
        -run.ledger.bus(bus)[flow] * run.network.buses[bus].of("carbon") * 44.009 / 12.011
        for bus, flow in (("natural_gas", "boiler"), ("wood_chips", "wood_boiler"))
    )
    assert kept + to_the_air == pytest.approx(burnt, rel=1e-9)


def seeped(run: Run) -> float:
    """Fossil part of what the reservoir loses: gas and wood mix in the unit [tCO2]."""
    carbon = [
        -run.ledger.bus(bus)[flow] * run.network.buses[bus].of("carbon")
        for bus, flow in (("natural_gas", "boiler"), ("wood_chips", "wood_boiler"))
    ]
    return float(run.ledger.stores.loc["reservoir.stored", "loss"]) * carbon[0] / sum(carbon)


def test_the_account_counts_what_leaves_the_stack(tmp_path: Path) -> None:
    """Direct emissions of the national account: gas by its factor, 0.0561 t/GJ, less the carbon
    that goes to the unit (by 44/12), plus the fossil part of what is let go, a tenth.

    Were capture not seen, ten times as much would be reported; were the stack not, nothing.
    """
    (tmp_path / "park.yaml").write_text(SCENARIO, encoding="utf-8")
    run = twin.run(twin.load(tmp_path), horizon="1 d", step="1 h", seed=1)
    table = run.carbon("ndrc-2025-910").table
    direct = table.loc[table["part"] != "electricity", "tCO2"].sum()
    gas = -run.ledger.bus("natural_gas")["boiler"]
    carbon = gas * run.network.buses["natural_gas"].of("carbon")
    let_go = 0.1 * carbon * 44.009 / 12.011
    by_hand = gas * 3.6 * 0.0561 - carbon * 44 / 12 + let_go + seeped(run)
    assert direct == pytest.approx(by_hand, rel=1e-6)
    assert direct == pytest.approx(let_go, rel=0.02)


OXY = """\
  capture:
    model: oxy_fuel_capture
    sources: [boiler, wood_boiler]
    captured: captured_co2
    oxygen: oxygen
    electricity: electricity
    capacity: 10 t/h
    co2_price: 300 EUR/t
  air_separation: {model: process, main: oxygen, recipe: oxygen, capacity: 20 t/h}
"""


def with_oxygen() -> str:
    """The same park, its boilers burning in oxygen."""
    text = SCENARIO.replace("  - captured_co2\n", "  - captured_co2\n  - oxygen\n")
    start, end = text.index("  capture:"), text.index("  compressor:")
    lines = (text[:start] + OXY + text[end:]).splitlines(keepends=True)
    # Nothing is left that needs the heat of a reboiler.
    return "".join(x for x in lines if not x.strip().startswith(("hot:", "- hot", "heater:")))


def test_boilers_that_burn_in_oxygen(tmp_path: Path) -> None:
    """All air goes through the separation: a tonne of oxygen, five hundredths of it let go again.

    Were the boilers still to burn in air, the park would take twice as much of it; and the account
    would not see nine tenths of the gas's carbon kept.
    """
    (tmp_path / "park.yaml").write_text(with_oxygen(), encoding="utf-8")
    run = twin.run(twin.load(tmp_path), horizon="1 d", step="1 h", seed=1)
    assert max(run.ledger.residuals().values()) <= 1e-9
    oxygen = run.ledger.bus("oxygen")
    made = oxygen["air_separation"]
    assert made > 0
    assert -run.ledger.outside()["air"] == pytest.approx(made / 1.05, rel=1e-9)
    gas = -run.ledger.bus("natural_gas")["boiler"]
    per_gas = 2.0675 * 31.998 / (1.06 * 12.011) * run.network.buses["natural_gas"].of("carbon")
    assert -oxygen["boiler"] == pytest.approx(1.05 * gas * per_gas, rel=1e-9)
    table = run.carbon("ndrc-2025-910").table
    direct = table.loc[table["part"] != "electricity", "tCO2"].sum()
    carbon = gas * run.network.buses["natural_gas"].of("carbon")
    let_go = 0.1 * carbon * 44.009 / 12.011
    by_hand = gas * 3.6 * 0.0561 - carbon * 44 / 12 + let_go + seeped(run)
    assert direct == pytest.approx(by_hand, rel=1e-6)


def test_co2_bound_in_slag(tmp_path: Path) -> None:
    """What the unit captures is in the aggregate that leaves; the air gets the rest, and the
    account counts as emitted neither what was bound nor what the slag brought.

    Were the bound CO2 lost on the way, the carbon that leaves would be less than the fuel's.
    """
    text = SCENARIO[: SCENARIO.index("  compressor:")]
    text = text.replace("  - at_the_pipe: captured_co2\n  - at_the_well: captured_co2\n", "")
    text = text.replace("  - captured_co2\n", "  - captured_co2\n  - steel_slag\n")
    text += """\
  works: {model: purchase, bus: steel_slag, capacity: 20 t/h, price: 2 EUR/t}
  carbonation:
    {model: mineralisation, inlet: steel_slag, co2: captured_co2, electricity: electricity,
     capacity: 20 t/h}
  aggregate: {model: sale, bus: carbonation.product, capacity: 30 t/h, price: 8 EUR/t}
"""
    (tmp_path / "park.yaml").write_text(text, encoding="utf-8")
    run = twin.run(twin.load(tmp_path), horizon="1 d", step="1 h", seed=1)
    assert max(run.ledger.residuals().values()) <= 1e-9
    product = run.network.buses["carbonation.product"]
    left = -run.ledger.bus("carbonation.product")["aggregate"] * product.of("carbon")
    burnt = sum(
        -run.ledger.bus(bus)[flow] * run.network.buses[bus].of("carbon")
        for bus, flow in (("natural_gas", "boiler"), ("wood_chips", "wood_boiler"))
    )
    air = run.ledger.outside()["co2"] * 12.011 / 44.009
    assert left > 0.5 * burnt
    assert left + air == pytest.approx(burnt, rel=1e-9)
    table = run.carbon("ndrc-2025-910").table
    direct = table.loc[table["part"] != "electricity", "tCO2"].sum()
    gas = -run.ledger.bus("natural_gas")["boiler"]
    emitted = 1 - left / burnt
    carbon = gas * run.network.buses["natural_gas"].of("carbon") * 44.009 / 12.011
    assert direct == pytest.approx(emitted * carbon, abs=0.02 * carbon)


def test_vented_co2_is_co2(tmp_path: Path) -> None:
    """A release of captured CO2 is an emission under its own name."""
    text = SCENARIO[: SCENARIO.index("  compressor:")].replace(
        "  - at_the_pipe: captured_co2\n  - at_the_well: captured_co2\n", ""
    )
    text += "  vent: {model: release, bus: captured_co2, capacity: 10 t/h}\n"
    (tmp_path / "park.yaml").write_text(text, encoding="utf-8")
    run = twin.run(twin.load(tmp_path), horizon="1 d", step="1 h", seed=1)
    assert set(run.ledger.outside().index) & {"co2", "captured_co2"} == {"co2"}


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    """The error names the unit and the source."""
    text = SCENARIO.replace("[boiler, wood_boiler]", "[boiler, town]")
    (tmp_path / "park.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match="'town', a source of 'capture', gives no CO2"):
        twin.run(twin.load(tmp_path), horizon="1 d", step="1 h", seed=1)


def test_the_stack_is_open_while_the_unit_is_out(tmp_path: Path) -> None:
    """The unit fails for a day: the town gets as much heat, and that day's CO2 leaves by the stack.

    Were the way past the unit a part of it that fails too, the boilers could not burn.
    """
    file = tmp_path / "park.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    sound = twin.run(twin.load(tmp_path), horizon="2 d", step="1 h", seed=1)
    out = "{actor: outage, component: capture, start: 2025-01-01 00:00, duration: 24 h}"
    file.write_text(f"{SCENARIO}events:\n  - {out}\n", encoding="utf-8")
    run = twin.run(twin.load(tmp_path), horizon="2 d", step="1 h", seed=1)
    day = run.flows.isel(time=slice(0, 24))
    assert float(day.sel(flow="capture.capture").sum()) == 0.0
    assert float(day.sel(flow="capture.stack").min()) > 0.0
    assert run.ledger.flows.loc["town", "amount"] == pytest.approx(
        sound.ledger.flows.loc["town", "amount"], rel=1e-9
    )
