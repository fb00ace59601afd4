"""The summary of a run as a terminal shows it: rounded, in units a planner reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType
    from rich.table import Table

KINDS = ("electricity", "steam", "heat", "cold", "fuel", "gas", "water")
"""Order of the rows; whatever else a park delivers comes last."""

SCALES = {"MWh": ("MWh", "GWh", "TWh"), "t": ("t", "kt", "Mt")}
HEADINGS = {"fence": "leaves the park", "flow": "flows"}
LEAST_SHARE = 0.005
"""Suppliers with less are added up in one row."""


def table(summary: dict[str, Any]) -> RenderableType:
    """The summary as tables for a terminal."""
    from rich.console import Group
    from rich.text import Text

    title = Text(f"{summary['title']}  ", style="bold")
    if summary["variant"]:
        title.append(f"{summary['variant']}  ", style="bold cyan")
    days = summary["horizon_s"] / 86_400
    title.append(
        f"{days:g} day{'' if days == 1 else 's'} from {summary['start'][:10]} "
        f"in {summary['step_s'] / 60:g} min steps, seed {summary['seed']}",
        style="dim",
    )
    parts: list[RenderableType] = [title]
    for part in (_demand(summary), _losses(summary), _supply(summary), _figures(summary)):
        if part is not None:
            parts += [Text(), part]
    return Group(*parts)


def amount(value: float, unit: str) -> str:
    """An amount with four digits and the unit that suits its size.

    Zero is written "0", so that nothing small is hidden by rounding.

    Examples
    --------
    >>> amount(173_626.0, "MWh"), amount(4_748_920.0, "t"), amount(0.0, "t"), amount(0.0123, "MWh")
    ('173.6 GWh', '4.749 Mt', '0', '0.0123 MWh')
    """
    if value == 0:
        return "0"
    names = SCALES.get(unit, (unit,))
    step = 0
    while step < len(names) - 1 and abs(value) >= 999.95:
        value, step = value / 1000.0, step + 1
    if abs(value) >= 999.95:
        return f"{value:,.0f} {names[step]}".replace(",", " ")
    digits = "#.4g" if abs(value) >= 0.9995 else ".3g"
    return f"{value:{digits}} {names[step]}"


def money(value: float, currency: str) -> str:
    """A sum of money: in millions where it is one, and below whole, or with four digits.

    Examples
    --------
    >>> money(11_250_000.0, "EUR"), money(12_345.6, "EUR"), money(-8.25, "EUR"), money(0.0, "EUR")
    ('11.25 million EUR', '12,346 EUR', '-8.25 EUR', '0 EUR')
    """
    if abs(value) >= 999_999.5:
        return f"{value / 1e6:,.2f} million {currency}"
    return f"{value:,.0f} {currency}" if abs(value) >= 999.5 else f"{value:.4g} {currency}"


def comparison(changes: pd.DataFrame) -> Table:
    """What `twin.compare` found, as a table for a terminal."""
    left, right = changes.columns[2:4]
    shown = plain("", left, right, "change", right=(left, right, "change"))
    kind = ""
    for name, row in changes.iterrows():
        if row["kind"] != kind:
            kind = str(row["kind"])
            if kind in HEADINGS:
                shown.add_row()
                shown.add_row(HEADINGS[kind], style="bold")
        values = [float(row[column]) for column in (left, right, "change")]
        if row["unit"] in SCALES:
            texts = [amount(value, row["unit"]) for value in values]
        else:
            texts = [f"{value:,.0f} {row['unit']}".replace(",", " ").rstrip() for value in values]
        sign = "+" if values[2] > 0 else ""
        shown.add_row(str(name), texts[0], texts[1], sign + texts[2])
    return shown


def verdicts(table: pd.DataFrame) -> Table:
    """What the audit found, as a table for a terminal."""
    columns = ("id", "figure", "published", "twin", "verdict", "why")
    shown = plain(*columns, right=("published", "twin"))
    for row in table.to_dict(orient="records"):
        values = []
        for number in (float(row["published"]), float(row["simulated"])):
            digits = f"{number:.4g}" if abs(number) < 9999.5 else f"{number:,.0f}"
            values.append("" if number != number else f"{digits} {row['unit']}".rstrip())
        shown.add_row(row["id"], row["what"], *values, row["verdict"], row["reason"])
    return shown


def plain(*columns: str, right: tuple[str, ...] = ()) -> Table:
    """A table without lines; `right` names the columns set flush right."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        made.add_column(column, justify="right" if column in right else "left")
    return made


def _demand(summary: dict[str, Any]) -> Table | None:
    """One row for each bus that serves somebody."""
    from rich.text import Text

    if not summary["demand_by_bus"]:
        return None
    shown = plain("demand", "asked", "served", "unserved", right=("asked", "served", "unserved"))
    rows = summary["demand_by_bus"].items()
    for bus, entry in sorted(rows, key=lambda row: (_rank(row[1]), -row[1]["asked"], row[0])):
        asked, unit = entry["asked"], entry["unit"]
        missing = asked - entry["served"]
        if missing <= 1e-9 * max(asked, 1.0):
            missing = 0.0
        share = entry["served"] / asked if asked else 1.0
        # 99.996 % is not all of it, and must not be rounded to it.
        served = "100 %" if missing == 0 else f"{min(100 * share, 99.99):.2f} %"
        lack = Text(amount(missing, unit), style="bold red" if missing else "")
        shown.add_row(bus, amount(asked, unit), served, lack)
    return shown


def _rank(entry: dict[str, Any]) -> int:
    kinds = entry["kind"].split("|")
    return min((KINDS.index(k) for k in kinds if k in KINDS), default=len(KINDS))


def _losses(summary: dict[str, Any]) -> Table | None:
    if not summary["losses"]:
        return None
    shown = plain("lost in", "from", "amount", right=("amount",))
    for component, entry in sorted(summary["losses"].items()):
        shown.add_row(component, entry["bus"], amount(entry["amount"], entry["unit"]))
    return shown


def _supply(summary: dict[str, Any]) -> Table | None:
    if not summary["supply"]:
        return None
    units = {bus: entry["unit"] for bus, entry in summary["demand_by_bus"].items()}
    units |= {entry["bus"]: entry["unit"] for entry in summary["losses"].values()}
    ranks = {bus: _rank(entry) for bus, entry in summary["demand_by_bus"].items()}
    shown = plain("supply of", "by", "amount", "share", right=("amount", "share"))
    for bus, parts in sorted(summary["supply"].items(), key=lambda p: (ranks.get(p[0], 2), p[0])):
        total = sum(parts.values())
        if total == 0:
            shown.add_row(bus, "nothing", "0", "")
            continue
        large = {name: value for name, value in parts.items() if value >= LEAST_SHARE * total}
        small = [value for name, value in parts.items() if name not in large]
        if len(small) == 1:
            large, small = parts, []
        if small:
            large |= {f"{len(small)} others": sum(small)}
        for k, (component, value) in enumerate(large.items()):
            name = bus if k == 0 else ""
            shown.add_row(
                name, component, amount(value, units[bus]), f"{100 * value / total:.1f} %"
            )
    return shown


def _figures(summary: dict[str, Any]) -> Table:
    from rich.table import Table
    from rich.text import Text

    shown = Table(box=None, pad_edge=False, show_header=False)
    shown.add_column()
    shown.add_column()
    shown.add_row("cost", money(summary["cost"], summary["currency"]))
    note = ", as one mixture over the run" if summary["emissions_traced"] == "whole run" else ""
    shown.add_row("fossil CO2", amount(summary["emissions_tCO2"], "t") + note)
    shown.add_row("biogenic CO2", amount(summary["biogenic_tCO2"], "t"))
    missing = summary["unserved_MWh"]
    shown.add_row(
        "energy unserved", Text(amount(missing, "MWh"), style="bold red" if missing else "")
    )
    shown.add_row("energy curtailed", amount(summary["curtailed_MWh"], "MWh"))
    shown.add_row("events", str(summary["events"]))
    worst = max(summary["residuals"].values(), default=0.0)
    shown.add_row("closes to", f"{worst:.0e} of {', '.join(summary['residuals'])}")
    if "certificate" in summary:
        proof = summary["certificate"]
        shown.add_row("optimal to", f"{proof['worst_gap']:.0e} of HiGHS at {proof['steps']} steps")
    counts = f"{summary['buses']} buses, {summary['flows']} flows, {summary['stores']} stores"
    shown.add_row("stepping took", f"{summary['wall_s']:.2f} s for {counts}")
    return shown
