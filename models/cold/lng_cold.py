"""Liquefied natural gas that is turned into gas, and the cold it gives a loop on the way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar, Literal

from pydantic import Field

from models.base import Flow, Lowering, Model, PhysicsError, port, quantity
from models.carriers import T_DEAD
from models.site import Setting

TANK = 1.1e5
"""Pressure in the tank [Pa] (assumed: a little above the air's)."""

WARMTH: dict[str, str] = {"water_body": "water_body_heat", "air": "air_heat"}


@dataclass(frozen=True)
class Vaporised:
    """What a kilogram of liquid methane takes on its way to gas [kJ/kg].

    Attributes
    ----------
    pump : float
        Work that brings it to pressure.
    taken : float
        Heat up to the temperature asked for.
    to_dead_state : float
        Enthalpy of the gas at 25 degC and 1 atm above that of the liquid in the tank.
    exergy : float
        Of the liquid in the tank above that of the gas at 25 degC and 1 atm.
    """

    pump: float
    taken: float
    to_dead_state: float
    exergy: float


@lru_cache(maxsize=64)
def vaporise(pressure: float, temperature: float, efficiency: float = 0.75) -> Vaporised:
    """Pump saturated liquid methane to a pressure and warm it.

    Parameters
    ----------
    pressure : float
        Of the gas sent out, absolute [bar].
    temperature : float
        It is warmed to [degC].
    efficiency : float
        Of the pump, isentropic.

    Notes
    -----
    U. Setzmann and W. Wagner, equation of state of methane, J. Phys. Chem. Ref. Data 20, 1991,
    through CoolProp. Heavier gases in it take less: 830 to 860 kJ/kg up to 15 degC is published
    for natural gas, 884 kJ/kg follows for methane.
    """
    from CoolProp.CoolProp import PropsSI

    def at(key: str, one: str, first: float, two: str, second: float) -> float:
        return float(PropsSI(key, one, first, two, second, "Methane")) / 1000.0

    h_tank, s_tank = (at(key, "P", TANK, "Q", 0) for key in "HS")
    ideal = at("H", "P", pressure * 1e5, "S", s_tank * 1000.0)
    pump = (ideal - h_tank) / efficiency
    taken = at("H", "P", pressure * 1e5, "T", temperature + 273.15) - h_tank - pump
    h_dead, s_dead = (at(key, "P", 101325.0, "T", T_DEAD) for key in "HS")
    exergy = h_tank - h_dead - T_DEAD * (s_tank - s_dead)
    return Vaporised(pump, taken, h_dead - h_tank, exergy)


class LNGCold(Model):
    """A terminal that sends out gas, warmed by a chilled loop or by water or air outside."""

    kind: ClassVar[str] = "lng_cold"

    gas: str = port(kind="fuel|gas", description="Bus of natural gas that it feeds.")
    cold: str = port(kind="cold", description="Loop that it cools.")
    electricity: str = port(kind="electricity", description="Bus of its pumps.")
    capacity: float = quantity(unit="MW", ge=0, description="Most gas sent out, by its LHV.")
    price: float = quantity(
        unit="currency/MWh", description="Of the liquid, per LHV, delivered to its tank."
    )
    cold_capacity: float = quantity(unit="MW", ge=0, description="Most cold given to the loop.")
    pressure: float = quantity(
        40.0,
        unit="bar",
        gt=1.1,
        le=150,
        description="Of the gas sent out, absolute.",
        source="assumed: an industrial main",
    )
    approach: float = quantity(
        5.0,
        unit="K",
        gt=0,
        description="Gas colder than the returning loop.",
        source="assumed: with a brine or glycol between",
    )
    usable: float = quantity(
        0.9,
        unit="1",
        ge=0,
        le=1,
        description="Share of the heat taken up to there that comes out of the loop.",
        source="assumed: the rest seeps in from outside",
    )
    pump_efficiency: float = quantity(
        0.75, unit="1", gt=0, le=1, description="Isentropic.", source="assumed: centrifugal pumps"
    )
    vaporiser: Literal["water_body", "air"] = Field(
        "water_body", description="What warms the gas where the loop does not."
    )

    def lower(self, setting: Setting) -> Lowering:
        """Liquid that comes in, and two ways to warm it, per MW of gas.

        Raises
        ------
        PhysicsError
            The gas holds no carbon to be methane, or the loop returns too cold to warm it.
        """
        name, gas, loop = setting.component, setting.buses[self.gas], setting.buses[self.cold]
        if gas.unit != "MW" or not gas.of("carbon") > 0:
            raise PhysicsError(
                f"'{self.gas}' carries {gas.name}, which is no natural gas counted in MW",
                key="gas",
                mend="name a bus of natural gas or biomethane",
            )
        warmest = loop.return_temperature - self.approach
        if not -150.0 < warmest < 80.0:
            raise PhysicsError(
                f"gas would leave a loop that returns at {loop.return_temperature:g} degC at "
                f"{warmest:g} degC, outside -150 to 80 degC",
                key="cold",
                mend="name a loop of chilled water, brine or cold store",
            )
        state = vaporise(self.pressure, warmest, self.pump_efficiency)
        per_mwh = gas.of("mass") / 3600.0
        liquid = f"{name}.lng"
        carrier = replace(
            gas,
            name=liquid,
            content={**gas.content, "energy": gas.of("energy") - per_mwh * state.to_dead_state},
            exergy=gas.exergy + per_mwh * state.exergy,
            source="natural gas, colder by the enthalpy of methane",
        )
        cold, pump = self.usable * per_mwh * state.taken, per_mwh * state.pump
        plain = {liquid: -1.0, self.gas: 1.0, self.electricity: -pump}
        warmth = (WARMTH[self.vaporiser],)
        flows = [
            Flow(
                f"{name}.import",
                name,
                {liquid: 1.0},
                self.capacity,
                cost=self.price,
                exchange={liquid: -1.0},
                side="import",
                activity="supply",
                main=liquid,
            ),
            Flow(
                f"{name}.vaporiser",
                name,
                dict(plain),
                self.capacity,
                closes=warmth,
                activity="conversion",
                main=self.gas,
            ),
        ]
        if cold > 0:
            flows.append(
                Flow(
                    f"{name}.cold",
                    name,
                    {**plain, self.cold: cold},
                    min(self.capacity, self.cold_capacity / cold),
                    closes=warmth,
                    activity="cooling",
                    main=self.gas,
                )
            )
        return Lowering(flows, buses={liquid: carrier})
