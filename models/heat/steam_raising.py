"""Raising steam: a boiler with regenerative preheating and one reheat, by states of the steam."""

from __future__ import annotations

from dataclasses import dataclass

from models.base import Carrier, PhysicsError
from models.carriers import steam_state
from models.power.steam_turbine import (
    KJ_PER_KG,
    expand,
    saturation_pressure,
    saturation_temperature,
)
from models.steam_tables import if97

RISE_PER_PREHEATER = 30.0
"""Heating of the feedwater in one preheater [K]; assumed: six to eight heaters to 290 degC."""


@dataclass(frozen=True)
class Raised:
    """Steam ready for the sections, per tonne of live steam raised.

    Attributes
    ----------
    heat : float
        Heat from the fire [MWh/t].
    work : float
        Shaft work of bled steam, and of all steam before it is reheated [MWh/t].
    share : float
        Steam left for the sections; the rest was bled for the feedwater [t/t].
    pressure, temperature : float
        Its state: reheated, or live [bar(a), degC].
    """

    heat: float
    work: float
    share: float
    pressure: float
    temperature: float


def raise_steam(
    live: tuple[float, float],
    condensate: Carrier,
    feedwater_temperature: float | None,
    isentropic_efficiency: float,
    reheat: tuple[float, float] | None = None,
) -> Raised:
    """A boiler with regenerative preheating and, if given, one reheat.

    Parameters
    ----------
    live, reheat : tuple of float
        Pressure [bar(a)] and temperature [degC] before the turbine.
    condensate : Carrier
        Water that the preheaters start from.
    feedwater_temperature : float or None
        At the boiler [degC]; None leaves the preheaters out.

    Raises
    ------
    PhysicsError
        The feedwater is to be hotter than boiling at live pressure, or colder than the condensate.

    Notes
    -----
    Mixing preheaters of equal rise, each at the saturation pressure of the water that leaves it:
    with m_i of water at h_i behind heater i, the bleed is ``m_i (h_i - h_i-1) / (h_bleed - h_i-1)``
    (Moran and Shapiro, 7th ed., sec. 8.4). Pump work is left to the unit's own use.
    """
    h_dead = steam_state(1.01325, 25.0)[0]
    h_live = steam_state(*live)[0]
    last = reheat or live
    if reheat is not None:
        cold_reheat = expand(*live, reheat[0], isentropic_efficiency).h_out
        h_last = steam_state(*reheat)[0]
    else:
        cold_reheat = h_last = h_live
    start = condensate.temperature
    end = start if feedwater_temperature is None else feedwater_temperature
    boiling = saturation_temperature(live[0]) if live[0] < 220 else 373.0
    if not start <= end < boiling:
        raise PhysicsError(
            f"feedwater at {end:g} degC is not between the condensate at {start:g} degC and "
            f"boiling at {boiling:.0f} degC",
            key="feedwater_temperature",
            mend="give a temperature between them, or leave it out",
        )
    n = round((end - start) / RISE_PER_PREHEATER) or int(end > start)
    levels = [start + (end - start) * i / n for i in range(1, n + 1)]
    water = [condensate.of("energy") * KJ_PER_KG + h_dead]
    water += [if97("H", "T", t + 273.15, "Q", 0.0) / 1e3 for t in levels]
    mass, reheated, work = 1.0, 1.0, 0.0
    for i in range(n, 0, -1):
        pressure = saturation_pressure(levels[i - 1])
        early = reheat is not None and pressure >= reheat[0]
        state, h_in = (live, h_live) if early else (last, h_last)
        h_bleed = expand(*state, pressure, isentropic_efficiency).h_out
        bleed = mass * (water[i] - water[i - 1]) / (h_bleed - water[i - 1])
        work += bleed * (h_in - h_bleed)
        mass -= bleed
        reheated -= bleed if early else 0.0
    work += reheated * (h_live - cold_reheat)
    heat = h_live - water[-1] + reheated * (h_last - cold_reheat)
    return Raised(heat / KJ_PER_KG, work / KJ_PER_KG, mass, *last)
