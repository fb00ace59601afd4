"""How sure a total is: Monte Carlo over the uncertain inputs of a ledger, without a new run.

A total is a sum of terms, each a value times the multipliers of its inputs: meters, heating
values, factors, scenario values. Inputs are drawn by name, once, so everything that shares a
factor moves together. `terms` makes the terms of a run.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from models.streams import stream

DRAWS = 10_000
BINS = 40
Z = 1.959963984540054
"""Half of a 95 % interval of the normal distribution, in standard deviations."""


@dataclass(frozen=True)
class Input:
    """An uncertain multiplier.

    Attributes
    ----------
    kind : {"normal", "uniform", "triangular", "lognormal"}
    width : float
        Half-width of the 95 % interval, relative, for normal and lognormal; for the others half of
        the whole range.
    centre : float
        Mean of normal and uniform, mode of triangular, median of lognormal: 1 unless the value
        used is biased.
    low, high : float, optional
        Ends of a range that is not symmetric, instead of `width`.
    """

    kind: Literal["normal", "uniform", "triangular", "lognormal"] = "normal"
    width: float = 0.0
    centre: float = 1.0
    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        low, high = self.ends
        if not (low <= self.centre <= high) or not all(map(math.isfinite, (low, high))):
            raise ValueError(
                f"a {self.kind} input from {low:g} to {high:g} round {self.centre:g}: the centre "
                "must lie between finite ends"
            )
        if self.kind == "lognormal" and not self.centre > 0:
            raise ValueError(f"a lognormal input has centre {self.centre:g}; it must be above 0")

    @property
    def ends(self) -> tuple[float, float]:
        """Ends of the range, or of the 95 % interval."""
        low = self.centre - self.width if self.low is None else self.low
        high = self.centre + self.width if self.high is None else self.high
        return low, high

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Multipliers, shape (n,)."""
        low, high = self.ends
        if low == high:
            return np.full(n, self.centre)
        if self.kind == "normal":
            return rng.normal(self.centre, self.width / Z, n)
        if self.kind == "uniform":
            return rng.uniform(low, high, n)
        if self.kind == "triangular":
            return rng.triangular(low, self.centre, high, n)
        # The upper end of the interval is the width above the median: exp(z sigma) = 1 + width.
        sigma = math.log1p(self.width / self.centre) / Z
        return self.centre * rng.lognormal(0.0, sigma, n)


@dataclass(frozen=True)
class Term:
    """Part of a total: its value, times the product of its inputs.

    Attributes
    ----------
    name : str
    value : float
        With every multiplier at 1.
    inputs : tuple of str
    """

    name: str
    value: float
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Uncertain:
    """Draws of a figure and what they say.

    Attributes
    ----------
    nominal : float
        With all multipliers at 1.
    draws : ndarray, shape (n,)
    drawn : dict of str to ndarray
        The inputs.
    """

    nominal: float
    draws: np.ndarray
    drawn: dict[str, np.ndarray]

    @property
    def mean(self) -> float:
        """Mean of the draws."""
        return float(self.draws.mean())

    @property
    def interval(self) -> tuple[float, float]:
        """95 % of the draws lie between these."""
        low, high = np.percentile(self.draws, [2.5, 97.5])
        return float(low), float(high)

    def decided(self, threshold: float) -> str:
        """Whether the figure is "below" or "above" a threshold, or "undecided".

        Decided if the 95 % interval lies on one side.
        """
        low, high = self.interval
        return "below" if high <= threshold else "above" if low > threshold else "undecided"

    def below(self, threshold: float) -> float:
        """Share of draws at or below a threshold."""
        return float(np.mean(self.draws <= threshold))

    @property
    def shares(self) -> pd.Series:
        """First-order share of each input in the variance, largest first.

        Variance of the mean in bins of the input over the whole variance, less what chance puts
        there; the rest to 1 is joint effects. Standard error about 0.01 at 10,000 draws.
        """
        found = {name: first_order(x, self.draws) for name, x in self.drawn.items()}
        return pd.Series(found, dtype=float).sort_values(ascending=False, kind="stable")

    def __truediv__(self, other: Uncertain) -> Uncertain:
        """Ratio of two figures of the same draws, such as t CO2 per tce.

        Raises
        ------
        ValueError
            They were not drawn together.
        """
        for name in self.drawn.keys() & other.drawn.keys():
            if not np.array_equal(self.drawn[name], other.drawn[name]):
                raise ValueError(f"'{name}' was drawn anew: use one seed and number for both")
        return Uncertain(
            self.nominal / other.nominal, self.draws / other.draws, {**self.drawn, **other.drawn}
        )


def first_order(x: np.ndarray, y: np.ndarray, bins: int = BINS) -> float:
    """Share of the variance of y that knowing x would take away [0-1].

    Parameters
    ----------
    x, y : ndarray, shape (n,)
    bins : int
        Of equal count.

    Notes
    -----
    Correlation ratio from given data (Plischke, Borgonovo and Smith 2013, *European Journal of
    Operational Research* 226, 536-550), less the (bins - 1) / (n - bins) of the variance within
    bins that means of bins have by chance.
    """
    n = len(y)
    total = float(np.var(y))
    if total == 0 or np.ptp(x) == 0:
        return 0.0
    parts = np.array_split(y[np.argsort(x, kind="stable")], bins)
    counts = np.array([len(part) for part in parts])
    means = np.array([part.mean() for part in parts])
    between = float(counts @ (means - y.mean()) ** 2) / n
    within = total - between
    return max((between - within * (bins - 1) / (n - bins)) / total, 0.0)


def monte_carlo(
    terms: Iterable[Term], inputs: Mapping[str, Input], *, draws: int = DRAWS, seed: int = 1
) -> Uncertain:
    """Draw a total.

    Parameters
    ----------
    terms : iterable of Term
    inputs : mapping of str to Input
        Each is drawn once, from a stream of its own name: another input changes none of its draws.
    draws, seed : int

    Raises
    ------
    ValueError
        A term has an input that is not described, or there are too few draws to say anything.
    """
    terms = list(terms)
    if draws < 2 * BINS:
        raise ValueError(f"{draws} draws are too few; use at least {2 * BINS}")
    unknown = sorted({i for term in terms for i in term.inputs} - set(inputs))
    if unknown:
        raise ValueError(f"inputs without a distribution: {', '.join(unknown)}")
    used = sorted({i for term in terms for i in term.inputs})
    drawn = {name: inputs[name].draw(stream(seed, f"uncertainty/{name}"), draws) for name in used}
    total = np.zeros(draws)
    for term in terms:
        product = np.full(draws, term.value)
        for name in term.inputs:
            product *= drawn[name]
        total += product
    return Uncertain(sum(term.value for term in terms), total, drawn)
