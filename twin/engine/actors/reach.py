"""What an actor of operations sees and touches: flows and stores by name, needs, moves, money.

Plain functions on a world, so that each actor reads as the thing it is about. Those on a network
serve an actor's `check` too, before there is a world.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from models.base import Flow, PhysicsError, Store
from models.calendar import workdays
from twin.engine.modifiers import NEEDS
from twin.network.network import Network

DAY_S = 86_400
Item = TypeVar("Item", Flow, Store)


def flow_of(world: Any, name: str) -> int:
    """Index of a flow: by its own name, or of a component that has only one.

    Raises
    ------
    PhysicsError
        There is no such flow, or the component has several; the message lists them.
    """
    return list(world.network.flows).index(flow_named(world.network, name).name)


def flow_named(network: Network, name: str, key: str = "") -> Flow:
    """A flow by its own name, or the only one of a component; `key` is the field that names it.

    Raises
    ------
    PhysicsError
        There is no such flow, or the component has several; the message lists them.
    """
    return _named("flow", network.flows, name, key)


def store_of(world: Any, name: str) -> int:
    """Index of a store: by its own name, or of a component that has only one.

    Raises
    ------
    PhysicsError
        There is no such store, or the component has several; the message lists them.
    """
    return list(world.network.stores).index(store_named(world.network, name).name)


def store_named(network: Network, name: str, key: str = "") -> Store:
    """A store by its own name, or the only one of a component; `key` is the field that names it.

    Raises
    ------
    PhysicsError
        There is no such store, or the component has several; the message lists them.
    """
    return _named("store", network.stores, name, key)


def _named(what: str, items: Mapping[str, Item], name: str, key: str) -> Item:
    if name in items:
        return items[name]
    own = [item for item in items.values() if item.component == name]
    if len(own) == 1:
        return own[0]
    if own:
        raise PhysicsError(
            f"'{name}' has several {what}s: {', '.join(item.name for item in own)}",
            key=key,
            mend="name one of these",
        )
    near = [n for n, item in items.items() if item.component == name.split(".")[0]]
    of = f"'{name.split('.')[0]}'" if near else "this park"
    raise PhysicsError(
        f"no {what} or component '{name}'; {what}s of {of}: {', '.join(near or items) or 'none'}",
        key=key,
        mend="name one of these",
    )


def ways_of(world: Any, component: str) -> tuple[int, int, int]:
    """Indices of a battery's store, of the flow that fills it and of the one that empties it.

    Raises
    ------
    ValueError
        The component is no battery.
    """
    store = store_of(world, component)
    place = world.program.stores[store]
    flows = [
        (j, float(np.max(flow.coefficients[place])))
        for j, flow in enumerate(world.network.flows.values())
        if place in flow.coefficients
    ]
    charge = [j for j, share in flows if share > 0]
    discharge = [j for j, share in flows if share <= 0]
    if len(charge) != 1 or len(discharge) != 1:
        raise ValueError(f"'{component}' is no battery: it needs one way in and one way out")
    return store, charge[0], discharge[0]


def limits(world: Any, flow: int) -> np.ndarray:
    """Upper limit of a flow as the park was built, shape (n_steps,) [unit of activity per hour]."""
    program = world.program
    where = np.flatnonzero(program.pack["vary_upper"] == flow)
    if len(where):
        return np.asarray(program.series[:, program.pack["series_upper"][where[0]]])
    return np.full(program.n_steps, program.pack["upper"][flow])


def costs(world: Any, name: str) -> np.ndarray:
    """Known price of a unit of a flow, such as an import by tariff, shape (n_steps,).

    A component of several flows is priced by its import.
    """
    flows = world.network.flows
    if name not in flows:
        imports = [f.name for f in flows.values() if f.component == name and f.side == "import"]
        name = imports[0] if len(imports) == 1 else name
    flow = list(flows.values())[flow_of(world, name)]
    return np.broadcast_to(np.asarray(flow.cost, float), (world.program.n_steps,))


def supplied(world: Any, name: str) -> set[str]:
    """Buses to which a flow, or any flow of a component, gives."""
    return {
        place
        for flow in world.network.flows.values()
        if name in (flow.name, flow.component)
        for place, value in flow.coefficients.items()
        if place in world.network.buses and np.any(np.asarray(value) > 0)
    }


def per_unit(world: Any, flow: int, bus: str) -> float:
    """Activity of a flow per unit on a bus: 1 for a demand, whose coefficient is -1.

    Raises
    ------
    ValueError
        The flow does not touch the bus, or its coefficient there varies.
    """
    item = list(world.network.flows.values())[flow]
    value = np.asarray(item.coefficients.get(bus, 0.0), float)
    if value.ndim and np.ptp(value) == 0:
        value = value[0]
    if value.ndim or not value:
        how = "has a varying share of" if value.ndim else "does not touch"
        raise ValueError(
            f"flow '{item.name}' {how} bus '{bus}'; name a component that takes from it"
        )
    return float(1.0 / abs(value))


def check_room(world: Any, flow: int, rate: float, what: str) -> None:
    """Refuse a need that the flow could never carry, which would be cut without a word.

    Raises
    ------
    ValueError
    """
    try:
        _fits(world.program.flows[flow], rate, float(limits(world, flow).min()), what, "")
    except PhysicsError as error:
        raise ValueError(f"{error}; to mend: {error.mend}") from None


def check_room_of(flow: Flow, rate: float, what: str, key: str = "") -> None:
    """As `check_room`, of a flow of a network; `key` is the field that needs so much.

    Raises
    ------
    PhysicsError
    """
    _fits(flow.name, rate, float(np.min(flow.upper)), what, key)


def _fits(name: str, rate: float, room: float, what: str, key: str) -> None:
    if rate > room * (1 + 1e-9):
        raise PhysicsError(
            f"{what} may need {rate:.6g} of '{name}' at once, whose limit is {room:.6g}",
            key=key,
            mend="raise the limit of that component or allow less at once",
        )


def need(
    world: Any,
    flow: int,
    rate: float,
    *,
    by: str,
    part: str = "",
    cause: str = "",
    quiet: bool = False,
) -> None:
    """Let a flow be asked for by `by` at a rate, beside what others ask of it.

    The sum of all needs caps the flow. A demand falls short of it where supply does; any other
    flow is held at it.

    Parameters
    ----------
    flow : int
        Index of the flow.
    rate : float
        [unit of activity per hour]; 0 ends the need.
    part : str
        Tells several needs of one actor on one flow apart.
    quiet : bool
        Write no line: for needs that change at every step.
    """
    held: dict[tuple[str, str], float] = world.needs.setdefault(flow, {})
    before = math.fsum(held.values())
    held.pop((by, part), None)
    if rate > 0:
        held[by, part] = rate
    after = math.fsum(held.values())
    name = world.program.flows[flow]
    world.hold("cap", name, after, by=NEEDS)
    if not world.network.flows[name].demand:
        world.hold("floor", name, after, by=NEEDS)
    if not quiet and before != after:
        world.note(name, "need", before, after, by=by, cause=cause)


def room_in(world: Any, store: int) -> float:
    """What still fits into a store [MWh or t]."""
    return max(float(world.program.pack["capacity"][store] - world.state.levels[store]), 0.0)


def stock_of(world: Any, store: int) -> float:
    """What can be taken from a store [MWh or t]."""
    return max(float(world.state.levels[store] - world.program.pack["minimum"][store]), 0.0)


def move(world: Any, store: int, amount: float, *, by: str, cause: str = "") -> float:
    """Put an amount into a store, or take one out, as far as it goes; return what was moved.

    Parameters
    ----------
    amount : float
        Positive puts in, negative takes out [MWh or t]. The ledger shows it as `moved`.
    """
    return float(world.move(world.program.stores[store], amount, by=by, cause=cause))


def pay(world: Any, component: str, money: float, *, by: str, cause: str) -> None:
    """Post money that is no price of a flow: positive is paid by the park [currency]."""
    world.note(component, "money", 0.0, money, by=by, cause=cause)


def amount_so_far(world: Any, flow: int) -> float:
    """Activity of a flow since the start of the run, up to now."""
    return float(world.record.totals.amount[flow])


def mean_rate(world: Any, flow: int, begin_s: int, end_s: int) -> float:
    """Mean rate of a flow over a past window, from what was recorded."""
    return float(window_means(world, flow, begin_s, end_s, end_s - begin_s)[0])


def window_means(world: Any, flow: int, begin_s: int, end_s: int, window_s: int) -> np.ndarray:
    """Mean rate of a flow in each window of a past span; the last may be cut short by its end.

    Raises
    ------
    ValueError
        The span is not in the past of the run, or the run keeps sums only.
    """
    record = world.record
    if record.bin_s:
        raise ValueError(
            "only a full record can look back; to mend: let the actor say looks_back = True"
        )
    if not 0 <= begin_s < end_s <= world.now:
        raise ValueError(f"[{begin_s}, {end_s}) s is not in the past of a run at {world.now} s")
    first = int(np.searchsorted(record.t1, begin_s, side="right"))
    last = int(np.searchsorted(record.t0, end_s, side="left"))
    t0, t1 = record.t0[first:last], record.t1[first:last]
    rates = record.rows[first:last, flow]
    energy = rates * (t1 - t0) / 3600.0
    edges = np.append(np.arange(begin_s, end_s, window_s), end_s)
    total = np.concatenate(([0.0], np.cumsum(energy)))
    upto = np.interp(edges, np.append(t0[:1], t1), total)
    return np.asarray(np.diff(upto) * 3600.0 / np.minimum(window_s, np.diff(edges)))


def local_days(world: Any) -> pd.DatetimeIndex:
    """Local midnights from the one before the start to the one after the end."""
    last = world.start + pd.Timedelta(seconds=world.horizon_s)
    first = world.start.normalize()
    return pd.date_range(first, last.normalize() + pd.DateOffset(days=1), freq="D")


def midnights(world: Any) -> np.ndarray:
    """Seconds of the local midnights from the one before the start to the one after the end."""
    days = local_days(world)
    return np.asarray((days - world.start).total_seconds(), float).round().astype(np.int64)


def are_workdays(world: Any, days: pd.DatetimeIndex) -> np.ndarray:
    """Whether local days are working days: by the park's country, or Monday to Friday."""
    country = world.country
    return workdays(days, country) if country else np.asarray(days.day_of_week < 5)


def turns(world: Any, frequency: str) -> list[int]:
    """Seconds at which local months ("MS") or years ("YS") begin within the run."""
    last = world.start + pd.Timedelta(seconds=world.horizon_s)
    begins = pd.date_range(world.start.normalize(), last, freq=frequency)
    inside = [round((t - world.start).total_seconds()) for t in begins]
    return [t for t in inside if 0 < t < world.horizon_s]
