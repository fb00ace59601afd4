"""Rain from roofs and yards, kept in a tank that overflows."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from models.base import Flow, Lowering, Model, Series, Store, port, quantity
from models.market.trade import outside_name
from models.site import Setting

KEPT = 1e-3
"""Worth of a tonne in the tank [currency/t]: more than nothing, less than any water bought."""


def runoff(rain: np.ndarray, area: float, coefficient: float) -> np.ndarray:
    """Water that runs off a surface [t/h], shape of `rain`.

    Parameters
    ----------
    rain : ndarray
        [mm/h]
    area : float
        [m2]
    coefficient : float
        Runoff over rain [0-1].

    Notes
    -----
    The rational method: ``C i A``; a millimetre on a square metre is a kilogram.
    """
    return coefficient * rain * area / 1000.0


class RainHarvest(Model):
    """Surfaces, a tank and a pump; what the tank cannot hold goes to the storm drain."""

    kind: ClassVar[str] = "rain_harvest"

    outlet: str = port(kind="water", description="Where the rain water is used.")
    electricity: str | None = port(None, kind="electricity", description="Pump and filter.")
    area: float = quantity(unit="m^2", gt=0, description="Surface drained, in plan.")
    runoff_coefficient: float = quantity(
        0.80,
        unit="1",
        gt=0,
        le=1,
        description="Runoff over rain.",
        source="DIN 1989-1:2002, table 3: hard roofs 0.8; gravel 0.6, green roofs 0.3 to 0.5",
    )
    tank_capacity: float = quantity(unit="t", gt=0, description="What the tank holds.")
    pump_capacity: float = quantity(unit="t/h", gt=0, description="Largest use.")
    electricity_use: float = quantity(
        0.3,
        unit="kWh/m3",
        ge=0,
        description="Per m3 used.",
        source="assumed: 50 m of head with 0.5 of efficiency",
    )
    initial: float = quantity(
        0.5,
        unit="1",
        ge=0,
        le=1,
        description="Content of the tank at the start, as a share.",
        source="assumed: half full",
    )

    def lower(self, setting: Setting) -> Lowering:
        """Rain that comes whether wanted or not, tank, overflow and pump."""
        name = setting.component
        gutter, stored = f"{name}.gutter", f"{name}.stored"
        carrier = setting.buses[self.outlet]
        outside = outside_name(setting, self.outlet)
        fallen = runoff(setting.weather.rain, self.area, self.runoff_coefficient)
        drawn: dict[str, Series] = {stored: -1.0, self.outlet: 1.0}
        if self.electricity is not None and self.electricity_use:
            drawn[self.electricity] = -self.electricity_use / 1000.0
        most = float(fallen.max(initial=0.0))
        flows = [
            Flow(
                f"{name}.rain",
                name,
                {gutter: 1.0},
                fallen,
                lower=fallen,
                exchange={outside: -1.0},
                activity="supply",
                side="import",
                main=gutter,
            ),
            Flow(
                f"{name}.fill", name, {gutter: -1.0, stored: 1.0}, most,
                activity="storage", main=gutter,
            ),
            Flow(
                f"{name}.overflow",
                name,
                {gutter: -1.0},
                most,
                exchange={outside: 1.0},
                activity="treatment",
                side="emission",
                main=gutter,
            ),
            Flow(
                f"{name}.use", name, drawn, self.pump_capacity,
                activity="supply", main=self.outlet,
            ),
        ]  # fmt: skip
        store = Store(
            stored,
            name,
            carrier,
            self.tank_capacity,
            initial=self.initial * self.tank_capacity,
            # Rain is kept rather than let go, and used before any water that costs something.
            policy="thresholds",
            charge_below=KEPT,
            discharge_above=2 * KEPT,
        )
        return Lowering(flows, [store], {gutter: carrier})
