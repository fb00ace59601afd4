"""GHG Protocol and ISO 14064-1 inventories against parks worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.accounts.books import GAS, burn, buy, run_of, sell, solar, use
from twin.accounts.ghg import Choices, ghg
from twin.accounts.inventory import GASES
from twin.accounts.iso import iso_14064
from twin.accounts.tracing import fossil_emissions
from twin.results import Run


def office(country: str = "CN") -> Run:
    """Two hours: 60 and 40 MWh bought, 100 MWh of gas, 50 MWh of wood, 20 MWh of PV sold."""
    flows = [
        buy("grid", "electricity"), solar(), sell("sale", "electricity"),
        use("load", "electricity"), buy("gas", "natural_gas"), burn("boiler"),
        buy("wood", "wood_chips"), burn("stove", "wood_chips"),
    ]  # fmt: skip
    rates = {
        "grid": [60, 40], "pv": [0, 20], "sale": [0, 20], "load": [60, 40], "gas": [50, 50],
        "boiler": [50, 50], "wood": [25, 25], "stove": [25, 25],
    }  # fmt: skip
    return run_of(flows, rates, step_s=3600, country=country)


def test_scope_1_in_gases() -> None:
    """360 GJ of gas: 19.99 t CO2, 0.36 kg CH4 (x 29.8) and 0.036 kg N2O (x 273).

    180 GJ of wood: no CO2 in the scope, but 5.4 kg CH4 (x 27.0, biogenic) and 0.72 kg N2O. Wood CO2
    counted inside would add about 20 t.
    """
    found = ghg(office())
    gases = found.gases.loc[1]
    assert gases["CO2"] == pytest.approx(360 * GAS)
    assert gases["CH4"] == pytest.approx(0.00036 * 29.8 + 0.0054 * 27.0)
    assert gases["N2O"] == pytest.approx((0.000036 + 0.00072) * 273)
    assert list(found.gases.columns) == list(GASES)


def test_biogenic_co2_stands_outside_the_scopes() -> None:
    """It equals the biogenic part the tracing pass finds, a second way to the same carbon.

    Molar masses differ (44/12 against IUPAC), hence 0.1 %.
    """
    run = office()
    traced = fossil_emissions(run.network, run.recorded)
    other = float((traced["co2"] - traced["fossil"]).sum())
    assert other > 10
    assert ghg(run).biogenic_tCO2 == pytest.approx(other, rel=1e-3)


def test_scope_2_both_ways_side_by_side() -> None:
    """100 MWh: 53.66 t by the national mean of 2022, 59.78 t in Jiangsu, 60.96 t by the residual.

    With 30 MWh of certificates 70 x 0.6096 = 42.67 t by market and the same by place. What was
    sold is not taken off: 80 MWh would be 42.9 t.
    """
    both = ghg(office()).both
    assert both["location"] == pytest.approx(53.66)
    assert both["market"] == pytest.approx(60.96)
    assert both["market - location"] == pytest.approx(7.30)
    jiangsu = ghg(office(), Choices(region="CN-jiangsu", certificates_MWh=30, scope2="market"))
    assert jiangsu.scope(2, "location") == pytest.approx(59.78)
    assert jiangsu.scope(2) == pytest.approx(70 * 0.6096)
    assert jiangsu.total_tCO2e == pytest.approx(jiangsu.scope(1) + 70 * 0.6096)


def test_an_hourly_factor_weighs_each_hour() -> None:
    """60 MWh at 0.9 and 40 MWh at 0.1 are 58 t; the plain mean of 0.5 would give 50 t."""
    found = ghg(office(), Choices(hourly_factor=[0.9, 0.1]))
    assert found.scope(2, "location") == pytest.approx(58.0)
    with pytest.raises(ValueError, match="the run has 2 intervals"):
        ghg(office(), Choices(hourly_factor=np.ones(3)))


def test_contracts_and_direct_lines_by_market() -> None:
    """A supplier mix of 0.2 gives 20 t by market; a direct line is 0 both ways: no grid is used."""
    mix = ghg(office(), Choices(contracts={"grid": 0.2}))
    assert mix.scope(2, "market") == pytest.approx(20.0)
    line = ghg(office(), Choices(direct_lines=("grid",)))
    assert line.both.to_dict() == {"location": 0.0, "market": 0.0, "market - location": 0.0}


def test_fugitives_under_a_named_gwp_set() -> None:
    """0.1 t of HFC-134a: 130 t under AR5, 153 t under AR6; 10 kg of SF6: 235 and 243 t."""
    lost = {"HFC-134a": 0.1, "SF6": 0.01}
    for name, hfc, sf6 in (("AR5", 130, 235), ("AR6", 153, 243)):
        gases = ghg(office(), Choices(fugitive=lost, gwp=name)).gases.loc[1]
        assert gases["HFCs"] == pytest.approx(hfc)
        assert gases["SF6"] == pytest.approx(sf6)
    with pytest.raises(ValueError, match="no GWP of 'HFC-134'"):
        ghg(office(), Choices(fugitive={"HFC-134": 1}))
    with pytest.raises(ValueError, match="there is AR5, AR6"):
        ghg(office(), Choices(gwp="SAR"))


def test_fuel_of_transport_is_mobile() -> None:
    """Gas burnt by trucks has 92 kg CH4/TJ instead of 1: 360 GJ give 33 kg."""
    flows = [buy("gas", "natural_gas"), burn("trucks", activity="transport")]
    table = ghg(run_of(flows, {"gas": 100, "trucks": 100}, step_s=3600)).table
    row = table[(table["gas"] == "CH4") & (table["category"] == "mobile combustion")].iloc[0]
    assert row["tonnes"] == pytest.approx(360 * 92e-6)
    assert row["status"] == "unverified"


def test_scope_3_counts_what_has_a_factor_and_names_the_rest() -> None:
    """Gas at 0.04 t/MWh upstream: 4 t in category 3; wood and power have none and are listed."""
    found = ghg(office(), Choices(scope3={"natural_gas": 0.04}, scope3_given={6: 2.5}))
    assert found.scope(3) == pytest.approx(6.5)
    assert found.without_factor == ["grid", "sale", "wood"]
    with pytest.raises(ValueError, match="no category 16"):
        Choices(scope3_given={16: 1.0})


def test_iso_categories_hold_the_same_total() -> None:
    """Scope 1 is category 1, scope 2 category 2, upstream energy 4, business travel 3.

    Removals and biogenic CO2 stand in columns of their own; netted, category 1 would be negative.
    The one unverified factor is the GWP of 1 kg of HFC-32: 0.771 t.
    """
    given = Choices(scope3={"natural_gas": 0.04}, scope3_given={6: 2.5}, fugitive={"HFC-32": 1e-3})
    found = ghg(office(), given)
    table = iso_14064(found, removals_tCO2=1000)
    assert table["total"].sum() == pytest.approx(found.total_tCO2e)
    assert table.loc[1, "total"] == pytest.approx(found.scope(1))
    assert table.loc[2, "total"] == pytest.approx(found.scope(2))
    assert table.loc[3, "total"] == pytest.approx(2.5)
    assert table.loc[4, "total"] == pytest.approx(4.0)
    assert table.loc[1, "removals_tCO2"] == 1000
    assert table.loc[1, "biogenic_tCO2"] == pytest.approx(found.biogenic_tCO2)
    assert table.loc[1, "unverified_share"] == pytest.approx(0.771 / found.scope(1))


def test_a_park_abroad_needs_its_own_grid_factor() -> None:
    """China's grid mean for Denmark would be wrong by a factor of five and say nothing."""
    run = office(country="DK")
    with pytest.raises(ValueError, match="lies in DK"):
        ghg(run)
    found = ghg(run, Choices(grid_factor=0.12))
    assert found.both.to_dict() == pytest.approx(
        {"location": 12.0, "market": 12.0, "market - location": 0.0}
    )


def test_vented_gas_is_methane() -> None:
    """100 MWh of biogas let go: 360 GJ / 50.03 GJ/t = 7.196 t CH4, x 27.0."""
    vent = sell("vent", "biogas", side="emission")
    run = run_of([buy("gas", "biogas"), vent], {"gas": 100, "vent": 100}, step_s=3600)
    assert ghg(run).gases.loc[1, "CH4"] == pytest.approx(360 / 50.03 * 27.0)
