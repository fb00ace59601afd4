"""Reverse osmosis: the pressure that salt sets, the energy it takes, and the brine it leaves.

Salinity is a property of the plant, not of the carriers: the network balances water.
"""

from __future__ import annotations

import math
from typing import ClassVar

from models.base import Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.market.trade import outside_name
from models.site import Setting

OSMOTIC_COEFFICIENT = 0.90
"""Of sodium chloride in water up to 1 mol/kg, within 5 % (Robinson and Stokes, 1959)."""

NACL = 58.44
"""[g/mol]"""

BAR_PER_KWH = 36.0
"""Pressure that is one kWh per m3 [bar]."""


def osmotic_pressure(salinity: float, temperature: float) -> float:
    """Osmotic pressure of salt water, all salt counted as sodium chloride [bar].

    Parameters
    ----------
    salinity : float
        Dissolved salt [g/L], up to 70.
    temperature : float
        [degC]

    Notes
    -----
    van't Hoff's law, ``2 c R T`` with an osmotic coefficient.
    """
    molar = salinity / NACL * 1000.0
    pascal = OSMOTIC_COEFFICIENT * 2 * molar * 8.314 * (temperature + 273.15)
    return pascal / 1e5


def least_energy(feed_osmotic: float, recovery: float) -> float:
    """Work of a reversible separation [kWh/m3 of product].

    Parameters
    ----------
    feed_osmotic : float
        Osmotic pressure of the feed [bar].
    recovery : float
        Product over feed [0-1].

    Notes
    -----
    ``pi ln(1 / (1 - R)) / R`` (Elimelech and Phillip, *Science* 333 (2011) 712).
    """
    return feed_osmotic * -math.log1p(-recovery) / recovery / BAR_PER_KWH


class ReverseOsmosis(Model):
    """One stage of membranes with a pump and an exchanger of the brine's pressure."""

    kind: ClassVar[str] = "reverse_osmosis"

    inlet: str = port(kind="water", description="Salt water as it comes.")
    outlet: str = port(kind="water", description="Product.")
    brine: str | None = port(
        None, kind="water|material", description="Where the brine goes; without it, it leaves."
    )
    electricity: str = port(kind="electricity", description="Pumps.")
    capacity: float = quantity(unit="t/h", gt=0, description="Largest flow of product.")
    salinity: float = quantity(
        unit="kg/m3", ge=0, le=70, description="Salt in the feed; seawater holds about 35."
    )
    recovery: float = quantity(
        unit="1", gt=0, lt=1, description="Product per feed; seawater 0.40 to 0.50, reuse 0.75."
    )
    overpressure: float = quantity(
        10.0,
        unit="bar",
        ge=0,
        description="Pressure above the osmotic pressure of the brine, which drives the flow.",
        source="assumed: 5 to 15 bar",
    )
    largest_pressure: float = quantity(
        83.0,
        unit="bar",
        gt=0,
        le=130,
        description="That the membranes bear.",
        source="assumed: usual seawater elements, 1200 psi",
    )
    pump_efficiency: float = quantity(
        0.85,
        unit="1",
        gt=0,
        le=1,
        description="Hydraulic power over electricity.",
        source="assumed: pump 0.89 and motor 0.96",
    )
    energy_recovery: float = quantity(
        0.95,
        unit="1",
        ge=0,
        le=1,
        description="Share of the brine's hydraulic power that is used again; 0 without exchanger.",
        source="assumed: isobaric exchangers reach 0.93 to 0.97",
    )
    other_electricity: float = quantity(
        0.8,
        unit="kWh/m3",
        ge=0,
        description="Intake, pretreatment and delivery per m3 of product.",
        source="assumed: seawater; a quarter of it for treated waste water",
    )

    def feed_pressure(self, temperature: float) -> float:
        """Pressure of the feed [bar] at a temperature [degC]."""
        brine = osmotic_pressure(self.salinity, temperature) / (1.0 - self.recovery)
        return brine + self.overpressure

    def electricity_use(self, temperature: float) -> float:
        """Electricity [kWh/m3 of product] at a temperature [degC]."""
        kept = 1.0 - self.energy_recovery * (1.0 - self.recovery)
        work = self.feed_pressure(temperature) * kept / self.recovery / BAR_PER_KWH
        return work / self.pump_efficiency + self.other_electricity

    def lower(self, setting: Setting) -> Lowering:
        """One flow per tonne of feed, a cubic metre of water being one.

        Raises
        ------
        PhysicsError
            The pressure is more than the membranes bear.
        """
        temperature = setting.buses[self.inlet].temperature
        temperature = 25.0 if math.isnan(temperature) else temperature
        pressure = self.feed_pressure(temperature)
        if pressure > self.largest_pressure:
            raise PhysicsError(
                f"{100 * self.recovery:g} % of water with {self.salinity:g} g/L need "
                f"{pressure:.0f} bar, and the membranes bear {self.largest_pressure:g} bar",
                key="recovery",
                mend="lower the recovery",
            )
        use = self.electricity_use(temperature)
        coefficients: dict[str, Series] = {self.inlet: -1.0}
        for bus, value in (
            (self.outlet, self.recovery),
            (self.electricity, -self.recovery * use / 1000.0),
        ):
            coefficients[bus] = value
        exchange: dict[str, Series] = {}
        if self.brine is None:
            exchange[outside_name(setting, self.inlet)] = 1.0 - self.recovery
        else:
            coefficients[self.brine] = coefficients.get(self.brine, 0.0) + 1.0 - self.recovery
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            self.capacity / self.recovery,
            exchange=exchange,
            closes=("building_heat",),
            activity="treatment",
            main=self.inlet,
        )
        return Lowering([flow])
