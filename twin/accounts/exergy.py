"""Exergy: what is destroyed where, and how much of what enters is put to use.

Recomputed from the recorded rates and the carriers' exergy against one dead state (25 C,
1.01325 bar). Heat given to the ambient and flue gas carry none, so what they could have done
counts as destroyed where they leave.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.base import Carrier
from twin.accounts.balance import balance
from twin.engine.recorded import Recorded
from twin.network.network import Network

SECOND_LAW = 1e-9
"""Largest share of what a flow takes that it may seem to create, for rounding."""


CARRIERS = frozenset({"electricity", "work", "steam", "heat", "water"})
"""Kinds of carrier that are energy beside fuels and cold."""

SKY = frozenset({"sun", "wind"})
"""Surroundings whose energy is counted, by what is converted of it."""

USERS = frozenset({"final_use", "process"})
"""Activities whose energy is put to use where it is taken."""


class SecondLaw(RuntimeError):
    """A flow or a store that gave more exergy than it took."""


@dataclass(frozen=True)
class Exergy:
    """Exergy of a run [MWh].

    Attributes
    ----------
    components : DataFrame
        By component: taken and given (on buses it shares with others), entered and left (across
        the fence), used (by final uses), destroyed, and efficiency: one less what is destroyed of
        what goes in.
    park : dict
        entered, used, exported (sold or handed over), released, destroyed, stored, residual
        (relative), cascade_efficiency: used and exported over entered less stored.
    """

    components: pd.DataFrame
    park: dict[str, float]


def exergy_account(network: Network, record: Recorded) -> Exergy:
    """Exergy destroyed by every component, and the balance of the park.

    A final use receives what it takes and does not return; what becomes of it behind the socket
    is the user's, so it counts as used and not as destroyed.

    Raises
    ------
    SecondLaw
        A flow or a store gave more than it took; names it and the amounts.
    """
    step = (record.t0 // network.step_s).astype(np.int64)
    columns = ("taken", "given", "entered", "left", "used", "destroyed")
    rows: dict[str, dict[str, float]] = {}
    private = _private(network)
    park = dict.fromkeys(("entered", "used", "exported", "released", "destroyed", "stored"), 0.0)
    for j, flow in enumerate(network.flows.values()):
        amount = np.maximum(record.flows[:, j], 0.0) * record.hours
        row = rows.setdefault(flow.component, dict.fromkeys(columns, 0.0))
        part = dict.fromkeys(columns, 0.0)
        kept = scale = 0.0
        for place, value in flow.coefficients.items():
            given = _moved(value, step, amount) * network.carrier(place).exergy
            out, into = float(np.maximum(given, 0.0).sum()), float(np.maximum(-given, 0.0).sum())
            kept, scale = kept + into - out, scale + into
            if place not in private:
                part["given"] += out
                part["taken"] += into
        for place, value in flow.exchange.items():
            crossing = _moved(value, step, amount) * network.surroundings[place].exergy
            part["left"] += float(np.maximum(crossing, 0.0).sum())
            part["entered"] += float(np.maximum(-crossing, 0.0).sum())
        spent = kept + part["entered"] - part["left"]
        spent = _second_law(flow.name, spent, scale + part["entered"])
        part["used" if flow.activity == "final_use" else "destroyed"] = spent
        for column in columns:
            row[column] += part[column]
        park["entered"] += part["entered"]
        sold = flow.side in ("export", "disposal")
        park["exported" if sold else "released"] += part["left"]
        park["used"] += part["used"]
        park["destroyed"] += part["destroyed"]
    books = balance(network, record, ()).stores
    figures = books[["loss", "moved", "before", "after"]].to_numpy(float)
    for (name, store), (lost, moved, before, after) in zip(
        network.stores.items(), figures, strict=True
    ):
        worth = store.carrier.exergy
        left = sum(
            float(np.mean(np.maximum(a, 0.0))) * network.surroundings[p].exergy * lost
            for p, a in network.losses.get(name, {}).items()
        )
        spent = _second_law(name, worth * lost - left, worth * abs(lost))
        row = rows.setdefault(store.component, dict.fromkeys(columns, 0.0))
        row["destroyed"] += spent
        row["left"] += left
        park["destroyed"] += spent
        park["released"] += left
        park["entered"] += worth * moved
        park["stored"] += worth * (after - before)
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(columns))
    going = table["taken"] + table["entered"]
    table["efficiency"] = 1.0 - table["destroyed"] / going.where(going > 0)
    leaving = sum(park[k] for k in ("used", "exported", "released", "destroyed", "stored"))
    scale = max(park["entered"], abs(park["stored"]), 1e-12)
    park["residual"] = abs(park["entered"] - leaving) / scale
    net = park["entered"] - park["stored"]
    park["cascade_efficiency"] = (
        (park["used"] + park["exported"]) / net if net > 0 else float("nan")
    )
    return Exergy(table.sort_index(), park)


def energy_efficiency(
    network: Network,
    record: Recorded,
    components: Collection[str] | None = None,
    *,
    by: str = "lhv",
) -> dict[str, object]:
    """Useful energy that leaves a boundary over the energy that enters it.

    Parameters
    ----------
    network, record : Network, Recorded
    components : collection of str, optional
        The boundary goes round these: what they take enters, what they give is useful. By default
        round the whole park: imports, sun and wind enter; what final uses and processes keep, and
        exports, are useful.
    by : {"lhv", "enthalpy"}
        Fuels by their LHV as utilities report, or by enthalpy (HHV and sensible heat). Other
        energy carriers by enthalpy, cold by its magnitude.

    Returns
    -------
    dict
        boundary (in words), by, entered, useful [MWh], efficiency.

    Raises
    ------
    ValueError
        An unknown component or basis.

    Notes
    -----
    Energy carriers are electricity, work, fuels, steam, heat, cold and warm water. Fuel made of
    other materials (biogas of a residue) enters as it is made. Heat taken from the surroundings
    is not counted, so heat pumps and chillers may lift the figure above one. What goes out and
    comes back, as steam and its condensate, counts for the difference. Reported figures of this
    kind differ by their boundary more than by the technology.
    """
    if by not in ("lhv", "enthalpy"):
        raise ValueError(f"energy by '{by}'; it can be lhv or enthalpy")
    every = {flow.component for flow in network.flows.values()}
    inside = every if components is None else set(components)
    if inside - every:
        raise ValueError(f"no components {', '.join(sorted(inside - every))} in this park")
    step = (record.t0 // network.step_s).astype(np.int64)
    net: dict[str, float] = {}
    entered = useful = 0.0
    for j, flow in enumerate(network.flows.values()):
        if flow.component not in inside:
            continue
        amount = np.maximum(record.flows[:, j], 0.0) * record.hours
        gained = material = 0.0
        for place, value in flow.coefficients.items():
            given = float(_moved(value, step, amount).sum())
            carrier = network.carrier(place)
            worth = _energy(carrier, by)
            gained += given * worth
            if worth == 0:
                material += max(-given * carrier.of("energy"), 0.0)
            net[place] = net.get(place, 0.0) + given * worth
        if flow.activity in USERS:
            useful += max(-gained, 0.0) if components is None else 0.0
        else:
            entered += min(max(gained, 0.0), material)
        for place, value in flow.exchange.items():
            out = float(_moved(value, step, amount).sum())
            energy = out if place in SKY else out * _energy(network.surroundings[place], by)
            if components is None or place in SKY:
                entered += max(-energy, 0.0)
                useful += max(energy, 0.0) if flow.side == "export" else 0.0
    if components is not None:
        for place in sorted(set(net) - set(network.stores)):
            useful += max(net[place], 0.0)
            entered += max(-net[place], 0.0)
        words = (
            f"round {', '.join(sorted(inside))}: what they take enters, what they give is useful"
        )
    else:
        words = (
            "round the park: imports, sun and wind enter; what final uses and processes keep, "
            "and exports, are useful"
        )
    efficiency = useful / entered if entered > 0 else float("nan")
    return {
        "boundary": words,
        "by": by,
        "entered": entered,
        "useful": useful,
        "efficiency": efficiency,
    }


def _energy(carrier: Carrier, by: str) -> float:
    """Energy per unit of an energy carrier [MWh]; zero for materials and surroundings."""
    kinds = set(carrier.kind.split("|"))
    if "fuel" in kinds:
        return carrier.lhv if by == "lhv" and carrier.lhv else max(carrier.of("energy"), 0.0)
    if "cold" in kinds:
        return abs(carrier.of("energy"))
    return max(carrier.of("energy"), 0.0) if kinds & CARRIERS else 0.0


def _private(network: Network) -> set[str]:
    """Places that only one component touches: inside its walls."""
    owners: dict[str, set[str]] = {}
    for flow in network.flows.values():
        for place in flow.coefficients:
            owners.setdefault(place, set()).add(flow.component)
    return {place for place, found in owners.items() if len(found) == 1}


def _moved(value: object, step: np.ndarray, amount: np.ndarray) -> np.ndarray:
    series = np.asarray(value, float)
    moved: np.ndarray = amount * (series[step] if series.ndim else series)
    return moved


def _second_law(name: str, spent: float, scale: float) -> float:
    if spent < -SECOND_LAW * max(scale, 1e-6):
        raise SecondLaw(
            f"'{name}' gave {-spent:.6g} MWh more exergy than the {scale:.6g} MWh it took; "
            "a carrier's exergy or a coefficient is wrong"
        )
    return max(spent, 0.0)
