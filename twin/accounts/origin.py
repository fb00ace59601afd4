"""Where the energy of a bus came from over a run: proportional sharing of the ledger's totals."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from models.base import Carrier
from twin.accounts.entries import TINY, by_flow, entries_of

if TYPE_CHECKING:
    from twin.results import Run

Origin = Callable[[Carrier, str], float]
"""Value per MWh of energy of a carrier that enters the park through a component."""

NUCLEAR = "nuclear_fuel"


def non_fossil_shares(run: Run, direct_lines: tuple[str, ...] = ()) -> dict[str, float]:
    """Share of the energy of each bus and store that is not fossil, over the run [0-1].

    Sun, wind and ambient heat, nuclear fuel, carriers with biogenic carbon and direct lines are
    non-fossil; other electricity and heat that is bought is not.
    """

    def origin(carrier: Carrier, component: str) -> float:
        clean = carrier.closes == "energy" or is_non_fossil(carrier) or component in direct_lines
        return 1.0 if clean else 0.0

    shares = shared(run, origin, losses_carry=True)
    return {place: min(max(share, 0.0), 1.0) for place, share in shares.items()}


def shared(run: Run, origin: Origin, *, losses_carry: bool) -> dict[str, float]:
    """Value per MWh of energy on each bus and in each store.

    What leaves a place has the mean of what entered it, what a flow gives has the mean of what it
    took. Loops are solved, not iterated.

    Parameters
    ----------
    run : Run
    origin : callable
        Value of what enters from outside.
    losses_carry : bool
        True for shares (a lost MWh takes its part along); False for what stays with the useful
        outputs, such as CO2, which is then allocated to them by energy.
    """
    network = run.network
    places = [*network.buses, *network.stores]
    index = {place: i for i, place in enumerate(places)}
    matrix, right = np.zeros((len(places), len(places))), np.zeros(len(places))
    for place, store in network.stores.items():
        matrix[index[place], index[place]] += store.initial * abs(store.carrier.of("energy"))
    for own in by_flow(entries_of(run)).values():
        taken: list[tuple[int, float, float]] = []
        given: list[tuple[int, float]] = []
        for e in own:
            if e.amount < 0 and e.energy < -TINY:
                value = origin(e.carrier, e.component) if e.outside else 0.0
                taken.append((-1 if e.outside else index[e.place], -e.energy, value))
            elif not e.outside and e.amount > 0 and e.energy > TINY:
                given.append((index[e.place], e.energy))
        total = sum(energy for _, energy, _ in taken)
        if total <= 0:
            continue
        per = total if losses_carry else sum(gain for _, gain in given)
        for target, gain in given:
            matrix[target, target] += gain
            for source, energy, value in taken:
                if source >= 0:
                    matrix[target, source] -= gain * energy / per
                else:
                    right[target] += gain * energy / per * value
    for i in range(len(places)):
        if matrix[i, i] <= TINY:
            matrix[i, :], matrix[i, i], right[i] = 0.0, 1.0, 0.0
        matrix[i, i] *= 1.0 + 1e-12  # a loop that nothing feeds has no value of its own
    solved = np.linalg.solve(matrix, right)
    return {place: float(solved[i]) for place, i in index.items()}


def is_non_fossil(carrier: Carrier) -> bool:
    """All its carbon came out of the air lately, or its energy is that of fission.

    Other fuels without carbon, such as hydrogen, may have been made of anything.
    """
    return carrier.name == NUCLEAR or (carrier.of("carbon") > 0 and carrier.fossil <= 0)
