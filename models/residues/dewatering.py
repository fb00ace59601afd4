"""Mechanical dewatering: a slurry parts into a cake and the water pressed or spun out of it.

All dry matter is counted in the cake, so the cake is derived from the slurry and the liquor is
water.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from pydantic import model_validator

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carriers import CP_WATER
from models.site import Setting


def cake(slurry: Carrier, before: float, after: float) -> tuple[Carrier, float]:
    """The cake of a slurry, and its amount per t of slurry.

    Parameters
    ----------
    slurry : Carrier
        In t/h.
    before, after : float
        Dry matter as shares of the mass [0-1].

    Returns
    -------
    Carrier, float
        In t/h, and t per t: ``before / after``.
    """
    share = before / after
    water = 1.0 - share
    above = 0.0 if math.isnan(slurry.temperature) else slurry.temperature - 25.0
    gone = {"mass": water, "water": water, "energy": water * CP_WATER * above / 3600.0}
    content = {
        name: (value - gone.get(name, 0.0)) / share for name, value in slurry.content.items()
    }
    carrier = Carrier(
        "cake",
        "t/h",
        content,
        slurry.exergy / share,
        0.0,
        slurry.fossil,
        kind="solid|material",
        temperature=slurry.temperature,
        source=f"{slurry.name} at {100 * after:g} % dry matter",
    )
    return carrier, share


class Dewatering(Model):
    """A centrifuge or press; the cake is the bus `NAME.cake`."""

    kind: ClassVar[str] = "dewatering"

    slurry: str = port(kind="solid|material", description="Slurry, in t/h.")
    slurry_dry_matter: float = quantity(
        unit="1", gt=0, lt=1, description="Dry matter of the slurry, share of its mass."
    )
    dry_matter: float = quantity(
        0.25,
        unit="1",
        gt=0,
        lt=1,
        description="Dry matter of the cake, share of its mass.",
        source="assumed: decanter centrifuges reach 0.20 to 0.30",
    )
    capacity: float = quantity(unit="t/h", ge=0, description="Largest flow of slurry.")
    liquor: str = port(kind="water", description="Where the separated water goes.")
    electricity: str = port(kind="electricity", description="Drives.")
    electricity_use: float = quantity(
        0.003,
        unit="MWh/t",
        ge=0,
        description="Per t of slurry.",
        source="assumed: decanter centrifuge of 2 to 4 kWh per t",
    )

    @model_validator(mode="after")
    def _possible(self) -> Dewatering:
        if self.dry_matter <= self.slurry_dry_matter:
            raise PhysicsError(
                f"the cake has {self.dry_matter:g} dry matter, "
                f"the slurry {self.slurry_dry_matter:g}",
                key="dry_matter",
                mend="dewatering raises the dry matter",
            )
        return self

    def outlets(self, buses: Mapping[str, Carrier]) -> dict[str, Carrier]:
        """The cake, from the carrier of the slurry."""
        return {"cake": self._cake(buses)[0]}

    def lower(self, setting: Setting) -> Lowering:
        """One flow per t/h of slurry."""
        _, amount = self._cake(setting.buses)
        coefficients: dict[str, Series] = {
            self.slurry: -1.0,
            f"{setting.component}.cake": amount,
            self.liquor: 1.0 - amount,
        }
        if self.electricity_use:
            coefficients[self.electricity] = -self.electricity_use
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            self.capacity,
            activity="treatment",
            main=self.slurry,
        )
        return Lowering([flow])

    def _cake(self, buses: Mapping[str, Carrier]) -> tuple[Carrier, float]:
        slurry = buses[self.slurry]
        moisture = 1.0 - self.slurry_dry_matter
        if slurry.unit != "t/h" or slurry.of("water") < moisture - 1e-9:
            raise PhysicsError(
                f"'{slurry.name}' is counted in {slurry.unit} and holds "
                f"{slurry.of('water'):.4g} t of water per unit; {self.slurry_dry_matter:g} dry "
                f"matter means {moisture:g} t per t",
                key="slurry",
                mend="state its true dry matter, in t/h",
            )
        return cake(slurry, self.slurry_dry_matter, self.dry_matter)
