"""A network as flat arrays: the linear programme that every step of a run solves.

One row per bus and per store, one column per flow and one per row::

    sum_j a_ij x_j - s_i = 0      lower <= x <= upper

s_i is the column of its row: fixed at zero for a bus, which balances at every instant; the net
change per hour for a store, within a box set by its level. So the right-hand side is zero, and
the last columns are always a basis to start from.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from models.base import Flow, Series, Store
from twin.network.network import Network

NUDGE_BOUND = 1e-6
"""Widening of a bound, as a share of the column's size."""
NUDGE_COST = 1e-7
"""Rise of a cost, as a share of the programme's price level."""


class Pack:
    """Named arrays laid end to end in one int64 and one float64 array.

    A compiled function takes two arrays and a table of offsets; Python sees the names.
    """

    def __init__(self, **arrays: np.ndarray) -> None:
        self.spans: dict[str, tuple[int, int]] = {}
        self.ints = self._lay({k: v for k, v in arrays.items() if v.dtype.kind in "iub"}, np.int64)
        self.floats = self._lay(
            {k: v for k, v in arrays.items() if v.dtype.kind == "f"}, np.float64
        )
        self._names_of_ints = {k for k, v in arrays.items() if v.dtype.kind in "iub"}

    def _lay(self, arrays: Mapping[str, np.ndarray], dtype: type) -> np.ndarray:
        end = 0
        for name, array in arrays.items():
            self.spans[name] = (end, end + array.size)
            end += array.size
        whole: np.ndarray = np.zeros(end, dtype)
        for name, array in arrays.items():
            start, stop = self.spans[name]
            whole[start:stop] = array.ravel()
        return whole

    def __getitem__(self, name: str) -> np.ndarray:
        """A view of one array; writing to it writes to the pack."""
        start, stop = self.spans[name]
        return (self.ints if name in self._names_of_ints else self.floats)[start:stop]

    def copy(self) -> Pack:
        """An independent pack with the same contents."""
        twin = object.__new__(Pack)
        twin.spans, twin._names_of_ints = self.spans, self._names_of_ints
        twin.ints, twin.floats = self.ints.copy(), self.floats.copy()
        return twin


class Conditions(NamedTuple):
    """What holds in one step before anybody changed it.

    Attributes
    ----------
    value : ndarray, shape (n_entries,)
        Coefficients, in the order of `Program.row`.
    lower, upper, cost, steer : ndarray, shape (n_flows,)
        Limits [unit/h], money and penalties [currency per unit].
    """

    value: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    cost: np.ndarray
    steer: np.ndarray


@dataclass(frozen=True, eq=False)
class Program:
    """The compiled network. Read-only in a run: any number of runs may share it.

    Attributes
    ----------
    network : Network
    buses, flows, stores : tuple of str
        Names, sorted. Rows are buses then stores; columns are flows, then one per row.
    pack : Pack
        start, row, value : the matrix by columns; row_start, row_column, row_entry : by rows, where
        entry points into value.
        lower, upper, cost, steer, ramp : by flow; what does not vary. ramped : flows with a ramp.
        capacity, minimum, initial, loss_rate, exclusive : by store.
        vary_KIND, series_KIND : which items of KIND (value, lower, upper, cost, steer) follow which
        column of `series`; through_flow and series_through : see `through`.
        size : the most a column can carry in this network, for tolerances.
        nudge_lower, nudge_upper, nudge_cost : the perturbation, from the SHA-256 of names.
        signal : emission of a flow per unit, whose marginal value is recorded.
    series : ndarray, shape (n_steps, n_series)
        Everything that varies; identical series are kept once.
    through : tuple of (str, str)
        Flow and place of every coefficient and exchange that varies, whose amounts a record sums.
    price_level : float
        Median magnitude of the costs [currency per unit].
    """

    network: Network
    buses: tuple[str, ...]
    flows: tuple[str, ...]
    stores: tuple[str, ...]
    pack: Pack
    series: np.ndarray
    through: tuple[tuple[str, str], ...]
    price_level: float
    n_steps: int
    step_s: int

    @classmethod
    def compile(cls, network: Network, signal: Mapping[str, Series] | None = None) -> Program:
        """Flatten a network.

        Parameters
        ----------
        network : Network
        signal : mapping of str to Series, optional
            A quantity per unit of activity of a flow, such as t CO2; its marginal value at each
            bus is recorded beside the prices. Flows that are not named have none.

        Raises
        ------
        ValueError
            A limit is not a number, is negative or has no end; lower exceeds upper; a store
            begins outside its bounds, or pays for being emptied and filled at once. The message
            gives the name, the step and the numbers.
        """
        return _compile(network, signal or {})

    @property
    def n_rows(self) -> int:
        """Buses and stores."""
        return len(self.buses) + len(self.stores)

    @property
    def n_columns(self) -> int:
        """Flows, and one column a row."""
        return len(self.flows) + self.n_rows

    def entry(self, flow: str, place: str) -> int:
        """Position in `pack["value"]` of a flow's coefficient on a bus or store."""
        j, i = self.flows.index(flow), (*self.buses, *self.stores).index(place)
        start = self.pack["start"]
        for k in range(start[j], start[j + 1]):
            if self.pack["row"][k] == i:
                return int(k)
        raise KeyError(f"flow '{flow}' has no coefficient on '{place}'")

    def at(self, step: int) -> Conditions:
        """Coefficients, limits and costs of a step."""
        found = []
        for kind in Conditions._fields:
            array = self.pack[kind].copy()
            array[self.pack[f"vary_{kind}"]] = self.series[step, self.pack[f"series_{kind}"]]
            found.append(array)
        return Conditions(*found)

    def signal_at(self, step: int) -> np.ndarray:
        """What each flow gives of the signal in a step, shape (n_flows,)."""
        array = self.pack["signal"].copy()
        array[self.pack["vary_signal"]] = self.series[step, self.pack["series_signal"]]
        return array


class _Table:
    """Columns of the series matrix, each kept once."""

    def __init__(self, n_steps: int) -> None:
        self.n_steps = n_steps
        self.columns: list[np.ndarray] = []
        self._index: dict[bytes, int] = {}

    def add(self, series: np.ndarray) -> int:
        key = hashlib.sha256(series.tobytes()).digest()
        if key not in self._index:
            self._index[key] = len(self.columns)
            self.columns.append(series)
        return self._index[key]

    def matrix(self) -> np.ndarray:
        if not self.columns:
            return np.zeros((self.n_steps, 0))
        return np.ascontiguousarray(np.column_stack(self.columns))


class _Items:
    """One kind of number, each constant or following a series."""

    def __init__(self, table: _Table) -> None:
        self._table = table
        self.base: list[float] = []
        self.vary: list[int] = []
        self.column: list[int] = []

    def add(self, series: Series, what: str) -> None:
        array = _series(series, self._table.n_steps, what)
        if array.size and (array == array[0]).all():
            self.base.append(float(array[0]))
            return
        self.vary.append(len(self.base))
        self.column.append(self._table.add(array))
        self.base.append(0.0)

    def arrays(self, kind: str) -> dict[str, np.ndarray]:
        return {
            kind: np.array(self.base, float),
            f"vary_{kind}": np.array(self.vary, np.int64),
            f"series_{kind}": np.array(self.column, np.int64),
        }


def _series(series: Series, n_steps: int, what: str) -> np.ndarray:
    array = np.asarray(series, float)
    if array.ndim and array.shape != (n_steps,):
        raise ValueError(f"{what} has shape {array.shape}; expected a number or ({n_steps},)")
    array = np.broadcast_to(array, (n_steps,))
    if np.isnan(array).any():
        step = int(np.argmax(np.isnan(array)))
        raise ValueError(f"{what} is not a number at step {step}; fill the gap in its series")
    return array


def _compile(network: Network, signal: Mapping[str, Series]) -> Program:
    buses, stores, flows = (tuple(d) for d in (network.buses, network.stores, network.flows))
    rows = {name: i for i, name in enumerate((*buses, *stores))}
    table = _Table(network.n_steps)
    items = {k: _Items(table) for k in (*Conditions._fields, "signal")}
    start, row = [0], []
    through: list[tuple[str, str]] = []
    through_flow, through_series = [], []
    spread = _Spread(buses, rows)
    for j, flow in enumerate(network.flows.values()):
        steer = np.asarray(flow.steer, float)
        for place in sorted(flow.coefficients, key=rows.__getitem__):
            value = flow.coefficients[place]
            if not np.any(value):
                continue
            items["value"].add(value, f"coefficient of flow '{flow.name}' on '{place}'")
            row.append(rows[place])
            spread.add(j, rows[place], value)
            if place in network.stores:
                steer = steer + _value_of_store(network.stores[place], np.asarray(value, float))
        start.append(len(row))
        lower, upper = _limits(flow, network.n_steps)
        spread.limit(float(np.max(lower, initial=0.0)), float(np.max(upper, initial=0.0)))
        items["lower"].add(flow.lower, f"lower limit of flow '{flow.name}'")
        items["upper"].add(flow.upper, f"upper limit of flow '{flow.name}'")
        items["cost"].add(flow.cost, f"cost of flow '{flow.name}'")
        items["steer"].add(steer, f"steering of flow '{flow.name}'")
        items["signal"].add(signal.get(flow.name, 0.0), f"signal of flow '{flow.name}'")
        for place, value in (*sorted(flow.coefficients.items()), *sorted(flow.exchange.items())):
            if np.ndim(value) and np.ptp(value) > 0:
                through.append((flow.name, place))
                through_flow.append(j)
                through_series.append(table.add(_series(value, network.n_steps, flow.name)))
    size, throughput, ceiling = spread.sizes(flows)
    upper_now = np.array(items["upper"].base)
    upper_now[np.isinf(upper_now)] = ceiling[np.isinf(upper_now)]
    items["upper"].base = list(upper_now)
    for store in network.stores.values():
        _check_store(store)
    matrix = table.matrix()
    for column in range(matrix.shape[1]):
        if np.isinf(matrix[:, column]).any():
            raise ValueError("a series holds an infinite number; give it a limit or leave it out")
    price_level = _price_level(items["cost"], items["steer"], matrix)
    ramp = np.array([f.ramp for f in network.flows.values()], float)
    names = (*flows, *rows)
    sizes = np.concatenate((size, throughput))
    nudges = np.array([_digest(name) for name in names]).reshape(-1, 3)
    pack = Pack(
        **_by_rows(np.array(start, np.int64), np.array(row, np.int64), len(rows)),
        **{k: v for kind, item in items.items() for k, v in item.arrays(kind).items()},
        through_flow=np.array(through_flow, np.int64),
        series_through=np.array(through_series, np.int64),
        ramp=ramp,
        ramped=np.flatnonzero(np.isfinite(ramp)),
        capacity=np.array([s.capacity for s in network.stores.values()], float),
        minimum=np.array([s.minimum for s in network.stores.values()], float),
        initial=np.array([s.initial for s in network.stores.values()], float),
        loss_rate=np.array([s.loss_rate for s in network.stores.values()], float),
        exclusive=np.array([s.exclusive for s in network.stores.values()], bool),
        size=sizes,
        nudge_lower=NUDGE_BOUND * sizes * (0.5 + nudges[:, 0]),
        nudge_upper=NUDGE_BOUND * sizes * (0.5 + nudges[:, 1]),
        nudge_cost=NUDGE_COST * price_level * (0.5 + nudges[:, 2]),
    )
    return Program(
        network=network,
        buses=buses,
        flows=flows,
        stores=stores,
        pack=pack,
        series=matrix,
        through=tuple(through),
        price_level=price_level,
        n_steps=network.n_steps,
        step_s=network.step_s,
    )


def _by_rows(start: np.ndarray, row: np.ndarray, n_rows: int) -> dict[str, np.ndarray]:
    """The pattern of the matrix by columns and by rows."""
    column = np.repeat(np.arange(len(start) - 1), np.diff(start))
    order = np.argsort(row, kind="stable")
    counts = np.bincount(row, minlength=n_rows)
    return {
        "start": start,
        "row": row,
        "row_start": np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        "row_column": column[order].astype(np.int64),
        "row_entry": order.astype(np.int64),
    }


def _limits(flow: Flow, n_steps: int) -> tuple[np.ndarray, np.ndarray]:
    lower = _series(flow.lower, n_steps, f"lower limit of flow '{flow.name}'")
    upper = _series(flow.upper, n_steps, f"upper limit of flow '{flow.name}'")
    bad = (lower < 0) | (upper < lower)
    if bad.any():
        step = int(np.argmax(bad))
        raise ValueError(
            f"flow '{flow.name}' has limits [{lower[step]:.6g}, {upper[step]:.6g}] at step {step}; "
            "expected 0 <= lower <= upper"
        )
    return lower, upper


def _value_of_store(store: Store, value: np.ndarray) -> np.ndarray:
    """Penalty per unit of a flow that gives `value` to a store, from what the store is worth."""
    below, above = np.asarray(store.charge_below, float), np.asarray(store.discharge_above, float)
    if np.any(below > above):
        step = int(np.argmax(np.ravel(below > above)))
        raise ValueError(
            f"store '{store.name}' would be emptied to be filled: charge_below "
            f"{np.ravel(below)[min(step, below.size - 1)]:.6g} is above discharge_above "
            f"{np.ravel(above)[min(step, above.size - 1)]:.6g} at step {step}; "
            "to mend: keep charge_below <= discharge_above"
        )
    return np.asarray(np.where(value > 0, -value * below, -value * above))


def _check_store(store: Store) -> None:
    if not 0 <= store.minimum <= store.initial <= store.capacity < np.inf:
        raise ValueError(
            f"store '{store.name}' has minimum {store.minimum:.6g}, initial {store.initial:.6g} "
            f"and capacity {store.capacity:.6g}; expected 0 <= minimum <= initial <= capacity"
        )
    if not 0 <= store.loss_rate < np.inf:
        raise ValueError(f"store '{store.name}' has loss_rate {store.loss_rate}; expected >= 0 1/h")


class _Spread:
    """How much each column and row of a network can carry."""

    def __init__(self, buses: tuple[str, ...], rows: Mapping[str, int]) -> None:
        self._n_buses, self._n_rows = len(buses), len(rows)
        self._entries: list[tuple[int, int, float, float]] = []
        self._upper: list[float] = []

    def add(self, flow: int, row: int, value: Series) -> None:
        give = float(np.max(value, initial=0.0))
        take = float(np.max(np.negative(value), initial=0.0))
        self._entries.append((flow, row, give, take))

    def limit(self, lower: float, upper: float) -> None:
        self._upper.append(upper)

    def sizes(self, flows: tuple[str, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Size of flows and rows, and a limit for flows that have none.

        A flow cannot give a bus more than everything else takes from it, nor take more than
        everything gives.
        """
        upper = np.array(self._upper, float)
        most = upper.copy()
        for _ in range(4):
            give, take = np.zeros(self._n_rows), np.zeros(self._n_rows)
            for j, i, up, down in self._entries:
                give[i] += up * most[j] if up else 0.0
                take[i] += down * most[j] if down else 0.0
            for j, i, up, down in self._entries:
                if i < self._n_buses and not (up and down):
                    most[j] = min(most[j], take[i] / up if up else give[i] / down)
        endless = [flows[j] for j in np.flatnonzero(np.isinf(most))]
        if endless:
            raise ValueError(
                f"flows without an upper limit: {', '.join(endless)}; nothing on their buses "
                "limits them either. To mend: give each the largest rate that can occur"
            )
        typical = float(np.median(most[most > 0])) if (most > 0).any() else 1.0
        throughput = np.minimum(give, take)
        throughput[self._n_buses :] = np.maximum(give, take)[self._n_buses :]
        throughput[throughput <= 0] = typical
        size = np.where(most > 0, most, np.where(np.isfinite(upper) & (upper > 0), upper, typical))
        for j, i, up, down in self._entries:
            # Rounding on a large bus reaches its small flows.
            size[j] = max(size[j], 0.01 * throughput[i] / max(up, down))
        return size, throughput, 10.0 * most


def _price_level(cost: _Items, steer: _Items, matrix: np.ndarray) -> float:
    worst = np.zeros(len(cost.base))
    for item in (cost, steer):
        largest = np.abs(np.array(item.base))
        if item.vary:
            largest[item.vary] = np.abs(matrix[:, item.column]).max(axis=0)
        worst = np.maximum(worst, largest)
    return float(np.median(worst[worst > 0])) if (worst > 0).any() else 1.0


def _digest(name: str) -> tuple[float, float, float]:
    """Three numbers in [0, 1) that belong to a name for ever."""
    digest = hashlib.sha256(name.encode()).digest()
    a, b, c = (int.from_bytes(digest[k : k + 8], "big") / 2**64 for k in (0, 8, 16))
    return a, b, c
