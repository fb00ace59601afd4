"""The NDRC method against parks worked out by hand: fuels, conversion and processes."""

from __future__ import annotations

import pytest

from models.base import Carrier, Flow
from models.carriers import STANDARD
from tests.accounts.books import (
    BURNING,
    GAS,
    burn,
    buy,
    part,
    run_of,
    sell,
    solar,
    worked,
)
from twin.accounts.ndrc import Choices, ndrc

SYNGAS = Carrier(
    "syngas", "MW", {"energy": 1.08, "carbon": 0.07, "mass": 0.2, "water": 0.1}, 1.0, 1.0, 1.0,
    kind="fuel|gas",
)  # fmt: skip


def test_conversion_is_a_carbon_balance_and_the_gas_is_fuel_once() -> None:
    """100 MWh of coal (360 GJ x 26.18 tC/TJ x 44/12 = 34.56 t) become 70 MWh of gas.

    The gas holds 70 x 0.07 x 44/12 = 17.97 t, so 16.59 t are lost in conversion and 17.97 t when
    it burns; together the carbon of the coal. Counting the coal as fuel too would double it.
    """
    gasifier = Flow(
        "gasifier", "gasifier", {"coal": -1.0, "syngas": 0.7}, 1e9, closes=BURNING,
        activity="conversion", main="coal",
    )  # fmt: skip
    flows = [buy("mine", "coal"), gasifier, burn("kiln", "syngas", activity="final_use")]
    account = ndrc(run_of(flows, {"mine": 100, "gasifier": 100, "kiln": 70}, SYNGAS, step_s=3600))
    coal, gas = 360 * 26.18 * 44 / 12 / 1000, 70 * 0.07 * 44 / 12
    assert part(account, "conversion") == pytest.approx(coal - gas)
    assert part(account, "fuel") == pytest.approx(gas)
    assert account.total_tCO2 == pytest.approx(coal)
    assert account.tce == pytest.approx(360 * 0.03412)


AMMONIA = Carrier("ammonia", "t/h", {"mass": 1.0, "energy": 6.24}, 5.5, kind="material")


def test_feedstock_is_not_fuel() -> None:
    """Trap: 10 t of ammonia from 90 MWh of gas: 2.1 t each by the factor, 21 t.

    Burnt as fuel as well, 324 GJ of gas would add 18 t for carbon the factor holds already.
    """
    reformer = Flow(
        "reformer", "reformer", {"natural_gas": -9.0, "ammonia": 1.0}, 1e9, closes=BURNING,
        activity="process", main="ammonia",
    )  # fmt: skip
    flows = [buy("gas", "natural_gas"), reformer, sell("market", "ammonia")]
    run = run_of(flows, {"gas": 90, "reformer": 10, "market": 10}, AMMONIA, step_s=3600)
    account = ndrc(run, Choices(products={"ammonia": "ammonia_gas"}))
    assert account.total_tCO2 == pytest.approx(21.0)
    assert part(account, "fuel") == 0.0
    assert "ammonia_gas" in account.unverified
    assert account.tce == pytest.approx(324 * 0.03412)


def test_a_reductant_is_in_the_factor_and_the_burner_is_not() -> None:
    """10 t of ferrosilicon give 40 t with their coke; 20 MWh of gas of the ladle add 4.0 t.

    600 GJ of coke counted as fuel too would add 60 t.
    """
    coke = Carrier(
        "coke", "MW", {"energy": 1.0, "carbon": 0.106, "mass": 0.127}, 1.0, 1.0, 1.0,
        kind="fuel|solid|material",
    )  # fmt: skip
    alloy = Carrier("ferrosilicon", "t/h", {"mass": 1.0, "energy": 6.0}, 5.0, kind="solid|material")
    furnace = Flow(
        "furnace", "furnace",
        {"coke": -600 / 36, "natural_gas": -2.0, "ferrosilicon": 1.0}, 1e9,
        closes=BURNING, activity="process", main="ferrosilicon",
    )  # fmt: skip
    flows = [
        buy("coke_in", "coke"),
        buy("gas", "natural_gas"),
        furnace,
        sell("out", "ferrosilicon"),
    ]
    rates = {"coke_in": 600 / 3.6, "gas": 20, "furnace": 10, "out": 10}
    account = ndrc(run_of(flows, rates, coke, alloy, step_s=3600))
    assert part(account, "process") == pytest.approx(40.0)
    assert part(account, "fuel") == pytest.approx(72 * GAS)


CLINKER = Carrier("clinker", "t/h", {"mass": 1.0}, 0.0, kind="solid|material")
LIME = Carrier("lime_product", "t/h", {"mass": 1.0}, 0.0, kind="solid|material")


def test_clinker_by_its_factor_with_fuel_beside_it() -> None:
    """1000 t of clinker give 535 t (set database: 527.4 t) and 900 MWh of coal burn as fuel.

    900 x 3.6 GJ x 0.08927 = 289.2 t. The limestone's own carbon must not be added to the factor.
    """
    kiln = Flow(
        "kiln", "kiln", {"limestone": -1.5, "coal": -0.9, "clinker": 1.0}, 1e9,
        exchange={"ash": 0.0}, closes=BURNING, activity="process", main="clinker",
    )  # fmt: skip
    flows = [buy("quarry", "limestone"), buy("mine", "coal"), kiln, sell("market", "clinker")]
    rates = {"quarry": 1500, "mine": 900, "kiln": 1000, "market": 1000}
    run = run_of(flows, rates, CLINKER, step_s=3600)
    fuel = 900 * 3.6 * 26.18 * 0.93 * 44 / 12 / 1000
    assert ndrc(run).total_tCO2 == pytest.approx(535 + fuel)
    database = ndrc(run, Choices(factor_set="database"))
    assert part(database, "process") == pytest.approx(527.4)
    assert part(database, "fuel") == pytest.approx(900 * 3.6 * 0.0962)
    assert "clinker" in database.unverified and "coal" in database.unverified


def test_limestone_without_a_product_factor_by_mass_balance() -> None:
    """100 t of CaCO3 (100.086 g/mol) give 43.97 t of CO2 (44.009) and 56.03 t of lime.

    An account of fuels alone would show nothing.
    """
    lime = 1 - 44.009 / 100.086
    kiln = Flow(
        "kiln", "kiln", {"limestone": -1.0, "lime_product": lime, "electricity": -0.5}, 1e9,
        closes=BURNING, activity="process", main="limestone",
    )  # fmt: skip
    flows = [buy("quarry", "limestone"), solar(), kiln, sell("market", "lime_product")]
    rates = {"quarry": 100, "pv": 50, "kiln": 100, "market": 100 * lime}
    account = ndrc(run_of(flows, rates, LIME, step_s=3600))
    assert account.total_tCO2 == pytest.approx(100 * 44.009 / 100.086)


def test_international_fuel_is_listed_and_not_deducted() -> None:
    """The notice lists it apart: 11,108 t stand in the total and once more in a memo line."""
    account = ndrc(worked(), Choices(bunkers=("ovens",)))
    assert account.total_tCO2 == pytest.approx(ndrc(worked()).total_tCO2)
    memo = account.table[account.table["part"] == "memo"]["tCO2"]
    assert memo.tolist() == pytest.approx([200e3 * GAS])
    with pytest.raises(ValueError, match="burns no fuel"):
        ndrc(worked(), Choices(bunkers=("ships",)))


def test_lime_that_keeps_carbon_is_a_kiln_and_no_conversion() -> None:
    """Half the carbon of 100 t of limestone stays: 21.99 t CO2; 50 MWh of coal add 16.07 t.

    Taken for a conversion, the lime's carbon would come off the coal, and again off the limestone.
    """
    half = Carrier(
        "half_lime", "t/h", {"mass": 1.0, "carbon": 0.07692}, 0.0, fossil=1.0, kind="solid|material"
    )
    out = 0.5 * 12.011 / 100.086 / 0.07692
    kiln = Flow(
        "kiln", "kiln", {"limestone": -1.0, "coal": -0.5, "half_lime": out}, 1e9,
        closes=BURNING, activity="process", main="limestone",
    )  # fmt: skip
    flows = [buy("quarry", "limestone"), buy("mine", "coal"), kiln, sell("market", "half_lime")]
    rates = {"quarry": 100, "mine": 50, "kiln": 100, "market": 100 * out}
    account = ndrc(run_of(flows, rates, half, step_s=3600))
    assert part(account, "process") == pytest.approx(100 * 44.009 / 100.086 / 2)
    assert part(account, "fuel") == pytest.approx(180 * 26.18 * 0.93 * 44 / 12 / 1000)
    assert part(account, "conversion") == 0.0


def test_unmapped_fuel_takes_its_own_composition() -> None:
    """A gas the tables do not know: 100 MWh of 0.07 t C each, 25.67 t; named as refinery gas it
    has 360 GJ x 18.2 x 98 % x 44/12 = 23.54 t."""
    flows = [buy("supply", "syngas"), burn("kiln", "syngas")]
    run = run_of(flows, {"supply": 100, "kiln": 100}, SYNGAS, step_s=3600)
    account = ndrc(run)
    assert account.total_tCO2 == pytest.approx(100 * 0.07 * 44 / 12)
    assert account.table["status"].tolist() == ["scenario"]
    named = ndrc(run, Choices(fuels={"syngas": "refinery_gas"}))
    assert named.total_tCO2 == pytest.approx(360 * 18.2 * 0.98 * 44 / 12 / 1000)


def test_carriers_of_the_library_have_a_class_or_a_reason() -> None:
    """Every standard fossil fuel maps to a class of the notice, so none is missed silently."""
    from twin.accounts.factors import fuel_of_carrier

    fossil = [c.name for c in STANDARD.values() if c.fossil > 0 and "fuel" in c.kind]
    assert {name for name in fossil if fuel_of_carrier(name) is None} == set()
