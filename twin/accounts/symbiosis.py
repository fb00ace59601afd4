"""Symbiosis on the network: who gives to whom, how much goes round, and who gains by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.base import Carrier, Series
from twin.engine.recorded import Recorded
from twin.network.network import Network

LINK = 1e-9
"""An exchange below this share of the largest is rounding and no link."""


@dataclass(frozen=True)
class Exchanges:
    """What members of a park give to each other in a run.

    Attributes
    ----------
    between : DataFrame
        Amount of a quantity from row to column.
    entering, leaving : Series
        Amount that crossed the park's fence, or was made or spent inside a member.
    quantity, unit : str
    """

    between: pd.DataFrame
    entering: pd.Series
    leaving: pd.Series
    quantity: str
    unit: str

    @property
    def links(self) -> int:
        """Directed pairs with an exchange."""
        array = self.between.to_numpy()
        return int((array > LINK * array.max(initial=0.0)).sum())

    @property
    def connectance(self) -> float:
        """Links over the links that n members could have, n (n - 1)."""
        n = len(self.between)
        return self.links / (n * (n - 1)) if n > 1 else float("nan")

    @property
    def cyclicity(self) -> float:
        """Largest eigenvalue of the adjacency matrix.

        0 if nothing can go round, 1 if there is one simple circle, more if circles share members
        (Fath and Halnes 2007, *Ecological Modelling* 208, 17-24).
        """
        array = self.between.to_numpy()
        adjacent = (array > LINK * array.max(initial=0.0)).astype(float)
        if not adjacent.size:
            return 0.0
        largest = float(np.abs(np.linalg.eigvals(adjacent)).max())
        # Rounding of a nilpotent matrix is not a circle: none is smaller than 1.
        return largest if largest > 0.5 else 0.0

    @property
    def finn(self) -> float:
        """Finn cycling index: share of the throughflow that has been there before [0-1]."""
        return finn_cycling_index(self.between.to_numpy(), self.entering.to_numpy())


def finn_cycling_index(between: np.ndarray, entering: np.ndarray) -> float:
    """Share of the throughflow of a network that is due to cycling [0-1].

    Parameters
    ----------
    between : ndarray, shape (n, n)
        Flow from row to column, in one unit.
    entering : ndarray, shape (n,)
        Flow into each compartment from outside.

    Raises
    ------
    ValueError
        Shapes differ or a flow is negative.

    Notes
    -----
    Finn 1976, *Journal of Theoretical Biology* 56, 363-380: with throughflow T and the share
    g_ij = f_ij / T_j of what comes to j, N = (I - G)^-1 and ``sum T_j (n_jj - 1) / n_jj / sum T``.
    """
    flow, inflow = np.asarray(between, float), np.asarray(entering, float)
    if (
        flow.shape != (len(inflow), len(inflow))
        or flow.min(initial=0) < 0
        or inflow.min(initial=0) < 0
    ):
        raise ValueError(
            f"flows of shape {flow.shape} and inflows of shape {inflow.shape}; expected a square "
            "of the same length, without negative numbers"
        )
    through = flow.sum(axis=0) + inflow
    alive = through > 0
    flow, through = flow[np.ix_(alive, alive)], through[alive]
    if not len(through):
        return 0.0
    visits = np.diag(np.linalg.inv(np.eye(len(through)) - flow / through))
    return float((through * (visits - 1.0) / visits).sum() / through.sum())


def exchanges(
    network: Network,
    record: Recorded,
    quantity: str = "energy",
    owners: Mapping[str, str] | None = None,
) -> Exchanges:
    """Who gave how much of a quantity to whom, by proportional sharing on every bus.

    Parameters
    ----------
    network, record : Network, Recorded
    quantity : str
        A conserved quantity, "exergy", or "amount" for carriers in t/h only, whatever they hold.
    owners : mapping of str to str, optional
        Component to member; components without one stand for themselves. What only crosses the
        fence (supplies, sales, releases) is the outside, unless it has an owner.

    Returns
    -------
    Exchanges
        Exchange of a member with itself is not counted. Negative content (water below 25 C) is
        left out; cold counts by its magnitude.
    """
    step = (record.t0 // network.step_s).astype(np.int64)
    flows = list(network.flows.values())
    member = {f.component: (owners or {}).get(f.component, f.component) for f in flows}
    fence = {
        f.component
        for f in flows
        if f.component not in (owners or {})
        and all(g.side not in ("inside", "sink") for g in flows if g.component == f.component)
    }
    names = sorted({member[c] for c in member if c not in fence})
    index = {name: i for i, name in enumerate(names)}
    n = len(names)
    between = np.zeros((n + 1, n + 1))
    for bus, carrier in network.buses.items():
        content = _content(carrier, quantity)
        gives: dict[int, np.ndarray] = {}
        takes: dict[int, np.ndarray] = {}
        for j, flow in enumerate(flows):
            if bus not in flow.coefficients or content == 0:
                continue
            moved = _moved(flow.coefficients[bus], step, record, j) * content
            i = n if flow.component in fence else index[member[flow.component]]
            for side, amount in ((gives, np.maximum(moved, 0.0)), (takes, np.maximum(-moved, 0.0))):
                if amount.any():
                    side[i] = side.get(i, 0.0) + amount
        if not takes:
            continue
        total = np.sum(list(takes.values()), axis=0)
        for k, amount in takes.items():
            part = np.divide(amount, total, out=np.zeros_like(total), where=total > 0)
            for i, given in gives.items():
                between[i, k] += given @ part
    np.fill_diagonal(between, 0.0)
    inside = between[:n, :n]
    taken, made = inside.sum(axis=0) + between[n, :n], inside.sum(axis=1) + between[:n, n]
    unit = "MWh" if quantity in ("energy", "exergy") else "t"
    frame = pd.DataFrame(inside, names, names)
    # What a member gives beyond what it took was made of other things, and enters there.
    entering = between[n, :n] + np.maximum(made - taken, 0.0)
    leaving = between[:n, n] + np.maximum(taken - made, 0.0)
    return Exchanges(
        frame, pd.Series(entering, names), pd.Series(leaving, names), quantity, unit
    )  # fmt: skip


def accounts_of_members(
    network: Network, record: Recorded, owners: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Money of every member: what it pays outside, and what exchange is worth at shadow prices.

    Returns
    -------
    DataFrame
        By member: cost (paid outside, less earned), bought and sold (on buses, at each step's
        shadow price), surplus: sold less bought less cost. Shadow prices hold the penalties that
        steer a run, so a bus with lost load is dear. [currency]
    """
    step = (record.t0 // network.step_s).astype(np.int64)
    buses = {name: b for b, name in enumerate(network.buses)}
    rows: dict[str, dict[str, float]] = {}
    for j, flow in enumerate(network.flows.values()):
        name = (owners or {}).get(flow.component, flow.component)
        row = rows.setdefault(name, {"cost": 0.0, "bought": 0.0, "sold": 0.0})
        row["cost"] += float(record.cost[j])
        for place, value in flow.coefficients.items():
            if place not in buses:
                continue
            worth = _moved(value, step, record, j) * record.prices[:, buses[place]]
            row["sold"] += float(np.maximum(worth, 0.0).sum())
            row["bought"] += float(np.maximum(-worth, 0.0).sum())
    table = pd.DataFrame.from_dict(rows, orient="index").sort_index()
    table["surplus"] = table["sold"] - table["bought"] - table["cost"]
    return table


def savings(
    linked: tuple[Network, Recorded],
    alone: tuple[Network, Recorded],
    emissions: tuple[pd.DataFrame, pd.DataFrame],
) -> pd.DataFrame:
    """What the links spare, against a run of the same park without them.

    Parameters
    ----------
    linked, alone : tuple of Network and Recorded
        Both runs over the same time, serving the same demands.
    emissions : tuple of DataFrame
        Of both runs, as `fossil_emissions` gives them.

    Returns
    -------
    DataFrame
        By figure: unit, linked, alone, saved (alone less linked), share. Figures: every carrier
        imported, every demand unserved, fossil CO2 and money.

    Raises
    ------
    ValueError
        The runs cover different times.
    """
    ends = [float(record.t1[-1]) for _, record in (linked, alone)]
    if ends[0] != ends[1]:
        raise ValueError(f"the runs end after {ends[0]:g} s and {ends[1]:g} s; compare equal times")
    found = [_figures(*run, table) for run, table in zip((linked, alone), emissions, strict=True)]
    keys = list(dict.fromkeys((*found[0], *found[1])))
    table = pd.DataFrame(
        {
            "unit": [key[1] for key in keys],
            "linked": [found[0].get(key, 0.0) for key in keys],
            "alone": [found[1].get(key, 0.0) for key in keys],
        },
        index=pd.Index([key[0] for key in keys], name="figure"),
    )
    table["saved"] = table["alone"] - table["linked"]
    table["share"] = table["saved"] / table["alone"].where(table["alone"] != 0)
    return table


def gains(linked: pd.DataFrame, alone: pd.DataFrame) -> pd.DataFrame:
    """Who gains what: surplus of every member with and without the links [currency].

    Parameters
    ----------
    linked, alone : DataFrame
        As `accounts_of_members` gives them.
    """
    table = pd.DataFrame({"linked": linked["surplus"], "alone": alone["surplus"]}).fillna(0.0)
    table["gain"] = table["linked"] - table["alone"]
    return table.sort_values("gain", ascending=False, kind="stable")


def _moved(value: Series, step: np.ndarray, record: Recorded, column: int) -> np.ndarray:
    """Amount a flow gives to a place in each interval [MWh or t]."""
    series = np.asarray(value, float)
    amount = np.maximum(record.flows[:, column], 0.0) * record.hours
    moved: np.ndarray = amount * (series[step] if series.ndim else series)
    return moved


def _content(carrier: Carrier, quantity: str) -> float:
    if quantity == "exergy":
        return max(carrier.exergy, 0.0)
    if quantity == "amount":
        return 1.0 if carrier.unit == "t/h" else 0.0
    content = carrier.of(quantity)
    return abs(content) if carrier.kind == "cold" else max(content, 0.0)


def _figures(
    network: Network, record: Recorded, emissions: pd.DataFrame
) -> dict[tuple[str, str], float]:
    step = (record.t0 // network.step_s).astype(np.int64)
    found: dict[tuple[str, str], float] = {}
    for j, flow in enumerate(network.flows.values()):
        if flow.side == "import":
            for place, value in flow.exchange.items():
                entering = -float(_moved(value, step, record, j).sum())
                if entering > 0:
                    key = (f"import {place}", network.surroundings[place].amount_unit)
                    found[key] = found.get(key, 0.0) + entering
        if flow.demand and flow.main:
            missing = float(record.offered[j] - record.flows[:, j] @ record.hours)
            if missing > 1e-9 * max(float(record.offered[j]), 1e-9):
                key = (f"unserved {flow.name}", network.carrier(flow.main).amount_unit)
                scale = abs(float(np.mean(flow.coefficients[flow.main])))
                found[key] = found.get(key, 0.0) + missing * scale
    found["fossil CO2", "t"] = float(emissions["fossil"].sum())
    found["money", "currency"] = float(record.cost.sum())
    return found
