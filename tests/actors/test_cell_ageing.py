"""Cells that age in a run: at rest by hand, by their own record, in the cold, and replaced."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from models.base import Actor, Flow, PhysicsError
from models.market.grid import Grid
from models.market.tariff import Tariff
from models.storage.ageing import CHEMISTRIES, Wear, advance
from models.storage.electricity_storage import LFPBattery, SodiumIonBattery, VanadiumFlowBattery
from tests.actors.plant import lines
from tests.setting import network_of, setting
from twin.engine.actors.build_out import BuildOut
from twin.engine.actors.cell_ageing import CellAgeing
from twin.engine.certify import certify
from twin.engine.recorded import Recorded
from twin.engine.world import World
from twin.network.policy import apply_policy

NIGHT = Tariff(flat=300.0, valley=100.0, valley_hours=[(0, 12)])
PLAIN: dict[str, Any] = {"bus": "electricity", "energy_capacity": 10.0, "power_capacity": 2.0}


def days(
    n: int, actors: Mapping[str, Actor], *, idle: bool = False, air: float = 25.0, **spec: Any
) -> tuple[World, Recorded]:
    """A battery that moves the morning's power to the evening, or lies idle; it loses nothing."""
    here = setting(n_steps=24 * n, temp_air=air)
    kind = spec.pop("kind", LFPBattery)
    lowering = kind(**PLAIN | {"loss_rate": 0.0, "policy": "tariff"} | spec).lower(here)
    grid = Grid(bus="electricity", import_capacity=10.0, import_price=NIGHT)
    lowering.flows += grid.lower(here.of("grid")).flows
    lowering.flows.append(Flow("load", "load", {"electricity": -1.0}, 2.0, steer=-1e4, demand=True))
    for store in lowering.stores:
        assert apply_policy(store, lowering.flows, here.times) is None
    for flow in lowering.flows:
        if idle and flow.component == "it":
            flow.upper = 0.0
    network = network_of(lowering, here)
    world = World(network, actors, horizon_s=86_400 * n, start=here.times[0], seed=1)
    world.run()
    assert certify(world.program, world.record)["worst_gap"] <= 1e-9
    return world, Recorded.of(world.record)


def test_a_month_of_rest_by_hand() -> None:
    """Half full at 25 degC: after d days 1 - 1.2571e-5 x k x (d x 86400)^0.5 of 10 MWh are left.

    As the capacity shrinks the same 5 MWh are more of it; over 29 days this is 0.0001 of the loss,
    and k is 0.60225. Set at the anniversary or never, the capacity would be 10 at the end.
    """
    world, _ = days(30, {"age": CellAgeing(component="it")}, idle=True)
    shares = [after for _, _, after in lines(world, "capacity")]
    assert len(shares) == 29 and all(b < a for a, b in zip(shares, shares[1:], strict=False))
    by_hand = 1 - 1.2571e-5 * 0.60225 * (np.arange(1, 30) * 86_400.0) ** 0.5
    assert shares == pytest.approx(by_hand, abs=2e-6)
    assert world.state.capacity[0] == pytest.approx(10 * by_hand[-1], rel=1e-5)


def test_use_ages_more_and_the_store_obeys() -> None:
    """Twenty days of a daily cycle against twenty of rest; the store is never fuller than allowed.

    The capacity held each day is what the laws give for the recorded levels, computed here from
    the record of the whole run at once: an actor that saw the future, or lost a day, would differ.
    """
    world, recorded = days(20, {"age": CellAgeing(component="it")})
    still, _ = days(20, {"age": CellAgeing(component="it")}, idle=True)
    used = [after for _, _, after in lines(world, "capacity")]
    rested = [after for _, _, after in lines(still, "capacity")]
    assert used[-1] < rested[-1] - 0.005
    levels = np.append(recorded.levels_before[:1, 0], recorded.levels[:, 0])
    law, wear, left = CHEMISTRIES["lfp"], Wear(), 1.0
    for day, held in enumerate(used):
        path = levels[24 * day : 24 * day + 25]
        wear = advance(law, wear, np.ones(24), np.clip(path / (10 * left), 0, 1), 25.0)
        left = wear.left(law)
        assert held == pytest.approx(left, rel=1e-12)
        after = levels[24 * (day + 1) : 24 * (day + 2) + 1]
        assert after.max() <= max(10 * left, after[0]) + 1e-9
    assert wear.cycles == pytest.approx(0.9 * 18, rel=0.05)


def test_what_comes_later_changes_nothing() -> None:
    """The first ten days of twenty are those of ten: the past alone ages."""
    short = lines(days(10, {"age": CellAgeing(component="it")})[0], "capacity")
    long = lines(days(20, {"age": CellAgeing(component="it")})[0], "capacity")
    assert long[: len(short)] == short


def test_cold_takes_a_fifth_and_gives_it_back() -> None:
    """Cells at 0 degC hold 80 %: 8 of 10 MWh from the start; a battery at 9.5 keeps them.

    Nothing is lost that was there, and with `cold: false` the capacity is whole.
    """
    spec: dict[str, Any] = {"idle": True, "air": 0.0, "coldest": -40.0, "initial_soc": 0.95}
    world, recorded = days(2, {"age": CellAgeing(component="it")}, **spec)
    assert lines(world, "capacity")[0] == (0.0, 1.0, pytest.approx(0.8))
    assert recorded.levels[:, 0] == pytest.approx(np.full(48, 9.5))
    plain, _ = days(2, {"age": CellAgeing(component="it", cold=False)}, **spec)
    assert plain.state.capacity[0] > 9.9


def test_new_cells_at_the_end_of_life() -> None:
    """Cells at 80.006 % fall below 80 % on the fourth day, and are new again; once, not each day.

    5 of 8 MWh are 0.625: k = 0.60783. With 15 % lost by time, a day takes (1.2571e-5 k)^2 x 86400 /
    0.3 = 0.00168 %; were they new it would take 0.22 %, and they would be replaced on the first.
    """
    actor = CellAgeing(component="it", calendar_loss=0.15, cycle_loss=0.04994, replaced_at=0.8)
    world, _ = days(10, {"age": actor}, idle=True)
    assert lines(world, "capacity")[0] == (0.0, 1.0, pytest.approx(0.80006))
    assert [hour for hour, _, _ in lines(world, "replaced")] == [4 * 24]
    assert world.state.capacity[0] > 9.9


def test_it_composes_with_building_out() -> None:
    """Half built and aged: the shares multiply, whichever actor comes first by name.

    2 MWh in the 5 that are built age them as 4 do in 10. Counted over all 10, cells that stand at
    40 % would age as at 20 %.
    """
    half = BuildOut(component="it", stages=[{"start": "2025-01-01", "share": 0.5}])
    age = CellAgeing(component="it")
    found = [
        days(3, actors, idle=True, initial_soc=0.2)[0].state.capacity[0]
        for actors in ({"a": half, "b": age}, {"a": age, "b": half})
    ]
    alone = days(3, {"b": age}, idle=True, initial_soc=0.4)[0].state.capacity[0]
    assert found == pytest.approx([alone / 2, alone / 2], rel=1e-12)


@pytest.mark.parametrize(
    ("kind", "given", "match"),
    [
        (VanadiumFlowBattery, {}, "does not say how its cells age"),
        (SodiumIonBattery, {}, "does not say how its cells age"),
        (LFPBattery, {"calendar_loss": 0.6, "cycle_loss": 0.5}, "hold nothing"),
    ],
)
def test_refused(kind: type, given: dict[str, float], match: str) -> None:
    """No law for flow batteries and sodium-ion; cells that are dead from the start."""
    with pytest.raises(PhysicsError, match=match):
        days(1, {"age": CellAgeing(component="it", **given)}, kind=kind)


def test_any_battery_with_a_law_of_its_own() -> None:
    """Sodium-ion cells with the law of LFP and 25 degC age as LFP does."""
    actor = CellAgeing(component="it", cells="lfp", temperature=25.0)
    sodium, _ = days(3, {"age": actor}, kind=SodiumIonBattery, idle=True)
    lfp, _ = days(3, {"age": actor}, idle=True)
    assert lines(sodium, "capacity") == lines(lfp, "capacity")
