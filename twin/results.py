"""One execution of a park: its series, its ledger, and a folder that holds both."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import xarray as xr

from twin.accounts.ledger import Ledger, make_ledger
from twin.accounts.tracing import fossil_emissions
from twin.engine.recorded import Recorded, Summed, Sums
from twin.network.archive import dump, restore
from twin.network.network import Network

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from twin.accounts.account import CarbonAccount
    from twin.accounts.embodied import Embodied, Factors
    from twin.accounts.exergy import Exergy
    from twin.accounts.instruments.settlement import Settlement
    from twin.accounts.inventory import Inventory
    from twin.accounts.matching import Matching
    from twin.accounts.money import MoneyAccount
    from twin.accounts.quantify import Comparison
    from twin.accounts.ratings import Rating
    from twin.accounts.symbiosis import Exchanges

FILES = ("scenario.yaml", "results.nc", "ledger.parquet", "summary.json")
_ARRAYS = {
    "t0": ("interval",),
    "t1": ("interval",),
    "flows": ("interval", "flow"),
    "levels_before": ("interval", "store"),
    "levels": ("interval", "store"),
    "prices": ("interval", "bus"),
    "cost": ("flow",),
    "offered": ("flow",),
    "marginal": ("interval", "bus"),
}
"""Fields of `Recorded` and their dimensions in results.nc."""
_SUMS: dict[str, tuple[str, ...]] = {
    "span_s": (),
    **dict.fromkeys(("amount", "cost", "offered"), ("flow",)),
    **dict.fromkeys(("through", "coefficient"), ("varying",)),
    **dict.fromkeys(("begin", "put", "taken", "loss", "end"), ("store",)),
}
"""Fields of `Sums` and their dimensions."""


@dataclass(frozen=True, eq=False, repr=False)
class Run:
    """A finished run.

    Attributes
    ----------
    scenario : str
        The park as run, fully resolved, as YAML.
    network : Network
    recorded : Recorded
        Every interval as it was solved; or totals, if the run was to keep no more.
    events : DataFrame
        time_s, phase, actor, component, what, before, after, cause.
    facts : dict
        What the engine knows of the run: park, start, seed, wall_s, versions ...
    """

    scenario: str
    network: Network
    recorded: Recorded
    events: pd.DataFrame
    facts: dict[str, Any]

    def __repr__(self) -> str:
        facts = self.facts
        variant = f" ({facts['variant']})" if facts.get("variant") else ""
        days = facts["horizon_s"] / 86_400
        return f"Run of {facts['park']}{variant}, {days:g} d from {facts['start'][:10]}"

    @cached_property
    def ledger(self) -> Ledger:
        """Totals and balances, recomputed from the recorded rates."""
        return make_ledger(self.network, self.recorded, tuple(self.facts["conserve"]))

    @cached_property
    def emissions(self) -> pd.DataFrame:
        """CO2 to the air by flow, and its fossil part traced through the network [t CO2].

        Traced interval by interval; of a run that kept totals, over the whole run as one.
        """
        return fossil_emissions(self.network, self.recorded)

    def embodied(self, factors: Factors | None = None, **choices: Any) -> Embodied:
        """Embodied CO2 of every bus and store in each step, and with whom it ends.

        Parameters
        ----------
        factors : mapping of str to Series, optional
            t CO2 per MWh or t of imports, by flow or carrier.
        **choices
            allocation, prices, stored and services of `twin.accounts.embodied.embodied`.
        """
        from twin.accounts.embodied import embodied

        return embodied(self.network, self.recorded, factors, **choices)

    @cached_property
    def exergy(self) -> Exergy:
        """Exergy destroyed by component, and the balance of the park [MWh]."""
        from twin.accounts.exergy import exergy_account

        return exergy_account(self.network, self.recorded)

    def exchanges(self, quantity: str = "energy") -> Exchanges:
        """What owners gave to each other of a conserved quantity, "exergy" or "amount"."""
        from twin.accounts.symbiosis import exchanges

        return exchanges(self.network, self.recorded, quantity, self.facts.get("owners"))

    def savings(self, alone: Run) -> pd.DataFrame:
        """What the links of this run spare, against a run of the same park without them."""
        from twin.accounts.symbiosis import savings

        runs = [(run.network, run.recorded) for run in (self, alone)]
        return savings(runs[0], runs[1], (self.emissions, alone.emissions))

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The figures of `summary.json`."""
        from twin.view.summary import summarise

        return summarise(self)

    @property
    def memory(self) -> int:
        """Bytes that the record holds: intervals, means and totals."""
        return self.recorded.memory

    @property
    def series_step_s(self) -> int:
        """Length of the steps that series are on [s]: the network's, or that of the means."""
        kept = self.facts.get("record", "full")
        return int(kept.removesuffix(" s")) if kept.endswith(" s") else self.network.step_s

    @property
    def flows(self) -> xr.DataArray:
        """Rates, time-weighted over each step: dimensions time and flow, with units.

        Steps are the longer ones of a run that kept means, here and in `prices` and `levels`.

        Raises
        ------
        ValueError
            The run kept totals only.
        """
        units = [self._unit(flow.main) for flow in self.network.flows.values()]
        components = [flow.component for flow in self.network.flows.values()]
        flows = self._on_steps(self.recorded.series.flows, "flow", list(self.network.flows))
        return flows.assign_coords(unit=("flow", units), component=("flow", components))

    @property
    def prices(self) -> xr.DataArray:
        """Shadow price of every bus: the objective's rise per unit more demand.

        It holds money and the penalties that steer (lost load, store values).
        """
        units = [f"{self.facts['currency']}/{c.amount_unit}" for c in self.network.buses.values()]
        prices = self._on_steps(self.recorded.series.prices, "bus", list(self.network.buses))
        return prices.assign_coords(unit=("bus", units))

    @property
    def marginal_emissions(self) -> xr.DataArray:
        """Rise of CO2 per unit more demand of every bus, beside the average of `embodied`.

        Counts what the park emits, and imports by the factors the run was given.
        """
        series = self.recorded.series
        values = np.zeros_like(series.prices) if series.marginal is None else series.marginal
        units = [f"tCO2/{c.amount_unit}" for c in self.network.buses.values()]
        marginal = self._on_steps(values, "bus", list(self.network.buses))
        return marginal.assign_coords(unit=("bus", units))

    @property
    def levels(self) -> xr.DataArray:
        """Store contents at the n_steps + 1 instants between steps: dimensions time and store."""
        series, step = self.recorded.series, self._step
        last = np.flatnonzero(np.diff(step, append=step[-1] + 1))
        values = np.concatenate([series.levels_before[:1], series.levels[last]])
        length = int(series.t1[-1]) - int(step[-1]) * self.series_step_s
        times = np.append(self._times, self._times[-1] + np.timedelta64(length, "s"))
        units = [store.carrier.amount_unit for store in self.network.stores.values()]
        names = list(self.network.stores)
        return xr.DataArray(
            values, dims=("time", "store"), coords={"time": times, "store": names}, name="level"
        ).assign_coords(unit=("store", units))

    def carbon(self, method: str | None = None, **choices: Any) -> CarbonAccount | Inventory:
        """Carbon account by a method, "ndrc-2025-910" or "ghg"; the scenario's by default.

        `choices` are those of `twin.accounts.ndrc.Choices` and `twin.accounts.ghg.Choices`.
        """
        from twin.accounts.methods import carbon

        return carbon(self, method, **choices)

    def rating(self, scheme: str, **choices: Any) -> Rating:
        """The run held against a scheme of `twin.accounts.ratings.TITLES`.

        `choices` are `year`, `spot_market` and `data` of the rating, and those of the NDRC account.
        """
        from twin.accounts.methods import rating

        return rating(self, scheme, **choices)

    def money(self, settlements: Iterable[Settlement] = ()) -> MoneyAccount:
        """What the run cost and earned, with what instruments settled beside it [currency]."""
        from twin.accounts.money import money

        return money(self, settlements)

    def matching(self, **choices: Any) -> Matching:
        """Renewable claims under annual, monthly and hourly matching."""
        from twin.accounts.matching import matching

        return matching(self, **choices)

    def quantify(self, source: str, **choices: Any) -> Comparison:
        """CO2 of a component by emission factor, mass balance and a measuring system."""
        from twin.accounts.quantify import quantify

        return quantify(self, source, **choices)

    def explain(self, event: str) -> pd.DataFrame:
        """What an event of this run changed, downstream from where it acted.

        See `twin.study.explain.explain`.
        """
        from twin.study.explain import explain

        self.recorded.need_intervals("explain")
        return explain(self, event)

    def plot(self, start: str | None = None, days: int = 7) -> Figure:
        """A week of the park's balances: what gives to and takes from electricity and heat."""
        from twin.view.week import plot_week

        return plot_week(self, start, days)

    def diagram(self, by: Literal["component", "owner"] = "component") -> str:
        """The network with the amounts of the run, as a Mermaid flowchart: text.

        See `twin.view.diagram.diagram`. A notebook draws it by
        ``IPython.display.Markdown(f"```mermaid\\n{run.diagram()}\\n```")``.
        """
        from twin.view.diagram import diagram

        return diagram(self, by)

    def save(self, folder: str | Path) -> Path:
        """Write the run's folder, whole or not at all.

        Raises
        ------
        FileExistsError
            The folder exists, is not empty and does not hold a run.
        """
        folder = room_for(folder)
        folder.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            (draft / "scenario.yaml").write_text(self.scenario, encoding="utf-8")
            self._dataset().to_netcdf(draft / "results.nc", engine="h5netcdf")
            self.ledger.entries.to_parquet(draft / "ledger.parquet")
            text = json.dumps(self.summary, indent=1, ensure_ascii=False, allow_nan=False)
            # The last file under its last name: a draft that has it is whole.
            (draft / "summary.part").write_text(text + "\n", encoding="utf-8")
            os.replace(draft / "summary.part", draft / "summary.json")
            os.chmod(draft, 0o755)
            if folder.exists():
                old = Path(tempfile.mkdtemp(prefix=f".{folder.name}-old-", dir=folder.parent))
                os.replace(folder, old / "run")
                os.replace(draft, folder)
                shutil.rmtree(old)
            else:
                os.replace(draft, folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        return folder

    @property
    def _step(self) -> np.ndarray:
        return np.asarray(self.recorded.series.t0 // self.series_step_s)

    @property
    def _times(self) -> np.ndarray:
        begin = np.datetime64(pd.Timestamp(self.facts["start_utc"]).tz_localize(None), "ns")
        steps = np.arange(self._step[-1] + 1) * np.timedelta64(self.series_step_s, "s")
        return np.asarray(begin + steps)

    def _unit(self, place: str) -> str:
        return self.network.carrier(place).unit if place else ""

    def _on_steps(self, values: np.ndarray, dim: str, names: list[str]) -> xr.DataArray:
        step, hours = self._step, self.recorded.series.hours
        if len(step) == step[-1] + 1:
            means = values
        else:
            starts = np.flatnonzero(np.diff(step, prepend=-1))
            weighted = np.add.reduceat(values * hours[:, None], starts, axis=0)
            means = weighted / np.add.reduceat(hours, starts)[:, None]
        coords = {"time": self._times, dim: names}
        return xr.DataArray(means, dims=("time", dim), coords=coords)

    def _dataset(self) -> xr.Dataset:
        text, series = dump(self.network)
        data: dict[str, Any] = {}
        rows: Recorded | None = self.recorded
        if isinstance(self.recorded, Summed):
            rows, sums = self.recorded.means, self.recorded.sums
            data |= {name: (dims, getattr(sums, name)) for name, dims in _SUMS.items()}
        if rows is not None:
            data |= {
                name: (dims, array)
                for name, dims in _ARRAYS.items()
                if (array := getattr(rows, name)) is not None
            }
        data["series"] = (("series_id", "step"), series)
        coords = {
            "flow": list(self.network.flows),
            "store": np.array(list(self.network.stores), dtype=str),
            "bus": list(self.network.buses),
        }
        events = self.events.to_json(orient="split", double_precision=15)
        facts = json.dumps(self.facts)
        return xr.Dataset(
            data, coords=coords, attrs={"network": text, "events": events, "facts": facts}
        )


def room_for(folder: str | Path) -> Path:
    """The folder as a path, if a run may be written there; ask before a long run.

    Raises
    ------
    FileExistsError
        It is a file, or it holds something else than a run.
    """
    folder = Path(folder)
    ours = folder.is_dir() and ((folder / "summary.json").is_file() or not any(folder.iterdir()))
    if folder.exists() and not ours:
        raise FileExistsError(
            f"{folder} exists and holds no run; it is left alone. To mend: name another folder."
        )
    return folder


def open_run(folder: str | Path) -> Run:
    """Open a saved run.

    Raises
    ------
    FileNotFoundError
        The folder holds no complete run; the message names what is missing.
    """
    folder = Path(folder)
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise FileNotFoundError(
            f"{folder} is not a saved run: it has no {', '.join(missing)}. "
            "To mend: give the folder that --out or Run.save wrote."
        )
    with xr.open_dataset(folder / "results.nc", engine="h5netcdf") as data:
        recorded = _recorded(data)
        network = restore(data.attrs["network"], data["series"].to_numpy())
        events = json.loads(data.attrs["events"])
        facts = json.loads(data.attrs["facts"])
    return Run(
        scenario=(folder / "scenario.yaml").read_text(encoding="utf-8"),
        network=network,
        recorded=recorded,
        events=pd.DataFrame(events["data"], columns=events["columns"]),
        facts=facts,
    )


def _recorded(data: xr.Dataset) -> Recorded:
    rows = {name: data[name].to_numpy() for name in _ARRAYS if name in data}
    if "span_s" not in data:
        return Recorded(**rows)
    sums = Sums(**{name: data[name].to_numpy() for name in _SUMS})
    return Summed(sums, Recorded(**rows) if "flows" in data else None)
