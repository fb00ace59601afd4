"""The NDRC method against parks worked out by hand: energy bought and sold, totals, files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from models.base import Flow
from tests.accounts.books import (
    GAS,
    HOURS,
    burn,
    buy,
    part,
    run_of,
    sell,
    solar,
    use,
    worked,
)
from twin.accounts.account import CarbonAccount
from twin.accounts.methods import carbon
from twin.accounts.ndrc import Choices, ndrc
from twin.results import Run


def test_the_worked_check_to_the_tonne() -> None:
    """Section 9 of carbon-accounting: 40 of the 45 GWh bought carry green trading.

    5,000 MWh x 0.8325 = 4163 t; 200 TJ x 55.54 = 11,108 t; 50,000 GJ x 0.11 = 5500 t; sum 20,770 t
    (the paper rounds its parts up to 20,771). Energy 12,290 + 6824 + 1706 = 20,820 tce, so
    0.998 tCO2/tce. Without the certificates electricity would be 37,463 t.
    """
    account = ndrc(worked(), Choices(certificates_MWh=40e3))
    assert part(account, "electricity") == pytest.approx(4162.5)
    assert part(account, "fuel") == pytest.approx(11_107.8, abs=0.05)
    assert part(account, "heat") == pytest.approx(5500)
    assert account.total_tCO2 == pytest.approx(20_770.3, abs=0.05)
    assert account.tce == pytest.approx(20_820, abs=0.5)
    assert account.indicator == pytest.approx(0.9976, abs=5e-5)
    assert account.figures["direct supply share"] == pytest.approx(0.55)


def test_both_conversions_are_given_and_the_choice_is_printed() -> None:
    """At 0.302 tce/MWh energy is 30,200 + 6824 + 1706 = 38,730 tce and the ratio 0.536.

    An account that gave one number alone would hide a factor of two.
    """
    run = worked()
    account = ndrc(run, Choices(certificates_MWh=40e3))
    assert account.indicators["coal_equivalent"] == pytest.approx(20_770.3 / 38_730, rel=1e-4)
    other = ndrc(run, Choices(certificates_MWh=40e3, electricity_tce="coal_equivalent"))
    assert other.indicator == pytest.approx(account.indicators["coal_equivalent"])
    assert other.tce == pytest.approx(38_730, abs=0.5)
    assert "calorific" in str(account) and "unverified" in account.choices["electricity in tce"]


def all_electric(gas_tj: float) -> Run:
    """All heat from heat pumps of COP 3 but for some gas, all power green: section 9, end."""
    pumped = (250e3 - gas_tj * 1e3) / 3.6
    power = 100e3 + pumped / 3
    pump = Flow(
        "pump", "pump", {"electricity": -1.0, "heat": 3.0}, 1e9, closes=("air_heat",),
        activity="heat", main="electricity",
    )  # fmt: skip
    gas = gas_tj * 1e3 / 3.6
    flows = [solar(), use("load", "electricity"), pump, use("dryers", "heat")]
    rates = {
        "pv": power / HOURS, "load": 100e3 / HOURS, "pump": pumped / 3 / HOURS,
        "dryers": pumped / HOURS,
    }  # fmt: skip
    if gas:
        flows += [buy("gas", "natural_gas"), burn("ovens", activity="final_use")]
        rates |= {"gas": gas / HOURS, "ovens": gas / HOURS}
    return run_of(flows, rates)


@pytest.mark.parametrize(
    ("gas_tj", "tonnes", "tce"), [(0.0, 0.0, 15_135.0), (25.0, 1388.5, 15_703.4)]
)
def test_heat_pumps_reach_the_indicator(gas_tj: float, tonnes: float, tce: float) -> None:
    """250 TJ from heat pumps take 23.15 GWh: 123.15 GWh x 0.1229 = 15,135 tce and no CO2.

    With 25 TJ left on gas 1389 t on 15,703 tce, 0.088. Ambient heat is no energy consumption: were
    it counted, the second case would be 21,300 tce.
    """
    account = ndrc(all_electric(gas_tj))
    assert account.total_tCO2 == pytest.approx(tonnes, abs=0.1)
    assert account.tce == pytest.approx(tce, abs=0.6)
    assert account.indicator == pytest.approx(tonnes / tce, abs=1e-5)


def test_the_edition_of_the_factors_is_a_choice() -> None:
    """45,000 MWh at 0.8273 are 37,229 t; at 0.8325 they would be 37,463 t."""
    account = ndrc(worked(), Choices(factors=2023))
    assert part(account, "electricity") == pytest.approx(37_228.5)
    with pytest.raises(ValueError, match="there is 2022, 2023"):
        ndrc(worked(), Choices(factors=2019))


def test_the_direct_share_is_metered_hour_by_hour() -> None:
    """PV of 10 in hour 1 and 0 in hour 2, load 4 and 6, export 6: 4 of 10 MWh are direct.

    From yearly totals it would be (10 - 6) / 10 too, so hour 3 sells what gas made: 3 MWh of a
    6 MWh engine. By totals that sale would be taken off the PV power and leave 1 of 13 MWh.
    """
    engine = burn("engine", activity="power", electricity=0.5)
    flows = [solar(), buy("grid", "electricity"), sell("sale", "electricity"),
             use("load", "electricity"), buy("gas", "natural_gas"), engine]  # fmt: skip
    run = run_of(
        flows,
        {"pv": [10, 0, 0], "grid": [0, 6, 0], "sale": [6, 0, 3], "load": [4, 6, 3],
         "gas": [0, 0, 12], "engine": [0, 0, 12]},
        step_s=3600,
    )  # fmt: skip
    account = ndrc(run)
    assert account.figures["direct supply share"] == pytest.approx(4 / 13)
    sold = account.table.set_index("item")["amount"]
    assert sold["sold, non-fossil"] == pytest.approx(-6)
    assert sold["sold, fossil"] == pytest.approx(-3)
    # 6 MWh bought - 3 MWh of engine power sold, at 0.8325
    assert part(account, "electricity") == pytest.approx(3 * 0.8325)


def test_exported_pv_is_not_zero_a_second_time() -> None:
    """Trap: 100 MWh of PV, 40 sold with their certificates, 60 used, 50 bought at 0.8325.

    Certificates of the 40 sold MWh cost nothing; selling 70 certificates takes the zero off 30 of
    the 60 MWh used: (50 + 30) x 0.8325. Credit for exported PV would make it (50 - 40) x 0.8325.
    """
    flows = [solar(), buy("grid", "electricity"), sell("sale", "electricity"),
             use("load", "electricity")]  # fmt: skip
    run = run_of(
        flows, {"pv": [100, 0], "sale": [40, 0], "grid": [0, 50], "load": [60, 50]}, step_s=3600
    )
    plain = ndrc(run)
    assert plain.total_tCO2 == pytest.approx(50 * 0.8325)
    assert plain.tce == pytest.approx((100 - 40 + 50) * 0.1229)  # net of what was sold
    sold = ndrc(run, Choices(certificates_sold_MWh=40))
    assert sold.total_tCO2 == pytest.approx(50 * 0.8325)
    both = ndrc(run, Choices(certificates_sold_MWh=70))
    assert both.total_tCO2 == pytest.approx(80 * 0.8325)


def test_certificates_cover_purchases_and_nothing_more() -> None:
    """Trap: 80 GWh of certificates on 45 GWh bought leave 0 t, not -29,138 t."""
    account = ndrc(worked(), Choices(certificates_MWh=80e3))
    assert part(account, "electricity") == 0.0
    assert "35000 MWh of them beyond purchases count for nothing" in str(account)


def test_an_export_credit_never_exceeds_its_own_emission() -> None:
    """Trap: an engine burns 200 MWh of gas (720 GJ, 40.0 t) and sells 120 MWh: 99.9 t of credit.

    Unclipped the park would stand at -59.9 t; clipped at 0, with the clipped amount in a line.
    """
    engine = burn("engine", activity="power", electricity=0.6)
    flows = [buy("gas", "natural_gas"), engine, sell("sale", "electricity")]
    run = run_of(flows, {"gas": 200, "engine": 200, "sale": 120}, step_s=3600)
    account = ndrc(run)
    assert account.figures["tCO2 before clipping"] == pytest.approx(720 * GAS - 99.9)
    assert account.total_tCO2 == pytest.approx(0.0, abs=1e-9)
    clipped = account.table.set_index("item").loc["credit above own emission, clipped", "tCO2"]
    assert clipped == pytest.approx(99.9 - 720 * GAS)


def test_sold_heat_shows_the_default_and_the_fuel_behind_it() -> None:
    """Trap: a boiler of 90 % on 100 MWh of gas sells all 90 MWh of heat: 324 GJ.

    Credit 324 x 0.11 = 35.6 t, clipped to the 20.0 t of the fuel; the fuel itself gives
    0.05554 / 0.9 = 0.0617 tCO2/GJ. Both stand in the table.
    """
    flows = [buy("gas", "natural_gas"), burn("boiler", heat=0.9), sell("sale", "heat")]
    account = ndrc(run_of(flows, {"gas": 100, "boiler": 100, "sale": 90}, step_s=3600))
    rows = account.table.set_index("item")
    assert rows.loc["sold heat, fossil", "tCO2"] == pytest.approx(-324 * 0.11)
    real = rows.loc["sold heat, CO2 of the fuel behind it"]
    assert real["part"] == "memo"
    assert real["factor"] == pytest.approx(GAS / 0.9)
    assert account.total_tCO2 == pytest.approx(0.0, abs=1e-9)


def test_heat_of_biomass_is_sold_without_credit() -> None:
    """Heat from wood is not fossil: 0.11 tCO2/GJ of credit for it would be invented."""
    flows = [
        buy("wood", "wood_chips"),
        burn("boiler", "wood_chips", heat=0.9),
        sell("sale", "heat"),
    ]
    account = ndrc(run_of(flows, {"wood": 100, "boiler": 100, "sale": 90}, step_s=3600))
    assert account.total_tCO2 == 0.0
    sold = account.table.set_index("item").loc["sold heat, non-fossil", "amount"]
    assert sold == pytest.approx(-324)
    # 100 MWh x 3.6 x 0.03412 of wood less 324 GJ x 0.03412 of heat
    assert account.tce == pytest.approx(36 * 0.03412)


def test_bought_heat_by_origin() -> None:
    """50,000 GJ: 5500 t as fossil, 0 as waste heat, 2500 t at a measured 0.05 tCO2/GJ."""
    run = worked()
    assert part(ndrc(run, Choices(heat={"steam": "waste"})), "heat") == 0.0
    assert part(ndrc(run, Choices(heat={"steam": 0.05})), "heat") == pytest.approx(2500)
    with pytest.raises(ValueError, match="no such purchase of heat; there is steam"):
        ndrc(run, Choices(heat={"boiler": "waste"}))


def test_sinks_and_offsets_stand_beside_the_total() -> None:
    """The method knows neither; netted, 5000 t of offsets would cut the total by a seventh."""
    plain = ndrc(worked())
    account = ndrc(worked(), Choices(sinks_tCO2=120, offsets_tCO2=5000))
    assert account.total_tCO2 == plain.total_tCO2
    memo = account.table[account.table["part"] == "memo"].set_index("item")["tCO2"]
    assert memo.to_dict() == {"sinks": -120.0, "offsets": -5000.0}


def test_the_scenario_names_method_and_edition() -> None:
    """`accounting: {method: ndrc-2025-910, factors: 2023}` is the default, and can be overruled."""
    run = worked()
    run.facts["accounting"] = {"method": "ndrc-2025-910", "factors": 2023}
    account = carbon(run)
    assert isinstance(account, CarbonAccount)
    assert part(account, "electricity") == pytest.approx(45e3 * 0.8273)
    other = carbon(run, "ndrc-2025-910", factors=2022)
    assert isinstance(other, CarbonAccount)
    assert part(other, "electricity") == pytest.approx(45e3 * 0.8325)


def test_the_table_opens_elsewhere_with_the_same_totals(tmp_path: Path) -> None:
    """XLSX and CSV in Chinese headings: rows add up to the total row, amount x factor = product."""
    account = ndrc(worked(), Choices(certificates_MWh=40e3, offsets_tCO2=10))
    sheets = pd.read_excel(account.to_xlsx(tmp_path / "a.xlsx"), sheet_name=None)
    assert list(sheets) == ["核算表", "选择", "指标"]
    csv = pd.read_csv(account.to_csv(tmp_path / "a.csv"), encoding="utf-8-sig")
    for table in (sheets["核算表"], csv):
        assert {"活动数据", "排放因子", "数据来源", "核实状态", "二氧化碳排放量(tCO2)"} <= set(
            table
        )
        total = table[table["核算部分"] == "合计"]["二氧化碳排放量(tCO2)"].item()
        rows = table[~table["核算部分"].isin(("合计", "另行报告(不计入总量)"))]
        assert rows["二氧化碳排放量(tCO2)"].sum() == pytest.approx(total)
        assert total == pytest.approx(account.total_tCO2)
        product = rows["活动数据"] * rows["排放因子"]
        assert product.to_numpy() == pytest.approx(rows["二氧化碳排放量(tCO2)"].to_numpy())
    figures = sheets["指标"].set_index("项目")["数值"]
    assert figures["tCO2"] == pytest.approx(account.total_tCO2)


def test_what_a_user_may_write_wrong() -> None:
    """Each mistake is named with what would be right."""
    run = worked()
    with pytest.raises(ValueError, match="there is ndrc-2025-910, ghg"):
        carbon(run, "ndrc")
    with pytest.raises(
        ValueError, match="no choice certificates; it has bunkers, certificates_MWh"
    ):
        carbon(run, "ndrc-2025-910", certificates=3)
    with pytest.raises(ValueError, match="importers: grid"):
        carbon(run, "ndrc-2025-910", direct_lines=("pv",))
    with pytest.raises(ValueError, match="calorific or coal_equivalent"):
        carbon(run, "ndrc-2025-910", electricity_tce="0.3")
    with pytest.raises(ValueError, match="no fuel 'gaz'"):
        carbon(run, "ndrc-2025-910", fuels={"natural_gas": "gaz"})


def test_a_direct_line_is_zero_and_direct() -> None:
    """The 45 GWh bought come by a private line: 0 t and a direct share of 1."""
    account = ndrc(worked(), Choices(direct_lines=("grid",)))
    assert part(account, "electricity") == 0.0
    assert account.figures["direct supply share"] == pytest.approx(1.0)


def test_nuclear_power_is_not_fossil_when_it_is_sold() -> None:
    """A reactor of 1000 MWh gives 350: 300 are sold, 50 used, and 20 are bought at 0.8325.

    Taken for fossil, the sale would earn 300 x 0.8325 and wipe out what was bought.
    """
    reactor = burn("reactor", "nuclear_fuel", "power", electricity=0.35)
    flows = [buy("fuel", "nuclear_fuel"), reactor, buy("grid", "electricity"),
             sell("sale", "electricity"), use("load", "electricity")]  # fmt: skip
    run = run_of(
        flows,
        {"fuel": 1000, "reactor": 1000, "sale": 300, "grid": 20, "load": 70},
        step_s=3600,
    )
    account = ndrc(run)
    assert account.total_tCO2 == pytest.approx(20 * 0.8325)
    assert account.figures["direct supply share"] == pytest.approx(50 / 70)
