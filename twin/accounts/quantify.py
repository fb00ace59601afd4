"""One stack, three ways to know its CO2: by factor, by mass balance, by a measuring instrument.

The carbon that the run moved is the truth here, so each difference can be taken apart into causes
that add up to it exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from models.carriers import CO2_PER_CARBON
from models.streams import stream
from twin.accounts.activity import Activities
from twin.accounts.cems import Cems, measure
from twin.accounts.entries import TINY
from twin.accounts.meter import Meters

if TYPE_CHECKING:
    from twin.results import Run


@dataclass(frozen=True)
class Comparison:
    """The three results and why they differ.

    Attributes
    ----------
    results : Series
        emission factor, mass balance, CEMS [t CO2].
    causes : DataFrame
        between, cause, tCO2: the causes of one pair add up to its difference exactly.
    hourly : DataFrame
        true, concentration [kg/Nm3], flow [Nm3/h], valid, reported [t CO2] by hour.
    """

    results: pd.Series
    causes: pd.DataFrame
    hourly: pd.DataFrame

    def __str__(self) -> str:
        lines = [f"{name:<18}{value:>16,.1f} tCO2" for name, value in self.results.items()]
        for pair, rows in self.causes.groupby("between", sort=False):
            lines.append(f"{pair}: {rows['tCO2'].sum():+,.1f}")
            pairs = zip(rows["cause"].tolist(), rows["tCO2"].tolist(), strict=True)
            lines += [f"  {cause}: {tonnes:+,.1f}" for cause, tonnes in pairs]
        return "\n".join(lines)


def quantify(
    run: Run,
    source: str,
    *,
    cems: Cems | None = None,
    factor_set: str = "guides",
    fuels: dict[str, str] | None = None,
    seed: int = 1,
) -> Comparison:
    """CO2 of a component by emission factor, mass balance and CEMS.

    Parameters
    ----------
    run : Run
    source : str
        Component that burns fuel.
    cems : Cems
    factor_set, fuels : as in the NDRC account
    seed : int
        Of the instrument.

    Raises
    ------
    ValueError
        The component burns no fuel in this run.
    """
    activities = Activities(run, fuels)
    burnt, _ = activities.burning()
    uses = [use for use in burnt if use.component == source]
    if not uses:
        known = sorted({use.component for use in burnt})
        raise ValueError(f"'{source}' burns no fuel; those that do: {', '.join(known) or 'none'}")
    flows = sorted({use.flow for use in uses})
    by_factor = carbon = oxidation = biogenic = 0.0
    for use in uses:
        held = use.amount * use.carrier.of("carbon") * CO2_PER_CARBON
        key = activities.fuel_class(use.carrier)
        estimate = use.gj * activities.fuel_factor(use.carrier, factor_set).value
        whole = use.gj * activities.fuel_factor(use.carrier, factor_set, oxidised=False).value
        by_factor += estimate
        if key is None:
            biogenic -= held * (1.0 - use.carrier.fossil)
            carbon += whole - held * use.carrier.fossil
        else:
            oxidation += estimate - whole
            carbon += whole - held
    balance, others = _mass_balance(activities, flows, {use.carrier.name for use in uses})
    meters = Meters(run)
    true = meters.total(
        e for e in activities.entries if e.flow in flows and e.outside and e.carrier.name == "co2"
    )
    released = float(true.sum())
    hourly, parts = measure(
        true, meters.interval_s / 3600.0, cems or Cems(), stream(seed, f"cems/{source}")
    )
    measured = float(hourly["reported"].sum())
    causes = [
        ("factor - balance", "carbon content of the table against that of the fuel", carbon),
        ("factor - balance", "carbon the table takes as unburnt", oxidation),
        ("factor - balance", "biogenic carbon, zero by the factor", biogenic),
        (
            "factor - balance",
            "carbon of other inputs (limestone), less what stays in products",
            -others,
        ),
        ("CEMS - balance", "carbon that does not leave as CO2", released - balance),
        *(("CEMS - balance", cause, value) for cause, value in parts.items()),
    ]
    results = pd.Series(
        {"emission factor": by_factor, "mass balance": balance, "CEMS": measured}, name="tCO2"
    )
    table = pd.DataFrame(causes, columns=["between", "cause", "tCO2"])
    return Comparison(results, table[table["tCO2"].abs() > TINY].reset_index(drop=True), hourly)


def _mass_balance(activities: Activities, flows: list[str], fuels: set[str]) -> tuple[float, float]:
    """Carbon in less carbon in products as CO2 [t], and the part that is not of the fuels."""
    total = other = 0.0
    for e in activities.entries:
        if e.outside or e.flow not in flows:
            continue
        tonnes = -e.amount * e.carrier.of("carbon") * CO2_PER_CARBON
        total += tonnes
        if not (e.carrier.name in fuels and e.amount < 0):
            other += tonnes
    return total, other
