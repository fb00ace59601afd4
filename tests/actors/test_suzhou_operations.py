"""What happens in Suzhou: a call, the fleet, lorries, certificates, the monthly peak."""

from __future__ import annotations

import pandas as pd
import pytest

from twin.results import Run
from twin.scenario.park import load
from twin.simulate import simulate
from twin.study.reliability import reliability

CLASSES = {"equipment_makers": 160.0, "offices": 55.0, "charging_piles": 10.0}
STORAGE = {"battery_lantian": 50.0, "battery_shengneng": 50.0, "battery_xinneng": 36.0}


@pytest.fixture(scope="module")
def run() -> Run:
    """The first half of July: one call, on Wednesday the 9th from 12 to 14 h."""
    return simulate(load("suzhou"), start="2025-07-01", horizon="14 d")


def test_the_enrolled_classes_are_the_published_ones() -> None:
    """225 MW of load in three classes and 136 MW of distributed energy (white paper)."""
    classes = load("suzhou").events["vpp"].spec.classes.values()
    assert sum(c.adjustable for c in classes if not c.source) == pytest.approx(225)
    assert sum(c.adjustable for c in classes if c.source) == pytest.approx(136)
    assert len([c for c in classes if not c.source]) == 3


def test_what_a_call_sheds_is_delivered_and_not_unserved(run: Run) -> None:
    """300 MW for 2 h, split as 225 to 136 MW: the loads give 374 MWh, the batteries nothing.

    The tariff emptied them in the peak of the morning, so that 62 % of the call is delivered, for 3
    a kWh. Had a call counted as lost load, 374 MWh would be unserved.
    """
    assert run.summary["unserved_MWh"] == 0.0
    found = reliability(run)
    assert (found.carriers["unserved"] == 0.0).all()
    call = found.calls.loc["vpp, call 1"]
    assert call["start"] == pd.Timestamp("2025-07-09 12:00", tz="Asia/Shanghai")
    loads = 600 * 225 / 361
    assert call["called"] == pytest.approx(600)
    assert call["delivered"] == pytest.approx(loads, rel=1e-6)
    assert call["earned"] == pytest.approx(3000 * loads, rel=1e-6)
    # What each class took less than the limit of its demand, from the rates alone.
    flows = run.flows.to_pandas()
    times = flows.index.tz_localize("UTC").tz_convert("Asia/Shanghai")
    then = (times >= "2025-07-09 12:00") & (times < "2025-07-09 14:00")
    day_before = (times >= "2025-07-08 12:00") & (times < "2025-07-08 14:00")
    for component, share in CLASSES.items():
        less = flows.loc[day_before, component].sum() - flows.loc[then, component].sum()
        assert less / 4 == pytest.approx(600 * share / 361, rel=1e-6)
    for component in STORAGE:
        assert flows.loc[then, f"{component}.discharge"].sum() == pytest.approx(0.0, abs=1e-9)


def test_loads_come_back_after_the_call(run: Run) -> None:
    """Half of industry's, 0.3 of the offices' and 0.9 of the vehicles' energy is used later.

    Asked over the fortnight is what the demands would ask without the call, less what was shed, and
    plus the rebound; without it, the call would save energy that nobody saved.
    """
    back = {"equipment_makers": 0.5, "offices": 0.3, "charging_piles": 0.9}
    ledger = run.ledger.flows
    hours = run.network.step_s / 3600.0
    for component, share in CLASSES.items():
        plain = float(run.network.flows[component].upper.sum()) * hours
        shed = 600 * share / 361 * (1 - back[component])
        assert ledger.loc[component, "amount"] == pytest.approx(plain - shed, rel=1e-9)


def test_the_fleet_charges_on_working_days_in_cheap_hours(run: Run) -> None:
    """800 of 1,000 vehicles a working day, 10 kWh each: ten days are 80 MWh, give or take 3 %.

    Standing by day, they charge when the tariff is flat and not in its peaks. An ordinary demand of
    7 MW would take 2,352 MWh in that fortnight.
    """
    power = run.flows.sel(flow="chargers_of_2511_fleet").to_pandas()
    times = power.index.tz_localize("UTC").tz_convert("Asia/Shanghai")
    assert power.sum() / 4 == pytest.approx(80, rel=0.03)
    assert power[times.day_of_week >= 5].max() == 0.0
    dear = ((times.hour >= 8) & (times.hour < 11)) | ((times.hour >= 17) & (times.hour < 22))
    assert power[dear].sum() < 0.05 * power.sum()


def test_lorries_bring_the_kitchen_waste(run: Run) -> None:
    """Loads of 25 t, 280 of them in 14 days within 3 of its deviations of 16.7, and all is used.

    What the bunker got is what moved into it; a tipped load that did not fit would be told.
    """
    log = run.events[run.events["actor"] == "kitchen_waste_lorries"]
    tipped = log[log["what"] == "level"]
    assert ((tipped["after"] - tipped["before"]).round(6) == 25.0).all()
    assert abs(len(tipped) - 280) < 3 * 280**0.5
    stores = run.ledger.stores.loc["kitchen_waste_bunker.stored"]
    assert stores["moved"] == pytest.approx(25.0 * len(tipped))
    assert "sent_back" not in set(log["what"])


def test_money_of_the_month_and_certificates(run: Run) -> None:
    """The peak of the import at 48 a kW, and a certificate for each whole MWh of the sun."""
    imported = run.flows.sel(flow="jiangsu_grid.import").to_pandas()
    charge = run.events[(run.events["actor"] == "demand_charge") & (run.events["what"] == "money")]
    assert charge["after"].sum() == pytest.approx(48_000 * imported.max(), rel=1e-9)
    made = run.ledger.bus("electricity")
    sun = sum(amount for name, amount in made.items() if str(name).startswith("pv_"))
    issued = run.events[(run.events["actor"] == "phcer_of_pv") & (run.events["what"] == "issue")]
    assert issued["after"].iloc[-1] == int(sun)
