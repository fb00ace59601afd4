"""How cells age: capacity lost with time (calendar) and with use (cycles), and what cold takes.

Both losses grow with a power of time or throughput, L = rate x amount^p. What adds up over changing
conditions is therefore the wear W = sum of rate^(1/p) x amount, with L = W^p: it does not depend on
the order of the conditions, and it equals the usual step from an equivalent past time. Charge is
counted as energy over capacity: the voltage of a cell is taken as constant.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from models.base import Series, Store
from models.storage.rainflow import closed_cycles

GAS = 8.314462618
"""Molar gas constant [J/(mol K)]."""

ZERO_C = 273.15

SCHMALSTIEG_CHARGE = 4.3
"""Charge through the cell of Schmalstieg in a full cycle, in and out [Ah]: twice 2.15 Ah."""

SCHMALSTIEG_VOLTAGE = np.array(
    [
        [0.0, 0.063, 0.117, 0.19, 0.263, 0.353, 0.426, 0.48, 0.535, 0.589, 0.698, 0.807, 0.916, 1],
        [3.331, 3.441, 3.511, 3.575, 3.613, 3.642, 3.664, 3.687, 3.721, 3.765, 3.867, 3.972, 4.088,
         4.162],
    ]
)  # fmt: skip
"""State of charge and open-circuit voltage [V], from the table of NREL's BLAST-Lite for that cell
(nmc111_gr_Sanyo2Ah_2014), thinned to where straight lines follow it within 5 mV."""

COLD = {
    "lithium": np.array([[-10.0, 0.0, 25.0], [0.60, 0.80, 1.0]]),
    "sodium": np.array([[-20.0, 25.0], [0.85, 1.0]]),
}
"""Temperature [degC] and share of the capacity that can be used. Lithium: NREL System Advisor
Model (ssc), `cap_vs_temp` of its standalone battery. Sodium: unverified, Datang on its Qianjiang
station (ess-news.com, 2 July 2024): "85 % charge and discharge efficiency" at -20 degC."""


@dataclass
class CellStore(Store):
    """A store of cells: their temperature and kind, for those who age or chill them.

    Attributes
    ----------
    temperature : Series
        Of the cells on the steps of the run [degC].
    cells : {"lfp", "nmc", "sodium"}
    """

    temperature: Series = 25.0
    cells: str = "lfp"


def cell_temperature(
    ambient: np.ndarray, step_h: float, time_constant: float, coldest: float, warmest: float
) -> np.ndarray:
    """Temperature of cells in a container that lags the ambient and is kept within a band.

    Parameters
    ----------
    ambient : ndarray, shape (n_steps,)
        Air temperature [degC].
    step_h, time_constant : float
        [h]
    coldest, warmest : float
        Where heating and cooling of the container set in [degC].

    Returns
    -------
    ndarray, shape (n_steps,)
        At the end of each step [degC]: first-order lag of the ambient, which it begins at, cut to
        the band. What the cells' own losses add is left to the air conditioning.
    """
    gain = -np.expm1(-step_h / time_constant) if time_constant > 0 else 1.0
    state, lagged = float(ambient[0]), np.empty(len(ambient))
    for i, air in enumerate(ambient.tolist()):
        state += gain * (air - state)
        lagged[i] = state
    return np.clip(lagged, coldest, warmest)


def cold_share(temperature: Series, cells: str) -> Series:
    """Share of the capacity that can be used at a temperature [degC], at most 1 (table `COLD`)."""
    table = COLD["sodium" if cells == "sodium" else "lithium"]
    share = np.interp(temperature, table[0], table[1])
    return share if np.ndim(share) else float(share)


def lfp_calendar(temperature: Series, soc: Series) -> Series:
    """Calendar ageing of LFP on graphite, per square root of hours.

    Parameters
    ----------
    temperature : Series
        [degC]
    soc : Series
        State of charge [0-1].

    Returns
    -------
    Series
        Share of the capacity lost, per h^0.5: 1.2571e-5 s^-0.5 at 25 degC times
        0.60225 + 2.8575 (soc - 0.5)^3, with an activation energy of 17.126 kJ/mol.

    Notes
    -----
    M. Naumann et al., J. Energy Storage 17 (2018) 153, cells Sony US26650FTC1, with the numbers as
    SimSES (TU Munich) carries them.
    """
    kelvin = np.asarray(temperature) + ZERO_C
    heat = np.exp(-17126.0 / GAS * (1.0 / kelvin - 1.0 / 298.15))
    charge = 2.8575 * (np.asarray(soc) - 0.5) ** 3 + 0.60225
    return np.asarray(1.2571e-5 * 60.0 * heat * charge)


def lfp_cycle(depth: Series, middle: Series, c_rate: float) -> Series:
    """Cycle ageing of LFP on graphite, per square root of full equivalent cycles.

    Parameters
    ----------
    depth : Series
        Depth of the cycle [0-1].
    middle : Series
        State of charge in its middle; without influence here.
    c_rate : float
        Power over capacity [1/h].

    Returns
    -------
    Series
        (0.0971 + 0.0630 C) (1.0923 + 4.0253 (depth - 0.6)^3) %.

    Notes
    -----
    M. Naumann et al., J. Power Sources 451 (2020) 227666, at 40 degC and C of 0.2 to 1, with the
    numbers as SimSES carries them. It has no temperature.
    """
    deep = 4.0253 * (np.asarray(depth) - 0.6) ** 3 + 1.0923
    return np.asarray((0.0971 + 0.0630 * c_rate) * deep / 100.0)


def nmc_calendar(temperature: Series, soc: Series) -> Series:
    """Calendar ageing of NMC on graphite, per h^0.75.

    Parameters
    ----------
    temperature : Series
        [degC]
    soc : Series
        State of charge [0-1].

    Returns
    -------
    Series
        Share of the capacity lost: (7.543 V - 23.75) 1e6 exp(-6976 K / T) per d^0.75.

    Notes
    -----
    J. Schmalstieg et al., J. Power Sources 257 (2014) 325, cells Sanyo UR18650E, with the numbers
    as NREL's BLAST-Lite carries them.
    """
    volt = np.interp(soc, *SCHMALSTIEG_VOLTAGE)
    kelvin = np.asarray(temperature) + ZERO_C
    return np.asarray((7.543 * volt - 23.75) * 1e6 * np.exp(-6976.0 / kelvin) / 24.0**0.75)


def nmc_cycle(depth: Series, middle: Series, c_rate: float) -> Series:
    """Cycle ageing of NMC on graphite, per square root of full equivalent cycles.

    Parameters
    ----------
    depth, middle : Series
        Depth of the cycle, and state of charge in its middle [0-1].
    c_rate : float
        Without influence: tested at 1 per hour and 35 degC.

    Returns
    -------
    Series
        7.348e-3 (V - 3.667)^2 + 7.6e-4 + 4.081e-3 depth, per Ah^0.5 of a cell of 2.15 Ah.

    Notes
    -----
    As `nmc_calendar`.
    """
    volt = np.interp(middle, *SCHMALSTIEG_VOLTAGE)
    per_charge = 7.348e-3 * (volt - 3.667) ** 2 + 7.6e-4 + 4.081e-3 * np.asarray(depth)
    return np.asarray(per_charge * SCHMALSTIEG_CHARGE**0.5)


@dataclass(frozen=True)
class Chemistry:
    """A law of ageing: rates, and the powers of hours and of full cycles they go with."""

    calendar: Callable[[Series, Series], Series]
    calendar_power: float
    cycle: Callable[[Series, Series, float], Series]
    cycle_power: float


CHEMISTRIES = {
    "lfp": Chemistry(lfp_calendar, 0.5, lfp_cycle, 0.5),
    "nmc": Chemistry(nmc_calendar, 0.75, nmc_cycle, 0.5),
}


@dataclass(frozen=True)
class Wear:
    """State of ageing. Losses are shares of the new capacity; `turns` are half cycles still open.

    Attributes
    ----------
    calendar, cycle : float
        Loss to the power 1/p, which adds up.
    turns : tuple of float
        Turning points of the state of charge that belong to no closed cycle yet.
    cycles : float
        Full equivalent cycles closed so far.
    """

    calendar: float = 0.0
    cycle: float = 0.0
    turns: tuple[float, ...] = ()
    cycles: float = 0.0

    @classmethod
    def of(cls, law: Chemistry, calendar_loss: float, cycle_loss: float) -> Wear:
        """The state of cells that have lost these shares."""
        return cls(
            calendar_loss ** (1.0 / law.calendar_power), cycle_loss ** (1.0 / law.cycle_power)
        )

    def losses(self, law: Chemistry) -> tuple[float, float]:
        """Shares lost by time and by use."""
        return self.calendar**law.calendar_power, self.cycle**law.cycle_power

    def left(self, law: Chemistry) -> float:
        """Share of the new capacity that is left, at least 0."""
        return max(1.0 - sum(self.losses(law)), 0.0)


def mean_rate(hours: np.ndarray, soc: np.ndarray) -> float:
    """Mean C-rate of a path, weighted by throughput [1/h]; 0 where nothing moves.

    Parameters
    ----------
    hours : ndarray, shape (n,)
        Length of each interval.
    soc : ndarray, shape (n + 1,)
    """
    moved = np.abs(np.diff(soc))
    through = float(moved.sum())
    return float((moved * moved / hours).sum()) / through if through > 0 else 0.0


def advance(
    law: Chemistry, wear: Wear, hours: np.ndarray, soc: np.ndarray, temperature: Series
) -> Wear:
    """Wear after a path of states of charge.

    Parameters
    ----------
    hours : ndarray, shape (n,)
        Length of each interval [h].
    soc : ndarray, shape (n + 1,)
        State of charge at its ends [0-1].
    temperature : Series
        Of the cells, one value or shape (n,) [degC].

    Returns
    -------
    Wear
        Calendar ageing of every interval at its mean state of charge, and cycle ageing of every
        cycle that closed, at the mean rate of the path.
    """
    rate = np.asarray(law.calendar(temperature, 0.5 * (soc[:-1] + soc[1:])))
    calendar = wear.calendar + float((rate ** (1.0 / law.calendar_power) * hours).sum())
    closed, turns = closed_cycles(wear.turns, soc.tolist())
    depth, middle = np.array(closed, float).reshape(-1, 2).T
    per = np.asarray(law.cycle(depth, middle, mean_rate(hours, soc)))
    cycle = wear.cycle + float((per ** (1.0 / law.cycle_power) * depth).sum())
    return Wear(calendar, cycle, turns, wear.cycles + float(depth.sum()))
