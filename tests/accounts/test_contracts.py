"""What a park has contracted, in its accounts: the rest times the factor, one attribute a kWh.

Held against parks worked out by hand, and against the other way of writing it in the trial method
(certificates of own generation handed over: covered here, lost there); the two agree to 1e-6 t.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import twin
from tests.accounts.books import buy, run_of, sell, solar, use
from twin.accounts.ndrc import Choices, ndrc
from twin.results import Run

PARK = """\
park: {name: Ten gigawatt-hours, country: CN, currency: CNY}
site: {latitude: 31.32, longitude: 120.72, time_zone: Asia/Shanghai, weather: climate/suzhou.yaml}
buses: [electricity]
components:
  wind_line: {model: purchase, bus: electricity, capacity: 4 MW, price: 300 CNY/MWh}
  grid:
    model: grid
    bus: electricity
    import_capacity: 20 MW
    import_price: 600 CNY/MWh
    export_capacity: 1 MW
  works: {model: electricity_demand, bus: electricity, annual: 87.6 GWh, shape: flat}
events:
  - {actor: certificates, name: green, generation: [grid.export], use: grid.import, share: 0.5}
contracts: {direct_lines: [wind_line], certificates: [green]}
"""
FOSSIL = 0.8325
"""tCO2/MWh of other power in the trial method, 2022."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A thousand hours of 10 MW: 4 GWh by the line, 6 by the grid, half of it with certificates."""
    path = tmp_path_factory.mktemp("ten") / "park.yaml"
    path.write_text(PARK)
    return twin.run(twin.load(path), horizon="1000 h", step="1 h")


def test_the_rest_times_the_factor(run: Run) -> None:
    """10 GWh bought, 4 by direct line, 3 with certificates: 3000 MWh x 0.8325 = 2497.5 t.

    Without the contracts it would be 8325 t, without the certificates 4995 t. On 10,000 MWh x
    0.1229 = 1229 tce that is 2.032 tCO2/tce.
    """
    account: Any = run.carbon("ndrc-2025-910")
    assert account.total_tCO2 == pytest.approx(3000 * FOSSIL)
    assert account.indicator == pytest.approx(3000 * FOSSIL / 1229)
    assert account.figures["direct supply share"] == pytest.approx(0.4)
    rated = run.rating("ndrc-2025-910").table.set_index("indicator")["value"]
    assert rated["carbon_per_energy"] == pytest.approx(3000 * FOSSIL / 1229)
    assert rated["direct_supply_share"] == pytest.approx(0.4)


def test_by_market_and_by_the_hour(run: Run) -> None:
    """By market 3000 MWh at the residual of 0.6096 t; by place the 6000 MWh of the grid.

    Over the year 70 % is matched; by the month and the hour only the line's 40 %.
    """
    both: Any = run.carbon("ghg", grid_factor=0.5)
    assert both.both["market"] == pytest.approx(3000 * 0.6096)
    assert both.both["location"] == pytest.approx(6000 * 0.5)
    found = run.matching()
    assert found.share("annual") == pytest.approx(0.7)
    assert found.share("monthly") == found.share("hourly") == pytest.approx(0.4)


def test_a_choice_of_the_call_overrides(run: Run) -> None:
    """Nothing is as good a choice as something; the contracts that are not named stay."""

    def total(**choices: Any) -> float:
        account: Any = run.carbon("ndrc-2025-910", **choices)
        return float(account.total_tCO2)

    assert total(certificates_MWh=0) == pytest.approx(6000 * FOSSIL)
    assert total(direct_lines=()) == pytest.approx(7000 * FOSSIL)
    assert total(direct_lines=(), certificates_MWh=0) == pytest.approx(10_000 * FOSSIL)
    # The event retires for the grid, whose power has an attribute already: no 3 GWh for the line.
    assert total(direct_lines=(), green_power=("grid",)) == pytest.approx(4000 * FOSSIL)
    assert run.matching(certificates_MWh=0).share("annual") == pytest.approx(0.4)
    rated = run.rating("ndrc-2025-910", direct_lines=()).table.set_index("indicator")["value"]
    assert rated["direct_supply_share"] == 0.0
    with pytest.raises(ValueError, match="green power works imports no electricity"):
        run.carbon("ndrc-2025-910", green_power=("works",))


def test_a_run_that_is_opened_again_has_the_same_accounts(run: Run, tmp_path: Path) -> None:
    """The contracts travel with the run, to the bit."""
    again = twin.open(run.save(tmp_path / "run"))
    for method in ("ndrc-2025-910", "ghg"):
        pd.testing.assert_frame_equal(run.carbon(method).table, again.carbon(method).table)
    pd.testing.assert_frame_equal(run.matching().table, again.matching().table)
    assert again.facts["contracts"] == {
        "direct_lines": ["wind_line"],
        "certificates": {"green": {"use": "grid.import", "share": 0.5}},
    }


def on_paper(
    rates: Mapping[str, float], contracts: Mapping[str, Any], own: Mapping[str, float]
) -> Run:
    """One hour of the given rates; `own` are certificates of own generation by event [MWh]."""
    flows = [solar(), *(buy(n, "electricity") for n in ("line", "hydro", "grid"))]
    flows += [sell("sale", "electricity"), use("load", "electricity")]
    load = sum(rates.values()) - 2 * rates["sale"]
    made = run_of(flows, {**rates, "load": load}, step_s=3600)
    made.facts["contracts"] = contracts
    lines = [(name, "retire", amount, 0.0) for name, amount in own.items()]
    events = pd.DataFrame(lines, columns=["actor", "what", "before", "after"])
    return Run("", made.network, made.recorded, events, made.facts)


def certificates(share: float = 1.0) -> dict[str, Any]:
    return {"green": {"use": "grid", "share": share}}


@pytest.mark.parametrize(
    ("own", "sold", "grey"),
    [
        (0, 0, 0),  # all 50 are bought
        (40, 0, 0),  # those of the 40 sold without them, and 10 bought
        (50, 0, 10),  # 10 are of power used inside, which is zero already
        (50, 40, 50 + 0),  # the 40 went with the sale: none is left that adds to the park's own
    ],
)
def test_certificates_of_own_power_count_if_it_was_sold(
    own: float, sold: float, grey: float
) -> None:
    """100 MWh of PV, 40 sold and 60 used, 50 bought by grid: `grey` MWh stay at 0.8325.

    Were those of power used inside to count, 60 MWh would make 120 MWh zero.
    """
    rates = {"pv": 100.0, "line": 0.0, "hydro": 0.0, "grid": 50.0, "sale": 40.0}
    run = on_paper(rates, {"certificates": certificates()}, {"green": own})
    account: Any = run.carbon("ndrc-2025-910", certificates_sold_MWh=sold)
    assert account.total_tCO2 == pytest.approx(grey * FOSSIL)


def test_the_contracts_of_a_hydropower_works() -> None:
    """30 MWh of green power and 20 of grid: 20 are grey by the trial method and by market.

    By place all 50 count; as a claim of the month green power is none.
    """
    rates = {"pv": 0.0, "line": 0.0, "hydro": 30.0, "grid": 20.0, "sale": 0.0}
    run = on_paper(rates, {"green_power": ["hydro"]}, {})
    account: Any = run.carbon("ndrc-2025-910")
    assert account.total_tCO2 == pytest.approx(20 * FOSSIL)
    assert account.figures["direct supply share"] == 0.0
    both: Any = run.carbon("ghg", grid_factor=0.5)
    assert both.both["market"] == pytest.approx(20 * 0.6096)
    assert both.both["location"] == pytest.approx(50 * 0.5)
    assert run.matching().share("annual") == pytest.approx(0.6)
    assert run.matching().share("monthly") == 0.0
    # A factor that the call gives goes before.
    mix: Any = run.carbon("ghg", grid_factor=0.5, contracts={"hydro": 0.1})
    assert mix.both["market"] == pytest.approx(20 * 0.6096 + 30 * 0.1)


def test_two_events_for_one_import_cover_it_once() -> None:
    """80 % and 60 % of 50 MWh are 70 certificates for 50 MWh; the other 20 cover no other import.

    Counted in sum they would make 20 MWh of hydropower zero, for which nobody retired any.
    """
    rates = {"pv": 0.0, "line": 0.0, "hydro": 30.0, "grid": 50.0, "sale": 0.0}
    events = {"one": {"use": "grid", "share": 0.8}, "two": {"use": "grid", "share": 0.6}}
    account: Any = on_paper(rates, {"certificates": events}, {}).carbon("ndrc-2025-910")
    assert account.total_tCO2 == pytest.approx(30 * FOSSIL)


AMOUNT = st.floats(0, 100).map(lambda x: round(x, 3))
NAMES = st.sets(st.sampled_from(["line", "hydro"]))


@settings(max_examples=50, deadline=None)
@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), NAMES)
def test_no_kwh_is_claimed_twice(
    pv: float,
    line: float,
    hydro: float,
    grid: float,
    share: float,
    sale: float,
    own: float,
    named: set[str],
) -> None:
    """Zero-carbon imports never exceed the import; all claims never exceed all attributes.

    Attributes are what sun and lines gave, green power and certificates bought. The same park
    written the method's other way, all certificates for imports and those of own generation given
    away, has the same emission.
    """
    rates = {"pv": pv, "line": line, "hydro": hydro, "grid": grid, "sale": sale * pv}
    contracts = {
        key: [n] for key, n in (("direct_lines", "line"), ("green_power", "hydro")) if n in named
    }
    retired = min(own * pv, share * grid)
    full = {**contracts, "certificates": certificates(share)}
    account: Any = on_paper(rates, full, {"green": retired}).carbon("ndrc-2025-910")
    bought = account.table[account.table["item"].str.startswith("bought")]
    claimed = bought[bought["factor"] == 0].groupby("component")["amount"].sum()
    for name, amount in claimed.items():
        assert amount <= rates[str(name)] * (1 + 1e-9) + 1e-9
    zero = account.table[(account.table["unit"] == "MWh") & (account.table["factor"] == 0)]
    gained = pv + sum(rates[n] for n in named) + max(share * grid - retired, 0.0)
    assert zero["amount"].sum() <= gained + 1e-6
    lists: Any = {key: tuple(names) for key, names in contracts.items()}
    other = ndrc(
        on_paper(rates, {}, {}),
        Choices(certificates_MWh=share * grid, certificates_sold_MWh=retired, **lists),
    )
    assert account.total_tCO2 == pytest.approx(other.total_tCO2, abs=1e-6)
