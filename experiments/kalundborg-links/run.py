"""What does each link of the Kalundborg Symbiosis save?

Runs the park as it is and without each link in turn, the same weather and outages every time, and
writes a table and a figure. A link saves what the park without it uses more.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

import twin

PREFIX = "without-"
BOUGHT = {
    "wood_chips_supply": "wood chips [GWh]",
    "coal_harbour": "coal [GWh]",
    "oil_supply": "oil [GWh]",
    "natural_gas_supply": "natural gas [GWh]",
    "ground_water": "ground water [kt]",
    "lake_tisso": "lake water [kt]",
    "natural_gypsum": "natural gypsum [kt]",
}


def figures(run: twin.Run) -> dict[str, float]:
    """What a park uses of the world: money, emissions, net electricity, and what it buys."""
    outside, amounts = run.ledger.outside(), run.ledger.flows["amount"]
    return {
        "cost [Mio]": run.summary["cost"] / 1e6,
        "fossil CO2 [kt]": run.summary["emissions_tCO2"] / 1e3,
        "SO2 [t]": float(outside.get("so2", 0.0)),
        "electricity [GWh]": -outside["electricity"] / 1e3,
    } | {name: amounts[flow] / 1e3 for flow, name in BOUGHT.items() if flow in amounts}


def savings(name: str, horizon: str, step: str, seed: int) -> pd.DataFrame:
    """What every link of a park saves over a horizon; one row a link, and one for all together."""
    park = twin.load(name)
    options = {"horizon": horizon, "step": step, "seed": seed}
    base = figures(twin.run(park, **options))
    rows = {}
    for variant in (v for v in park.variants if v.startswith(PREFIX)):
        without = figures(twin.run(park.variant(variant), **options))
        rows[variant.removeprefix(PREFIX)] = {k: without.get(k, 0.0) - base[k] for k in base}
    return pd.DataFrame.from_dict(rows, orient="index").rename(index={"links": "all links"})


def draw(table: pd.DataFrame, title: str, path: Path) -> None:
    """Bars of CO2 and money saved by each link."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 0.42 * len(table) + 1.6), layout="constrained")
    for axis, column in zip(
        figure.subplots(1, 2, sharey=True), ("fossil CO2 [kt]", "cost [Mio]"), strict=True
    ):
        values = table[column][::-1]
        colours = ["tab:green" if value >= 0 else "tab:red" for value in values]
        axis.barh(values.index, values, color=colours)
        axis.axvline(0.0, color="black", linewidth=0.8)
        axis.set_xlabel(f"saved: {column}")
    figure.suptitle(title, x=0.01, ha="left")
    figure.savefig(path, dpi=120)


def main() -> None:
    """Run the experiment."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("park", nargs="?", default="kalundborg", help="or kalundborg-coal")
    parser.add_argument("--horizon", default="365 d")
    parser.add_argument("--step", default="1 h")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("runs/kalundborg-links"))
    given = parser.parse_args()
    table = savings(given.park, given.horizon, given.step, given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    table.to_csv(given.out / f"{given.park}.csv", float_format="%.6g")
    draw(table, twin.load(given.park).title, given.out / f"{given.park}.png")
    print(table.round(1).to_string())


if __name__ == "__main__":
    main()
