"""Water treatment: one water becomes another for some electricity, and a share is rejected.

Serves surface-water treatment, demineralisation by reverse osmosis, and reclaimed water; salts
are not tracked.
"""

from __future__ import annotations

from typing import ClassVar

from models.base import Flow, Lowering, Model, Series, port, quantity
from models.market.trade import outside_name
from models.site import Setting


class WaterWorks(Model):
    """Treatment of water by flow.

    A colder product gives its heat to the surroundings; a warmer one takes it from the building
    (`building_heat`). The second law allows either only towards 25 degC, the dead state.
    """

    kind: ClassVar[str] = "water_works"

    inlet: str = port(kind="water", description="Water as it comes.")
    outlet: str = port(kind="water", description="Treated water.")
    capacity: float = quantity(unit="t/h", ge=0, description="Largest flow of treated water.")
    electricity: str = port(kind="electricity", description="Pumps.")
    electricity_use: float = quantity(
        unit="kWh/m3",
        ge=0,
        description="Per m3 of treated water, as 1 t; reverse osmosis of sea water needs about "
        "3.0 kWh/m3 (Caldera et al., 2016), of fresh or reclaimed water a third or less.",
    )
    recovery: float = quantity(
        1.0, unit="1", gt=0, le=1, description="Treated water per water taken in."
    )
    reject: str | None = port(
        None,
        kind="water|material",
        description="Where the rest goes; without it, it leaves the park as it came.",
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per t/h taken in."""
        rest = 1.0 - self.recovery
        coefficients: dict[str, Series] = {self.inlet: -1.0}
        exchange: dict[str, Series] = {}
        gives = [(self.outlet, self.recovery)]
        if rest and self.reject is not None:
            gives.append((self.reject, rest))
        elif rest:
            exchange[outside_name(setting, self.inlet)] = rest
        gives.append((self.electricity, -self.recovery * self.electricity_use / 1000.0))
        for bus, value in gives:
            coefficients[bus] = coefficients.get(bus, 0.0) + value
        flow = Flow(
            setting.component,
            setting.component,
            {bus: value for bus, value in coefficients.items() if value},
            self.capacity / self.recovery,
            exchange=exchange,
            closes=("building_heat",),
            activity="treatment",
            main=self.inlet,
        )
        return Lowering([flow])
