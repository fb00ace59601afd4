"""What plant costs over its life: outlays with replacement, annuity, NPV, payback, levelised cost.

Money is real (of one price year) and so is the discount rate, unless both are nominal. Investment
stands at instant 0, running costs and savings at the ends of years 1 to N. What is left of the life
of a plant at the horizon is credited in proportion.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Asset:
    """A piece of plant and what it costs.

    Attributes
    ----------
    name, component : str
    size : float
        [unit]
    unit : str
        Of the size, such as MW or MWh.
    unit_cost : float
        Investment per unit of size [currency/unit].
    lifetime : float
        [a]
    fixed_share : float
        Fixed operation and maintenance as a share of the investment per year [1/a].
    currency, price_year, source, status : str, int, str, str
    """

    name: str
    size: float
    unit: str
    unit_cost: float
    lifetime: float
    fixed_share: float = 0.0
    component: str = ""
    currency: str = "CNY"
    price_year: int = 0
    source: str = "given"
    status: str = "given"

    def __post_init__(self) -> None:
        if not self.lifetime > 0:
            raise ValueError(f"'{self.name}' has a lifetime of {self.lifetime:g} a; give above 0")
        for word in ("size", "unit_cost", "fixed_share"):
            if not getattr(self, word) >= 0:
                raise ValueError(
                    f"'{self.name}': {word} is {getattr(self, word):g}; give 0 or more"
                )

    @property
    def investment(self) -> float:
        """Of one installation [currency]."""
        return self.size * self.unit_cost

    @property
    def fixed(self) -> float:
        """Fixed operation and maintenance [currency/a]."""
        return self.investment * self.fixed_share


def real_rate(nominal: float, inflation: float) -> float:
    """Real discount rate behind a nominal one: (1 + n) / (1 + i) - 1 (Fisher)."""
    return (1.0 + nominal) / (1.0 + inflation) - 1.0


def annuity_factor(rate: float, years: int) -> float:
    """Present value of 1 at the end of each year: (1 - (1 + r)^-N) / r [a]."""
    _check(rate, years)
    return float(years) if rate == 0 else -math.expm1(-years * math.log1p(rate)) / rate


def capital_recovery(rate: float, years: int) -> float:
    """Yearly payment that repays 1 with interest: the inverse of the annuity factor [1/a]."""
    return 1.0 / annuity_factor(rate, years)


def present_value(flows: pd.Series, rate: float) -> float:
    """Sum of money at instants (index, [a]) discounted to instant 0 [currency]."""
    _check(rate, 1)
    return float((flows.to_numpy(float) * (1.0 + rate) ** -flows.index.to_numpy(float)).sum())


def outlays(asset: Asset, years: int) -> pd.Series:
    """Investment, replacements and what is left at the end, by instant [a] [currency, paid].

    A replacement comes when a life ends before the horizon. At the horizon the unused share of the
    last life is credited.
    """
    _check(0.0, years)
    count = max(math.ceil(years / asset.lifetime - 1e-9), 1)
    times = [k * asset.lifetime for k in range(count)]
    left = 1.0 - (years - times[-1]) / asset.lifetime
    spent = [asset.investment] * count + [-left * asset.investment]
    money = pd.Series(spent, index=[*times, float(years)])
    return money[money != 0.0]


def plan(assets: Iterable[Asset], years: int, yearly: float = 0.0) -> pd.Series:
    """Money a park earns (positive) and spends by instant [a]: outlays, fixed cost, `yearly` gain.

    Parameters
    ----------
    assets : iterable of Asset
        In one currency.
    years : int
        Horizon.
    yearly : float
        Saved or earned each year before fixed costs [currency/a].
    """
    assets = list(assets)
    currencies = sorted({asset.currency for asset in assets})
    if len(currencies) > 1:
        raise ValueError(f"assets in {' and '.join(currencies)}; convert them to one currency")
    gain = yearly - sum(asset.fixed for asset in assets)
    parts = [pd.Series(gain, index=np.arange(1.0, years + 1))]
    parts += [-outlays(asset, years) for asset in assets]
    return pd.concat(parts).groupby(level=0).sum()


def npv(flows: Sequence[float] | pd.Series, rate: float) -> float:
    """Net present value; a sequence counts years 0, 1, 2 ... [currency]."""
    return present_value(_dated(flows), rate)


def irr(flows: Sequence[float] | pd.Series) -> float:
    """Internal rate of return, where the net present value vanishes.

    Raises
    ------
    ValueError
        Money changes sign more than once or never, so that there is no single rate.
    """
    dated = _dated(flows)
    signs = np.sign(dated[dated != 0.0].to_numpy(float))
    if np.count_nonzero(np.diff(signs)) != 1:
        raise ValueError(
            "money changes sign "
            f"{np.count_nonzero(np.diff(signs))} times; an internal rate needs exactly one change. "
            "Use the net present value"
        )
    from scipy.optimize import brentq

    high = 1.0
    while npv(dated, high) * signs[0] < 0 and high < 1e6:
        high *= 2.0
    return float(brentq(lambda rate: npv(dated, rate), -0.99, high, xtol=1e-12))


def payback(flows: Sequence[float] | pd.Series, rate: float = 0.0) -> float:
    """Years until what came back exceeds what was spent for good; NaN if it never does [a].

    Simple at rate 0, discounted otherwise; between two instants money is taken to come evenly.
    """
    dated = _dated(flows)
    times = dated.index.to_numpy(float)
    total = np.cumsum(dated.to_numpy(float) * (1.0 + rate) ** -times)
    short = np.flatnonzero(total < 0)
    if not len(short):
        return 0.0
    last = int(short[-1])
    if last == len(total) - 1:
        return math.nan
    share = -total[last] / (total[last + 1] - total[last])
    return float(times[last] + share * (times[last + 1] - times[last]))


def levelised_cost(
    assets: Iterable[Asset], years: int, rate: float, *, amount: float, yearly: float = 0.0
) -> float:
    """Discounted cost over discounted output [currency per unit of output].

    Parameters
    ----------
    assets : iterable of Asset
    years : int
        Horizon; plant that lasts shorter is replaced, what lasts longer is credited.
    rate : float
        Discount rate.
    amount : float
        Output per year, in MWh or t.
    yearly : float
        Fuel and other running cost beyond the fixed [currency/a].

    Raises
    ------
    ValueError
        Nothing is made.
    """
    if not amount > 0:
        raise ValueError(f"an output of {amount:g} per year has no levelised cost")
    cost = -present_value(plan(assets, years, -yearly), rate)
    return cost / (amount * annuity_factor(rate, years))


def _dated(flows: Sequence[float] | pd.Series) -> pd.Series:
    if isinstance(flows, pd.Series):
        return flows.sort_index()
    return pd.Series(np.asarray(flows, float), index=np.arange(float(len(flows))))


def _check(rate: float, years: int) -> None:
    if not rate > -1:
        raise ValueError(f"a rate of {rate:g}; give a share above -1, such as 0.08")
    if not (years >= 1 and years == int(years)):
        raise ValueError(f"a horizon of {years:g} a; give a whole number of at least 1")
