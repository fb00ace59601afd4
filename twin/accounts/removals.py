"""Sinks and removals in lines of their own, and what each method allows to be done with them.

A removal is never taken off an emission unless the method says so, and then only within its cap. A
removal whose credit was sold belongs to the buyer and counts for nobody here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from twin.accounts.factors import CO2_PER_C, rows

if TYPE_CHECKING:
    from twin.results import Run

SINK, STORAGE, OFFSET = "sink", "storage", "offset"
"""Growing inside the fence; CO2 taken away and stored for good; a credit from elsewhere."""

NETTED_IN_CAP = "net emission after sinks and offsets, offsets at most 20 % of the baseline"


@dataclass(frozen=True)
class Rule:
    """What a method does with removals."""

    netted: tuple[str, ...]
    offset_cap: float
    text: str
    status: str


RULES = {
    "ndrc-2025-910": Rule(
        (), 0.0, "sinks and offsets are no part of the method: separate lines", "verified"
    ),
    "ghg": Rule((), 0.0, "removals and credits are reported apart from the scopes", "verified"),
    "iso-14064-1": Rule(
        (), 0.0, "removals are quantified beside the emissions of category 1", "unverified"
    ),
    "iso-14067": Rule((), 0.0, "offsetting is no part of a product footprint", "unverified"),
    "db1331-t-069": Rule((SINK, OFFSET), 0.2, NETTED_IN_CAP, "paper"),
}
"""Methods that are asked whether a removal may be netted."""


@dataclass(frozen=True)
class Removal:
    """A line beside the emissions.

    Attributes
    ----------
    name : str
    kind : {"sink", "storage", "offset"}
    amount : float
        [tCO2 per period of the account]
    biogenic : bool
        Whether the carbon came out of the air.
    sold : float
        Of it, what went to others as credits [tCO2].
    source, status : str
    """

    name: str
    kind: str
    amount: float
    biogenic: bool = True
    sold: float = 0.0
    source: str = "given"
    status: str = "given"

    def __post_init__(self) -> None:
        if self.kind not in (SINK, STORAGE, OFFSET):
            raise ValueError(f"'{self.name}' is a '{self.kind}'; kinds: sink, storage, offset")
        if not 0 <= self.sold <= self.amount:
            raise ValueError(
                f"'{self.name}': {self.sold:g} t of {self.amount:g} t sold; give 0 to the amount"
            )

    @property
    def own(self) -> float:
        """What may still be claimed here [tCO2]."""
        return self.amount - self.sold


@dataclass(frozen=True)
class Removals:
    """Emission and removals of a park, side by side.

    Attributes
    ----------
    method : str
        Of RULES.
    emission : float
        Gross [tCO2].
    lines : tuple of Removal
    """

    method: str
    emission: float
    lines: tuple[Removal, ...]

    def __post_init__(self) -> None:
        if self.method not in RULES:
            raise ValueError(f"no rule of '{self.method}'; there is {', '.join(RULES)}")

    @property
    def table(self) -> pd.DataFrame:
        """Gross emission first, then a row a removal: amount, sold, own [tCO2], kind, netted."""
        rule = RULES[self.method]
        first = {"line": "emission", "kind": "gross", "amount": self.emission, "sold": 0.0}
        found = [first | {"own": self.emission, "netted": True, "source": "", "status": ""}]
        for line in self.lines:
            found.append(
                {
                    "line": line.name,
                    "kind": line.kind,
                    "amount": -line.amount,
                    "sold": -line.sold,
                    "own": -line.own,
                    "netted": line.kind in rule.netted,
                    "source": line.source,
                    "status": line.status,
                }
            )
        return pd.DataFrame(found)

    def net(self, baseline: float | None = None) -> float:
        """Emission less what the method allows to be taken off [tCO2].

        Parameters
        ----------
        baseline : float, optional
            Emission of the baseline, of which offsets may cover a share [tCO2].

        Raises
        ------
        ValueError
            The method forbids it, or its cap needs a baseline.
        """
        rule = RULES[self.method]
        if not rule.netted:
            raise ValueError(
                f"{self.method}: {rule.text}. The total stays {self.emission:g} t; show the lines "
                "beside it"
            )
        offsets = sum(line.own for line in self.lines if line.kind == OFFSET)
        if offsets and baseline is None:
            raise ValueError(f"{self.method} caps offsets at {rule.offset_cap:.0%} of a baseline")
        allowed = min(offsets, rule.offset_cap * (baseline or 0.0))
        kinds = set(rule.netted) - {OFFSET}
        own = sum(line.own for line in self.lines if line.kind in kinds)
        return self.emission - own - allowed


def removals(
    run: Run,
    lines: Iterable[Removal] = (),
    *,
    method: str = "ndrc-2025-910",
    gross: float | None = None,
) -> Removals:
    """Removals of a run: what it stored as CO2, and the lines given.

    Parameters
    ----------
    run : Run
    lines : iterable of Removal
        Sinks by the year (see `models.carbon.sinks`), and offsets.
    method : str
        Of RULES.
    gross : float, optional
        Gross emission by that method [tCO2]; fossil CO2 to the air by default.
    """
    fossil = float(run.emissions["fossil"].sum()) if gross is None else gross
    return Removals(method, fossil, (*stored(run), *lines))


def stored(run: Run, reservoirs: Iterable[str] = ()) -> tuple[Removal, ...]:
    """CO2 that geological stores hold more at the end of the run than at its start, a line each.

    It was captured, so it is no part of the emission and must not be taken off it a second time.
    Only what was biogenic is a removal; the line says that it was stored, not where it came from.

    Parameters
    ----------
    run : Run
    reservoirs : iterable of str, optional
        Components; by default those of the model `co2_storage`. A tank is none.
    """
    wanted = set(reservoirs) or _reservoirs(run)
    table = run.ledger.stores
    gain = dict(zip(table.index, (table["after"] - table["before"]).to_numpy(float), strict=True))
    found = []
    for name, store in run.network.stores.items():
        if store.component not in wanted:
            continue
        tonnes = float(gain[name]) * store.carrier.of("carbon") * CO2_PER_C
        if tonnes > 0:
            text = "ledger: content of the store at the end less at the start"
            found.append(Removal(name, STORAGE, tonnes, False, 0.0, text, "scenario"))
    return tuple(found)


def _reservoirs(run: Run) -> set[str]:
    from ruamel.yaml import YAML

    parts = (YAML(typ="safe", pure=True).load(run.scenario) or {}).get("components", {})
    return {name for name, spec in parts.items() if spec["model"] == "co2_storage"}


def plausible(kind: str, amount: float, size: float, *, latitude: float | None = None) -> str:
    """Verdict on a claimed sink.

    Parameters
    ----------
    kind : str
        Of tables/sinks.csv: mangrove, salt_marsh, urban_trees, lawn, biochar.
    amount : float
        Claimed [tCO2/a].
    size : float
        [ha], of biochar [t/a].
    latitude : float, optional
        [deg]

    Returns
    -------
    {"plausible", "below range", "above range", "impossible here"}

    Raises
    ------
    ValueError
        Unknown kind, or no size.
    """
    found = [row for row in rows("sinks") if row["kind"] == kind]
    if not found:
        raise ValueError(f"no sink '{kind}'; known: {', '.join(r['kind'] for r in rows('sinks'))}")
    if not size > 0:
        raise ValueError(f"a sink of size {size:g}; give one above 0")
    row = found[0]
    reach = float(row["reach_low"]), float(row["reach_high"])
    if latitude is not None and not reach[0] <= latitude <= reach[1]:
        return "impossible here"
    rate = amount / size
    if rate > float(row["high"]) * (1 + 5e-3):
        return "above range"
    return "below range" if rate < float(row["low"]) * (1 - 5e-3) else "plausible"
