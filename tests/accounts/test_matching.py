"""Renewable claims under three periods, with and without storage."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Flow, Store
from models.carriers import STANDARD
from tests.accounts.books import buy, run_of, sell, solar, use
from twin.accounts.matching import attribute, matching
from twin.results import Run


def day() -> Run:
    """Four hours of load 10: PV of 30, 10, 0, 0; a lossless battery stores 20, gives 10 and 10."""
    flows = [
        solar(), buy("grid", "electricity"), use("load", "electricity"),
        Flow("battery.charge", "battery", {"electricity": -1.0, "battery.stored": 1.0}, 99.0,
             activity="storage", main="electricity"),
        Flow("battery.discharge", "battery", {"electricity": 1.0, "battery.stored": -1.0}, 99.0,
             activity="storage", main="electricity"),
    ]  # fmt: skip
    store = Store("battery.stored", "battery", STANDARD["electricity"], 40.0)
    return run_of(
        flows,
        {"pv": [30, 10, 0, 0], "grid": [0, 0, 0, 0], "load": [10] * 4,
         "battery.charge": [20, 0, 0, 0], "battery.discharge": [0, 0, 10, 10]},
        stores=[store], levels={"battery.stored": [0, 20, 20, 10, 0]}, step_s=3600,
    )  # fmt: skip


def test_storage_decides_the_hourly_claim() -> None:
    """PV matches the year fully; hour by hour 20 of 40 MWh, and all 40 with storage counted.

    A score that gave storage nothing would call a solar park with enough batteries half green.
    """
    found = matching(day())
    assert found.share("annual") == pytest.approx(1.0)
    assert found.share("monthly") == pytest.approx(1.0)
    assert found.share("hourly") == pytest.approx(0.5)
    assert found.share("hourly", "counted") == pytest.approx(1.0)
    assert found.score == pytest.approx(1.0)
    assert found.deciding.startswith("storage attribution in hourly matching: 100.0% with it")


def months(pv: tuple[float, float], load: float = 10.0) -> Run:
    """January and February in steps of a day: PV differs, load does not, the grid evens out."""
    series = [pv[0]] * 31 + [pv[1]] * 28
    flows = [
        solar(),
        buy("grid", "electricity"),
        sell("sale", "electricity"),
        use("load", "electricity"),
    ]
    rates = {
        "pv": series,
        "load": [load] * 59,
        "grid": [max(load - x, 0.0) for x in series],
        "sale": [max(x - load, 0.0) for x in series],
    }
    return run_of(flows, rates, step_s=86_400)


def test_sold_surplus_matches_nothing() -> None:
    """PV of 20 in January and 0 in February against 10: January's surplus is sold with its claim.

    Matched 31 of 59 days under every period. Counted in, the year would be matched fully.
    """
    found = matching(months((20, 0)), target=0.9)
    for period in ("annual", "monthly", "hourly"):
        assert found.share(period) == pytest.approx(31 / 59)
    assert "no way of matching reaches 90%" in found.deciding


def test_the_period_decides_a_contract() -> None:
    """A contract delivers 20 MWh/h in January and nothing in February: the year needs 14,160 MWh.

    Annual: 31 x 24 x 20 = 14,880 MWh, all matched. Monthly and daily: 31 of 59 days.
    """
    profile = np.array([480.0] * 31 + [0.0] * 28)
    found = matching(months((0, 0)), contracted={"wind": profile}, target=0.8)
    assert found.share("annual") == pytest.approx(1.0)
    assert found.share("monthly") == pytest.approx(31 / 59)
    assert found.share("hourly") == pytest.approx(31 / 59)
    assert found.deciding == "the matching period: annual gives 100.0%, monthly gives 52.5%"


def test_certificates_match_the_year_only() -> None:
    """7080 MWh of certificates are half of 59 x 24 x 10 MWh, of the year and of no month."""
    found = matching(months((0, 0)), certificates_MWh=7080)
    assert found.share("annual") == pytest.approx(0.5)
    assert found.share("monthly") == 0.0
    assert found.score == 0.0


def test_a_mixed_store_gives_what_it_was_given() -> None:
    """10 MWh of surplus PV and 30 MWh of grid power in store: a quarter of what comes out is green.

    Green first would call all of the first 10 MWh green. Supply 10 with load 0, then grid 30.
    """
    stored, released = attribute(
        np.array([10.0, 0, 0, 0]),
        np.zeros(4),
        np.array([10.0, 30, 0, 0]),
        np.array([0.0, 0, 20, 20]),
    )
    assert stored.tolist() == [10, 0, 0, 0]
    assert released == pytest.approx([0, 0, 5, 5])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_shorter_periods_never_match_more(data: st.DataObject) -> None:
    """Hourly <= monthly <= annual <= 1, and storage never gives more than it took in."""
    n = 59
    numbers = st.lists(st.floats(0, 30, allow_subnormal=False), min_size=n, max_size=n)
    pv, load = data.draw(numbers), data.draw(numbers)
    load = [x + 1.0 for x in load]
    flows = [
        solar(),
        buy("grid", "electricity"),
        use("load", "electricity"),
        sell("sale", "electricity"),
    ]
    rates = {
        "pv": pv,
        "load": load,
        "grid": [max(b - a, 0) for a, b in zip(pv, load, strict=True)],
        "sale": [max(a - b, 0) for a, b in zip(pv, load, strict=True)],
    }
    run = run_of(flows, rates, step_s=86_400)
    profile = np.array(data.draw(numbers)) * 24
    found = matching(run, contracted={"wind": profile})
    for storage in ("counted", "not counted"):
        hourly, monthly, annual = (found.share(p, storage) for p in ("hourly", "monthly", "annual"))
        assert 0 <= hourly <= monthly + 1e-12 <= annual + 2e-12 <= 1 + 3e-12
    assert found.hourly["released"].sum() <= found.hourly["stored"].sum() + 1e-9


def test_what_a_user_may_write_wrong() -> None:
    """A profile of the wrong length would match the wrong hours."""
    with pytest.raises(ValueError, match="give 4 amounts"):
        matching(day(), contracted={"wind": np.ones(3)})
    with pytest.raises(ValueError, match="target is 80"):
        matching(day(), target=80)
