"""What a run cost and earned: by component, by carrier bought and sold, by tariff, by month.

Money comes from three places: the price of each flow, what events did to that price, and what
actors posted, such as a demand charge. Instruments (taxes, allowances, loans ...) are settled
beside the run and joined here. Positive money is paid by the park.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from twin.accounts.entries import TINY
from twin.accounts.instruments.settlement import Settlement
from twin.engine.recorded import Recorded

if TYPE_CHECKING:
    from twin.results import Run

PARTS = ("bought", "sold", "disposal", "operation", "price events", "posted", "instrument")
COLUMNS = ("part", "item", "flow", "component", "carrier", "amount", "unit", "price", "money")
HOURS_PER_YEAR = 8760.0

_PART_OF_SIDE = {"import": "bought", "export": "sold", "disposal": "disposal"}


@dataclass(frozen=True, eq=False)
class MoneyAccount:
    """Money of a run.

    Attributes
    ----------
    currency : str
    table : DataFrame
        part (of PARTS), item, flow, component, carrier, amount [MWh or t], unit, price (mean,
        currency per unit), money [currency; positive is paid by the park].
    months : DataFrame
        Money by local month (rows, "2025-01") and part (columns). What events did to prices is
        not dated by the record and stands in the row "undated", like instruments. So does all that
        flows cost, events included, where the run kept only totals or was saved without prices.
    period_h : float
        Length of the run [h].
    """

    currency: str
    table: pd.DataFrame
    months: pd.DataFrame
    period_h: float

    @property
    def total(self) -> float:
        """Net cost of the run [currency]."""
        return float(self.table["money"].sum())

    @property
    def per_year(self) -> float:
        """Net cost scaled to 8760 h [currency/a]; only a whole year knows its seasons."""
        return self.total * HOURS_PER_YEAR / self.period_h

    @property
    def parts(self) -> pd.Series:
        """Money by part [currency]."""
        sums = self.table.groupby("part")["money"].sum()
        return sums.reindex([part for part in PARTS if part in sums.index])

    @property
    def components(self) -> pd.DataFrame:
        """Money by component (rows) and part (columns), with its total [currency]."""
        wide = self.table.pivot_table(
            index="component", columns="part", values="money", aggfunc="sum", fill_value=0.0
        ).reindex(columns=list(self.parts.index), fill_value=0.0)
        return wide.assign(total=wide.sum(axis=1)).rename_axis(columns=None)

    @property
    def carriers(self) -> pd.DataFrame:
        """Amount [MWh or t], money and mean price of each carrier bought, sold or disposed of.

        The price is what a unit cost, or what it earned where it was sold.
        """
        crossing = self.table[self.table["part"].isin(_PART_OF_SIDE.values())]
        sums = crossing.groupby(["part", "carrier", "unit"])[["amount", "money"]].sum()
        table = sums.reset_index()
        sign = np.where(table["part"] == "sold", -1.0, 1.0)
        return table.assign(price=sign * table["money"] / table["amount"])

    def mean_price(self, carrier: str) -> float:
        """What a unit of a carrier cost on average where it was bought [currency per MWh or t].

        Raises
        ------
        KeyError
            None was bought for money.
        """
        rows = self.carriers
        rows = rows[(rows["part"] == "bought") & (rows["carrier"] == carrier)]
        if rows.empty:
            known = self.carriers.query("part == 'bought'")["carrier"]
            raise KeyError(f"no {carrier} was bought; bought: {', '.join(known) or 'nothing'}")
        return float(rows["money"].sum() / rows["amount"].sum())

    def __str__(self) -> str:
        lines = [f"money: {_number(self.total)} {self.currency} net over {self.period_h:g} h"]
        lines += [f"  {part:<13}{_number(value):>18}" for part, value in self.parts.items()]
        for row in self.carriers.to_dict("records"):
            lines.append(
                f"  {row['part']} {row['carrier']}: {_number(row['amount'])} {row['unit']} "
                f"at {row['price']:.4g}"
            )
        return "\n".join(lines)


def money(run: Run, settlements: Iterable[Settlement] = ()) -> MoneyAccount:
    """Money account of a run.

    Parameters
    ----------
    run : Run
    settlements : iterable of Settlement
        Of instruments, in the run's currency.

    Raises
    ------
    ValueError
        A settlement is in another currency.
    """
    currency = str(run.facts["currency"])
    rows, months = _flow_rows(run)
    posted = _posted(run)
    for key in sorted(set(zip(posted["component"], posted["actor"], strict=True))):
        own = posted[(posted["component"] == key[0]) & (posted["actor"] == key[1])]
        value = float(own["after"].sum())
        rows.append(_row("posted", str(key[1]), "", str(key[0]), "", np.nan, "", value))
    for month, value in posted.groupby("month")["after"].sum().items():
        months.loc[month, "posted"] = value
    for settlement in settlements:
        if settlement.currency != currency:
            raise ValueError(
                f"{settlement.instrument} is settled in {settlement.currency}, the run counts "
                f"{currency}; convert it: settlement.into('{currency}', rate)"
            )
        rows += [
            _row("instrument", item, "", settlement.instrument, "", np.nan, "", value)
            for item, value in settlement.lines
        ]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    for part in ("price events", "instrument"):
        value = float(table.loc[table["part"] == part, "money"].sum())
        if value:
            months.loc["undated", part] = value
    found = [part for part in PARTS if part in months.columns]
    months = months.reindex(columns=found).fillna(0.0)
    return MoneyAccount(currency, table, months, float(run.recorded.hours.sum()))


def tariff(run: Run, flow: str) -> pd.DataFrame:
    """What a flow moved and cost at each price it had, events apart.

    Returns
    -------
    DataFrame
        By price [currency per unit of activity], rising: hours at that price [h], amount [unit of
        activity] and money [currency].

    Raises
    ------
    KeyError
        There is no such flow.
    """
    if flow not in run.network.flows:
        raise KeyError(f"no flow '{flow}'; flows of this run: {', '.join(run.network.flows)}")
    j = list(run.network.flows).index(flow)
    hours = run.recorded.hours
    amount = run.recorded.flows[:, j] * hours
    price = np.broadcast_to(_price(run, flow), hours.shape)
    frame = pd.DataFrame(
        {"price": price, "hours": hours, "amount": amount, "money": price * amount}
    )
    return frame.groupby("price").sum()


def local_months(run: Run, seconds: np.ndarray) -> np.ndarray:
    """Local month of instants [s since the start of the run], as "2025-01"."""
    start = pd.Timestamp(run.facts["start_utc"])
    times = start + pd.to_timedelta(np.asarray(seconds), unit="s")
    return np.asarray(pd.DatetimeIndex(times).tz_convert(run.facts["time_zone"]).strftime("%Y-%m"))


def _flow_rows(run: Run) -> tuple[list[dict[str, object]], pd.DataFrame]:
    ledger, network = run.ledger, run.network
    entries = ledger.entries[ledger.entries["role"] != "outside"]
    amounts = entries.groupby(["flow", "place"])["amount"].sum()
    # A saved run may not hold the prices that steered it, a summed one no intervals: what they cost
    # is known by flow, but neither its date nor what events had to do with it.
    priced = any(np.any(np.asarray(flow.cost)) for flow in network.flows.values())
    dates = priced and type(run.recorded) is Recorded
    hours = run.recorded.hours if dates else np.zeros(0)
    month = local_months(run, run.recorded.t0) if dates else np.zeros(0, str)
    rows: list[dict[str, object]] = []
    dated: dict[str, np.ndarray] = {}
    undated: dict[str, float] = {}
    costs = ledger.flows["cost"].to_numpy(float)
    for j, (name, flow) in enumerate(network.flows.items()):
        each = _price(run, name) * run.recorded.flows[:, j] * hours if dates else hours
        base, cost = float(each.sum()), float(costs[j])
        if base == 0.0 and cost == 0.0:
            continue
        part = _PART_OF_SIDE.get(flow.side, "operation")
        carrier = network.carrier(flow.main).name if flow.main else ""
        unit = network.carrier(flow.main).amount_unit if flow.main else ""
        amount = abs(float(amounts.get((name, flow.main), np.nan)))
        extra = cost - base
        if not dates:
            base, extra = cost, 0.0
            undated[part] = undated.get(part, 0.0) + cost
        # The engine adds up in another order than numpy: rounding is no event.
        if abs(extra) <= 1e-9 * float(np.abs(each).sum()):
            base, extra = cost, 0.0
        item = f"{carrier or name} {part}" if part != "operation" else "variable cost"
        rows.append(_row(part, item, name, flow.component, carrier, amount, unit, base))
        if dates:
            dated[part] = dated.get(part, np.zeros(len(hours))) + each
        if extra:
            row = _row("price events", "change of price", name, flow.component, carrier, amount,
                       unit, extra)  # fmt: skip
            rows.append(row)
    months = pd.DataFrame(dated, index=pd.Index(month, name="month")).groupby(level=0).sum()
    for part, value in undated.items():
        months.loc["undated", part] = value
    return rows, months


def _posted(run: Run) -> pd.DataFrame:
    """Money of the event log; at the instant a month begins, it belongs to the one before."""
    if "what" not in run.events:
        return pd.DataFrame(columns=["component", "actor", "after", "month"])
    found = run.events[run.events["what"] == "money"]
    seconds = np.maximum(found["time_s"].to_numpy(np.int64) - 1, 0)
    flows = run.network.flows
    names = [flows[c].component if c in flows else c for c in found["component"]]
    return found.assign(
        month=local_months(run, seconds), after=found["after"].astype(float), component=names
    )


def _price(run: Run, flow: str) -> np.ndarray:
    """Price of a unit of activity in each interval, as the scenario has it."""
    value = np.asarray(run.network.flows[flow].cost, float)
    step = (run.recorded.t0 // run.network.step_s).astype(np.int64)
    return value[step] if value.ndim else value


def _row(
    part: str,
    item: str,
    flow: str,
    component: str,
    carrier: str,
    amount: float,
    unit: str,
    value: float,
) -> dict[str, object]:
    price = value / amount if amount > TINY else np.nan
    return dict(
        zip(COLUMNS, (part, item, flow, component, carrier, amount, unit, price, value),
            strict=True)
    )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:,.1f}".replace(",", " ")
