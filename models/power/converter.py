"""Power electronics between two buses of electricity, such as the grid and a building's DC bus."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from models.base import Flow, Lowering, Model, PhysicsError, port, quantity
from models.site import Setting


class Converter(Model):
    """A rectifier, inverter, DC-DC converter or transformer.

    The direct-current bus of a PEDF building (photovoltaics, storage, direct current, flexible
    loads) is a second bus of electricity joined to the first by this.
    """

    kind: ClassVar[str] = "converter"

    source: str = port(kind="electricity", description="Bus that power is taken from.")
    sink: str = port(kind="electricity", description="Bus that power is given to.")
    power_capacity: float = quantity(
        unit="MW", ge=0, description="Largest power given, either way."
    )
    efficiency: float = quantity(
        0.96,
        unit="1",
        gt=0,
        le=1,
        description="Power given over power taken, either way.",
        source="NREL PVWatts 5 manual (TP-6A20-62641), nominal inverter; its curve stays within "
        "0.3 % of this from 0.3 of the load upwards",
    )
    bidirectional: bool = Field(False, description="Whether power may also flow back.")
    variable_cost: float = quantity(
        0.0,
        unit="currency/MWh",
        description="Operation and upkeep per power given.",
        source="assumed: none",
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per direction, in MW given; what is lost is heat to the ambient."""
        if self.source == self.sink:
            raise PhysicsError(
                f"it would take power from '{self.source}' and give it back",
                key="sink",
                mend="name two different buses",
            )
        name = setting.component
        ways = [(name, self.source, self.sink)]
        if self.bidirectional:
            ways = [
                (f"{name}.forth", self.source, self.sink),
                (f"{name}.back", self.sink, self.source),
            ]
        return Lowering(
            [
                Flow(
                    role,
                    name,
                    {start: -1.0 / self.efficiency, end: 1.0},
                    self.power_capacity,
                    cost=self.variable_cost,
                    activity="conversion",
                    main=end,
                )
                for role, start, end in ways
            ]
        )
