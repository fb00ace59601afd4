"""Labels against sums by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.base import Flow
from models.carriers import STANDARD, SURROUNDINGS
from twin.accounts.embodied import Embodied, embodied
from twin.accounts.footprint import label, labels, product_label
from twin.engine.recorded import Recorded
from twin.network.network import Network


@pytest.fixture
def traced() -> Embodied:
    """Four half hours: 10, 10, 30 and 0 MW of a grid at 0.4, 0.4, 0.8 and 0.8 t/MWh."""
    flows = [
        Flow("import", "grid", {"power": 1.0}, 99.0, exchange={"electricity": -1.0}, side="import"),
        Flow("load", "works", {"power": -1.0}, 99.0, activity="final_use"),
    ]
    net = Network.of(
        {"power": STANDARD["electricity"]},
        flows,
        surroundings={**STANDARD, **SURROUNDINGS},
        n_steps=4,
        step_s=1800,
    )
    rates = np.array([[10.0, 10.0], [10.0, 10.0], [30.0, 30.0], [0.0, 0.0]])
    t0 = np.arange(4) * 1800
    none, zero = np.zeros((4, 0)), np.zeros(2)
    marginal = np.full((4, 1), 0.9)
    record = Recorded(
        t0, t0 + 1800, rates, none, none, np.zeros((4, 1)), zero, zero, marginal=marginal
    )
    return embodied(net, record, {"electricity": np.array([0.4, 0.4, 0.8, 0.8])})


def test_the_annual_label_is_weighted_by_use(traced: Embodied) -> None:
    """25 MWh with 4 + 12 t: 640 kg/MWh; the plain mean of the hours would be 533 or 600."""
    row = labels(traced).loc["power"]
    assert row["amount"] == pytest.approx(25.0)
    assert row["embodied"] == pytest.approx(16.0)
    assert row["average"] == pytest.approx(640.0)
    assert row["marginal"] == pytest.approx(900.0)
    assert row["unit"] == "MWh"


def test_hourly_labels_add_up(traced: Embodied) -> None:
    """Two hours of 400 and 800 kg/MWh; half hours without use weigh nothing."""
    hours = label(traced, "power")
    assert list(hours.index) == [pd.Timedelta(0), pd.Timedelta("1h")]
    assert hours["average"].to_numpy() == pytest.approx([400.0, 800.0])
    assert hours["embodied"].sum() == pytest.approx(16.0)
    halves = label(traced, "power", 1800)
    assert np.isnan(halves["average"].iloc[-1])
    assert halves["amount"].iloc[-1] == 0.0


def test_a_product_label(traced: Embodied) -> None:
    """16 t on 32,000 cells are half a kilogram each."""
    assert product_label(traced, "works", 32_000) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="made 0 products"):
        product_label(traced, "works", 0)
    with pytest.raises(ValueError, match="CO2 ended with: works"):
        product_label(traced, "work", 1)
    with pytest.raises(KeyError, match="places of this run: power"):
        label(traced, "steam")
