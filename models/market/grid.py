"""A connection to the public electricity grid, which buys and sells at a price."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from models.base import Flow, Lowering, Model, PhysicsError, port, quantity
from models.market.tariff import Price, price_on
from models.site import Setting


class Grid(Model):
    """The park's connection to the grid: import and export up to a capacity."""

    kind: ClassVar[str] = "grid"

    bus: str = port(kind="electricity", description="Bus of the connection point.")
    import_capacity: float = quantity(unit="MW", ge=0, description="Largest import.")
    export_capacity: float = quantity(
        0.0,
        unit="MW",
        ge=0,
        description="Largest export.",
        source="assumed: no right to export unless one is given",
    )
    import_price: Price = quantity(
        unit="currency/MWh", description="What a MWh bought costs: a number, a tariff or a series."
    )
    export_price: Price = quantity(
        0.0,
        unit="currency/MWh",
        description="What a MWh sold earns: a number, a tariff or a series.",
        source="assumed: export is not paid for unless a price is given",
    )

    def lower(self, setting: Setting) -> Lowering:
        """Import, and export where there is a capacity for it."""
        name = setting.component
        buying = price_on(self.import_price, setting, key="import_price")
        flows = [
            Flow(
                f"{name}.import",
                name,
                {self.bus: 1.0},
                self.import_capacity,
                cost=buying,
                exchange={"electricity": -1.0},
                activity="supply",
                side="import",
                main=self.bus,
            )
        ]
        if self.export_capacity > 0:
            selling = price_on(self.export_price, setting, key="export_price")
            _refuse_arbitrage(buying, selling, setting)
            flows.append(
                Flow(
                    f"{name}.export",
                    name,
                    {self.bus: -1.0},
                    self.export_capacity,
                    cost=-np.asarray(selling) if isinstance(selling, np.ndarray) else -selling,
                    exchange={"electricity": 1.0},
                    activity="exchange",
                    side="export",
                    main=self.bus,
                )
            )
        return Lowering(flows)


def _refuse_arbitrage(
    buying: float | np.ndarray, selling: float | np.ndarray, setting: Setting
) -> None:
    """Bought and sold at once, electricity would earn money up to the capacity."""
    margin = np.broadcast_to(np.asarray(selling) - np.asarray(buying), (setting.n_steps,))
    if not np.any(margin > 0):
        return
    worst = int(np.argmax(margin))
    bought, sold = (
        float(np.broadcast_to(price, (setting.n_steps,))[worst]) for price in (buying, selling)
    )
    raise PhysicsError(
        f"'{setting.component}' buys at {bought:g} and sells at {sold:g} per MWh at "
        f"{setting.times[worst]}: power sent round in a circle would earn money",
        key="export_price",
        mend="let the export price be at most the import price at every moment",
    )
