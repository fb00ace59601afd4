"""Capture before combustion: carbon monoxide is shifted to hydrogen, a solvent takes the CO2.

A gas of a gasifier or a reformer is counted by its elements and its heating value. These four
numbers (carbon, hydrogen, oxygen, energy) say how much hydrogen, carbon monoxide, carbon dioxide
and methane it is made of. Carbon monoxide reacts with steam, CO + H2O -> CO2 + H2, as far as the
equilibrium lets it; methane passes. A physical solvent at pressure takes up CO2 and gives it back
when it is let down, so the unit needs power and no heat. What is left burns almost without CO2.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carbon.co2_store import check_co2
from models.carriers import CO2, H2O, LATENT, MOLAR, WATER_PER_HYDROGEN
from models.site import Setting

HEATING = {"hydrogen": 285.83, "carbon_monoxide": 282.98, "methane": 890.58}
"""Higher molar heating value at 25 degC [kJ/mol] (ISO 6976:2016)."""

EXERGY = {"hydrogen": 0.976 * 241.8, "carbon_monoxide": 275.4, "methane": 1.04 * 802.3}
"""Chemical exergy [kJ/mol] (Kotas 1995), as of the standard carriers."""


@dataclass(frozen=True)
class Composition:
    """Moles per unit of a gas [Mmol/MWh or Mmol/t]."""

    hydrogen: float
    carbon_monoxide: float
    co2: float
    methane: float

    @property
    def energy(self) -> float:
        """Heat of its combustion to CO2 and liquid water [MWh]."""
        return self._worth(HEATING)

    @property
    def exergy(self) -> float:
        """Chemical exergy but that of CO2, which is left at zero [MWh]."""
        return self._worth(EXERGY)

    def _worth(self, molar: Mapping[str, float]) -> float:
        parts = (
            self.hydrogen * molar["hydrogen"],
            self.carbon_monoxide * molar["carbon_monoxide"],
            self.methane * molar["methane"],
        )
        return sum(parts) / 3.6


def composition_of(gas: Carrier) -> Composition:
    """What a gas of four parts is made of, from its elements and energy.

    Raises
    ------
    PhysicsError
        No such mixture has them, or it holds no carbon monoxide.

    Notes
    -----
    Four linear equations: C, H and O of H2, CO, CO2 and CH4, and their heating value. Nitrogen
    passes and other hydrocarbons count as the mixture of the four with their elements and energy.
    """
    carbon = gas.of("carbon") / MOLAR["C"]
    hydrogen = gas.of("water") / WATER_PER_HYDROGEN
    oxygen = (
        gas.of("mass") - gas.of("carbon") - hydrogen - gas.of("nitrogen") - gas.of("sulphur")
    ) / MOLAR["O"]
    rows = np.array(
        [
            [0.0, 1.0, 1.0, 1.0],
            [2.0, 0.0, 0.0, 4.0],
            [0.0, 1.0, 2.0, 0.0],
            [HEATING["hydrogen"], HEATING["carbon_monoxide"], 0.0, HEATING["methane"]],
        ]
    )
    given = [carbon, hydrogen / MOLAR["H"], oxygen, 3.6 * gas.of("energy")]
    moles = np.linalg.solve(rows, given)
    if moles.min() < -1e-3 * moles.sum() or not moles[1] > 1e-3 * moles.sum():
        shares = ", ".join(f"{100 * n / moles.sum():.1f} %" for n in moles)
        raise PhysicsError(
            f"'{gas.name}' would hold {shares} of H2, CO, CO2 and CH4: nothing to shift",
            key="inlet",
            mend="name the gas of a gasifier or a reformer, such as syngas",
        )
    return Composition(*(float(n) for n in moles))


def shift_equilibrium(gas: Composition, steam: float, temperature: float) -> float:
    """Largest part of the carbon monoxide that can be shifted [0-1].

    Parameters
    ----------
    steam : float
        Steam per carbon monoxide, by moles.
    temperature : float
        At the exit of the last bed [degC].

    Notes
    -----
    CO2 H2 / (CO H2O) = exp(4577.8 / T - 4.33) (Moe 1962); root of the quadratic in the moles
    shifted.
    """
    constant = math.exp(4577.8 / (temperature + 273.15) - 4.33)
    monoxide = gas.carbon_monoxide
    water = steam * monoxide
    a = constant - 1.0
    b = -(constant * (monoxide + water) + gas.co2 + gas.hydrogen)
    c = constant * monoxide * water - gas.co2 * gas.hydrogen
    moles = 2.0 * c / (-b + math.sqrt(b * b - 4.0 * a * c))
    return moles / monoxide


class PreCombustionCapture(Model):
    """Shift and solvent; what is left of the gas is the bus `NAME.fuel_gas`."""

    kind: ClassVar[str] = "pre_combustion_capture"

    inlet: str = port(kind="gas", description="Gas of a gasifier or a reformer.")
    captured: str = port(kind="gas", description="Bus of the captured CO2.")
    water: str = port(kind="water", description="Water that the shift binds, as steam of the gas.")
    electricity: str = port(kind="electricity", description="Pumps and cold of the solvent.")
    hydrogen: str | None = port(
        None,
        kind="fuel|gas",
        description="Where pure hydrogen goes; without it, all stays in the fuel gas.",
    )
    capacity: float = quantity(unit="rate of inlet", gt=0, description="Largest intake of gas.")
    shift_conversion: float = quantity(
        0.95,
        unit="1",
        gt=0,
        le=1,
        description="Part of the carbon monoxide that is shifted.",
        source="assumed: two beds; single ones reach 0.7 to 0.9",
    )
    steam_ratio: float = quantity(
        2.0,
        unit="1",
        gt=0,
        description="Steam per carbon monoxide by moles, which sets the equilibrium; what does "
        "not react condenses and raises the next.",
        source="assumed: 2 to 3, against soot and heat",
    )
    shift_temperature: float = quantity(
        250.0,
        unit="degC",
        ge=150,
        le=550,
        description="At the exit of the last bed.",
        source="assumed: after a second, colder bed",
    )
    capture_rate: float = quantity(
        0.95,
        unit="1",
        gt=0,
        le=1,
        description="Captured CO2 per CO2 in the shifted gas.",
        source="unverified: two-stage Selexol, NETL, Cost and Performance Baseline for Fossil "
        "Energy Plants, vol. 1: 90 % of all carbon with the shift, not checked there",
    )
    electricity_use: float = quantity(
        0.04,
        unit="MWh/t",
        ge=0,
        description="Per captured CO2, without its compression.",
        source="unverified: NETL, same report: two-stage Selexol, about 19 MW for 470 t/h of CO2, "
        "not checked there",
    )
    hydrogen_recovery: float = quantity(
        0.85,
        unit="1",
        gt=0,
        lt=1,
        description="Part of the hydrogen that adsorption purifies, where `hydrogen` is named.",
        source="assumed: pressure swing adsorption, 0.80 to 0.90",
    )
    variable_cost: float = quantity(
        0.0, unit="currency/t", ge=0, description="Per captured CO2.", source="assumed: none"
    )

    def made(self, gas: Carrier) -> tuple[float, float, float, Composition]:
        """CO2 captured and water bound [t], hydrogen purified [Mmol], and the gas left.

        Raises
        ------
        PhysicsError
            The gas has nothing to shift, or would be shifted beyond the equilibrium.
        """
        raw = composition_of(gas)
        limit = shift_equilibrium(raw, self.steam_ratio, self.shift_temperature)
        if self.shift_conversion > limit:
            raise PhysicsError(
                f"{self.shift_conversion:g} of the carbon monoxide is to be shifted, and at "
                f"{self.shift_temperature:g} degC the equilibrium is at {limit:.3f}",
                key="shift_conversion",
                mend="add steam, cool the last bed, or shift less",
            )
        shifted = raw.carbon_monoxide * self.shift_conversion
        taken = (raw.co2 + shifted) * self.capture_rate
        hydrogen = raw.hydrogen + shifted
        pure = hydrogen * self.hydrogen_recovery if self.hydrogen is not None else 0.0
        left = Composition(
            hydrogen - pure,
            raw.carbon_monoxide - shifted,
            raw.co2 + shifted - taken,
            raw.methane,
        )
        return taken * CO2, shifted * H2O, pure, left

    def outlets(self, buses: Mapping[str, Carrier]) -> dict[str, Carrier]:
        """The gas without its CO2, counted by its LHV."""
        gas = buses[self.inlet]
        taken, bound, pure, left = self.made(gas)
        content = dict(gas.content)
        content["energy"] = left.energy
        content["carbon"] -= taken * MOLAR["C"] / CO2
        content["mass"] += bound - taken - 2.0 * MOLAR["H"] * pure
        content["water"] = content.get("water", 0.0) + bound - H2O * pure
        lhv = left.energy - LATENT / 3600.0 * content["water"]
        return {
            "fuel_gas": Carrier(
                "fuel_gas",
                "MW",
                {key: value / lhv for key, value in content.items()},
                left.exergy / lhv,
                1.0,
                gas.fossil,
                kind="fuel|gas",
                temperature=25.0,
                source=f"what shift and solvent leave of {gas.name}",
            )
        }

    def lower(self, setting: Setting) -> Lowering:
        """One flow per unit of gas that comes in."""
        check_co2(setting, self, "captured")
        name = setting.component
        gas = setting.buses[self.inlet]
        taken, bound, pure, left = self.made(gas)
        vapour = gas.of("water") + bound - H2O * pure
        # Liquid water binds with a little heat, which nothing but the machines can bring.
        needed = bound / H2O * (HEATING["hydrogen"] - HEATING["carbon_monoxide"]) / 3.6
        if self.electricity_use * taken < needed:
            raise PhysicsError(
                f"{self.electricity_use:g} MWh per tonne of CO2, and binding the water takes "
                f"{needed / taken:.3f}",
                key="electricity_use",
                mend="raise it, or capture more of what is shifted",
            )
        coefficients: dict[str, Series] = {
            self.inlet: -1.0,
            self.water: -bound,
            self.electricity: -self.electricity_use * taken,
            self.captured: taken,
            f"{name}.fuel_gas": left.energy - LATENT / 3600.0 * vapour,
        }
        if self.hydrogen is not None:
            carrier = setting.buses[self.hydrogen]
            if not math.isclose(carrier.of("water"), WATER_PER_HYDROGEN * carrier.of("mass")):
                raise PhysicsError(
                    f"'{self.hydrogen}' is not hydrogen",
                    key="hydrogen",
                    mend="name a bus of hydrogen",
                )
            coefficients[self.hydrogen] = 2.0 * MOLAR["H"] * pure / carrier.of("mass")
        flow = Flow(
            name,
            name,
            coefficients,
            self.capacity,
            cost=self.variable_cost * taken,
            activity="conversion",
            main=self.inlet,
        )
        return Lowering([flow])
