"""Proof by replay: intervals of a finished run, solved again by HiGHS from the same state."""

from __future__ import annotations

import numpy as np

from twin.engine import reference
from twin.engine.dispatch import Record, State
from twin.network.program import Program


def certify(
    program: Program, record: Record, steps: int | None = None, *, seed: int = 0
) -> dict[str, float]:
    """Compare the objective of recorded intervals with the optimum HiGHS finds.

    Parameters
    ----------
    record : Record
        A full record: it holds the rates, the levels before, and what actors held.
    steps : int, optional
        How many intervals, drawn at random; all by default.
    seed : int

    Returns
    -------
    dict
        `steps` compared, and `worst_gap`: the largest difference relative to the optimum (or to a
        millionth of the money that moves, where the optimum nearly vanishes).

    Raises
    ------
    ValueError
        The record is not full.
    """
    if record.bin_s:
        raise ValueError("certifying needs a full record; run with recording set to full")
    chosen = np.arange(record.count)
    if steps is not None and steps < record.count:
        chosen = np.sort(np.random.default_rng(seed).choice(record.count, steps, replace=False))
    highs = reference.Highs(program)
    worst = 0.0
    for k in chosen:
        now = reference.interval(program, before(program, record, int(k)), *record.times[k, :2])
        best = reference.solve(program, highs, now).objective
        n = len(program.flows)
        terms = now.cost[:n] * record.flows[k]
        scale = max(abs(best), 1e-6 * np.abs(terms).sum(), 1e-6 * program.price_level)
        worst = max(worst, abs(float(terms.sum()) - best) / scale)
    return {"steps": len(chosen), "worst_gap": worst}


def before(program: Program, record: Record, k: int) -> State:
    """The state a recorded interval started from."""
    state = State.start(program)
    state.t = int(record.times[k, 0])
    state.levels[:] = record.levels_before[k]
    if k > 0:
        state.x[:] = record.flows[k - 1]
    state.modifiers[:] = record.patches[record.times[k, 2]]
    return state
