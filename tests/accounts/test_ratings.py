"""Ratings of parks worked out by hand: value, class, threshold, verdict and what moves it."""

from __future__ import annotations

import json

import pytest

from models.base import Carrier, Flow
from models.carriers import STANDARD
from tests.accounts.books import burn, buy, run_of, sell, solar, use
from twin.accounts.methods import rating
from twin.accounts.ndrc import Choices
from twin.accounts.ratings import FAIL, OPEN, OUTSIDE, PASS, TITLES, Rating, rate
from twin.results import Run

PER_TCE = 0.8325 / 0.1229
"""Grid power in tCO2/tce: 6.774."""


def electric(ktce: float, grid_share: float) -> Run:
    """A year on PV and a share of grid power: ratio = share x 6.774 tCO2/tce."""
    mean = ktce * 1e3 / 0.1229 / 8760
    flows = [solar(), buy("grid", "electricity"), use("load", "electricity")]
    rates = {"pv": mean * (1 - grid_share), "grid": mean * grid_share, "load": mean}
    return run_of(flows, rates)


def row(found: Rating, indicator: str) -> dict[str, object]:
    """One indicator as plain values."""
    return next(r for r in found.records() if r["indicator"] == indicator)


@pytest.mark.parametrize(
    ("ktce", "ratio", "limit", "verdict"),
    [
        (300, 0.19, 0.2, PASS),
        (300, 0.25, 0.2, FAIL),
        (999, 0.25, 0.2, FAIL),
        (1001, 0.25, 0.3, PASS),
        (5000, 0.31, 0.3, FAIL),
        (150, 0.1, 0.2, OUTSIDE),
    ],
)
def test_the_national_core_indicator_by_size(
    ktce: float, ratio: float, limit: float, verdict: str
) -> None:
    """0.25 fails at 300 ktce (limit 0.2) and passes at 1001 ktce (limit 0.3).

    Below 200 ktce the scheme has no class. One threshold for all would get the fourth case wrong.
    """
    found = rate(electric(ktce, ratio / PER_TCE), "ndrc-2025-910")
    core = row(found, "carbon_per_energy")
    assert core["value"] == pytest.approx(ratio, rel=1e-9)
    assert core["threshold"] == limit
    assert core["verdict"] == found.verdict == verdict
    assert core["status"] == "unverified"


def test_the_five_guiding_indicators() -> None:
    """Clean energy is 1 - share; direct supply the same; three data are named as missing.

    With data given they are decided; the veto stays with the core.
    """
    run = electric(300, 0.08)
    found = rate(run, "ndrc-2025-910")
    assert row(found, "clean_energy_share")["value"] == pytest.approx(0.92)
    assert row(found, "clean_energy_share")["verdict"] == PASS
    assert row(found, "direct_supply_share")["value"] == pytest.approx(0.92)
    for name in ("product_energy_class", "waste_heat_use", "water_reuse"):
        assert row(found, name)["verdict"] == OPEN
        assert row(found, name)["missing"] == name
    data = {"product_energy_class": 2, "waste_heat_use": 0.49, "water_reuse": 0.8}
    given = rate(run, "ndrc-2025-910", data=data)
    verdicts = [row(given, name)["verdict"] for name in data]
    assert verdicts == [PASS, FAIL, PASS]
    assert row(given, "water_reuse")["status"] == "given"
    assert given.verdict == FAIL  # 0.542 tCO2/tce


def mixed() -> Run:
    """A year: 600 GWh of gas, 300 GWh of grid power, 900 GWh of PV of two plants."""
    gwh = 1e3 / 8760
    flows = [
        solar("pv_roof"), solar("pv_field"), buy("grid", "electricity"), use("load", "electricity"),
        buy("gas", "natural_gas"), burn("boiler"),
    ]  # fmt: skip
    rates = {
        "pv_roof": 300 * gwh, "pv_field": 600 * gwh, "grid": 300 * gwh, "load": 1200 * gwh,
        "gas": 600 * gwh, "boiler": 600 * gwh,
    }  # fmt: skip
    return run_of(flows, rates)


def test_the_three_flows_that_would_move_it_most() -> None:
    """E = 249,750 (grid) + 119,964 t (gas); C = 36,870 + 73,699 + 73,740 + 36,870 tce = 221,179.

    Ratio 1.6716. Without the grid 119,964 / 184,309 = 0.6509 (-1.021); without the field PV
    369,714 / 147,439 = 2.508 (+0.836); without the gas 249,750 / 147,480 = 1.693 (+0.022); without
    the roof PV 369,714 / 184,309 = 2.006 (+0.334). So the third is the roof, not the gas.
    """
    drivers = row(rate(mixed(), "ndrc-2025-910"), "carbon_per_energy")["drivers"]
    assert isinstance(drivers, list)
    assert [d.split(":")[0] for d in drivers] == ["grid", "pv_field", "pv_roof"]
    assert [d[d.index("(") :] for d in drivers] == [
        "(-1.02 without it)", "(+0.836 without it)", "(+0.334 without it)",
    ]  # fmt: skip


def test_natural_gas_is_clean_only_by_choice() -> None:
    """PV 110,610 of 221,179 tce is 50.0 %; with gas 83.3 %. The choice stands in the note."""
    plain = row(rate(mixed(), "ndrc-2025-910"), "clean_energy_share")
    clean = row(rate(mixed(), "ndrc-2025-910", data={"clean_gas": 1}), "clean_energy_share")
    assert plain["value"] == pytest.approx(110_610 / 221_179, rel=1e-4)
    assert clean["value"] == pytest.approx((110_610 + 73_699) / 221_179, rel=1e-4)
    assert "not counted" in str(plain["note"])


@pytest.mark.parametrize(
    ("year", "limit", "verdict"), [(None, 1.0, PASS), (2027, 1.0, PASS), (2031, 0.7, FAIL)]
)
def test_hunan_tightens_with_the_year(year: int | None, limit: float, verdict: str) -> None:
    """50 ktce at 0.8 tCO2/tce pass 1.0 (2027) and fail 0.7 (2030 on); for 2026 there is none."""
    run = electric(50, 0.8 / PER_TCE)
    core = row(rate(run, "hunan-2026", year=year), "carbon_per_energy")
    assert (core["threshold"], core["verdict"]) == (limit, verdict)
    with pytest.raises(ValueError, match="none for 2026"):
        rate(run, "hunan-2026", year=2026)


@pytest.mark.parametrize(("ratio", "verdict"), [(0.39, PASS), (0.5, OPEN), (0.61, FAIL)])
def test_inner_mongolia_leaves_a_range(ratio: float, verdict: str) -> None:
    """0.4 to 0.6 by park: between them the park's own target is what is missing."""
    core = row(rate(electric(50, ratio / PER_TCE), "inner-mongolia"), "carbon_per_energy")
    assert core["verdict"] == verdict
    assert ("own target" in str(core["missing"])) == (verdict == OPEN)


def test_national_standards_of_associations() -> None:
    """T/CECA-G 0344: 80 % non-fossil passes at the edge but 0.2 x 6.774 = 1.35 tCO2/tce fails.

    DB15/T 2948 asks for the 80 % and a platform it cannot see in a ledger.
    """
    run = electric(50, 0.2)
    assert row(rate(run, "t-ceca-g-0344"), "non_fossil_share")["verdict"] == PASS
    assert rate(run, "t-ceca-g-0344").verdict == FAIL
    assert rate(run, "db15-t-2948").verdict == PASS
    assert row(rate(run, "db15-t-2948"), "smart_platform")["missing"] == "smart_platform"


def test_jiangsu_by_value_added() -> None:
    """50 ktce at 0.5 tCO2/tce: 25 kt. On 200,000 x 10^4 CNY 0.25 tce and 0.125 t each: both pass.

    Certificates for all grid power make renewable power 100 %; without value added the first two
    are open.
    """
    run = electric(50, 0.5 / PER_TCE)
    found = rate(run, "jiangsu-2024", data={"value_added": 200e3})
    assert row(found, "energy_per_value_added")["value"] == pytest.approx(0.25)
    assert row(found, "carbon_per_value_added")["value"] == pytest.approx(0.125)
    assert row(found, "electrification")["value"] == pytest.approx(1.0)
    green = rate(run, "jiangsu-2024", choices=Choices(certificates_MWh=1e9))
    assert row(green, "renewable_power_share")["value"] == pytest.approx(1.0)
    assert row(green, "energy_per_value_added")["missing"].startswith("value_added")  # type: ignore[attr-defined]
    assert len(found.table) == 20


def test_xiong_an_nets_offsets_within_a_fifth() -> None:
    """25 kt, offsets of 25 kt on a baseline of 100 kt: net 0 passes, a share of 25 % fails."""
    run = electric(50, 0.5 / PER_TCE)
    choices = Choices(offsets_tCO2=25e3)
    found = rate(run, "db1331-t-069", data={"baseline_tCO2": 100e3}, choices=choices)
    assert row(found, "net_after_offset")["value"] == pytest.approx(0, abs=1e-6)
    assert row(found, "offset_share")["value"] == pytest.approx(0.25)
    assert row(found, "offset_share")["verdict"] == FAIL


def test_fujian_is_open_until_told() -> None:
    """Air, industry and management systems are no flows: each missing datum is named."""
    run = electric(50, 0.1)
    found = rate(run, "db35-t-2198")
    assert found.verdict == OPEN
    data = {"good_air_days": 0.96, "industry_share": 0.5, "energy_management_system": 1,
            "carbon_management_system": 1}  # fmt: skip
    told = rate(run, "db35-t-2198", data=data)
    assert row(told, "industry_share")["verdict"] == FAIL  # more than half is asked
    assert row(told, "good_air_days")["verdict"] == PASS


def line(spot_sale: float) -> Run:
    """A plant makes 10, 10, 0, 0; demand 5, 6, 4, 5; the rest is sold or bought."""
    flows = [solar("plant"), buy("grid", "electricity"), sell("sale", "electricity"),
             use("load", "electricity")]  # fmt: skip
    rates = {
        "plant": [5 + spot_sale, 6 + spot_sale, 0, 0], "sale": [spot_sale, spot_sale, 0, 0],
        "grid": [0, 0, 4, 5], "load": [5, 6, 4, 5],
    }  # fmt: skip
    return run_of(flows, rates, step_s=3600)


def test_the_green_direct_line_is_tested_hour_by_hour() -> None:
    """11 of 15 MWh used (73 %), 11 of 20 of demand (55 %), 4 of 15 sold (27 %): fails the last.

    From totals alone min(15, 20) would pass as 100 % used and nothing sold.
    """
    found = rate(line(2.0), "green-direct-line")
    assert row(found, "self_used_of_generation")["value"] == pytest.approx(11 / 15)
    assert row(found, "self_used_of_demand")["value"] == pytest.approx(11 / 20)
    assert row(found, "exported_of_generation")["value"] == pytest.approx(4 / 15)
    assert row(found, "exported_of_generation")["verdict"] == FAIL


def test_a_product_is_no_waste_though_its_carrier_may_be() -> None:
    """Board of gypsum is what the plant is for: 9 of 10 t used would become 109 of 110 t."""
    press = Flow(
        "press", "press", {"gypsum": -1.0, "board": 1.0}, 1e9, activity="process", main="board"
    )
    flows = [buy("mine", "gypsum"), press, sell("market", "board"), buy("ash_in", "ash")]
    flows += [sell("ash_sale", "ash"), sell("ash_tip", "ash", "disposal")]
    rates = {"mine": 100, "press": 100, "market": 100, "ash_in": 10, "ash_sale": 9, "ash_tip": 1}
    run = run_of(flows, rates, buses={"board": STANDARD["gypsum"]}, step_s=3600)
    assert row(rate(run, "ndrc-2025-910"), "solid_waste_use")["value"] == pytest.approx(0.9)


def test_a_direct_line_without_spot_market_may_sell_nothing() -> None:
    """1.5 of 12.5 MWh sold (12 %) passes where a spot market runs and fails elsewhere.

    The demand share rises from 30 % to 35 % in 2030.
    """
    run = line(0.75)
    assert row(rate(run, "green-direct-line"), "exported_of_generation")["verdict"] == PASS
    closed = rate(run, "green-direct-line", spot_market=False)
    assert row(closed, "exported_of_generation")["verdict"] == FAIL
    later = rate(run, "green-direct-line", year=2031)
    assert row(later, "self_used_of_demand")["threshold"] == 0.35
    assert row(later, "self_used_of_generation")["threshold"] == 0.6


SCRAP = Carrier("scrap", "t/h", {"mass": 1.0}, 0.0, kind="solid|material")


def test_solid_waste_by_where_it_goes() -> None:
    """70 t of ash sold, 30 t of scrap tipped and 10 t sold: 80 of 110 t used, 72.7 %: fails 80 %.

    A product that is never tipped is no waste: 500 t of lime sold would lift it to 95 %.
    """
    lime = Carrier("lime_product", "t/h", {"mass": 1.0}, 0.0, kind="solid|material")
    flows = []
    rates: dict[str, float] = {}
    for name, bus, sold, tipped in (
        ("ash", "ash", 70, 0),
        ("scrap", "scrap", 10, 30),
        ("lime", "lime_product", 500, 0),
    ):
        flows += [
            buy(f"{name}_in", bus),
            sell(f"{name}_sale", bus),
            sell(f"{name}_tip", bus, "disposal"),
        ]
        rates |= {f"{name}_in": sold + tipped, f"{name}_sale": sold, f"{name}_tip": tipped}
    found = rate(run_of(flows, rates, SCRAP, lime, step_s=3600), "ndrc-2025-910")
    waste = row(found, "solid_waste_use")
    assert waste["value"] == pytest.approx(80 / 110)
    assert waste["verdict"] == FAIL
    assert waste["drivers"] == [
        "ash_sale (-0.477 without it)", "scrap_tip (+0.273 without it)",
        "scrap_sale (-0.0273 without it)",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", sorted(TITLES))
def test_every_scheme_rates_and_prints(scheme: str) -> None:
    """Each row says formula, boundary, source, verdict, as JSON; open ones say what is missing."""
    found = rating(electric(300, 0.1), scheme)
    assert TITLES[scheme] in str(found)
    for record in json.loads(json.dumps(found.records())):
        assert record["verdict"] in (PASS, FAIL, OPEN, OUTSIDE)
        assert record["formula"] and record["boundary"] and record["source"]
        assert bool(record["missing"]) == (record["verdict"] == OPEN)
        assert len(record["drivers"]) <= 3


def test_a_short_run_is_scaled_for_the_size_class() -> None:
    """A week at 300 ktce a year uses 5.75 ktce and is in the class of 200 to 1000 all the same."""
    mean = 300e3 / 0.1229 / 8760
    flows = [solar(), use("load", "electricity")]
    run = run_of(flows, {"pv": mean, "load": mean}, step_s=168 * 3600)
    found = rate(run, "ndrc-2025-910")
    assert str(row(found, "carbon_per_energy")["size_class"]).startswith("300 ktce/year")
    assert "168 h" in found.choices["period"]


def test_what_a_user_may_write_wrong() -> None:
    """Schemes and choices are named where one is mistyped."""
    with pytest.raises(ValueError, match="no scheme 'ndrc'; there is db1331"):
        rating(electric(50, 0.1), "ndrc")
    with pytest.raises(ValueError, match="has no choice certs"):
        rating(electric(50, 0.1), "ndrc-2025-910", certs=1)
