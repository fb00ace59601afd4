"""What must hold for every park, whatever is in it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.parks_at_random import Parts, parks
from twin.accounts.ledger import UnbalancedRun, make_ledger
from twin.engine.recorded import Recorded
from twin.network.network import Network
from twin.results import Run, open_run

CAREFUL = settings(max_examples=25, deadline=None)
FEW = settings(max_examples=10, deadline=None)


def finished(parts: Parts, network: Network, recorded: Recorded) -> Run:
    """The run as the user would get it."""
    facts = {
        "park": "random",
        "title": "Random",
        "variant": "",
        "start": "2025-01-01T00:00:00",
        "start_utc": "2025-01-01T00:00:00+00:00",
        "time_zone": "UTC",
        "horizon_s": parts.n_steps * parts.step_s,
        "step_s": parts.step_s,
        "seed": 3,
        "currency": "EUR",
        "conserve": [],
        "wall_s": 0.0,
    }
    columns = ["time_s", "phase", "actor", "component", "what", "before", "after", "cause"]
    return Run("park: {}\n", network, recorded, pd.DataFrame(columns=columns), facts)


@CAREFUL
@given(parks())
def test_saved_results_close(tmp_path_factory: pytest.TempPathFactory, parts: Parts) -> None:
    """Residuals recomputed from the files alone stay below 1e-9.

    If a flow made energy, a step were skipped, or an outage lost part of a step, the relative
    residual would be of the order of that flow's share of the park, 1e-3 and more.
    """
    network = parts.network()
    _, recorded = parts.run(network)
    folder = Path(tmp_path_factory.mktemp("run")) / "run"
    finished(parts, network, recorded).save(folder)
    residuals = open_run(folder).ledger.residuals()
    assert set(residuals) == {"energy", "carbon", "mass"}
    assert max(residuals.values()) <= 1e-9


@CAREFUL
@given(parks(), st.data())
def test_a_corrupted_coefficient_is_caught(parts: Parts, data: st.DataObject) -> None:
    """A coefficient wrong by one per mille leaves a residual, at the bus and at the fence.

    If residuals were computed from what the kernel believes, both would stay zero.
    """
    network = parts.network()
    _, recorded = parts.run(network)
    ledger = make_ledger(network, recorded)
    moved = ledger.flows["amount"]
    busy = [n for n, f in network.flows.items() if moved[n] > 1.0 and len(f.coefficients) > 1]
    if not busy:
        return
    flow = network.flows[data.draw(st.sampled_from(busy))]
    place = data.draw(st.sampled_from(sorted(flow.coefficients)))
    flow.coefficients[place] = np.asarray(flow.coefficients[place]) * 1.001
    with pytest.raises(UnbalancedRun, match="does not close"):
        make_ledger(network, recorded).check()


@FEW
@given(parks(), st.data())
def test_a_corrupted_file_is_caught(
    tmp_path_factory: pytest.TempPathFactory, parts: Parts, data: st.DataObject
) -> None:
    """One rate or one level of the saved arrays wrong by one per mille, and it does not close.

    If opening trusted the summary, or residuals were sums in which errors cancel, it would pass.
    """
    network = parts.network()
    _, recorded = parts.run(network)
    folder = finished(parts, network, recorded).save(Path(tmp_path_factory.mktemp("run")) / "run")
    with xr.open_dataset(folder / "results.nc", engine="h5netcdf") as saved:
        arrays = saved.load()
    name = data.draw(st.sampled_from(["flows", "levels"] if network.stores else ["flows"]))
    values = arrays[name].to_numpy()
    large = np.argwhere(values > 1.0)
    if not len(large):
        return
    row, column = large[data.draw(st.integers(0, len(large) - 1))]
    arrays[name][row, column] *= 1.001
    arrays.to_netcdf(folder / "results.nc", engine="h5netcdf")
    with pytest.raises(UnbalancedRun, match="does not close"):
        open_run(folder).ledger.check()


@CAREFUL
@given(parks())
def test_bounds_hold(parts: Parts) -> None:
    """No rate below zero or above its limit, no store outside its bounds.

    A missed limit would show as a demand served beyond what was asked, or a negative level; a unit
    that ran on through its outage would give more than was offered.
    """
    network = parts.network()
    world, recorded = parts.run(network)
    step = recorded.t0 // network.step_s
    for j, flow in enumerate(network.flows.values()):
        upper = np.asarray(flow.upper, float)
        limit = upper[step] if upper.ndim else np.full(len(step), float(upper))
        assert (recorded.flows[:, j] >= -1e-9).all()
        assert (recorded.flows[:, j] <= limit + 1e-8).all()
    totals = make_ledger(network, recorded).flows
    assert (totals["amount"] <= totals["offered"] + 1e-7).all(), "more than outages left"
    for s, store in enumerate(network.stores.values()):
        assert (recorded.levels[:, s] >= store.minimum - 1e-8).all()
        assert (recorded.levels[:, s] <= store.capacity + 1e-8).all()


@CAREFUL
@given(parks())
def test_an_exclusive_store_never_does_both(parts: Parts) -> None:
    """A battery does not charge and discharge in one step, though negative prices pay for it.

    Without the rule the programme burns energy in the battery whenever the price is negative.
    """
    network = parts.network()
    _, recorded = parts.run(network)
    names = list(network.flows)
    if "fill_electricity" in names:
        fill = recorded.flows[:, names.index("fill_electricity")]
        empty = recorded.flows[:, names.index("empty_electricity")]
        assert not ((fill > 1e-7) & (empty > 1e-7)).any()


@CAREFUL
@given(parks(), st.integers(0, 2**32 - 1))
def test_order_of_components_does_not_matter(parts: Parts, seed: int) -> None:
    """Shuffled components give the same bits.

    A tie broken by position would give another dispatch of the same cost.
    """
    _, first = parts.run(parts.network())
    parts.actors = dict(reversed(parts.actors.items()))
    _, second = parts.run(parts.network(np.random.default_rng(seed)))
    assert np.array_equal(first.flows, second.flows)
    assert np.array_equal(first.levels, second.levels)
    assert np.array_equal(first.t0, second.t0)


@CAREFUL
@given(parks(), st.booleans())
def test_halved_steps_give_the_same_totals(parts: Parts, outages: bool) -> None:
    """A step is a rate times a time, and a store's loss is exact: its length cannot matter.

    The stores are so large that none is ever full or empty, which a step's end could move. An
    event that moved to a step boundary, a rate counted per step, or a loss taken once a step would
    shift the totals.
    """
    for store in parts.stores:
        store.capacity, store.initial = 1e5, 5e4
    if not outages:
        parts.actors = {}
    network = parts.network()
    _, coarse = parts.run(network)
    for flow in parts.flows:
        for name in ("upper", "lower", "cost", "steer"):
            value = np.asarray(getattr(flow, name))
            if value.ndim:
                setattr(flow, name, np.repeat(value, 2))
    parts.n_steps, parts.step_s = 2 * parts.n_steps, parts.step_s // 2
    halved = parts.network()
    _, fine = parts.run(halved)
    first, second = make_ledger(network, coarse), make_ledger(halved, fine)
    assert np.allclose(first.flows["amount"], second.flows["amount"], rtol=1e-9, atol=1e-7)
    assert np.allclose(first.stores["after"], second.stores["after"], rtol=1e-12)
    assert np.allclose(first.stores["loss"], second.stores["loss"], rtol=1e-6, atol=1e-7)


@CAREFUL
@given(parks())
def test_kernel_and_reference_cost_the_same_at_every_step(parts: Parts) -> None:
    """From the same state the kernel's objective is that of HiGHS.

    A wrong pivot would cost more; a violated limit would cost less.
    """
    from twin.engine.certify import certify

    world, _ = parts.run(parts.network())
    result = certify(world.program, world.record)
    assert result["steps"] == world.record.count
    assert result["worst_gap"] <= 1e-9
