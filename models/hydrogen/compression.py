"""Compression of a real gas in stages with cooling in between."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Literal


@lru_cache(maxsize=256)
def compression_work(
    fluid: Literal["Hydrogen", "CO2"],
    p_in: float,
    p_out: float,
    temperature: float,
    efficiency: float,
    largest_ratio: float,
) -> float:
    """Shaft work to compress a gas [MWh/t].

    Parameters
    ----------
    fluid : {"Hydrogen", "CO2"}
    p_in, p_out : float
        Absolute pressures [bar].
    temperature : float
        At which the gas enters each stage [degC]; above the critical point it never condenses.
    efficiency : float
        Isentropic work over work of a stage [0-1].
    largest_ratio : float
        Largest pressure ratio of a stage; stages are as few as it allows, of equal ratio.

    Notes
    -----
    ``sum (h(p_i+1, s_i) - h_i) / efficiency`` (Moran and Shapiro, 7th ed., eq. 6.48); properties
    through CoolProp: normal hydrogen after Leachman et al. (2009), valid to 2000 MPa, and CO2 after
    Span and Wagner (1996), valid to 800 MPa.
    """
    from CoolProp.CoolProp import PropsSI

    stages = max(math.ceil(math.log(p_out / p_in) / math.log(largest_ratio) - 1e-9), 1)
    ratio = (p_out / p_in) ** (1.0 / stages)
    work = 0.0
    for stage in range(stages):
        pressure = p_in * ratio**stage * 1e5
        state = ("P", pressure, "T", temperature + 273.15, fluid)
        entropy = PropsSI("S", *state)
        ideal = PropsSI("H", "P", pressure * ratio, "S", entropy, fluid)
        work += (ideal - PropsSI("H", *state)) / efficiency
    return work / 3.6e6
