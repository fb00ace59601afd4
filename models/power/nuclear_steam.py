"""Steam from a nuclear power plant, paid for with the electricity it no longer makes."""

from __future__ import annotations

from typing import ClassVar

from models.base import Carrier, Lowering, PhysicsError, quantity
from models.power.gas_chp import GasCHP
from models.power.steam_turbine import saturation_temperature
from models.site import Setting

ZERO = 273.15


def electricity_penalty(
    electric_efficiency: float, steam: float, live: float, condensing: float
) -> float:
    """Electricity lost per heat that is taken from a turbine instead of expanding further.

    Parameters
    ----------
    electric_efficiency : float
        Electricity per heat of the reactor, no heat taken [0-1].
    steam, live, condensing : float
        Temperature at which the taken steam, the live steam and the exhaust condense [degC].

    Notes
    -----
    ``efficiency (1 - T_condensing / T_steam) / (1 - T_condensing / T_live)``: work that a Carnot
    engine would draw from the heat taken, at the share of the Carnot work that the plant reaches.
    Heat taken from live steam costs the electric efficiency itself, heat at the temperature of the
    condenser nothing.

    Examples
    --------
    >>> round(electricity_penalty(0.35, 230.0, 275.0, 35.0), 4)
    0.3098
    """
    cold = condensing + ZERO
    return electric_efficiency * (1 - cold / (steam + ZERO)) / (1 - cold / (live + ZERO))


class NuclearSteam(GasCHP):
    """A pressurised-water or gas-cooled reactor that gives power and, by a reboiler, steam.

    Steam of the reactor's cycle condenses in a reboiler and makes the steam of the park; the two
    never mix. The fuel is counted by the heat of its fission.
    """

    kind: ClassVar[str] = "nuclear_steam"

    electric_efficiency: float = quantity(
        0.326,
        unit="1",
        description="Net electricity per heat of the reactor, no steam taken.",
        source="Lazard, Levelized Cost of Energy Analysis 16.0 (2023), p. 49: heat rate of 10.45 "
        "MMBtu/MWh",
        gt=0,
        lt=1,
    )
    heat_efficiency: float = quantity(
        0.078,
        unit="1",
        description="Heat of the steam per heat of the reactor, at most.",
        source="Heqi-1 at Tianwan 3 and 4 (CNNC, June 2024): 600 t/h at 1.8 MPa, 467 MW of two "
        "VVER-1000 of 3000 MW",
        ge=0,
    )
    power_loss: float = quantity(
        0.0,
        unit="1",
        description="Electricity lost per heat taken; by default from the temperatures below.",
        source="see electricity_penalty",
        ge=0,
        lt=1,
    )
    live_pressure: float = quantity(
        58.8,
        unit="bar",
        gt=1,
        le=220,
        description="Of the steam before the turbine, saturated or superheated.",
        source="assumed: 5.88 MPa at the turbine of a VVER-1000 (132.5 bar and 567 degC of HTR-PM)",
    )
    live_temperature: float | None = quantity(
        None,
        unit="degC",
        gt=100,
        le=700,
        description="Of the steam before the turbine; without it, it is saturated.",
    )
    condensing_temperature: float = quantity(
        35.0,
        unit="degC",
        ge=10,
        le=80,
        description="In the condenser of the turbine.",
        source="assumed: cooled by the sea",
    )
    approach: float = quantity(
        20.0,
        unit="K",
        ge=0,
        description="Reactor's steam that condenses above the park's steam that boils.",
        source="assumed: reboiler, pressure drop of valves and steps between extractions",
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per way of running, in units of fission heat.

        Raises
        ------
        PhysicsError
            The park's steam is hotter than the reactor can make, and as for `gas_chp`.
        """
        if self.heat is None or "power_loss" in self.model_fields_set:
            return GasCHP.lower(self, setting)
        wanted = setting.buses[self.heat]
        boiling = saturation_temperature(self.live_pressure)
        taken = self._boils_at(wanted) + self.approach
        hottest = boiling if self.live_temperature is None else self.live_temperature
        if taken > boiling or wanted.temperature > hottest:
            raise PhysicsError(
                f"'{self.heat}' needs heat at {taken:.0f} degC to boil and ends at "
                f"{wanted.temperature:g} degC; live steam condenses at {boiling:.0f} degC and has "
                f"{hottest:.0f} degC",
                key="heat",
                mend="name steam of lower pressure or temperature",
            )
        penalty = electricity_penalty(
            self.electric_efficiency, taken, boiling, self.condensing_temperature
        )
        return GasCHP.lower(self.model_copy(update={"power_loss": penalty}), setting)

    def _boils_at(self, carrier: Carrier) -> float:
        """Temperature at which most of the heat is taken up [degC]."""
        if "steam" in carrier.kind.split("|"):
            return saturation_temperature(carrier.pressure)
        return carrier.temperature
