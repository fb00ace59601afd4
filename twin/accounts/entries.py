"""The ledger's entries as typed records, with the carrier each one moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.base import Carrier

if TYPE_CHECKING:
    from twin.results import Run

TINY = 1e-9
"""Amounts below this are rounding of the solver [MWh or t]."""


@dataclass(frozen=True)
class Entry:
    """What a flow gave to a place over the run (negative: took).

    Attributes
    ----------
    flow, component, activity, side, place : str
    carrier : Carrier
    outside : bool
        The place is a carrier at the fence, not a bus or a store.
    amount : float
        [MWh or t]
    """

    flow: str
    component: str
    activity: str
    side: str
    place: str
    carrier: Carrier
    outside: bool
    amount: float

    def of_kind(self, *kinds: str) -> bool:
        """Whether the carrier is of one of the kinds."""
        return not set(kinds).isdisjoint(self.carrier.kind.split("|"))

    @property
    def energy(self) -> float:
        """Energy given to the place, by its content [MWh]."""
        return self.amount * self.carrier.of("energy")


def entries_of(run: Run) -> list[Entry]:
    """Entries of the run's ledger, in its order."""
    columns = ("flow", "component", "activity", "side", "place", "role", "amount")
    table = run.ledger.entries
    network = run.network
    found = []
    for flow, component, activity, side, place, role, amount in zip(
        *(table[column].tolist() for column in columns), strict=True
    ):
        outside = role == "outside"
        carrier = network.surroundings[place] if outside else network.carrier(place)
        found.append(Entry(flow, component, activity, side, place, carrier, outside, float(amount)))
    return found


def by_flow(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    """Entries of each flow, flows in the order of their names."""
    flows: dict[str, list[Entry]] = {}
    for entry in entries:
        flows.setdefault(entry.flow, []).append(entry)
    return dict(sorted(flows.items()))
