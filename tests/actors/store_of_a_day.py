"""A store of 10 MWh beside 1 MW of sun that is worth nothing else, for a day of hours."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from models.base import Actor, Flow, Store
from models.carriers import STANDARD, SURROUNDINGS
from twin.engine.certify import certify
from twin.engine.world import World
from twin.network.conserve import close_flow
from twin.network.network import Network

START = pd.Timestamp("2025-01-01", tz="Asia/Shanghai")


def day(actors: Mapping[str, Actor], *, initial: float) -> np.ndarray:
    """Levels at the end of every hour; every interval is certified by HiGHS."""
    store = Store("store.stored", "store", STANDARD["electricity"], 10.0, initial=initial,
                  policy="thresholds", charge_below=5.0, discharge_above=5.0)  # fmt: skip
    flows = [
        Flow("sun", "sun", {"electricity": 1.0}, 1.0, closes=("sun",)),
        Flow("store.fill", "store", {"electricity": -1.0, "store.stored": 1.0}, 2.0),
        Flow("store.empty", "store", {"electricity": 1.0, "store.stored": -1.0}, 2.0),
    ]
    places = {"electricity": STANDARD["electricity"], "store.stored": store.carrier}
    for flow in flows:
        assert not close_flow(flow, places, {**STANDARD, **SURROUNDINGS})
    network = Network.of(
        {"electricity": STANDARD["electricity"]}, flows, [store],
        surroundings={**STANDARD, **SURROUNDINGS}, n_steps=24, step_s=3600,
    )  # fmt: skip
    world = World(network, dict(actors), horizon_s=86_400, start=START, seed=1)
    world.run()
    assert certify(world.program, world.record)["worst_gap"] <= 1e-9
    return world.record.levels[:, 0].copy()
