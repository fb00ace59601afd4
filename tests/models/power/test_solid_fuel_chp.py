"""Solid-fuel cogeneration: two published plants, textbook cycles, and a linear programme.

Unit 6 of Asnaes gives 132 MJ/s of heat beside 25 MW for 129 published (2.3 % more) and raises 49.8
of 50 kg/s; a coal unit of the 780 MW class gives 40.8 % net for about 40. Power over heat is 0.347,
of the catalogue's 0.341 to 0.489. Examples 8.3 and 8.5 of Moran and Shapiro agree within 0.2 %, an
optimum found outside the simulator to rounding.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from models.base import Flow, Lowering, PhysicsError
from models.carriers import STANDARD, hot_water, steam, water
from models.heat import steam_raising
from models.heat.boiler import flue_gas
from models.heat.steam_raising import raise_steam
from models.power.solid_fuel_chp import BiomassCHP, CoalCHP, SolidFuelCHP
from models.power.steam_turbine import expand
from tests.setting import network_of, setting
from twin.engine.recorded import Recorded
from twin.engine.world import World
from twin.network.network import Network

ALL = ("energy", "carbon", "mass", "sulphur", "water", "nitrogen")
STEAM = steam("steam", 12, 200)
TOWN = hot_water("town", 85, 45)
DRAIN = STANDARD["condensate"]
KJ = 3600.0


def unit_6(**given_: Any) -> BiomassCHP:
    """Unit 6 of Asnaes: 155 MW of chips, 100 bar, 540 degC, 50 kg/s from a boiler of 140 MW.

    140 MW / 50 kg/s = 2800 kJ/kg below 3477 kJ/kg is feedwater of 677 kJ/kg: 160 degC.
    """
    fields: dict[str, Any] = {
        "fuel": "wood_chips",
        "thermal_input": 155,
        "live_pressure": 100,
        "live_temperature": 540,
        "feedwater_temperature": 160,
        "electricity": "electricity",
        "steam": "steam",
        "heat": "town",
        "condensate": "condensate",
        "ash": "wood_ash",
        "flue_gas_condensation": {"heat": "town"},
    }
    return BiomassCHP(**{**fields, **given_})


def coal_unit(**given_: Any) -> CoalCHP:
    """A unit of 250 bar, 540/540 degC, reheated at 54 bar, with feedwater of 275 degC."""
    fields: dict[str, Any] = {
        "fuel": "coal",
        "thermal_input": 1950,
        "live_pressure": 250,
        "live_temperature": 540,
        "reheat": {"pressure": 54, "temperature": 540},
        "feedwater_temperature": 275,
        "electricity": "electricity",
        "condensing_temperature": 25,
        "condensate": "condensate",
        "ash": "fly_ash",
        "desulphurisation": {"limestone": "limestone", "gypsum": "gypsum"},
    }
    return CoalCHP(**{**fields, **given_})


def closed(spec: SolidFuelCHP, *extra: Any) -> Network:
    """The unit alone, every flow closed in every quantity."""
    surroundings = setting(STEAM, TOWN, *extra)
    return network_of(spec.lower(surroundings), surroundings, ALL)


def best(network: Network, worth: dict[str, float]) -> dict[str, float]:
    """What crosses the unit's walls at full worth, by a linear programme of its own."""
    flows = list(network.flows.values())
    buses = list(network.buses)
    matrix = np.array([[float(f.coefficients.get(b, 0.0)) for f in flows] for b in buses])
    inside = [i for i, bus in enumerate(buses) if bus.startswith("it.")]
    gain = sum(price * matrix[buses.index(bus)] for bus, price in worth.items())
    found = linprog(
        -np.asarray(gain),
        A_eq=matrix[inside],
        b_eq=np.zeros(len(inside)),
        bounds=[(0.0, float(f.upper)) for f in flows],
    )
    assert found.status == 0
    given_ = dict(zip(buses, matrix @ found.x, strict=True))
    given_["worth"] = -found.fun
    return {**given_, **dict(zip((f.name for f in flows), found.x, strict=True))}


def test_unit_6_of_asnaes() -> None:
    """Published: 25 MWe and 129 MJ/s of steam and district heat (Modern Power Systems, 2020).

    With a net 25 MW (28.1 MW gross, 3.1 MW own use) the rest of 155 MW becomes heat; steam is
    counted above its condensate. Without the flue-gas condenser 14 MW would be missing.
    """
    network = closed(unit_6(power_capacity=28.1))
    for worth in ({"steam": 0.75, "town": 1.0}, {"steam": 0.5, "town": 1.0}):
        given_ = best(network, {"electricity": 5.0, **worth})
        heat = given_["town"]
        heat += given_["steam"] * (STEAM.of("energy") - DRAIN.of("energy"))
        assert given_["electricity"] == pytest.approx(25.0, rel=0.01)
        assert heat == pytest.approx(129.0, rel=0.03)
        assert given_["wood_chips"] == pytest.approx(-155.0)


def test_unit_6_raises_50_kilograms_a_second_and_25_megawatts() -> None:
    """Published: 50 kg/s; and with all steam extracted at 12 bar the generator gives 25 MW.

    By hand: 43.6 kg/s behind the preheaters times 0.85 * (3477 - 2883) = 505 kJ/kg is 22.0 MW,
    the bled steam 4.3 MW; at 0.97 25.5 MW.
    """
    raised = raise_steam((100, 540), DRAIN, 160, 0.85)
    live = 155 * 0.90 / raised.heat / 3.6
    assert live == pytest.approx(50.0, rel=0.01)
    given_ = best(closed(unit_6(heat=None, flue_gas_condensation=None)), {"electricity": 1.0})
    assert given_["it.generator"] * 0.97 == pytest.approx(25.0, rel=0.03)
    assert given_["it.extraction"] == pytest.approx(live * raised.share * 3.6, rel=1e-6)


def test_back_pressure_ratio_of_the_catalogue() -> None:
    """Danish catalogue, medium wood-chip unit at 40/80 degC: power over heat 0.341 to 0.489.

    Sheet 09a, Cb with its range; its own value is 0.366. Steam extracted at 12 bar instead of
    condensing at 85 degC would give half of that.
    """
    network = closed(unit_6(steam=None, heat="low", flue_gas_condensation={"heat": "low"}),
                     hot_water("low", 80, 40))  # fmt: skip
    given_ = best(network, {"electricity": 5.0, "low": 1.0})
    assert 0.341 < given_["electricity"] / given_["low"] < 0.489


def test_a_condensing_coal_unit() -> None:
    """About 40 % net, as units of 780 MW class have, and the price of heat in power.

    By hand: reheated steam (3524 kJ/kg, s 7.056) leaves ideal turbines with 2593 kJ/kg at 105 degC
    and 2099 at 25 degC; 0.88 of the difference, 435, over the heat 2705 - 377, times 0.97 is 0.18
    of the heat. Less, since a warm condenser needs no bleed for the condensate; 0.15 is published
    for plants that heat in two stages (catalogue, sheet 01, Cv). Free heat would give 0.
    """
    network = closed(coal_unit(heat="far"), hot_water("far", 100, 50))
    power = best(network, {"electricity": 1.0})
    assert power["electricity"] / 1950 == pytest.approx(0.40, abs=0.01)
    both = best(network, {"electricity": 1.0, "far": 0.5})
    assert 0.15 < (power["electricity"] - both["electricity"]) / both["far"] < 0.18
    assert both["it.heat_bypass"] == 0.0


def test_desulphurisation_by_hand() -> None:
    """1 MWh of coal holds 1.442 kg of sulphur; 95 % of it make 7.355 kg of gypsum from 4.276 kg.

    1.442 * 0.95 / 32.06 = 42.72 mol: gypsum 172.17 g, CaCO3 100.09 g each. The published ratio is
    2.69 t of gypsum per t of SO2 (172.17 / 64.06). 5 % leave as 0.144 kg SO2, and the limestone's
    carbon as 1.88 kg of CO2 beside the fuel's. Forgotten, the CO2 would be 0.5 % too low.
    """
    flow = closed(coal_unit()).flows["it.burn"]
    gypsum = float(flow.coefficients["gypsum"])
    captured = 0.95 * STANDARD["coal"].of("sulphur") * 64.06 / 32.06
    assert gypsum == pytest.approx(7.355e-3, rel=1e-3)
    assert gypsum / captured == pytest.approx(172.17 / 64.06, rel=1e-3)
    assert flow.coefficients["limestone"] == pytest.approx(-4.276e-3, rel=1e-3)
    assert flow.exchange["so2"] == pytest.approx(0.144e-3, rel=5e-3)
    fuel = STANDARD["coal"].of("carbon") * 44.009 / 12.011
    assert float(flow.exchange["co2"]) - fuel == pytest.approx(42.72e-6 * 44.009, rel=1e-3)


def test_scrubber_water_is_bound_and_evaporated() -> None:
    """36.03 g of water are bound per mole of gypsum: 1.539 kg/MWh, beside 40 kg evaporated."""
    plain = closed(coal_unit()).flows["it.burn"]
    scrubber = {"limestone": "limestone", "gypsum": "gypsum", "water": "fresh_water"}
    flow = closed(coal_unit(desulphurisation=scrubber)).flows["it.burn"]
    assert flow.coefficients["fresh_water"] == pytest.approx(-0.041539, rel=1e-3)
    more = float(flow.exchange["water_vapour"]) - float(plain.exchange["water_vapour"])
    assert more == pytest.approx(0.041539, rel=1e-3)


def test_ash_and_air_agree_with_the_analysis() -> None:
    """Coal: 14.4 % ash of 91 % dry matter is 131 kg/t. The rest needs 284.7 kg of oxygen per MWh.

    By hand for 144.0 kg of coal, 131.06 dry: 92.92 kg C take 247.6, 5.767 kg H 45.8 and 1.44 kg S
    1.44 kg, less 10.09 kg in the coal. Ash let out twice would change it.
    """
    flow = closed(coal_unit(desulphurisation=None)).flows["it.burn"]
    assert flow.coefficients["fly_ash"] == pytest.approx(0.1440 * 0.131, rel=1e-3)
    assert -float(flow.exchange["air"]) == pytest.approx(0.2847, rel=3e-3)


def test_ideal_reheat_cycle_of_moran_and_shapiro() -> None:
    """Example 8.3: 8 MPa, 480 degC, 0.7 MPa, 440 degC, condensing at 0.008 MPa: 40.3 %.

    Without pump work: (606.6 + 924.8) / (3348.4 - 173.9 + 3353.3 - 2741.8) = 0.4046. Reheat left
    out of the heat would give 48 %.
    """
    cold = water("cold", 41.51)
    raised = raise_steam((80, 480), cold, None, 1.0, (7, 440))
    last = expand(7, 440, 0.08, 1.0)
    work = raised.work + raised.share * last.work
    assert raised.share == 1.0
    assert raised.heat == pytest.approx(3786.0 / KJ, rel=2e-3)
    assert work / raised.heat == pytest.approx(0.4046, rel=3e-3)


def test_one_preheater_of_moran_and_shapiro(monkeypatch: pytest.MonkeyPatch) -> None:
    """Example 8.5: bleed at 0.7 MPa for one open heater takes 0.1966 of the steam.

    (697.2 - 174.6) / (2832.8 - 174.6). A closed balance with the wrong water would miss it.
    """
    monkeypatch.setattr(steam_raising, "RISE_PER_PREHEATER", 150.0)
    raised = raise_steam((80, 480), water("cold", 41.51), 164.97, 0.85)
    assert 1 - raised.share == pytest.approx(0.1966, rel=5e-3)
    assert raised.heat == pytest.approx((3348.4 - 697.2) / KJ, rel=2e-3)
    assert raised.work == pytest.approx(0.1966 * (3348.4 - 2832.8) / KJ, rel=5e-3)


@settings(deadline=None, max_examples=25)
@given(
    st.floats(30, 250), st.floats(470, 600), st.floats(0.6, 0.95), st.floats(110, 225),
    st.booleans(),
)  # fmt: skip
def test_raising_steam_conserves_and_preheating_helps(
    pressure: float, temperature: float, efficiency: float, feedwater: float, again: bool
) -> None:
    """Heat in is work out plus what the steam gained, and bled steam never hurts the cycle.

    A bleed counted on the wrong side of the reheater breaks the first; the second is why
    preheaters are built.
    """
    reheat = (pressure / 5, temperature) if again else None
    raised = raise_steam((pressure, temperature), DRAIN, feedwater, efficiency, reheat)
    ready = steam("ready", raised.pressure, raised.temperature)
    gained = raised.share * (ready.of("energy") - DRAIN.of("energy"))
    assert raised.heat == pytest.approx(gained + raised.work, rel=1e-9)
    plain = raise_steam((pressure, temperature), DRAIN, None, efficiency, reheat)
    drop = expand(raised.pressure, raised.temperature, 0.7, efficiency).work
    with_heaters = (raised.work + raised.share * drop) / raised.heat
    without = (plain.work + plain.share * drop) / plain.heat
    assert with_heaters >= without - 1e-9


@settings(deadline=None, max_examples=25)
@given(
    st.floats(0.6, 0.95), st.floats(0.75, 0.92), st.booleans(), st.booleans(), st.floats(0.0, 1.0)
)
def test_every_unit_closes(
    turbine: float, boiler: float, gypsum: bool, reheat: bool, share: float
) -> None:
    """Energy, carbon, mass, sulphur, water and nitrogen close in every flow, and exergy falls."""
    scrubber = {"limestone": "limestone", "gypsum": "gypsum", "capture": 0.9}
    network = closed(
        coal_unit(
            isentropic_efficiency=turbine,
            boiler_efficiency=boiler,
            desulphurisation=scrubber if gypsum else None,
            reheat={"pressure": 54, "temperature": 540} if reheat else None,
            cofuel="wood_chips",
            cofuel_share=share,
            heat="town",
        )
    )
    for flow in network.flows.values():
        assert float(flow.exchange.get("heat_to_ambient", 0.0)) >= 0
    assert ("it.cofire" in network.flows) == (share > 0)


def test_cofiring_is_any_share_up_to_its_limit() -> None:
    """Chips at no cost and coal at 10: exactly the allowed fifth of 1950 MW is chips.

    Two independent burners would let wood replace all of the coal.
    """
    network = closed(coal_unit(cofuel="wood_chips", cofuel_share=0.2))
    given_ = best(network, {"electricity": 100.0, "coal": 10.0})
    assert given_["wood_chips"] == pytest.approx(-390.0)
    assert given_["coal"] == pytest.approx(-1560.0)


@pytest.mark.parametrize(("cofuel", "share"), [("natural_gas", 0.0), ("wood_chips", 0.006)])
def test_ash_is_that_of_each_fuel(cofuel: str, share: float) -> None:
    """Coal leaves 13.1 % of its mass and chips 0.6 %; a gas leaves none.

    With one ash share for both, a tonne of gas would leave 131 kg of ash out of nothing.
    """
    network = closed(coal_unit(cofuel=cofuel, cofuel_share=0.3, ash="ash"))
    flow = network.flows["it.cofire"]
    ash = share * -flow.coefficients[cofuel] * STANDARD[cofuel].of("mass")
    coal = -float(flow.coefficients.get("coal", 0.0))
    ash += 0.131 * coal * STANDARD["coal"].of("mass")
    assert flow.coefficients.get("ash", 0.0) == pytest.approx(ash, abs=1e-12)


def test_flue_gas_condenser_by_hand() -> None:
    """Chips with 246 kg of vapour and 54.4 kmol of dry gas per MWh: dew point 60 degC.

    x = 13.675 / (13.675 + 54.44) = 0.2008, 0.2034 bar, which boils at 60.4 degC. At 48 degC
    0.1117 bar are left: 54.44 * 0.1117 / 0.9016 * 18.015 = 121.5 kg, so 124.8 kg condense.
    """
    gas = flue_gas(STANDARD["wood_chips"], 1.25, 0.006 * STANDARD["wood_chips"].of("mass"))
    assert gas.vapour == pytest.approx(0.2464, rel=1e-3)
    assert gas.dew_point == pytest.approx(60.4, abs=0.2)
    assert gas.condensed(48) == pytest.approx(0.1248, rel=5e-3)
    given_ = best(closed(unit_6()), {"town": 1.0})
    assert given_["it.flue_gas_condenser"] == pytest.approx(155 * 0.1248, rel=5e-3)


def test_flue_gas_only_preheats_the_return() -> None:
    """From 45 to 57.4 degC of 45 to 85 degC: 31 % of the heat at most, none of it alone.

    Without this limit a summer day's heat would come from flue gas that is too cold for it.
    """
    network = closed(unit_6())
    flow = network.flows["it.flue_gas_condenser"]
    heating = network.flows["it.heating"]
    room = float(heating.coefficients["it.return_water"] / heating.coefficients["town"])
    assert room / (1 + room) == pytest.approx((60.4 - 3 - 45) / 40, abs=0.01)
    assert flow.coefficients["it.return_water"] == -flow.coefficients["town"]
    # Steam alone is wanted: the condenser must stand still although its heat is free.
    given_ = best(network, {"steam": 1.0, "town": 1e-6})
    assert given_["it.flue_gas_condenser"] == pytest.approx(0.0, abs=1e-6)
    assert given_["it.stack"] > 0


def test_recovered_heat_stays_below_the_higher_heating_value() -> None:
    """A loop of 30/28 degC cools the gas to 31 degC: all outputs stay below HHV (1.167 of LHV)."""
    cool = hot_water("cool", 32, 28)
    network = closed(unit_6(flue_gas_condensation={"heat": "cool", "condensate": "drain"}), cool,
                     water("drain", 31))  # fmt: skip
    flow = network.flows["it.flue_gas_condenser"]
    burn = network.flows["it.burn"]
    recovered = float(burn.coefficients["it.flue_gas"]) * float(flow.coefficients["cool"])
    assert 0.15 < recovered < STANDARD["wood_chips"].of("energy") - 0.9
    assert "it.return_water" not in network.buses
    assert flow.coefficients["drain"] == 1.0


@pytest.mark.parametrize("dispatcher", ["kernel", "reference"])
def test_the_dispatchers_find_the_optimum(dispatcher: str) -> None:
    """The unit in a park, by the simulator, earns what the linear programme above earns.

    Its internal buses (fire, live steam, shaft, flue gas, room in the return) all couple here.
    """
    surroundings = setting(STEAM, TOWN, n_steps=2)
    lowering = unit_6(power_capacity=28.1).lower(surroundings)
    bought = {"wood_chips": 15.0, "electricity": 41.0, "condensate": 0.1}
    sold = {"electricity": 40.0, "steam": 25.0, "town": 30.0, "condensate": 0.0, "wood_ash": 0.0}
    for bus, price in bought.items():
        lowering.flows.append(
            Flow(f"in.{bus}", "in", {bus: 1.0}, 1000.0, cost=price, exchange={bus: -1.0},
                 side="import", main=bus)
        )  # fmt: skip
    for bus, price in sold.items():
        limit = 80.0 if bus == "town" else 1000.0
        lowering.flows.append(
            Flow(f"out.{bus}", "out", {bus: -1.0}, limit, cost=-price, exchange={bus: 1.0},
                 side="export", main=bus)
        )  # fmt: skip
    network = network_of(Lowering(lowering.flows, buses=lowering.buses), surroundings, ALL)
    world = World(
        network, {}, horizon_s=7200, start=pd.Timestamp("2025-01-01", tz="UTC"), seed=1,
        dispatcher=dispatcher,
    )  # fmt: skip
    world.run()
    recorded = Recorded.of(world.record)
    flows = list(network.flows.values())
    cost = np.array([float(np.ravel(f.cost)[0]) for f in flows])
    earned = -float(recorded.flows[0] @ cost)
    matrix = np.array([[float(f.coefficients.get(b, 0.0)) for f in flows] for b in network.buses])
    bounds = [(0.0, float(f.upper)) for f in flows]
    found = linprog(cost, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=bounds)
    assert found.status == 0
    assert earned == pytest.approx(-found.fun, rel=1e-6)
    assert earned > 0


@pytest.mark.parametrize(
    ("change", "key", "words"),
    [
        ({"steam": None, "heat": None, "flue_gas_condensation": None}, "", "goes nowhere"),
        ({"feedwater_temperature": 330}, "feedwater_temperature", "not between the condensate"),
        ({"feedwater_temperature": 40}, "feedwater_temperature", "not between the condensate"),
        ({"live_temperature": 330}, "steam", "colder or wetter than its bus"),
        ({"live_pressure": 10, "feedwater_temperature": None}, "", "cannot expand from 10 bar"),
        ({"boiler_efficiency": 0.97}, "boiler_efficiency", "exceed the 1.167 MWh of HHV"),
        ({"flue_gas_condensation": {"heat": "hot"}}, "flue_gas_condensation", "cannot heat 'hot'"),
        (
            {"desulphurisation": {"limestone": "limestone", "gypsum": "gypsum"}, "fuel": "hydrogen",
             "flue_gas_condensation": None},
            "desulphurisation",
            "no sulphur",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(change: dict[str, Any], key: str, words: str) -> None:
    """Each names the field at fault and the numbers."""
    surroundings = setting(STEAM, TOWN, hot_water("hot", 110, 70))
    with pytest.raises(PhysicsError, match=words) as caught:
        unit_6(**change).lower(surroundings)
    assert caught.value.key == key
