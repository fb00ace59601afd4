"""A plain setting for the tests of single models, and the check that a lowering conserves."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from models.base import Carrier, Lowering
from models.carriers import STANDARD, SURROUNDINGS
from models.site import Setting, Site, Weather
from twin.network.conserve import ALWAYS, close_flow, close_store
from twin.network.network import Network

SITE = Site(31.32, 120.72, "Asia/Shanghai")


def setting(
    *extra: Carrier,
    component: str = "it",
    n_steps: int = 4,
    step_s: int = 3600,
    site: Site = SITE,
    start: str = "2025-01-01",
    **weather: float | np.ndarray,
) -> Setting:
    """All standard carriers as buses of the same name plus `extra`; constant weather by default."""
    defaults = {
        "ghi": 0.0,
        "dni": 0.0,
        "dhi": 0.0,
        "temp_air": 15.0,
        "relative_humidity": 60.0,
        "wind_speed": 5.0,
        "rain": 0.0,
        "pressure": 101325.0,
        "zenith": 90.0,
        "azimuth": 180.0,
    }
    arrays = {
        name: np.broadcast_to(np.asarray(weather.get(name, value), float), (n_steps,)).copy()
        for name, value in defaults.items()
    }
    times = pd.date_range(start, periods=n_steps, freq=f"{step_s}s", tz=site.time_zone)
    return Setting(
        component=component,
        buses={**STANDARD, **{c.name: c for c in extra}},
        site=site,
        times=times,
        step_s=step_s,
        weather=Weather(**arrays),
        workday=np.asarray(times.day_of_week < 5),
        rng=lambda name: np.random.default_rng(7),
    )


def network_of(lowering: Lowering, setting: Setting, conserved: Iterable[str] = ALWAYS) -> Network:
    """The lowering as a closed network; fails the test with the reasons if it does not close."""
    buses = {**setting.buses, **lowering.buses}
    outside = {**STANDARD, **SURROUNDINGS, **buses}
    places = {**buses, **{s.name: s.carrier for s in lowering.stores}}
    violations = []
    for flow in lowering.flows:
        violations += close_flow(flow, places, outside, tuple(conserved))
    for store in lowering.stores:
        violations += close_store(store, outside, tuple(conserved))[1]
    assert not violations, "\n".join(v.message for v in violations)
    used = {place for flow in lowering.flows for place in flow.coefficients}
    return Network.of(
        {name: carrier for name, carrier in buses.items() if name in used},
        lowering.flows,
        lowering.stores,
        surroundings=outside,
        n_steps=setting.n_steps,
        step_s=setting.step_s,
    )
