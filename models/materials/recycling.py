"""Recycling: a stream is sorted into products of a recovery and a purity; the rest is a residue.

The residue is what mass, carbon, energy and every declared element leave over, so a product that
promises more of a metal than the scrap holds is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carriers import LATENT
from models.site import Setting

ROUNDING = 1e-9


class Product(BaseModel):
    """One material that is taken out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    content: float = quantity(
        unit="1", gt=0, le=1, description="Share of the material in the stream, by mass."
    )
    recovery: float = quantity(
        unit="1", gt=0, le=1, description="Part of the material that reaches the product."
    )
    purity: float = quantity(
        1.0,
        unit="1",
        gt=0,
        le=1,
        description="Share of the material in the product; the rest is contamination.",
        source="assumed: clean",
    )

    @property
    def amount(self) -> float:
        """Product per tonne of stream [t/t]."""
        return self.content * self.recovery / self.purity


def residue_of(stream: Carrier, products: Mapping[str, tuple[float, Carrier]]) -> Carrier:
    """What is left of a tonne, and its mass as `content["mass"]` per tonne of residue (always 1).

    Parameters
    ----------
    stream : Carrier
        In t/h.
    products : mapping of str to (float, Carrier)
        Amount per tonne of stream [t/t] and carrier, by bus.

    Raises
    ------
    PhysicsError
        The products hold more of something than the stream, or leave nothing.
    """
    left = dict(stream.content)
    exergy = stream.exergy
    for amount, carrier in products.values():
        exergy -= amount * carrier.exergy
        for quantity_, value in carrier.content.items():
            left[quantity_] = left.get(quantity_, 0.0) - amount * value
    mass = left["mass"]
    if mass < ROUNDING:
        raise PhysicsError(
            f"a tonne of '{stream.name}' is to give {1 - mass:.4f} t of products",
            key="products",
            mend="lower content or recovery; what sorting loses is a residue",
        )
    for name, value in left.items():
        if value < -ROUNDING * max(abs(stream.of(name)), 1e-3) and name != "energy":
            raise PhysicsError(
                f"the products hold {stream.of(name) - value:.6g} t of {name} and a tonne of "
                f"'{stream.name}' {stream.of(name):.6g} t",
                key="products",
                mend="lower a recovery, or state what the stream is made of",
            )
    content = {name: value / mass for name, value in left.items() if abs(value) > 1e-15}
    content["mass"] = 1.0
    lhv = content.get("energy", 0.0) - LATENT / 3600.0 * content.get("water", 0.0)
    burns = lhv > 0 and content.get("carbon", 0.0) > 0
    return Carrier(
        "residue",
        "t/h",
        content,
        max(exergy, 0.0) / mass,
        lhv if burns else 0.0,
        stream.fossil,
        kind="fuel|solid|material" if burns else "solid|material",
        temperature=25.0,
        source=f"what the products leave of {stream.name}",
    )


class Recycling(Model):
    """Dismantling, shredding and sorting; the residue is the bus `NAME.residue`."""

    kind: ClassVar[str] = "recycling"

    inlet: str = port(kind="material|solid", description="Scrap or waste as it comes.")
    products: dict[str, Product] = Field(
        min_length=1, description="Materials taken out, by the bus they go to."
    )
    electricity: str = port(kind="electricity", description="Machines.")
    electricity_use: float = quantity(unit="MWh/t", ge=0, description="Per tonne of what comes in.")
    capacity: float = quantity(unit="t/h", gt=0, description="Largest intake.")
    variable_cost: float = quantity(
        0.0, unit="currency/t", description="Work and upkeep per intake.", source="assumed: none"
    )

    def outlets(self, buses: Mapping[str, Carrier]) -> dict[str, Carrier]:
        """The residue, worked out from the stream and the products."""
        stream = buses[self.inlet]
        if stream.unit != "t/h":
            raise PhysicsError(
                f"'{self.inlet}' is counted in MW", key="inlet", mend="name a bus in t/h"
            )
        for bus in self.products:
            if buses[bus].unit != "t/h":
                raise PhysicsError(
                    f"'{bus}' is counted in MW", key=f"products.{bus}", mend="name a bus in t/h"
                )
        given = {bus: (product.amount, buses[bus]) for bus, product in self.products.items()}
        return {"residue": residue_of(stream, given)}

    def lower(self, setting: Setting) -> Lowering:
        """One flow per tonne that comes in."""
        name = setting.component
        coefficients: dict[str, Series] = {self.inlet: -1.0}
        for bus, product in sorted(self.products.items()):
            coefficients[bus] = product.amount
        rest = 1.0 - sum(product.amount for product in self.products.values())
        coefficients[f"{name}.residue"] = rest
        if self.electricity_use:
            coefficients[self.electricity] = -self.electricity_use
        flow = Flow(
            name,
            name,
            coefficients,
            self.capacity,
            cost=self.variable_cost,
            activity="process",
            main=self.inlet,
        )
        return Lowering([flow])
