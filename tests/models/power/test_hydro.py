"""Hydropower: a textbook dam, part flow by hand, and the bounds of a stream."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from models.base import PhysicsError
from models.power.hydro import Hydro, Turbine, part_flow
from models.series import TimeSeries
from tests.setting import network_of, setting

TURBINES: list[Turbine] = ["kaplan", "propeller", "pelton", "crossflow"]


def test_a_textbook_dam() -> None:
    """Cengel and Cimbala, *Fluid Mechanics*, example 5-13: 100 m3/s, 120 m, 35 m lost, 80 %.

    1000 x 9.81 x 100 x 85 x 0.8 = 66.7 MW. A propeller at its design flow is at its peak; with the
    gross head it would be 94.2 MW.
    """
    plant = Hydro(
        bus="electricity",
        stream=100.0,
        design_flow=100.0,
        head=85.0,
        turbine="propeller",
        peak_efficiency=0.80,
        generator_efficiency=1.0,
    )
    assert plant.power_on(setting()) == pytest.approx(np.full(4, 66.7), abs=0.05)


def test_a_stream_by_hand() -> None:
    """Design flow 4 m3/s under 10 m, 0.5 stays in the bed, the turbine stands below 0.8 m3/s.

    9.80665 kN/m3 x 10 m = 0.0980665 MW per m3/s. 9 m3/s: 4 used, kaplan 1 - 3.5 / 3^6 = 0.995199,
    so 0.392266 x 0.995199 x 0.9 x 0.95 = 0.33378 MW. 3.5: 3 used, at the peak, 0.294200 x 0.855 =
    0.25154 MW. 1.2: 0.7 used, too little. 0.3: dry. Without the residual flow 1.2 would give power.
    """
    here = setting(n_steps=4)
    series = TimeSeries.at(np.array([9.0, 3.5, 1.2, 0.3]), here.times)
    plant = Hydro(
        bus="electricity",
        stream=series,
        design_flow=4.0,
        head=10.0,
        residual_flow=0.5,
        minimum_share=0.2,
    )
    flow = plant.lower(here).flows[0]
    assert flow.upper == pytest.approx([0.33378, 0.25154, 0.0, 0.0], abs=1e-5)
    assert flow.curtailable


@pytest.mark.parametrize(
    ("turbine", "ratio", "relative"),
    [
        ("kaplan", 0.375, 1 - 3.5 / 64),
        ("propeller", 0.5, 1 - 1.25 * 0.5**1.13),
        ("pelton", 0.3325, 1 - 1.385 / 2**6.8),
        ("crossflow", 0.5, (0.79 - 0.075 - 1.37 / 2**14) / 0.79),
    ],
)
def test_part_flow_by_hand(turbine: Turbine, ratio: float, relative: float) -> None:
    """At half of the best flow, from the published curves: 0.945, 0.429, 0.988 and 0.905.

    It is why fixed propellers are not built on streams that vary: a curve without this would give
    them the yield of a Kaplan.
    """
    assert part_flow(np.array([ratio]), turbine)[0] == pytest.approx(relative, rel=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0, 50),
    st.floats(0.5, 20),
    st.floats(1, 500),
    st.floats(0, 5),
    st.sampled_from(TURBINES),
)
def test_bounds(stream: float, design: float, head: float, residual: float, kind: Turbine) -> None:
    """Never more than the water that may be taken holds, and all of it from the fall of water."""
    here = setting()
    plant = Hydro(
        bus="electricity",
        stream=stream,
        design_flow=design,
        head=head,
        residual_flow=residual,
        turbine=kind,
    )
    flow = network_of(plant.lower(here), here).flows["it"]
    held = 9.80665e-3 * head * min(max(stream - residual, 0.0), design)
    assert np.all(np.asarray(flow.upper) >= 0)
    assert np.all(np.asarray(flow.upper) <= 0.9 * 0.95 * held * (1 + 1e-12))
    assert flow.exchange == {"water_power": -1.0}


@pytest.mark.parametrize("kind", TURBINES)
def test_more_water_gives_more_power(kind: Turbine) -> None:
    """Efficiency may fall with flow, power may not once it turns (a propeller at 0.18)."""
    ratio = np.linspace(0.2, 1.0, 200)
    power = ratio * part_flow(ratio, kind)
    assert np.all(np.diff(power) > 0)


def test_a_year_of_a_stream() -> None:
    """A second way to the yield: the flow-duration curve, as RETScreen integrates it.

    Daily flows of a log-normal stream through the year give the same energy as their sorted curve
    in 5 % steps by the trapezoidal rule, within 2 % of the coarse steps.
    """
    rng = np.random.default_rng(3)
    flows = np.exp(rng.normal(1.0, 0.6, 365))
    times = pd.date_range("2025-01-01", periods=365, freq="D", tz="Asia/Shanghai")
    here = setting(n_steps=365, step_s=86_400)
    plant = Hydro(
        bus="electricity",
        stream=TimeSeries.at(flows, times),
        design_flow=4.0,
        head=12.0,
        residual_flow=0.4,
        minimum_share=0.0,
    )
    share = np.linspace(0, 1, 21)
    duration = np.quantile(flows, 1 - share)
    used = np.clip(duration - 0.4, 0, 4.0)
    power = 9.80665e-3 * 12 * used * 0.9 * (1 - 3.5 * ((3.0 - used) / 3.0) ** 6).clip(0) * 0.95
    mean = np.trapezoid(power, share)
    assert plant.power_on(here).mean() == pytest.approx(mean, rel=0.02)


def test_refused() -> None:
    """No flow uphill, and no turbine without losses."""
    good = {"bus": "electricity", "stream": -1.0, "design_flow": 1.0, "head": 5.0}
    with pytest.raises(PhysicsError, match="uphill"):
        Hydro(**good).power_on(setting())
    with pytest.raises(ValidationError):
        Hydro(**{**good, "peak_efficiency": 1.0})
