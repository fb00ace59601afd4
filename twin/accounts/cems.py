"""A continuous emission monitoring system that errs as real ones do: bias, noise and gaps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

KG_PER_PERCENT = 0.01964
"""CO2 of one volume per cent of dry gas at 0 degC and 1 atm [kg/Nm3]."""


@dataclass(frozen=True, kw_only=True)
class Cems:
    """A continuous emission monitoring system, as bought and as it behaves.

    Attributes
    ----------
    dry_gas : float
        Dry flue gas per tonne of CO2 at full load [Nm3/t]; the concentration follows from it.
    flow_bias, concentration_bias : float
        Standard deviation of the error that stays over the year, relative [1].
    flow_noise, concentration_noise : float
        Standard deviation of the error that is new each hour, relative [1].
    availability : float
        Share of hours with a valid reading [0-1].
    gap_hours : float
        Mean length of a gap [h].
    short_gap : int
        Up to this many hours a gap is filled with the mean of the hours before and after; longer
        ones with a high percentile of the recent past [h].
    percentile, lookback : float, int
        That percentile [%], and the number of valid hours it is taken from.

    Notes
    -----
    Biases of 1.8 % each combine to the 2.5 % (k = 1) that a system of +/-5 % (k = 2) may have.
    The gap rule is an assumption of the conservative kind.
    """

    dry_gas: float = 4250.0
    flow_bias: float = 0.0177
    concentration_bias: float = 0.0177
    flow_noise: float = 0.02
    concentration_noise: float = 0.01
    availability: float = 0.97
    gap_hours: float = 8.0
    short_gap: int = 24
    percentile: float = 90.0
    lookback: int = 720

    def __post_init__(self) -> None:
        if not 0 < self.availability <= 1:
            raise ValueError(
                f"availability is {self.availability:g}; give a share above 0, at most 1"
            )
        if self.gap_hours < 1 or self.dry_gas <= 0:
            raise ValueError("gap_hours is at least 1 and dry_gas above 0")


def measure(
    true: np.ndarray, hours: float, cems: Cems, rng: np.random.Generator
) -> tuple[pd.DataFrame, dict[str, float]]:
    """What the instrument reports by hour, and the causes of its error [t CO2].

    The causes are taken off one after the other, from the truth to the report.
    """
    bias_flow = 1.0 + cems.flow_bias * rng.standard_normal()
    bias_concentration = 1.0 + cems.concentration_bias * rng.standard_normal()
    noise_flow = 1.0 + cems.flow_noise * rng.standard_normal(len(true))
    noise_concentration = 1.0 + cems.concentration_noise * rng.standard_normal(len(true))
    valid = _valid(len(true), hours, cems, rng)
    flow = true / hours * cems.dry_gas
    concentration = np.where(true > 0, 1000.0 / cems.dry_gas, 0.0)
    read_flow = flow * bias_flow * noise_flow
    read_concentration = concentration * bias_concentration * noise_concentration
    read = read_flow * read_concentration / 1000.0 * hours
    reported = fill(read, valid, cems)
    steady = float(true.sum()) * bias_flow
    both = steady * bias_concentration
    parts = {
        "flow meter, error that stays": steady - float(true.sum()),
        "analyser, error that stays": both - steady,
        "errors that change each hour": float(read.sum()) - both,
        "hours without a reading, filled by rule": float(reported.sum() - read.sum()),
    }
    table = pd.DataFrame(
        {
            "true": true,
            "concentration": read_concentration,
            "flow": read_flow,
            "valid": valid,
            "reported": reported,
        }
    )
    return table, parts


def _valid(n: int, hours: float, cems: Cems, rng: np.random.Generator) -> np.ndarray:
    """Hours with a reading: gaps of geometric length, as frequent as the availability asks."""
    valid = np.ones(n, bool)
    if cems.availability == 1.0:
        return valid
    length = max(cems.gap_hours / hours, 1.0)
    between = length * cems.availability / (1.0 - cems.availability)
    at = int(rng.geometric(min(1.0 / between, 1.0)))
    while at < n:
        gap = int(rng.geometric(1.0 / length))
        valid[at : at + gap] = False
        at += gap + int(rng.geometric(min(1.0 / between, 1.0)))
    return valid


def fill(read: np.ndarray, valid: np.ndarray, cems: Cems) -> np.ndarray:
    """Readings with their gaps filled by rule.

    Parameters
    ----------
    read : ndarray, shape (n,)
        Readings; those at gaps are not looked at.
    valid : ndarray of bool, shape (n,)
    cems : Cems
        With the rule.

    Raises
    ------
    ValueError
        No reading is valid.
    """
    if not valid.any():
        raise ValueError("the instrument has no valid reading at all")
    out = read.copy()
    known = np.flatnonzero(valid)
    t = 0
    while t < len(read):
        if valid[t]:
            t += 1
            continue
        end = t
        while end < len(read) and not valid[end]:
            end += 1
        before, after = known[known < t], known[known >= end]
        if end - t <= cems.short_gap or not len(before):
            sides = [read[before[-1]]] if len(before) else []
            sides += [read[after[0]]] if len(after) else []
            out[t:end] = float(np.mean(sides))
        else:
            recent = read[before[-cems.lookback :]]
            out[t:end] = float(np.percentile(recent, cems.percentile))
        t = end
    return out


def concentration(percent: float) -> float:
    """CO2 in dry gas from its volume share [kg/Nm3]."""
    return percent * KG_PER_PERCENT


def dry_flow(
    area: float, velocity: float, temperature: float, pressure: float, moisture: float
) -> float:
    """Dry flue gas at 0 degC and 1 atm [Nm3/h].

    Parameters
    ----------
    area : float
        Of the stack [m2].
    velocity : float
        [m/s]
    temperature, pressure : float
        Of the gas [K], [Pa].
    moisture : float
        Volume share of water vapour [0-1].
    """
    return (
        3600.0 * area * velocity * (273.15 / temperature) * (pressure / 101325.0) * (1 - moisture)
    )
