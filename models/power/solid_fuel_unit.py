"""The inside of a unit fired with solid fuel: its buses and the flows between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.base import Carrier, Flow, Lowering, PhysicsError
from models.carriers import CP_WATER, H2O, LATENT, MOLAR, steam
from models.heat.boiler import COMBUSTION, FlueGas, flue_gas, heating_value
from models.heat.steam_raising import raise_steam
from models.power.steam_turbine import KJ_PER_KG, condense, expand, spray_water, water_energy
from models.site import Setting

if TYPE_CHECKING:
    from models.power.solid_fuel_chp import SolidFuelCHP

CACO3 = MOLAR["Ca"] + MOLAR["C"] + 3 * MOLAR["O"]
GYPSUM = MOLAR["Ca"] + MOLAR["S"] + 6 * MOLAR["O"] + 4 * MOLAR["H"]

CP_GAS, CP_VAPOUR = 1.02, 1.88
"""Specific heat of dry flue gas and of water vapour near 100 degC [kJ/kg/K] (VDI Heat Atlas)."""

HOT_GAS = 140.0
"""Flue gas behind the boiler [degC]; assumed: above the acid dew point."""


class Unit:
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
        ash = sum(amount * self._ash(bus) for bus, amount in fuels.items())
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

    def _ash(self, bus: str) -> float:
        """Ash per unit of a fuel [t]."""
        fuel, spec = self.setting.buses[bus], self.spec
        if bus == spec.fuel:
            return spec.ash_share * fuel.of("mass")
        return 0.0 if "gas" in fuel.kind.split("|") else spec.cofuel_ash_share * fuel.of("mass")

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
            one = flue_gas(fuel, air, self._ash(bus))
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
