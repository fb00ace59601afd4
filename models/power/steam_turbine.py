"""Steam expanding through a turbine: to a lower steam bus, into a heating loop, or to the ambient.

The kernels are shared with the cogeneration units, which are several such sections on one boiler.
Energies in MWh/t count from liquid water at 25 degC, as the carriers do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, port, quantity
from models.carriers import CP_WATER, steam_state
from models.site import Setting
from models.steam_tables import if97

KJ_PER_KG = 3600.0
"""kJ/kg in one MWh/t."""

APPROACH = "assumed: 5 K terminal difference, usual for shell-and-tube condensers"


@lru_cache(maxsize=256)
def saturation_pressure(temperature: float) -> float:
    """Pressure at which water boils at `temperature` [degC, 0 to 373]; [bar(a)] (IAPWS-IF97)."""
    return if97("P", "T", temperature + 273.15, "Q", 1.0) / 1e5


@lru_cache(maxsize=256)
def saturation_temperature(pressure: float) -> float:
    """Temperature at which water boils at `pressure` [bar(a), up to 220]; [degC]."""
    return if97("T", "P", pressure * 1e5, "Q", 1.0) - 273.15


@dataclass(frozen=True)
class Expansion:
    """Steam before and after a turbine.

    Attributes
    ----------
    h_in, h_out, h_isentropic : float
        Enthalpy before, after, and after an ideal turbine [kJ/kg].
    temperature : float
        After the turbine [degC].
    quality : float
        Mass of vapour in the exhaust over its mass; 1 where it is dry or superheated.
    """

    h_in: float
    h_out: float
    h_isentropic: float
    temperature: float
    quality: float

    @property
    def work(self) -> float:
        """Shaft work [MWh per t of steam]."""
        return (self.h_in - self.h_out) / KJ_PER_KG


@lru_cache(maxsize=256)
def expand(p_in: float, t_in: float, p_out: float, isentropic_efficiency: float) -> Expansion:
    """Adiabatic expansion with a given isentropic efficiency.

    Parameters
    ----------
    p_in, p_out : float
        Before and after the turbine [bar(a)]; 0.01 to 1000 within the range of IAPWS-IF97.
    t_in : float
        Before the turbine [degC].
    isentropic_efficiency : float
        Enthalpy drop over that of the ideal expansion [0-1].

    Raises
    ------
    PhysicsError
        The pressure does not fall, the efficiency is outside 0-1, or what enters is not steam.

    Notes
    -----
    Moran and Shapiro, *Fundamentals of Engineering Thermodynamics*, 7th ed., eq. 6.46. Properties:
    IAPWS-IF97.
    """
    if not 0 < isentropic_efficiency <= 1:
        raise PhysicsError(
            f"an isentropic efficiency of {isentropic_efficiency:g} is not within 0 and 1",
            key="isentropic_efficiency",
            mend="0.65 to 0.9 is usual, higher for large turbines",
        )
    if not p_out < p_in:
        raise PhysicsError(
            f"steam cannot expand from {p_in:g} bar to {p_out:g} bar",
            mend="let the outlet be at a lower pressure than the inlet",
        )
    if p_in < 220.64 and t_in < saturation_temperature(p_in) - 1e-6:
        raise PhysicsError(
            f"at {p_in:g} bar and {t_in:g} degC water is liquid and drives no turbine",
            mend=f"superheat it above {saturation_temperature(p_in):.1f} degC",
        )
    h_in, s_in = steam_state(p_in, t_in)
    h_ideal = if97("H", "P", p_out * 1e5, "S", s_in * 1e3) / 1e3
    h_out = h_in - isentropic_efficiency * (h_in - h_ideal)
    liquid, vapour = (if97("H", "P", p_out * 1e5, "Q", q) / 1e3 for q in (0.0, 1.0))
    quality = min((h_out - liquid) / (vapour - liquid), 1.0)
    t_out = (
        saturation_temperature(p_out)
        if quality < 1
        else if97("T", "P", p_out * 1e5, "H", h_out * 1e3) - 273.15
    )
    return Expansion(h_in, h_out, h_ideal, t_out, quality)


def water_energy(temperature: float) -> float:
    """Energy of liquid water [MWh/t] at a temperature [degC], as the water carriers count it."""
    return CP_WATER * (temperature - 25.0) / KJ_PER_KG


def spray_water(
    energy: float, outlet: Carrier, spray: Carrier | None, what: str, *, key: str, spray_key: str
) -> float:
    """Water that brings one tonne of steam to the state of the bus it enters [t/t].

    Parameters
    ----------
    energy : float
        Of the steam before the spray [MWh/t].
    outlet, spray : Carrier
        Steam of the bus, and the water sprayed; None where there is none.
    what : str
        The steam in words, for messages.
    key, spray_key : str
        Fields at fault.

    Raises
    ------
    PhysicsError
        The steam is colder (or wetter) than the bus, or hotter and there is no water to cool it.
    """
    excess = energy - outlet.of("energy")
    text = (
        f"{what} has {energy * KJ_PER_KG:.0f} kJ/kg above water at 25 degC, and '{outlet.name}' at "
        f"{outlet.pressure:g} bar and {outlet.temperature:g} degC has "
        f"{outlet.of('energy') * KJ_PER_KG:.0f} kJ/kg"
    )
    if excess < -1e-9:
        raise PhysicsError(
            f"{text}: it would arrive colder or wetter than its bus",
            key=key,
            mend="raise the steam's temperature, or lower the temperature of the bus",
        )
    if excess <= 1e-9:
        return 0.0
    if spray is None:
        raise PhysicsError(
            f"{text}: it would arrive hotter than its bus, and no spray water is named",
            key=spray_key,
            mend=f"name a bus of water in '{spray_key}'",
        )
    if spray.of("energy") >= outlet.of("energy"):
        raise PhysicsError(f"'{spray.name}' is too hot to cool steam with", key=spray_key)
    return excess / (outlet.of("energy") - spray.of("energy"))


def condense(
    steam: Carrier,
    temperature: float,
    condensate: Carrier,
    isentropic_efficiency: float,
    *,
    coldest: float = -273.15,
) -> tuple[float, float]:
    """Work and heat of one tonne of steam that expands until it condenses.

    Parameters
    ----------
    steam, condensate : Carrier
        What enters, and the water it leaves as.
    temperature : float
        At which it condenses [degC].
    coldest : float
        Temperature below which the condensate gives no useful heat, such as the return of the
        loop [degC].

    Returns
    -------
    work, heat : float
        [MWh per t of steam]; energy that is neither is lost.

    Notes
    -----
    Where the condensate bus is hotter than the condenser, one mixing preheater brings it there
    with steam bled at the saturation pressure of that bus, which costs work as it does in a plant.
    """
    end = expand(steam.pressure, steam.temperature, saturation_pressure(temperature),
                 isentropic_efficiency)  # fmt: skip
    exhaust = steam.of("energy") - end.work
    target = condensate.of("energy")
    if condensate.temperature <= temperature + 1e-9:
        return end.work, exhaust - max(target, water_energy(coldest))
    bleed = expand(steam.pressure, steam.temperature, saturation_pressure(condensate.temperature),
                   isentropic_efficiency)  # fmt: skip
    drain = water_energy(temperature)
    share = (target - drain) / (steam.of("energy") - bleed.work - drain)
    return share * bleed.work + (1 - share) * end.work, (1 - share) * (exhaust - drain)


class SteamTurbine(Model):
    """A turbine between a steam bus and a lower steam bus, a heating loop, or a cold condenser."""

    kind: ClassVar[str] = "steam_turbine"

    inlet: str = port(kind="steam", description="Steam that drives the turbine.")
    electricity: str = port(kind="electricity", description="Where the power goes.")
    outlet: str | None = port(
        None,
        kind="steam|heat",
        description="Steam bus of a back-pressure turbine, or loop heated by its condenser; "
        "without it the steam condenses to the ambient at `condensing_temperature`.",
    )
    condensate: str | None = port(
        None, kind="water", description="Where condensed steam goes; needed unless steam leaves."
    )
    spray: str | None = port(
        None, kind="water", description="Water that cools the exhaust to the state of its bus."
    )
    capacity: float = quantity(unit="MW", gt=0, description="Largest electric output.")
    isentropic_efficiency: float = quantity(
        0.75,
        unit="1",
        gt=0,
        le=1,
        description="Enthalpy drop over that of the ideal expansion.",
        source="assumed: industrial back-pressure turbine; 0.65 to 0.88 from small to large",
    )
    generator_efficiency: float = quantity(
        0.97,
        unit="1",
        gt=0,
        le=1,
        description="Electricity over shaft work.",
        source="assumed: generator 0.98 and bearings 0.99",
    )
    condensing_temperature: float | None = quantity(
        None, unit="degC", ge=10, le=150, description="Condensation to the ambient, no outlet."
    )
    approach: float = quantity(
        5.0,
        unit="K",
        ge=0,
        description="Condensing temperature above the supply of the heated loop.",
        source=APPROACH,
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per t/h of steam."""
        inlet = setting.buses[self.inlet]
        outlet = setting.buses[self.outlet] if self.outlet else None
        coefficients: dict[str, Any] = {self.inlet: -1.0}
        if outlet is not None and "steam" in outlet.kind.split("|"):
            work = self._back_pressure(setting, inlet, outlet, coefficients)
        else:
            work = self._condensing(setting, inlet, outlet, coefficients)
        power = work * self.generator_efficiency
        coefficients[self.electricity] = power
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            upper=self.capacity / power,
            activity="power",
            main=self.inlet,
        )
        return Lowering([flow])

    def _back_pressure(
        self, setting: Setting, inlet: Carrier, outlet: Carrier, coefficients: dict[str, Any]
    ) -> float:
        assert self.outlet is not None
        end = expand(inlet.pressure, inlet.temperature, outlet.pressure,
                     self.isentropic_efficiency)  # fmt: skip
        spray = setting.buses[self.spray] if self.spray else None
        water = spray_water(
            inlet.of("energy") - end.work,
            outlet,
            spray,
            f"exhaust at {outlet.pressure:g} bar and {end.temperature:.0f} degC",
            key="outlet",
            spray_key="spray",
        )
        coefficients[self.outlet] = 1.0 + water
        if self.spray and water:
            coefficients[self.spray] = -water
        return end.work

    def _condensing(
        self,
        setting: Setting,
        inlet: Carrier,
        outlet: Carrier | None,
        coefficients: dict[str, Any],
    ) -> float:
        if self.condensate is None:
            raise PhysicsError(
                "the steam condenses, and no bus takes the water",
                key="condensate",
                mend="name a bus of water in 'condensate'",
            )
        condensate = setting.buses[self.condensate]
        coldest = -273.15
        if outlet is not None:
            temperature = outlet.temperature + self.approach
            coldest = outlet.return_temperature
        elif self.condensing_temperature is not None:
            temperature = self.condensing_temperature
        else:
            raise PhysicsError(
                "a turbine without outlet condenses to the ambient, at a temperature not given",
                key="condensing_temperature",
                mend="give 'condensing_temperature', such as 30 degC, or name an 'outlet'",
            )
        work, heat = condense(
            inlet, temperature, condensate, self.isentropic_efficiency, coldest=coldest
        )
        coefficients[self.condensate] = 1.0
        if self.outlet:
            coefficients[self.outlet] = heat
        return work
