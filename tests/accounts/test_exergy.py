"""Exergy against devices solved by hand and the second law over random parks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from models.base import Flow, Store
from models.carriers import STANDARD, SURROUNDINGS, hot_water
from tests.accounts.hand import network, recorded, supply, use
from tests.parks_at_random import Parts, parks
from twin.accounts.exergy import SecondLaw, energy_efficiency, exergy_account
from twin.engine.recorded import Recorded
from twin.network.network import Network

GAS = STANDARD["natural_gas"]
POWER = STANDARD["electricity"]
HEAT = hot_water("heat", 80, 45)
BURNING = ("co2", "n2", "water_vapour", "air")


def boiler_and_pump() -> tuple[Network, Recorded]:
    """100 MWh of heat from 50 of gas at 0.9 and 18.333 of power at COP 3."""
    net = network(
        {"gas": GAS, "power": POWER, "heat": HEAT},
        [
            supply("gas_import", "gas", "natural_gas"),
            supply("grid", "power"),
            Flow("boiler", "boiler", {"gas": -1.0, "heat": 0.9}, 99.0, closes=BURNING),
            Flow("pump", "pump", {"power": -1.0, "heat": 3.0}, 99.0, closes=("air_heat",)),
            use("town", "heat"),
        ],
    )
    power = 55.0 / 3.0
    rates = {
        "gas_import": [50.0],
        "grid": [power],
        "boiler": [50.0],
        "pump": [power],
        "town": [100.0],
    }
    return net, recorded(net, rates)


def test_a_boiler_destroys_most_and_a_heat_pump_little() -> None:
    """Heat between 80 and 45 C is worth 1 - 298.15 / 335.3 of itself: the logarithmic mean.

    By energy the boiler loses a tenth; by exergy it destroys nine tenths.
    """
    worth = 1 - 298.15 / (35.0 / np.log(353.15 / 318.15))
    account = exergy_account(*boiler_and_pump())
    table, park = account.components, account.park
    assert table.loc["boiler", "destroyed"] == pytest.approx(50 * GAS.exergy - 45 * worth)
    assert table.loc["boiler", "efficiency"] == pytest.approx(0.9 * worth / GAS.exergy)
    assert table.loc["pump", "destroyed"] == pytest.approx(55 / 3 - 55 * worth)
    assert park["used"] == pytest.approx(100 * worth)
    entered = 50 * GAS.exergy + 55 / 3
    assert park["entered"] == pytest.approx(entered)
    assert park["cascade_efficiency"] == pytest.approx(100 * worth / entered)
    assert park["residual"] < 1e-12


def test_efficiency_follows_its_boundary() -> None:
    """One park, four figures: 1.46 round all, 0.9 and 3 round the parts, 0.81 by HHV.

    A figure without its boundary says nothing, so the boundary comes with it.
    """
    net, record = boiler_and_pump()
    whole = energy_efficiency(net, record)
    assert whole["efficiency"] == pytest.approx(100 / (50 + 55 / 3))
    assert "round the park" in str(whole["boundary"])
    assert energy_efficiency(net, record, ["boiler"])["efficiency"] == pytest.approx(0.9)
    assert energy_efficiency(net, record, ["pump"])["efficiency"] == pytest.approx(3.0)
    hhv = energy_efficiency(net, record, ["boiler"], by="enthalpy")
    assert hhv["efficiency"] == pytest.approx(0.9 / GAS.of("energy"))
    with pytest.raises(ValueError, match="no components boilr"):
        energy_efficiency(net, record, ["boilr"])


def test_fuel_made_of_a_residue_enters_as_it_is_made() -> None:
    """40 MWh of biogas out of 100 of residue, sold: efficiency 1, not 40 from nothing."""
    residue = replace(STANDARD["ash"], name="residue", content={"energy": 1.0})
    biogas = STANDARD["biogas"]
    flows = [
        Flow("in", "in", {"residue": 1.0}, 999.0, side="import"),
        Flow("digester", "digester", {"residue": -1.0, "biogas": 0.4}, 999.0),
        Flow("sale", "sale", {"biogas": -1.0}, 999.0, exchange={"biogas": 1.0}, side="export"),
    ]
    buses = {"residue": residue, "biogas": biogas}
    outside = {**STANDARD, **SURROUNDINGS}
    net = Network.of(buses, flows, surroundings=outside, n_steps=1, step_s=3600)
    found = energy_efficiency(
        net, recorded(net, {"in": [100.0], "digester": [100.0], "sale": [40.0]})
    )
    assert found["entered"] == pytest.approx(40.0)
    assert found["useful"] == pytest.approx(40.0)


def test_a_store_destroys_what_it_loses() -> None:
    """10 in at 0.9, 1 lost while waiting, 8 out at 0.95: 0.6 is left of what the battery had."""
    store = Store("cell", "battery", POWER, 20.0, loss_rate=0.1)
    net = network(
        {"grid": POWER},
        [
            supply("import", "grid"),
            Flow("fill", "battery", {"grid": -1.0, "cell": 0.9}, 99.0),
            Flow("empty", "battery", {"cell": -1.0, "grid": 0.95}, 99.0),
            use("load", "grid"),
        ],
        [store],
    )
    net.losses["cell"] = {"heat_to_ambient": 1.0}
    rates = {
        "import": [10.0, 0, 0],
        "fill": [10.0, 0, 0],
        "empty": [0, 0, 8.0],
        "load": [0, 0, 7.6],
    }
    account = exergy_account(net, recorded(net, rates, [[0.0], [9.0], [8.0], [0.0]]))
    assert account.components.loc["battery", "destroyed"] == pytest.approx(1.0 + 1.0 + 0.4)
    assert account.components.loc["battery", "taken"] == pytest.approx(10.0)
    assert account.park["residual"] < 1e-12


@settings(max_examples=8, deadline=None)
@given(parks())
def test_nothing_creates_exergy(parts: Parts) -> None:
    """What enters is used, sold, released, destroyed or stored; none is destroyed below zero."""
    net = parts.network()
    account = exergy_account(net, parts.run(net)[1])
    assert (account.components["destroyed"] >= 0).all()
    assert account.park["residual"] <= 1e-9


def test_a_wrong_carrier_is_found() -> None:
    """Heat at five times its worth makes the pump a source of work; the account stops there."""
    net, record = boiler_and_pump()
    net.buses["heat"] = replace(HEAT, exergy=0.6)
    with pytest.raises(SecondLaw, match=r"'pump' gave .* more exergy than the 18\.3333 MWh"):
        exergy_account(net, record)
