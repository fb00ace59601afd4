"""Molten salt in two tanks: hot enough to raise the steam of a power plant, never to freeze."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from pydantic import Field

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Store, port, quantity
from models.carriers import T_DEAD, steam_state
from models.heat.boiler import give_heat
from models.site import Setting
from models.steam_tables import if97

FREEZING = 238.0
"""Solar salt begins to crystallise [degC]; it is solid at 221 degC (Zavoico 2001)."""

HOTTEST = 600.0
"""Above it, nitrate decomposes and the properties are not given [degC] (Zavoico 2001)."""


def salt_density(celsius: float) -> float:
    """Of 60 % sodium and 40 % potassium nitrate, 300 to 600 degC [kg/m3].

    Zavoico, *Solar Power Tower Design Basis Document*, SAND2001-2100, section on salt.
    """
    return 2090.0 - 0.636 * celsius


def salt_enthalpy(celsius: float) -> float:
    """Of the same salt against 0 degC, as a liquid [J/kg]: the integral of 1443 + 0.172 t."""
    return 1443.0 * celsius + 0.086 * celsius**2


def salt_temperature(enthalpy: float) -> float:
    """The inverse of `salt_enthalpy` [degC]."""
    return (math.sqrt(1443.0**2 + 0.344 * enthalpy) - 1443.0) / 0.172


def salt_exergy(hot: float, cold: float) -> float:
    """Share of the heat between two temperatures [degC] that is exergy, at 25 degC around."""
    # Per kelvin of absolute temperature, cp is c + 0.172 T.
    c = 1443.0 - 0.172 * 273.15
    entropy = c * math.log((hot + 273.15) / (cold + 273.15)) + 0.172 * (hot - cold)
    return 1.0 - T_DEAD * entropy / (salt_enthalpy(hot) - salt_enthalpy(cold))


def pinch(
    hot: float, cold: float, steam: Carrier, feedwater: Carrier
) -> tuple[float, float, float]:
    """Least distance between salt and water in counterflow, where the water begins to boil [K].

    Parameters
    ----------
    hot, cold : float
        Salt before and after [degC].
    steam, feedwater : Carrier
        What the water becomes, and was.

    Returns
    -------
    distance, salt, boiling : float
        [K], and the two temperatures there [degC].

    Notes
    -----
    ``(h_salt - h_cold) / (h_hot - h_cold) = (h_boiling - h_feed) / (h_steam - h_feed)``: the heat
    balance of the colder part. In a once-through boiler above 221 bar nothing boils; then the
    distance is taken at the cold end.
    """
    if steam.pressure >= 220.64:
        return cold - feedwater.temperature, cold, feedwater.temperature
    boiling = if97("T", "P", steam.pressure * 1e5, "Q", 0.0) - 273.15
    liquid = if97("H", "P", steam.pressure * 1e5, "Q", 0.0) / 1000.0
    dead = steam_state(1.01325, 25.0)[0]
    start = feedwater.of("energy") * 3600.0 + dead
    end = steam.of("energy") * 3600.0 + dead
    share = max((liquid - start) / (end - start), 0.0)
    low, high = salt_enthalpy(cold), salt_enthalpy(hot)
    salt = salt_temperature(low + share * (high - low))
    return salt - boiling, salt, boiling


class MoltenSaltStore(Model):
    """Two tanks of solar salt, heated by electricity or a hotter loop, that raise steam.

    What is stored is the heat of the hot salt over the cold. Both tanks are kept at the cold
    temperature by electric heaters, which is the protection against freezing; what the hot tank
    loses beyond that is its salt's own. Feedwater colder than the salt may freeze it on the tubes;
    it is taken to be preheated inside the steam generator, by steam that condenses there.
    """

    kind: ClassVar[str] = "molten_salt_store"

    electricity: str = port(kind="electricity", description="Bus of all heaters.")
    output: str = port(kind="steam|heat", description="Steam that is raised, or loop heated.")
    feedwater: str | None = port(
        None, kind="water", description="Water that becomes steam; needed for steam."
    )
    source: str | None = port(
        None, kind="heat", description="Loop that heats the salt too, such as of a solar field."
    )
    energy_capacity: float = quantity(
        unit="MWh", gt=0, description="Heat of all salt over the cold."
    )
    heater_capacity: float = quantity(
        unit="MW", ge=0, description="Electricity of the salt heater, at most."
    )
    source_capacity: float = quantity(
        0.0, unit="MW", ge=0, description="Heat from the loop, at most.", source="assumed: none"
    )
    discharge_capacity: float = quantity(unit="MW", gt=0, description="Heat given, at most.")
    hot: float = quantity(
        565.0, unit="degC", lt=HOTTEST, description="Salt in the hot tank.",
        source="Zavoico 2001, SAND2001-2100: outlet of the receiver",
    )  # fmt: skip
    cold: float = quantity(
        290.0, unit="degC", gt=FREEZING, description="Salt in the cold tank.",
        source="Zavoico 2001, SAND2001-2100: inlet of the receiver",
    )  # fmt: skip
    heater_efficiency: float = quantity(
        0.99, unit="1", gt=0, le=1, description="Heat in the salt over electricity.",
        source="Viswanathan 2022 (PNNL), by PyPSA/technology-data: HighT-Molten-Salt-charger",
    )  # fmt: skip
    heel: float = quantity(
        0.07, unit="1", ge=0, lt=1, description="Share of the salt that no pump reaches.",
        source="assumed: 1 m of 14 m",
    )  # fmt: skip
    height_to_diameter: float = quantity(
        14.0 / 36.0, unit="1", gt=0, description="Height over diameter of both tanks.",
        source="Andasol 1: 14 m high, 36 m wide (NREL SolarPACES)",
    )  # fmt: skip
    u_value: float = quantity(
        0.4, unit="W/(m2*K)", ge=0, description="Heat transmission of shell, roof and floor.",
        source="unverified: said to be the default of NREL's System Advisor Model",
    )  # fmt: skip
    ambient: float = quantity(
        15.0, unit="degC", description="Mean temperature around the tanks.", source="assumed"
    )
    approach: float = quantity(
        5.0, unit="K", gt=0, description="Least distance of salt and water in the exchangers.",
        source="assumed: of large salt steam generators",
    )  # fmt: skip
    initial: float = quantity(
        0.0, unit="1", ge=0, le=1, description="Share of the salt that is hot at the start.",
        source="assumed: all is cold",
    )  # fmt: skip
    policy: Literal["self_consumption", "tariff"] = Field(
        "tariff", description="When it is heated: with a surplus, or in cheap hours."
    )
    value_of_lost_load: float = quantity(
        10_000.0, unit="currency/MWh", ge=0, description="Penalty where heaters lack power.",
        source="assumed: frozen salt ends the plant",
    )  # fmt: skip

    @property
    def salt(self) -> float:
        """Mass of all salt [t]."""
        rise = salt_enthalpy(self.hot) - salt_enthalpy(self.cold)
        return self.energy_capacity * 3.6e6 / rise / (1 - self.heel)

    def area(self, celsius: float) -> float:
        """Surface of a tank that holds all salt at a temperature, shell, roof and floor [m2]."""
        volume = self.salt * 1000.0 / salt_density(celsius)
        diameter = math.cbrt(4 * volume / (math.pi * self.height_to_diameter))
        return math.pi * diameter**2 * (self.height_to_diameter + 0.5)

    def lower(self, setting: Setting) -> Lowering:
        """A store between heaters and steam generator, and the heaters that keep it liquid.

        Raises
        ------
        PhysicsError
            The salt is too cold for what it heats, or the loop too cold for the salt.
        """
        if not self.hot > self.cold:
            raise PhysicsError(
                f"hot salt at {self.hot:g} degC is not above the cold at {self.cold:g} degC",
                key="cold",
                mend="give a colder one, above 238 degC",
            )
        self._check_output(setting)
        name = setting.component
        carrier = Carrier(
            f"{name}.salt",
            "MW",
            {"energy": 1.0},
            salt_exergy(self.hot, self.cold),
            kind="heat",
            temperature=self.hot,
            return_temperature=self.cold,
        )
        stored = f"{name}.stored"
        flows = [
            Flow(
                f"{name}.charge",
                name,
                {self.electricity: -1.0, stored: self.heater_efficiency},
                self.heater_capacity,
                activity="storage",
                main=self.electricity,
            ),
            Flow(
                f"{name}.discharge",
                name,
                {stored: -1.0, **give_heat(setting, 1.0, self.output, self.feedwater)},
                self.discharge_capacity,
                activity="storage",
                main=self.output,
            ),
            Flow(
                f"{name}.freeze_protection",
                name,
                {self.electricity: -1.0},
                self.u_value
                * (self.area(self.hot) + self.area(self.cold))
                * max(self.cold - self.ambient, 0.0)
                / 1e6,
                steer=-self.value_of_lost_load,
                demand=True,
                stays=True,
                activity="storage",
                main=self.electricity,
            ),
        ]
        if self.source is not None:
            flows.append(self._from_loop(setting, stored))
        store = Store(
            stored,
            name,
            carrier,
            self.energy_capacity,
            initial=self.initial * self.energy_capacity,
            loss_rate=self.u_value
            * self.area(self.hot)
            * (self.hot - self.cold)
            / (self.energy_capacity * 1e6),
            policy=self.policy,
        )
        return Lowering(flows, [store])

    def _from_loop(self, setting: Setting, stored: str) -> Flow:
        assert self.source is not None
        loop = setting.buses[self.source]
        if not (
            loop.temperature >= self.hot + self.approach
            and loop.return_temperature >= self.cold + self.approach
        ):
            raise PhysicsError(
                f"'{self.source}' from {loop.temperature:g} to {loop.return_temperature:g} degC "
                f"cannot heat salt from {self.cold:g} to {self.hot:g} degC",
                key="source",
                mend=f"both ends must be {self.approach:g} K warmer than the salt",
            )
        return Flow(
            f"{setting.component}.source",
            setting.component,
            {self.source: -1.0, stored: 1.0},
            self.source_capacity,
            activity="storage",
            main=self.source,
        )

    def _check_output(self, setting: Setting) -> None:
        """Salt must be warmer than what it heats, at both ends and where water begins to boil."""
        out = setting.buses[self.output]
        steam = "steam" in out.kind.split("|")
        if steam and self.feedwater is None:
            raise PhysicsError(
                f"'{self.output}' is steam, and no feedwater is named",
                key="output",
                mend="name a bus of water in 'feedwater'",
            )
        water = setting.buses[self.feedwater] if steam and self.feedwater else None
        inlet = water.temperature if water is not None else out.return_temperature
        for ours, theirs, what in (
            (self.hot, out.temperature, "hot salt"),
            (self.cold, inlet, "cold salt"),
        ):
            if ours < theirs + self.approach:
                raise PhysicsError(
                    f"{what} at {ours:g} degC cannot heat '{self.output}' at {theirs:g} degC",
                    key="output",
                    mend="heat something colder, or give hotter salt",
                )
        if water is None:
            return
        distance, salt, boiling = pinch(self.hot, self.cold, out, water)
        if distance < self.approach:
            raise PhysicsError(
                f"salt is down to {salt:.0f} degC where water begins to boil at {boiling:.0f} degC",
                key="output",
                mend="raise steam of a lower pressure, preheat the feedwater, or warm the cold "
                "salt",
            )
