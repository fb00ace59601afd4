"""The ledger of a run: totals and balances, recomputed from the record and not by the kernel.

Every account reads this and nothing else. Residuals are worked out anew from the recorded rates,
the stores' levels and the network's own coefficients, so a wrong coefficient in the compiled
programme, or a flow that was never closed, shows here.

A run that kept totals is one long interval with the coefficients it had on average, and its ledger
is made in the same way. It shows what does not close over the run, not what cancels within it; the
decay of a store is then checked for its sum alone. The figures are those of all intervals but for
rounding: 1e-12 relative over a year of quarter hours, of a standing loss relative to what passed
through its store.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from twin.accounts.balance import Balance, balance
from twin.engine.recorded import Recorded, Summed
from twin.network.conserve import ALWAYS
from twin.network.network import Network

RESIDUAL = 1e-9
"""Largest relative residual a run may leave."""


class UnbalancedRun(RuntimeError):
    """A run that does not close; it names the worst place."""


@dataclass(frozen=True)
class Ledger:
    """Totals of a run.

    Attributes
    ----------
    flows : DataFrame
        One row a flow: component, activity, side, amount [unit of activity], cost [currency],
        offered (what its upper limit allowed), demand, curtailable.
    entries : DataFrame
        One row for each place a flow touches: flow, component, activity, side, place, carrier,
        role (bus, store or outside), amount [MWh or t; positive gives to the place], unit.
        Standing losses of stores appear as flows named after the store.
    stores : DataFrame
        One row a store: carrier, before, after, loss, moved (added by events) [MWh or t].
    balance : Balance
        Residuals of every bus and store, and at the fence.
    """

    flows: pd.DataFrame
    entries: pd.DataFrame
    stores: pd.DataFrame
    balance: Balance

    def residuals(self) -> dict[str, float]:
        """Relative residual per conserved quantity: the worst of fence, buses and stores."""
        return self.balance.residuals

    def check(self) -> None:
        """Refuse a run that does not close.

        Raises
        ------
        UnbalancedRun
            A residual exceeds 1e-9 relative; the message names the place and the amounts.
        """
        worst = max(self.balance.residuals.values(), default=0.0)
        if not worst <= RESIDUAL:
            raise UnbalancedRun(
                f"the run does not close: {self.balance.worst}. Nothing of it can be trusted."
            )

    def bus(self, name: str) -> pd.Series:
        """Amount every flow gave to a bus (positive) or took from it (negative) [MWh or t]."""
        mask = (self.entries["role"] != "outside") & (self.entries["place"] == name)
        if not mask.any():
            known = self.entries.loc[self.entries["role"] == "bus", "place"].unique()
            raise KeyError(f"no bus '{name}'; buses of this run: {', '.join(sorted(known))}")
        return self.entries[mask].set_index("flow")["amount"].sort_values()

    def outside(self) -> pd.Series:
        """Amount of every carrier that crossed the fence outwards, net [MWh or t]."""
        crossing = self.entries[self.entries["role"] == "outside"]
        return crossing.groupby("carrier")["amount"].sum()


def make_ledger(network: Network, record: Recorded, conserve: tuple[str, ...] = ()) -> Ledger:
    """Ledger of a recorded run.

    Parameters
    ----------
    network : Network
        With its own coefficients; the compiled programme is not consulted.
    record : Recorded
        Every interval as it was solved, or totals.
    conserve : tuple of str
        Quantities the park declares beyond energy, carbon and mass.
    """
    sums = None
    if isinstance(record, Summed):
        sums = record.sums
        network, record = record.whole(network)
    hours = record.hours
    step = (record.t0 // network.step_s).astype(int)
    weights = np.ascontiguousarray(record.flows.T) * hours
    rows, entries = [], []
    for j, flow in enumerate(network.flows.values()):
        amount = float(weights[j].sum())
        rows.append(
            {
                "flow": flow.name,
                "component": flow.component,
                "activity": flow.activity,
                "side": flow.side,
                "main": flow.main,
                "amount": amount,
                "cost": float(record.cost[j]),
                "offered": float(record.offered[j]),
                "demand": flow.demand,
                "curtailable": flow.curtailable,
            }
        )
        for places, outside in ((flow.coefficients, False), (flow.exchange, True)):
            for place, value in sorted(places.items()):
                series = np.asarray(value, float)
                # Not a dot product: its bits would depend on the number of cores.
                total = float((weights[j] * series[step]).sum() if series.ndim else amount * series)
                carrier = network.surroundings[place] if outside else network.carrier(place)
                role = "outside" if outside else "bus" if place in network.buses else "store"
                entries.append(
                    {
                        "flow": flow.name,
                        "component": flow.component,
                        "activity": flow.activity,
                        "side": flow.side,
                        "place": place,
                        "carrier": carrier.name,
                        "role": role,
                        "amount": total,
                        "unit": carrier.amount_unit,
                    }
                )
    books = balance(network, record, (*ALWAYS, *conserve), sums)
    lost_of = books.stores["loss"].to_numpy(float)
    for (name, store), lost in zip(network.stores.items(), lost_of, strict=True):
        for place, value in sorted(network.losses.get(name, {}).items()):
            carrier = network.surroundings[place]
            entries.append(
                {
                    "flow": name,
                    "component": store.component,
                    "activity": "storage",
                    "side": "inside",
                    "place": place,
                    "carrier": carrier.name,
                    "role": "outside",
                    "amount": float(np.mean(value) * lost),
                    "unit": carrier.amount_unit,
                }
            )
    return Ledger(
        flows=pd.DataFrame(rows).set_index("flow"),
        entries=pd.DataFrame(entries),
        stores=books.stores,
        balance=books,
    )
