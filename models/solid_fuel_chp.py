"""Cogeneration from solid fuels: one boiler, turbine sections to each use of steam, flue gas.

The boiler fills a bus of live steam inside the unit. Sections share it: extraction to a steam bus,
a condenser that heats a loop, a cold condenser; each also as a bypass past the turbine. What a
section gives per tonne does not depend on the others, so their split is free at every step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, port, quantity
from models.boiler import COMBUSTION, FlueGas, flue_gas, heating_value
from models.carriers import CP_WATER, H2O, LATENT, MOLAR, steam, steam_state
from models.site import Setting
from models.steam_tables import if97
from models.steam_turbine import (
    APPROACH,
    KJ_PER_KG,
    condense,
    expand,
    saturation_pressure,
    saturation_temperature,
    spray_water,
    water_energy,
)

CACO3 = MOLAR["Ca"] + MOLAR["C"] + 3 * MOLAR["O"]
GYPSUM = MOLAR["Ca"] + MOLAR["S"] + 6 * MOLAR["O"] + 4 * MOLAR["H"]

RISE_PER_PREHEATER = 30.0
"""Heating of the feedwater in one preheater [K]; assumed: six to eight heaters to 290 degC."""

CP_GAS, CP_VAPOUR = 1.02, 1.88
"""Specific heat of dry flue gas and of water vapour near 100 degC [kJ/kg/K] (VDI Heat Atlas)."""

HOT_GAS = 140.0
"""Flue gas behind the boiler [degC]; assumed: above the acid dew point."""


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


class Reheat(BaseModel):
    """Steam that returns to the boiler between two parts of the turbine."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pressure: float = quantity(unit="bar", gt=1, description="At which it is reheated.")
    temperature: float = quantity(unit="degC", gt=100, le=700, description="To which.")


class FlueGasCondensation(BaseModel):
    """Flue gas cooled by the returning water of a loop until its vapour condenses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    heat: str = port(kind="heat", description="Loop whose return is preheated.")
    condensate: str | None = port(
        None, kind="water", description="Where the water goes; without it, down the drain."
    )
    approach: float = quantity(
        3.0,
        unit="K",
        ge=0,
        description="Gas above the return, and dew point above the preheated water.",
        source="assumed: packed scrubber or tube bundle of usual size",
    )
    excess_air: float = quantity(
        1.25,
        unit="1",
        ge=1,
        le=3,
        description="Air over what combustion needs.",
        source="assumed: 4 % oxygen in the dry gas of a fluidised bed",
    )


class Desulphurisation(BaseModel):
    """Wet limestone scrubber: SO2 + CaCO3 + 0.5 O2 + 2 H2O -> CaSO4.2H2O + CO2."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limestone: str = port(kind="solid|material", description="Limestone used.")
    gypsum: str = port(kind="solid|material", description="Gypsum made.")
    water: str | None = port(
        None, kind="water", description="Water bound and evaporated; without it, from the gas."
    )
    capture: float = quantity(
        0.95,
        unit="1",
        ge=0,
        le=1,
        description="Share of the sulphur captured.",
        source="assumed: wet limestone scrubbers reach 0.90 to 0.98",
    )
    evaporation: float = quantity(
        0.04,
        unit="t/MWh",
        ge=0,
        description="Water evaporated per fuel, where a bus of water is named.",
        source="assumed: 1.3 t of gas per MWh cooled by 70 K",
    )


class SolidFuelCHP(Model):
    """Base of the units that burn solid fuels; its kinds differ by their defaults."""

    fuel: str = port(kind="fuel", description="Fuel of the boiler.")
    cofuel: str | None = port(None, kind="fuel", description="Fuel that may replace a part of it.")
    cofuel_share: float = quantity(
        0.1,
        unit="1",
        ge=0,
        le=1,
        description="Largest share of the other fuel in the heat input.",
        source="assumed: what co-milling with coal allows",
    )
    thermal_input: float = quantity(unit="MW", gt=0, description="Fuel at full load, by LHV.")
    power_capacity: float | None = quantity(
        None, unit="MW", gt=0, description="Generator, gross; by default what the steam can drive."
    )
    boiler_efficiency: float = quantity(
        0.90,
        unit="1",
        gt=0,
        le=1,
        description="Heat to the steam over fuel by LHV.",
        source="Danish Energy Agency, Technology Data for Industrial Process Heat, sheets 311.1e "
        "(wood, 89 to 92 %) and 311.1a (coal, 88 to 92 %)",
    )
    live_pressure: float = quantity(unit="bar", gt=1, le=350, description="Before the turbine.")
    live_temperature: float = quantity(
        unit="degC", gt=100, le=700, description="Before the turbine."
    )
    reheat: Reheat | None = Field(None, description="One reheat; it takes part in every section.")
    feedwater_temperature: float | None = quantity(
        None, unit="degC", gt=0, le=350, description="At the boiler; needs steam bled for it."
    )
    electricity: str = port(kind="electricity", description="Where net power goes.")
    steam: str | None = port(None, kind="steam", description="Steam bus fed by extraction.")
    heat: str | None = port(None, kind="heat", description="Loop heated by a condenser.")
    condensing_temperature: float | None = quantity(
        None,
        unit="degC",
        ge=10,
        le=80,
        description="Condensation to the sea or a cooling tower; without it there is none.",
    )
    condensate: str = port(
        kind="water", description="Water fed to the unit, and the condensate of its heaters."
    )
    approach: float = quantity(
        5.0,
        unit="K",
        ge=0,
        description="Condensing temperature above the supply of the heated loop.",
        source=APPROACH,
    )
    isentropic_efficiency: float = quantity(
        0.85,
        unit="1",
        gt=0,
        le=1,
        description="Of every section, from its inlet to where the steam leaves.",
        source="assumed: turbine of 20 to 100 MW",
    )
    generator_efficiency: float = quantity(
        0.97,
        unit="1",
        gt=0,
        le=1,
        description="Electricity over shaft work.",
        source="assumed: generator 0.98 and bearings 0.99",
    )
    own_use: float = quantity(
        0.02,
        unit="1",
        ge=0,
        lt=1,
        description="Electricity of pumps, fans and mills per fuel.",
        source="assumed: 6 to 8 % of gross power in a condensing unit",
    )
    ash: str | None = port(
        None, kind="solid|material", description="Where ash goes; without it, to a landfill."
    )
    ash_share: float = quantity(
        0.006,
        unit="1",
        ge=0,
        lt=1,
        description="Ash per mass of fuel as received.",
        source="EN ISO 17225-1 annex B, 1 % of the dry matter of coniferous wood with bark",
    )
    flue_gas_condensation: FlueGasCondensation | None = Field(
        None, description="Heat from the moisture of the flue gas."
    )
    desulphurisation: Desulphurisation | None = Field(None, description="Gypsum from the sulphur.")
    variable_cost: float = quantity(
        0.0,
        unit="currency/MWh",
        description="Operation and upkeep per fuel.",
        source="assumed: none",
    )

    def lower(self, setting: Setting) -> Lowering:
        """Fire, boiler, sections, generator and flue gas, joined by buses inside the unit."""
        return _Unit(self, setting).lowering()


class BiomassCHP(SolidFuelCHP):
    """A unit fired with wood chips, straw or pellets."""

    kind: ClassVar[str] = "biomass_chp"


class CoalCHP(SolidFuelCHP):
    """A unit fired with pulverised coal."""

    kind: ClassVar[str] = "coal_chp"

    boiler_efficiency: float = quantity(
        0.92,
        unit="1",
        gt=0,
        le=1,
        description="Heat to the steam over fuel by LHV.",
        source="Danish Energy Agency, Technology Data for Industrial Process Heat, sheet 311.1a, "
        "upper end (91.8 %): utility boiler",
    )
    isentropic_efficiency: float = quantity(
        0.88,
        unit="1",
        gt=0,
        le=1,
        description="Of every section, from its inlet to where the steam leaves.",
        source="assumed: turbine of several hundred MW",
    )
    own_use: float = quantity(
        0.03,
        unit="1",
        ge=0,
        lt=1,
        description="Electricity of pumps, fans and mills per fuel.",
        source="assumed: 7 % of gross power",
    )
    ash_share: float = quantity(
        0.131,
        unit="1",
        ge=0,
        lt=1,
        description="Ash per mass of fuel as received.",
        source="what the ultimate analysis of the standard coal leaves (14.4 % of dry matter)",
    )


class _Unit:
    """One unit in its setting; everything upstream of the steam is per MWh of fuel by LHV."""

    def __init__(self, spec: SolidFuelCHP, setting: Setting) -> None:
        self.spec, self.setting = spec, setting
        self.name = setting.component
        self.condensate = setting.buses[spec.condensate]
        self.raised = raise_steam(
            (spec.live_pressure, spec.live_temperature),
            self.condensate,
            spec.feedwater_temperature,
            spec.isentropic_efficiency,
            (spec.reheat.pressure, spec.reheat.temperature) if spec.reheat else None,
        )
        self.live = steam(self.inside("live_steam"), self.raised.pressure, self.raised.temperature)
        heat = spec.thermal_input * spec.boiler_efficiency
        self.most_steam = heat / self.raised.heat * self.raised.share
        self.buses = {
            c.name: c
            for c in (
                self.live,
                Carrier(self.inside("fire"), "MW", {"energy": 1.0}, 1.0, kind="heat"),
                Carrier(self.inside("shaft"), "MW", {"energy": 1.0}, 1.0, kind="work"),
            )
        }
        self.flows: list[Flow] = []
        self.preheating: dict[str, float] = {}

    def inside(self, role: str) -> str:
        return f"{self.name}.{role}"

    def add(self, role: str, coefficients: dict[str, Any], upper: float, **more: Any) -> None:
        """A flow of the unit on its own buses and those of the park."""
        more.setdefault("activity", "power")
        more.setdefault("main", next(iter(coefficients)))
        self.flows.append(Flow(self.inside(role), self.name, coefficients, upper, **more))

    def lowering(self) -> Lowering:
        spec = self.spec
        if spec.steam is None and spec.heat is None and spec.condensing_temperature is None:
            raise PhysicsError(
                "the steam of this unit goes nowhere",
                mend="name a 'steam' bus, a 'heat' loop or a 'condensing_temperature'",
            )
        mixes = {"burn": {spec.fuel: 1.0}}
        if spec.cofuel is not None and spec.cofuel_share > 0:
            share = spec.cofuel_share
            mixes["cofire"] = {spec.fuel: 1 - share, spec.cofuel: share}
        condensing = self._flue_gas_condenser([*mixes.values()])
        for role, shares in mixes.items():
            self._fire(role, shares, condensing)
        self._boiler()
        if spec.steam is not None:
            self._to_steam(spec.steam)
        if spec.heat is not None:
            self._to_heat(spec.heat)
        if spec.condensing_temperature is not None:
            work, _ = condense(self.live, spec.condensing_temperature, self.condensate,
                               spec.isentropic_efficiency)  # fmt: skip
            self._section("condensing", work, {spec.condensate: 1.0})
        most = spec.power_capacity or spec.thermal_input
        self.add(
            "generator",
            {self.inside("shaft"): -1.0, spec.electricity: spec.generator_efficiency},
            most / spec.generator_efficiency,
            main=spec.electricity,
        )
        return Lowering(self.flows, buses=self.buses)

    def _fire(self, role: str, shares: dict[str, float], condensing: bool) -> None:
        """Fuel to heat, ash, flue gas and gypsum."""
        spec, fuels = self.spec, {}
        for bus, share in shares.items():
            lhv = heating_value(self.setting.buses[bus])
            if lhv <= 0:
                raise PhysicsError(f"'{bus}' has no heating value", key="fuel")
            fuels[bus] = share / lhv

        def holds(quantity: str) -> float:
            return sum(n * self.setting.buses[bus].of(quantity) for bus, n in fuels.items())

        coefficients: dict[str, Any] = {bus: -amount for bus, amount in fuels.items()}
        coefficients[self.inside("fire")] = spec.boiler_efficiency
        exchange: dict[str, Any] = {}
        if spec.own_use:
            coefficients[spec.electricity] = -spec.own_use
        ash = spec.ash_share * holds("mass")
        if ash:
            (coefficients if spec.ash else exchange)[spec.ash or "ash"] = ash
        if condensing:
            gas = self._gas(shares)
            coefficients[self.inside("flue_gas")] = gas.condensed(self.gas_out)
            self._check_losses(holds("energy"), gas)
        scrubber = spec.desulphurisation
        if scrubber is not None:
            moles = scrubber.capture * holds("sulphur") / MOLAR["S"]
            if moles == 0:
                raise PhysicsError(
                    f"'{spec.fuel}' holds no sulphur to capture", key="desulphurisation"
                )
            coefficients[scrubber.limestone] = -moles * CACO3
            coefficients[scrubber.gypsum] = moles * GYPSUM
            if scrubber.water is not None:
                coefficients[scrubber.water] = -moles * 2 * H2O - scrubber.evaporation
        self.add(
            role,
            coefficients,
            spec.thermal_input,
            cost=spec.variable_cost,
            exchange=exchange,
            closes=COMBUSTION,
        )

    def _boiler(self) -> None:
        raised, spec = self.raised, self.spec
        coefficients = {
            self.inside("fire"): -1.0,
            self.live.name: raised.share / raised.heat,
            spec.condensate: -raised.share / raised.heat,
        }
        if raised.work:
            coefficients[self.inside("shaft")] = raised.work / raised.heat
        self.add("boiler", coefficients, spec.thermal_input * spec.boiler_efficiency)

    def _section(self, role: str, work: float, gives: dict[str, float]) -> None:
        """Live steam to what a section gives; without work it is a bypass of the turbine."""
        coefficients: dict[str, Any] = {self.live.name: -1.0, **gives}
        if work:
            coefficients[self.inside("shaft")] = work
        activity = "power" if work else "heat"
        self.add(role, coefficients, self.most_steam, activity=activity)

    def _to_steam(self, bus: str) -> None:
        outlet = self.setting.buses[bus]
        end = expand(self.live.pressure, self.live.temperature, outlet.pressure,
                     self.spec.isentropic_efficiency)  # fmt: skip
        ways = (
            ("extraction", end.work, f"extraction at {end.temperature:.0f} degC"),
            ("steam_bypass", 0.0, "throttled live steam"),
        )
        for role, work, what in ways:
            energy = self.live.of("energy") - work
            water = spray_water(
                energy, outlet, self.condensate, what, key="steam", spray_key="condensate"
            )
            gives = {bus: 1.0 + water}
            if water:
                gives[self.spec.condensate] = -water
            self._section(role, work, gives)

    def _to_heat(self, bus: str) -> None:
        loop, spec = self.setting.buses[bus], self.spec
        work, heat = condense(
            self.live,
            loop.temperature + spec.approach,
            self.condensate,
            spec.isentropic_efficiency,
            coldest=loop.return_temperature,
        )
        coldest = max(self.condensate.of("energy"), water_energy(loop.return_temperature))
        bypass = self.live.of("energy") - coldest
        for role, shaft, given in (("heating", work, heat), ("heat_bypass", 0.0, bypass)):
            room = {place: per * given for place, per in self.preheating.items()}
            self._section(role, shaft, {bus: given, spec.condensate: 1.0, **room})

    def _gas(self, shares: dict[str, float]) -> FlueGas:
        """Flue gas per MWh of fuel."""
        assert self.spec.flue_gas_condensation is not None
        air = self.spec.flue_gas_condensation.excess_air
        gas = FlueGas(0.0, 0.0, 0.0)
        for bus, share in shares.items():
            fuel = self.setting.buses[bus]
            one = flue_gas(fuel, air, self.spec.ash_share * fuel.of("mass"))
            n = share / heating_value(fuel)
            gas = FlueGas(
                gas.dry + n * one.dry, gas.vapour + n * one.vapour, gas.moles + n * one.moles
            )
        return gas

    def _flue_gas_condenser(self, mixes: list[dict[str, float]]) -> bool:
        """The condenser, the stack past it, and how much of the loop it can heat.

        It only preheats the return, to just below the dew point: the share of a loop's heat that
        it may give is the share of the rise from return to supply. A bus without content carries
        this room from the hotter sections to the condenser.
        """
        own, spec = self.spec.flue_gas_condensation, self.spec
        if own is None:
            return False
        loop = self.setting.buses[own.heat]
        gas = self._gas(mixes[0])
        self.gas_out = loop.return_temperature + own.approach
        warmest = gas.dew_point - own.approach
        rise = (warmest - loop.return_temperature) / (loop.temperature - loop.return_temperature)
        water = gas.condensed(self.gas_out)
        if rise <= 0 or water <= 0 or (rise < 1 and own.heat != spec.heat):
            raise PhysicsError(
                f"flue gas with its dew point at {gas.dew_point:.1f} degC cannot heat "
                f"'{own.heat}' from {loop.return_temperature:g} to {loop.temperature:g} degC",
                key="flue_gas_condensation",
                mend="return colder water, or preheat the loop that 'heat' of the unit supplies",
            )
        drain = self.setting.buses[own.condensate] if own.condensate else None
        leaving = drain.of("energy") if drain else water_energy(self.gas_out)
        self.gas_energy = self._recovered(gas) / water + water_energy(self.gas_out)
        heat = self.gas_energy - max(leaving, water_energy(self.gas_out))
        hot = 1 - 298.15 / (HOT_GAS + 273.15)
        flue = self.inside("flue_gas")
        self.buses[flue] = Carrier(
            flue, "t/h", {"energy": self.gas_energy, "mass": 1.0, "water": 1.0},
            hot * self.gas_energy, kind="gas",
        )  # fmt: skip
        coefficients: dict[str, Any] = {flue: -1.0, own.heat: heat}
        exchange: dict[str, Any] = {} if own.condensate else {"wastewater": 1.0}
        if own.condensate:
            coefficients[own.condensate] = 1.0
        most = spec.thermal_input * max(self._gas(m).condensed(self.gas_out) for m in mixes)
        if rise < 1:
            room = self.inside("return_water")
            self.buses[room] = Carrier(room, "MW", kind="limit")
            self.preheating[room] = rise / (1 - rise)
            coefficients[room] = -heat
            self.add("return_unheated", {room: -1.0}, spec.thermal_input * rise / (1 - rise))
        self.add("flue_gas_condenser", coefficients, most, exchange=exchange, activity="heat")
        self.add("stack", {flue: -1.0}, most, closes=("water_vapour",), activity="exchange")
        return True

    def _recovered(self, gas: FlueGas) -> float:
        """Heat that flue gas gives when it is cooled to `gas_out` [MWh per MWh of fuel]."""
        cooling = HOT_GAS - self.gas_out
        sensible = (CP_GAS * gas.dry + CP_VAPOUR * gas.vapour) * cooling
        latent = LATENT + (CP_VAPOUR - CP_WATER) * (self.gas_out - 25.0)
        return (sensible + gas.condensed(self.gas_out) * latent) / KJ_PER_KG

    def _check_losses(self, energy: float, gas: FlueGas) -> None:
        """The boiler's losses must at least hold what the flue gas is said to carry."""
        water = gas.condensed(self.gas_out)
        stack = water * self.gas_energy + (gas.vapour - water) * LATENT / KJ_PER_KG
        if self.spec.boiler_efficiency + stack > energy:
            raise PhysicsError(
                f"boiler efficiency {self.spec.boiler_efficiency:g} and {stack:.3f} MWh of heat in "
                f"the flue gas at {HOT_GAS:g} degC exceed the {energy:.3f} MWh of HHV per MWh",
                key="boiler_efficiency",
                mend=f"give at most {energy - stack:.3f}",
            )
