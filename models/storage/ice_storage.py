"""Ice: cold made from electricity when it is cheap, melted when it is dear."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from models.base import Flow, Lowering, PhysicsError, Store, port, quantity
from models.cold.chiller import APPROACH, Cooling, carnot_share, cop_on
from models.cold.tower import WetTower
from models.site import Setting

RATED_COP = {"air": 2.04, "tower": 4.01}
"""Of the chillers of ASHRAE 90.1 (2.96, 6.28) with -8 instead of 4.7 degC in the evaporator, for
which a vapour cycle of R134a needs 1.45 times (air) and 1.56 times (tower) the work."""


class IceStorage(WetTower):
    """A tank of ice on coils with a brine chiller of its own.

    Ice and the melting of it are counted as cold of the chilled-water bus. The tank is not
    exclusive: its water can be circulated past the coils while ice still grows on them.
    """

    kind: ClassVar[str] = "ice_storage"

    electricity: str = port(kind="electricity", description="Bus of the brine chiller.")
    cold: str = port(kind="cold", description="Chilled-water bus that the melting ice feeds.")
    energy_capacity: float = quantity(unit="MWh", description="Cold in a full tank.", ge=0)
    charge_power: float = quantity(unit="MW", description="Cold put into ice, at most.", ge=0)
    discharge_power: float = quantity(unit="MW", description="Cold from melting, at most.", ge=0)
    cooling: Cooling = Field("tower", description="Condenser cooled by air, or by a wet tower.")
    brine_temperature: float = quantity(
        -6.0,
        unit="degC",
        description="Brine leaving the chiller while ice is made.",
        source="assumed: usual range -4 to -7 degC",
        lt=0,
    )
    rated_cop: float | None = quantity(
        None,
        unit="1",
        description="Cold per electricity while making ice, with air at 35 degC or a wet bulb of "
        "25.6 degC.",
        source="assumed: 2.04 by air, 4.01 by tower; ASHRAE 90.1-2019 chillers, less by the ratio "
        "of R134a cycles at both evaporating temperatures (CoolProp)",
        gt=0,
    )
    approach: float | None = quantity(
        None,
        unit="K",
        description="Condensing temperature above dry bulb (air) or wet bulb (tower).",
        source="assumed: 12 K by air, 10 K by tower",
        gt=0,
    )
    pinch: float = quantity(
        2.0,
        unit="K",
        description="Evaporating temperature below the brine.",
        source="assumed: as of chillers for water",
        ge=0,
    )
    maximum_cop: float = quantity(
        6.0,
        unit="1",
        description="COP however cold the weather, as a compressor needs some lift.",
        source="assumed: below that of a chiller for water, about as the rated COPs",
        gt=0,
    )
    loss_rate: float = quantity(
        0.0004,
        unit="1/h",
        description="Share of the ice that melts by itself.",
        source="assumed: 1 % a day",
        ge=0,
    )
    initial: float = quantity(
        0.0, unit="1", description="Share of the tank full at the start.", source="assumed: empty",
        ge=0, le=1,
    )  # fmt: skip
    policy: Literal["self_consumption", "tariff"] = Field(
        "tariff", description="What makes it charge: surplus electricity, or cheap hours."
    )

    def is_wet(self) -> bool:
        """Whether its heat goes to a wet tower."""
        return self.cooling == "tower"

    def lower(self, setting: Setting) -> Lowering:
        """A store of cold; charging and discharging in MW of cold.

        So the coefficient on the store is constant while the COP follows the weather, as a planner
        that values the store needs it.

        Raises
        ------
        PhysicsError
            The COP is not below Carnot, or the chilled water is colder than ice.
        """
        carrier = setting.buses[self.cold]
        if carrier.temperature <= 0.0:
            raise PhysicsError(
                f"ice at 0 degC cannot cool '{self.cold}' to {carrier.temperature:g} degC",
                key="cold",
                mend="name a chilled-water bus above 0 degC",
            )
        approach = APPROACH[self.cooling] if self.approach is None else self.approach
        evaporating = self.brine_temperature - self.pinch
        rated = RATED_COP[self.cooling] if self.rated_cop is None else self.rated_cop
        cop = cop_on(
            setting,
            carrier,
            evaporating,
            share=carnot_share(rated, evaporating, self.cooling, approach),
            cooling=self.cooling,
            approach=approach,
            maximum_cop=self.maximum_cop,
        )
        name = setting.component
        stored = f"{name}.stored"
        wetting = self.wetting(setting, 1.0 + 1.0 / cop)
        flows = [
            Flow(
                f"{name}.charge",
                name,
                {self.electricity: -1.0 / cop, stored: 1.0, **wetting.coefficients},
                upper=self.charge_power,
                activity="storage",
                closes=wetting.closes,
                main=self.electricity,
            ),
            Flow(
                f"{name}.discharge",
                name,
                {stored: -1.0, self.cold: 1.0},
                upper=self.discharge_power,
                activity="storage",
                main=self.cold,
            ),
        ]
        store = Store(
            stored,
            name,
            carrier,
            capacity=self.energy_capacity,
            initial=self.initial * self.energy_capacity,
            loss_rate=self.loss_rate,
            closes=("air_heat",),
            policy=self.policy,
        )
        return Lowering(flows, [store])
