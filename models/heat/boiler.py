"""Boilers: heat or steam from fuel or electricity, and what the water in the flue gas allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, port, quantity
from models.carriers import CO2_PER_CARBON, H2O, LATENT, MOLAR
from models.power.steam_turbine import saturation_pressure, saturation_temperature
from models.site import Setting

COMBUSTION = ("co2", "so2", "n2", "water_vapour", "air")
"""Surroundings that take up a combustion."""

OXYGEN_IN_AIR = 0.2314
"""Mass share of oxygen in dry air; the rest is counted as nitrogen (US Standard Atmosphere)."""

ATMOSPHERE = 1.01325
"""[bar]"""


@dataclass(frozen=True)
class FlueGas:
    """Flue gas per unit of fuel burnt (MWh or t).

    Attributes
    ----------
    dry, vapour : float
        Mass of the dry gas and of the water vapour in it [t].
    moles : float
        Dry gas [Mmol].
    """

    dry: float
    vapour: float
    moles: float

    @property
    def dew_point(self) -> float:
        """Temperature at which water begins to condense at atmospheric pressure [degC]."""
        water = self.vapour / H2O
        return saturation_temperature(ATMOSPHERE * water / (water + self.moles))

    def condensed(self, temperature: float) -> float:
        """Water [t] that has condensed once the gas is cooled to `temperature` [degC]."""
        pressure = saturation_pressure(temperature)
        if pressure >= ATMOSPHERE:
            return 0.0
        left = self.moles * H2O * pressure / (ATMOSPHERE - pressure)
        return max(self.vapour - left, 0.0)


def flue_gas(fuel: Carrier, excess_air: float, ash: float = 0.0) -> FlueGas:
    """Complete combustion of one unit of fuel in dry air.

    Parameters
    ----------
    excess_air : float
        Air over what combustion needs; 1 is stoichiometric.
    ash : float
        Solid left per unit of fuel [t].

    Notes
    -----
    The oxygen needed is what closes the mass of fuel and products, so that oxygen within the fuel
    is counted. Without hydrogen in the gas the dew point has no meaning.
    """
    co2 = fuel.of("carbon") * CO2_PER_CARBON
    so2 = fuel.of("sulphur") * (1 + 2 * MOLAR["O"] / MOLAR["S"])
    n2, vapour = fuel.of("nitrogen"), fuel.of("water")
    oxygen = max(co2 + so2 + n2 + vapour + ash - fuel.of("mass"), 0.0)
    n2 += excess_air * oxygen * (1 / OXYGEN_IN_AIR - 1)
    rest = (excess_air - 1) * oxygen
    moles = (
        co2 / (MOLAR["C"] + 2 * MOLAR["O"])
        + so2 / (MOLAR["S"] + 2 * MOLAR["O"])
        + n2 / (2 * MOLAR["N"])
        + rest / (2 * MOLAR["O"])
    )
    return FlueGas(co2 + so2 + n2 + rest, vapour, moles)


def heating_value(fuel: Carrier) -> float:
    """LHV of one unit of fuel [MWh]; a fuel in MW is counted by it."""
    return 1.0 if fuel.unit == "MW" else fuel.lhv


def steam_per_heat(steam: Carrier, feedwater: Carrier) -> float:
    """Steam raised from feedwater by one MWh of heat [t].

    Raises
    ------
    PhysicsError
        The feedwater holds more energy than the steam.
    """
    rise = steam.of("energy") - feedwater.of("energy")
    if rise <= 0:
        raise PhysicsError(
            f"feedwater '{feedwater.name}' at {feedwater.temperature:g} degC holds more energy "
            f"than steam '{steam.name}'",
            key="feedwater",
            mend="name a bus of colder water",
        )
    return 1.0 / rise


def give_heat(
    setting: Setting, heat: float, output: str, feedwater: str | None
) -> dict[str, float]:
    """Coefficients that give `heat` [MWh] to a loop, or as steam raised from feedwater."""
    carrier = setting.buses[output]
    if "steam" not in carrier.kind.split("|"):
        return {output: heat}
    if feedwater is None:
        raise PhysicsError(
            f"'{output}' is steam, and no feedwater is named",
            key="output",
            mend="name a bus of water in 'feedwater'",
        )
    steam = heat * steam_per_heat(carrier, setting.buses[feedwater])
    return {output: steam, feedwater: -steam}


class Boiler(Model):
    """Heat or steam from a fuel."""

    kind: ClassVar[str] = "boiler"

    fuel: str = port(kind="fuel", description="Fuel burnt.")
    output: str = port(kind="heat|steam", description="Loop or steam bus that is supplied.")
    feedwater: str | None = port(
        None, kind="water", description="Water that becomes steam; needed for steam."
    )
    capacity: float = quantity(unit="MW", gt=0, description="Largest thermal output.")
    efficiency: float = quantity(
        0.93,
        unit="1",
        gt=0,
        description="Heat over fuel by LHV; above 1 only where the flue gas condenses.",
        source="Danish Energy Agency, Technology Data for Industrial Process Heat, sheet 311.1c "
        "(gas-fired steam boiler, 90 to 96 %); wood and coal 0.90 (311.1e, 311.1a)",
    )
    excess_air: float = quantity(
        1.15,
        unit="1",
        ge=1,
        le=3,
        description="Air over what combustion needs; decides how much water can condense.",
        source="assumed: 3 % oxygen in the dry flue gas of a gas burner",
    )
    variable_cost: float = quantity(
        0.0,
        unit="currency/MWh",
        description="Operation and upkeep per heat.",
        source="assumed: none",
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per unit of fuel."""
        fuel = setting.buses[self.fuel]
        lhv = heating_value(fuel)
        heat = self.efficiency * lhv
        if lhv <= 0:
            raise PhysicsError(
                f"'{fuel.name}' has an LHV of {lhv:g} MWh/t and heats nothing",
                key="fuel",
                mend="dry it, or name another fuel",
            )
        if heat > fuel.of("energy"):
            raise PhysicsError(
                f"efficiency {self.efficiency:g} is above {fuel.of('energy') / lhv:.4f}, the HHV "
                f"over the LHV of '{fuel.name}'",
                key="efficiency",
                mend="give the efficiency by LHV; the ratio is its limit with all vapour condensed",
            )
        coefficients: dict[str, Any] = {self.fuel: -1.0}
        coefficients |= give_heat(setting, heat, self.output, self.feedwater)
        exchange: dict[str, Any] = {}
        if heat > lhv:
            exchange["wastewater"] = self._drained(setting, fuel, (heat - lhv) * 3600.0 / LATENT)
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            upper=self.capacity / heat,
            cost=self.variable_cost * heat,
            exchange=exchange,
            closes=COMBUSTION,
            activity="heat",
            main=self.fuel,
        )
        return Lowering([flow])

    def _drained(self, setting: Setting, fuel: Carrier, needed: float) -> float:
        """The least water that must condense for an efficiency above 1 [t per unit of fuel]."""
        output = setting.buses[self.output]
        coldest = output.return_temperature
        if "steam" in output.kind.split("|"):
            assert self.feedwater is not None
            coldest = setting.buses[self.feedwater].temperature
        gas = flue_gas(fuel, self.excess_air)
        possible = gas.condensed(coldest)
        if needed > possible:
            limit = 1 + possible * LATENT / 3600.0 / heating_value(fuel)
            raise PhysicsError(
                f"efficiency {self.efficiency:g} needs {1000 * needed:.0f} kg of water condensed "
                f"per unit of '{fuel.name}', and at {coldest:g} degC (dew point "
                f"{gas.dew_point:.1f} degC) only {1000 * possible:.0f} kg can",
                key="efficiency",
                mend=f"give at most {limit:.3f}, or return colder water",
            )
        return needed


class ElectricBoiler(Model):
    """Heat or steam from electricity, by electrodes or resistance."""

    kind: ClassVar[str] = "electric_boiler"

    electricity: str = port(kind="electricity", description="Where the power comes from.")
    output: str = port(kind="heat|steam", description="Loop or steam bus that is supplied.")
    feedwater: str | None = port(
        None, kind="water", description="Water that becomes steam; needed for steam."
    )
    capacity: float = quantity(unit="MW", gt=0, description="Largest thermal output.")
    efficiency: float = quantity(
        0.99,
        unit="1",
        gt=0,
        le=1,
        description="Heat over electricity.",
        source="Danish Energy Agency, Technology Data, sheets 41 and 310.1 (98 to 99 %)",
    )
    variable_cost: float = quantity(
        0.0,
        unit="currency/MWh",
        description="Operation and upkeep per heat.",
        source="assumed: none",
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per MW of electricity."""
        coefficients: dict[str, Any] = {self.electricity: -1.0}
        coefficients |= give_heat(setting, self.efficiency, self.output, self.feedwater)
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            upper=self.capacity / self.efficiency,
            cost=self.variable_cost * self.efficiency,
            activity="heat",
            main=self.electricity,
        )
        return Lowering([flow])
