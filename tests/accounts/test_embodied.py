"""Embodied CO2 against networks solved by hand, a slow second implementation, and its own sum."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from models.base import Carrier, Flow, Store
from models.carriers import STANDARD
from tests.accounts.hand import BURNING, HEAT, OUTSIDE, POWER, network, recorded, supply, use
from twin.accounts.embodied import Embodied, embodied, emission_signal
from twin.accounts.footprint import labels
from twin.accounts.tracing import fossil_emissions
from twin.engine.recorded import Recorded
from twin.engine.world import World
from twin.network.network import Network


def of(traced: Embodied, flow: str) -> float:
    """What ended with a flow over the run [t CO2]."""
    return float(traced.received[:, list(traced.network.flows).index(flow)].sum())


def at(traced: Embodied, place: str, step: int = 0) -> float:
    """Intensity of a place [t CO2 per MWh or t]."""
    return float(traced.intensity[step, traced.places.index(place)])


def test_two_plants_that_feed_each_other() -> None:
    """A needs heat of B and B power of A: two unknowns, solved by hand.

    A makes 0.4 power of 1 fuel and 0.1 heat, B 0.8 heat of 1 fuel and 0.05 power. With 0.2 t per
    fuel: 0.4 e = 0.2 + 0.1 h and 0.8 h = 0.2 + 0.05 e, so e = 4/7 and h = 2/7. One round of
    following would give e = 0.5.
    """
    net = network(
        {"fuel": POWER, "power": POWER, "heat": HEAT},
        [
            supply("import", "fuel"),
            Flow("a", "a", {"fuel": -1.0, "heat": -0.1, "power": 0.4}, 99.0),
            Flow("b", "b", {"fuel": -1.0, "power": -0.05, "heat": 0.8}, 99.0),
            use("power_use", "power"),
            use("heat_use", "heat"),
        ],
    )
    rates = {"import": [20.0], "a": [10.0], "b": [10.0], "power_use": [3.5], "heat_use": [7.0]}
    traced = embodied(net, recorded(net, rates), {"import": 0.2})
    assert at(traced, "power") == pytest.approx(4 / 7, rel=1e-11)
    assert at(traced, "heat") == pytest.approx(2 / 7, rel=1e-11)
    assert of(traced, "power_use") + of(traced, "heat_use") == pytest.approx(4.0, rel=1e-11)


@pytest.mark.parametrize(
    ("allocation", "prices", "share"),
    [
        ("energy", None, 0.3 / 0.8),
        ("exergy", None, 0.3 / (0.3 + 0.5 * HEAT.exergy)),
        ("price", {"power": 100.0, "heat": 20.0}, 30.0 / 40.0),
        ("mass", None, 0.3 / 0.8),
    ],
)
def test_co_products(allocation: str, prices: dict[str, float] | None, share: float) -> None:
    """A CHP with 0.3 power and 0.5 heat shares its own fossil CO2 by the chosen basis.

    Neither product has a mass, so mass falls back to energy and says so.
    """
    net = network(
        {"gas": STANDARD["natural_gas"], "power": POWER, "heat": HEAT},
        [
            supply("import", "gas", "natural_gas"),
            Flow("chp", "chp", {"gas": -1.0, "power": 0.3, "heat": 0.5}, 99.0, closes=BURNING),
            use("power_use", "power"),
            use("heat_use", "heat"),
        ],
    )
    record = recorded(net, {"import": [10.0], "chp": [10.0], "power_use": [3.0], "heat_use": [5.0]})
    traced = embodied(net, record, allocation=allocation, prices=prices)
    direct = fossil_emissions(net, record).loc["chp", "fossil"]
    assert direct == pytest.approx(10 * STANDARD["natural_gas"].of("carbon") * 44.009 / 12.011)
    assert of(traced, "power_use") == pytest.approx(direct * share, rel=1e-11)
    assert of(traced, "heat_use") == pytest.approx(direct * (1 - share), rel=1e-11)
    assert traced.basis == ({"chp": "energy"} if allocation == "mass" else {})
    assert traced.without_factor == ("import",)


def test_a_lossy_store_remembers() -> None:
    """10 MWh at 1 t go in; 2 are lost on the way and 3 while waiting: 5 come out at 2 t each.

    A loss that took its carbon along would leave 5 t unaccounted for.
    """
    store = Store("tank", "tank", POWER, 20.0, loss_rate=0.3)
    net = network(
        {"grid": POWER, "site": POWER},
        [
            supply("import", "grid"),
            Flow("fill", "tank", {"grid": -1.0, "tank": 0.8}, 99.0),
            Flow("empty", "tank", {"tank": -1.0, "site": 1.0}, 99.0),
            use("load", "site"),
        ],
        [store],
    )
    rates = {
        "import": [10.0, 0, 0],
        "fill": [10.0, 0, 0],
        "empty": [0, 0, 5.0],
        "load": [0, 0, 5.0],
    }
    levels = [[0.0], [8.0], [5.0], [0.0]]
    traced = embodied(net, recorded(net, rates, levels), {"import": 1.0})
    assert traced.stored[:, 0] == pytest.approx([10.0, 10.0, 0.0])
    assert at(traced, "site", 2) == pytest.approx(2.0)
    assert at(traced, "tank", 0) == pytest.approx(10 / 8)
    assert np.isnan(at(traced, "site", 0))


def test_what_events_move_is_booked() -> None:
    """A lorry takes half of a tank of 4 t: 2 t leave with it and 2 are left."""
    store = Store("tank", "tank", POWER, 20.0, initial=8.0)
    net = network({"grid": POWER}, [supply("import", "grid"), use("load", "grid")], [store])
    rates = {"import": [1.0, 1.0], "load": [1.0, 1.0]}
    record = recorded(net, rates, [[8.0], [8.0], [8.0]])
    moved = Recorded(**{**record.__dict__, "levels_before": np.array([[8.0], [4.0]]),
                        "levels": np.array([[8.0], [4.0]])})  # fmt: skip
    traced = embodied(net, moved, {"import": 1.0}, stored=0.5)
    assert traced.books["removed"] == pytest.approx(2.0)
    assert traced.books["stored"] == pytest.approx(2.0)
    assert traced.books["residual"] < 1e-12


def test_a_consumer_keeps_what_it_does_not_return() -> None:
    """Steam is used and all its condensate comes back: by energy the user keeps (s - c) / s.

    Given to what goes back, the whole burden would run round and never end with anybody.
    """
    steam = Carrier("steam", "t/h", {"energy": 0.8, "mass": 1.0, "water": 1.0}, 0.2, kind="steam")
    water = Carrier("water", "t/h", {"energy": 0.1, "mass": 1.0, "water": 1.0}, 0.01, kind="water")
    flows = [
        supply("import", "power"),
        Flow("boiler", "boiler", {"power": -0.7, "water": -1.0, "steam": 1.0}, 99.0),
        Flow("user", "user", {"steam": -1.0, "water": 1.0}, 99.0, activity="final_use"),
    ]
    net = network({"power": POWER, "steam": steam, "water": water}, flows)
    record = recorded(net, {"import": [7.0], "boiler": [10.0], "user": [10.0]})
    for allocation in ("energy", "mass"):
        traced = embodied(net, record, {"import": 1.0}, allocation=allocation)
        # s = 0.7 + w and w = s * 0.1 / 0.8
        assert at(traced, "steam") == pytest.approx(0.8, rel=1e-11)
        assert of(traced, "user") == pytest.approx(7.0, rel=1e-11)
    assert traced.basis == {"user": "energy"}


def test_losses_are_borne_by_those_who_use_the_rest() -> None:
    """Of 10 MWh at 1 t, 2 are lost and 8 used: the user has 10 t, at 1.25 each.

    Where everything is lost, it stays with the loss, for there is nobody else.
    """
    net = network(
        {"grid": POWER},
        [supply("import", "grid"), use("load", "grid"), Flow("loss", "wire", {"grid": -1.0}, 99.0)],
    )
    rates = {"import": [10.0, 10.0], "load": [8.0, 0.0], "loss": [2.0, 10.0]}
    traced = embodied(net, recorded(net, rates), {"import": 1.0})
    assert of(traced, "load") == pytest.approx(10.0)
    assert of(traced, "loss") == pytest.approx(10.0)
    assert at(traced, "grid") == pytest.approx(1.25)
    assert traced.through[:, 0] == pytest.approx([8.0, 10.0])
    assert labels(traced).loc["grid", "embodied"] == pytest.approx(20.0)
    assert list(traced.sinks()["role"].sort_index()) == ["final_use", "loss"]


def test_a_service_keeps_what_it_uses() -> None:
    """By energy the sludge would carry all the power of its plant; as a service it keeps it."""
    water = Carrier("water", "t/h", {"mass": 1.0})
    sludge = Carrier("sludge", "t/h", {"mass": 1.0, "energy": 0.5}, 0.5)
    net = _plant(water, sludge)
    rates = {"sewer": [10.0], "import": [1.0], "plant": [10.0], "drain": [9.0], "tip": [1.0]}
    assert of(embodied(net, recorded(net, rates), {"import": 1.0}), "tip") == pytest.approx(1.0)
    traced = embodied(net, recorded(net, rates), {"import": 1.0}, services=["plant"])
    assert of(traced, "plant") == pytest.approx(1.0)
    assert traced.sinks().loc["plant", "role"] == "service"


def _plant(water: Carrier, sludge: Carrier) -> Network:
    """Not closed: only what is traced matters here."""
    plant = {"in": -1.0, "power": -0.1, "out": 0.9, "sludge": 0.1}
    flows = [
        Flow("sewer", "sewer", {"in": 1.0}, 99.0, side="import"),
        supply("import", "power"),
        Flow("plant", "plant", plant, 99.0, activity="treatment"),
        Flow("drain", "drain", {"out": -1.0}, 99.0, side="emission"),
        Flow("tip", "tip", {"sludge": -1.0}, 99.0, side="disposal"),
    ]
    buses = {"in": water, "out": water, "sludge": sludge, "power": POWER}
    return Network.of(buses, flows, surroundings=OUTSIDE, n_steps=4, step_s=3600)


def test_wrong_words_are_refused() -> None:
    """An unknown factor, basis or component would silently count zero."""
    net = network({"grid": POWER}, [supply("import", "grid"), use("load", "grid")])
    record = recorded(net, {"import": [1.0], "load": [1.0]})
    with pytest.raises(ValueError, match="which nothing imports; imports of this park: import"):
        embodied(net, record, {"electricty": 0.5})
    with pytest.raises(ValueError, match="it can be energy, exergy, mass, price"):
        embodied(net, record, allocation="volume")
    with pytest.raises(ValueError, match="no component"):
        embodied(net, record, allocation={"chp": "mass"})
    with pytest.raises(ValueError, match="no components"):
        embodied(net, record, services=["chp"])


def test_the_signal_of_a_run_gives_marginal_factors() -> None:
    """5 of clean and 3 of dirty supply serve 8: 0.3 on the average, 0.8 at the margin."""
    net = Network.of(
        {"grid": POWER},
        [
            Flow("clean", "clean", {"grid": 1.0}, 5.0, cost=10.0, exchange={"electricity": -1.0}),
            Flow("dirty", "dirty", {"grid": 1.0}, 9.0, cost=50.0, exchange={"electricity": -1.0}),
            Flow(
                "load", "load", {"grid": -1.0}, 8.0, steer=-1e4, activity="final_use", main="grid"
            ),
        ],
        surroundings=OUTSIDE,
        n_steps=2,
        step_s=3600,
    )
    factors = {"dirty": 0.8}
    world = World(net, {}, horizon_s=7200, seed=1, start=pd.Timestamp("2025-01-01", tz="UTC"),
                  signal=emission_signal(net, factors))  # fmt: skip
    world.run()
    record = Recorded.of(world.record)
    traced = embodied(net, record, factors)
    assert at(traced, "grid") == pytest.approx(0.3)
    assert record.marginal is not None
    assert record.marginal[:, 0] == pytest.approx(0.8)


def test_signal_of_a_burner() -> None:
    """A gas burner signals its own CO2, a biogas burner none."""
    flows = [
        Flow("g", "g", {"gas": -1.0, "heat": 0.9}, 9.0, closes=BURNING),
        Flow("b", "b", {"biogas": -1.0, "heat": 0.9}, 9.0, closes=BURNING),
    ]
    gas = {"gas": STANDARD["natural_gas"], "biogas": STANDARD["biogas"], "heat": HEAT}
    signal = emission_signal(network(gas, flows))
    assert signal == {"g": pytest.approx(STANDARD["natural_gas"].of("carbon") * 44.009 / 12.011)}
