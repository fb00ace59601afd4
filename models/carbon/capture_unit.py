"""What every capture unit behind a stack shares: its sources, its treatment, and the way past it.

The unit names the components whose CO2 goes through its stack. The network leads that CO2, which
would have crossed the fence, to a bus inside the unit; from there it is captured or let go.
"""

from __future__ import annotations

import math
from dataclasses import replace

from pydantic import Field, model_validator

from models.base import Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carriers import CO2, STANDARD
from models.site import Setting

GAS_CONSTANT = 8.314
"""[J/mol/K]"""

STACK = "stack"
"""Role of the flow by which CO2 that is not captured leaves."""


def least_work(
    share: float, rate: float, temperature: float = 40.0, *, purity: float = 1.0
) -> float:
    """Least work that takes CO2 out of a gas at constant pressure [MWh/t CO2].

    Parameters
    ----------
    share : float
        CO2 in the gas, by volume [0-1].
    rate : float
        Part of it that is captured [0-1].
    temperature : float
        [degC]
    purity : float
        CO2 in what is captured, by volume [0-1]; at least `share`.

    Raises
    ------
    ValueError
        The product would hold more of the other gases than there are, or be leaner than the gas.

    Notes
    -----
    Rise of the Gibbs energy of mixing of ideal gases, CO2 against all else (Rochelle, *Science*
    325 (2009) 1652; House et al., *Energy Environ. Sci.* 2 (2009) 193).
    """
    taken = share * rate / purity
    if purity < share or taken * (1.0 - purity) > (1.0 - share) * (1.0 + 1e-12):
        raise ValueError(
            f"{rate:g} of the CO2 of a gas with {share:g} cannot be a product with {purity:g}"
        )
    rest = 1.0 - taken
    left = max(share - share * rate, 0.0) / rest if rest > 0.0 else 0.0
    rise = taken * _mixing(purity) + rest * _mixing(left) - _mixing(share)
    joules = GAS_CONSTANT * (temperature + 273.15) * rise / (share * rate)
    return joules / CO2 / 3600.0


def _mixing(share: float) -> float:
    """Sum of x ln x of a mixture of two."""
    return sum(x * math.log(x) for x in (share, 1.0 - share) if x > 0.0)


def flue_bus(component: str) -> str:
    """Bus inside a capture unit to which the CO2 of its sources is led."""
    return f"{component}.flue_co2"


class CaptureUnit(Model):
    """Base of the units that capture the CO2 of a stack; its kinds differ by what they need."""

    sources: list[str] = Field(
        min_length=1, description="Components whose CO2 goes through this stack."
    )
    captured: str = port(kind="gas", description="Bus of the captured CO2.")
    electricity: str = port(kind="electricity", description="Where the power comes from.")
    waste_heat: str | None = port(
        None, kind="heat", description="Loop that cools the unit; without it, the ambient does."
    )
    capacity: float = quantity(unit="t/h", gt=0, description="Largest rate of captured CO2.")
    co2_price: float = quantity(
        unit="currency/t",
        ge=0,
        description="What letting a tonne of CO2 past the unit is held to cost. It captures where "
        "its heat and power cost less; steers and is never money.",
    )
    capture_rate: float = quantity(
        unit="1", gt=0, le=1, description="Captured CO2 per CO2 in the gas that is treated."
    )
    electricity_use: float = quantity(unit="MWh/t", ge=0, description="Per captured CO2.")
    heat_recovery: float = quantity(
        unit="MWh/t",
        ge=0,
        description="Heat given to `waste_heat` per captured CO2, where it is named.",
    )
    co2_share: float = quantity(
        unit="1", gt=0, lt=1, description="CO2 in the dry flue gas by volume."
    )
    variable_cost: float = quantity(
        0.0,
        unit="currency/t",
        ge=0,
        description="Solvent and upkeep per captured CO2.",
        source="assumed: none",
    )

    @model_validator(mode="after")
    def _check_sources(self) -> CaptureUnit:
        for name in self.sources:
            if self.sources.count(name) > 1:
                raise PhysicsError(
                    f"names '{name}' twice", key="sources", mend="name each component once"
                )
        return self

    def taken(self, setting: Setting) -> dict[str, float]:
        """What the unit takes per captured CO2 beside power, by bus [negative takes].

        Raises
        ------
        PhysicsError
            Nature does not allow it.
        """
        raise NotImplementedError

    def lower(self, setting: Setting) -> Lowering:
        """Treatment of flue gas, and the stack past it; CO2 arrives by `twin.network.divert`."""
        name = setting.component
        bus = flue_bus(name)
        needs = {self.electricity: -self.electricity_use} | self.taken(setting)
        if self.waste_heat is not None:
            needs[self.waste_heat] = needs.get(self.waste_heat, 0.0) + self.heat_recovery
        coefficients: dict[str, Series] = {bus: -1.0 / self.capture_rate, self.captured: 1.0}
        coefficients |= {place: value for place, value in needs.items() if value}
        slip = 1.0 / self.capture_rate - 1.0
        flows = [
            Flow(
                f"{name}.capture",
                name,
                coefficients,
                self.capacity,
                cost=self.variable_cost,
                exchange={"co2": slip} if slip else {},
                activity="treatment",
                main=self.captured,
            ),
            Flow(
                f"{name}.{STACK}",
                name,
                {bus: -1.0},
                # What the sources can give at most, known once they are all lowered.
                upper=0.0,
                steer=self.co2_price,
                exchange={"co2": 1.0},
                activity="treatment",
                side="emission",
                main=bus,
                stays=True,
            ),
        ]
        carrier = replace(STANDARD["co2"], name="flue_co2", closes="")
        return Lowering(flows, buses={bus: carrier})
