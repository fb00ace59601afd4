"""Anaerobic digestion: a substrate becomes biogas and what the gas leaves behind.

The digestate is the substrate minus the gas, quantity by quantity, so carbon, nitrogen, water,
mass and energy close whatever the composition. Methane that leaks and the water vapour and heat in
the raw gas are left out.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carriers import CP_WATER, H2O, LATENT
from models.site import Setting

MOLAR_VOLUME = 22.414
"""Ideal gas at 0 degC and 101.325 kPa [L/mol] (DIN 1343)."""

METHANE_LHV = (890.58 - 2 * H2O * LATENT / 1000.0) / MOLAR_VOLUME / 3600.0
"""Methane, lower heating value [MWh/Nm3]; 890.58 kJ/mol is its HHV at 25 degC (ISO 6976:2016)."""

CATALOGUE = (
    "Danish Energy Agency, Technology Data for Renewable Fuels, "
    "sheet 81 Biogas plant, basic plant, large, 2025"
)


def first_order_yield(potential: float, rate: float, retention_time: float) -> float:
    """Methane yield of a fully mixed digester whose substrate decays by first order.

    Parameters
    ----------
    potential : float
        Biochemical methane potential, the yield after endless time [Nm3/t].
    rate : float
        First-order rate constant of hydrolysis, the slowest step [1/d].
    retention_time : float
        Volume over flow [d].

    Returns
    -------
    float
        [Nm3/t], between zero and `potential`.

    Notes
    -----
    Mixed-flow reactor, X = k t / (1 + k t): O. Levenspiel, *Chemical Reaction Engineering*, 3rd
    ed., Wiley, 1999, chapter 5. Valid where hydrolysis limits and nothing inhibits.
    """
    return potential * rate * retention_time / (1.0 + rate * retention_time)


def warming(temperature: float, process_temperature: float) -> float:
    """Heat that brings a slurry to the process temperature, counted as water [MWh/t]."""
    return max(CP_WATER * (process_temperature - temperature) / 3600.0, 0.0)


def digestate(
    substrate: Carrier, biogas: Carrier, gas: float, heat: float
) -> tuple[Carrier, float]:
    """What is left of a tonne of substrate.

    Parameters
    ----------
    substrate, biogas : Carrier
        In t/h and in MW.
    gas : float
        Biogas taken out [MWh (LHV) per t of substrate].
    heat : float
        Heat that the slurry keeps [MWh per t of substrate].

    Returns
    -------
    Carrier, float
        The digestate, and its tonnes per tonne of substrate.

    Raises
    ------
    PhysicsError
        The gas would hold more of something than the substrate; the message gives both.
    """
    named = f"substrate '{substrate.name}'"
    if substrate.of("energy") <= 0 and gas > 0:
        raise PhysicsError(
            f"{named} carries no energy ({substrate.of('energy'):.4g} MWh/t) and cannot give "
            f"{gas:.4g} MWh of biogas per t",
            key="substrate",
            mend="declare its carrier by 'solid:' with dry matter, composition and hhv",
        )
    left = {
        name: substrate.of(name) - gas * biogas.of(name)
        for name in dict.fromkeys([*substrate.content, "energy", "carbon", "mass"])
    }
    # Below 25 degC a slurry counts as colder than the reference, which is no chemical energy.
    cold = 0.0 if math.isnan(substrate.temperature) else substrate.temperature - 25.0
    floor = {"energy": min(CP_WATER * cold / 3600.0, 0.0), "mass": 1e-6}
    left["exergy"] = substrate.exergy - gas * biogas.exergy
    for name, amount in left.items():
        if amount < floor.get(name, 0.0) - 1e-12:
            has, takes = substrate.of(name), gas * biogas.of(name)
            if name == "exergy":
                has, takes = substrate.exergy, gas * biogas.exergy
            unit = {"energy": "MWh", "exergy": "MWh", "carbon": "t C"}.get(name, "t")
            raise PhysicsError(
                f"the biogas holds {takes:.4g} {unit} of {name} per t, and {named} only "
                f"{has:.4g} {unit}",
                key="methane_yield",
                mend="lower the methane yield, or correct the composition of one of the two",
            )
        left[name] = 0.0 if abs(amount) < 1e-12 else amount
    share = min(max(left["energy"] / substrate.of("energy"), 0.0), 1.0) if gas > 0 else 1.0
    exergy = min(substrate.exergy * share, left.pop("exergy"))
    left["energy"] += heat
    mass = left["mass"]
    chemical = left["energy"] - heat - CP_WATER * cold / 3600.0
    lhv = chemical - LATENT / 3600.0 * left["water"] if "water" in left else 0.0
    carrier = Carrier(
        "digestate",
        "t/h",
        {name: amount / mass for name, amount in left.items()},
        exergy / mass,
        max(lhv, 0.0) / mass,
        substrate.fossil,
        kind="solid|material",
        temperature=substrate.temperature + heat * 3600.0 / CP_WATER,
        source=f"{substrate.name} minus {biogas.name}",
    )
    return carrier, mass


class Kinetics(BaseModel):
    """Methane yield from the potential of the substrate and the time it stays."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    potential: float = quantity(
        unit="Nm3/t", gt=0, description="Biochemical methane potential per t of substrate."
    )
    rate: float = quantity(unit="1/d", gt=0, description="First-order rate constant of hydrolysis.")
    retention_time: float = quantity(unit="d", gt=0, description="Hydraulic retention time.")


class Digester(Model):
    """Anaerobic digester; its digestate is the bus `NAME.digestate`."""

    kind: ClassVar[str] = "digester"

    substrate: str = port(kind="material|solid|water", description="What is digested, in t/h.")
    biogas: str = port(kind="gas", description="Raw gas, in MW; all its energy is methane.")
    capacity: float = quantity(unit="t/h", ge=0, description="Largest flow of substrate.")
    methane_yield: float | None = quantity(
        None, unit="Nm3/t", ge=0, description="Methane at 0 degC, 1 atm per t of substrate."
    )
    kinetics: Kinetics | None = Field(
        None, description="Derives the methane yield; instead of `methane_yield`."
    )
    heat: str | None = port(None, kind="heat", description="Keeps the process warm.")
    process_temperature: float = quantity(
        38.0,
        unit="degC",
        ge=0,
        le=75,
        description="Temperature in the digester.",
        source="assumed: middle of the mesophilic range of 35 to 42 degC",
    )
    heat_use: float | None = quantity(
        None,
        unit="MWh/t",
        ge=0,
        description="Heat per t of substrate; by default what warms it to the process temperature. "
        "A large plant that recovers heat from the digestate needs 22 kWh/t.",
        source=CATALOGUE,
    )
    electricity: str | None = port(None, kind="electricity", description="Pumps and stirring.")
    electricity_use: float = quantity(
        0.0092, unit="MWh/t", ge=0, description="Per t of substrate.", source=CATALOGUE
    )

    @model_validator(mode="after")
    def _one_yield(self) -> Digester:
        if (self.methane_yield is None) == (self.kinetics is None):
            raise PhysicsError(
                "give one of methane_yield and kinetics",
                key="methane_yield",
                mend="kinetics derives the yield from potential, rate and retention time",
            )
        return self

    @property
    def specific_yield(self) -> float:
        """Methane [Nm3 per t of substrate], as given or by kinetics."""
        if self.kinetics is not None:
            k = self.kinetics
            return first_order_yield(k.potential, k.rate, k.retention_time)
        return self.methane_yield or 0.0

    def outlets(self, buses: Mapping[str, Carrier]) -> dict[str, Carrier]:
        """The digestate, from the carrier of the substrate."""
        return {"digestate": self._split(buses)[0]}

    def lower(self, setting: Setting) -> Lowering:
        """One flow per t/h of substrate."""
        left = self._split(setting.buses)[1]
        coefficients: dict[str, Series] = {
            self.substrate: -1.0,
            self.biogas: self.specific_yield * METHANE_LHV,
            f"{setting.component}.digestate": left,
        }
        if self.heat is not None:
            coefficients[self.heat] = -self._heat(setting.buses[self.substrate])[0]
        if self.electricity is not None:
            coefficients[self.electricity] = -self.electricity_use
        flow = Flow(
            setting.component,
            setting.component,
            {bus: value for bus, value in coefficients.items() if value},
            self.capacity,
            main=self.substrate,
        )
        return Lowering([flow])

    def _split(self, buses: Mapping[str, Carrier]) -> tuple[Carrier, float]:
        substrate, biogas = buses[self.substrate], buses[self.biogas]
        for key, carrier, unit in (("substrate", substrate, "t/h"), ("biogas", biogas, "MW")):
            if carrier.unit != unit:
                raise PhysicsError(
                    f"{key} '{carrier.name}' is counted in {carrier.unit}",
                    key=key,
                    mend=f"declare its carrier in {unit}",
                )
        gas = self.specific_yield * METHANE_LHV
        return digestate(substrate, biogas, gas, self._heat(substrate)[1])

    def _heat(self, substrate: Carrier) -> tuple[float, float]:
        """Heat taken, and the part the slurry keeps, per t of substrate [MWh/t]."""
        if self.heat is None:
            return 0.0, 0.0
        if math.isnan(substrate.temperature):
            if self.heat_use is None:
                raise PhysicsError(
                    f"substrate '{substrate.name}' has no temperature to warm it from",
                    key="heat",
                    mend="give heat_use, or the carrier a temperature",
                )
            return self.heat_use, 0.0
        kept = warming(substrate.temperature, self.process_temperature)
        taken = kept if self.heat_use is None else self.heat_use
        return taken, min(taken, kept)
