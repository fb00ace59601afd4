"""What passes the fence of the park: bought, sold, taken in, disposed of or released."""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, port, quantity
from models.carriers import CO2_PER_CARBON, STANDARD
from models.market.tariff import Price, Tariff, price_on
from models.series import TimeSeries
from models.shape import Shape, series_on, spread, weight_of
from models.site import Setting

BURNING = ("co2", "n2", "so2", "water_vapour", "air")
"""What closes a complete combustion."""

BUS_PRICE = "currency per amount of bus"


def outside_name(setting: Setting, bus: str) -> str:
    """Name under which the carrier of a bus crosses the fence.

    Standard carriers go by their own name, all others by their bus.
    """
    carrier = setting.buses[bus].name
    return carrier if carrier in STANDARD else bus


def is_co2(carrier: Carrier) -> bool:
    """Whether a carrier is CO2 and nothing else, by its carbon and mass."""
    carbon, mass = carrier.of("carbon"), carrier.of("mass")
    return carbon > 0 and abs(mass - carbon * CO2_PER_CARBON) < 1e-6 * mass


def release_of(carrier: Carrier, setting: Setting, bus: str) -> dict[str, object]:
    """How a carrier that is let go leaves the park, as keywords of a flow.

    Fuel gases burn in a flare; steam and heat give theirs to the ambient; cold takes up heat of
    the air; other gases and liquid water leave as they are.

    Raises
    ------
    PhysicsError
        The carrier stays where it is dropped: solids and materials.
    """
    kinds = set(carrier.kind.split("|"))
    if "fuel" in kinds and "solid" not in kinds:
        return {"closes": BURNING, "side": "emission"}
    if "steam" in kinds:
        return {"closes": ("water_vapour",), "side": "emission"}
    if kinds & {"heat", "electricity"}:
        return {"side": "emission"}
    if "cold" in kinds:
        return {"closes": ("air_heat",), "side": "emission"}
    if "gas" in kinds and is_co2(carrier):
        # Captured CO2 that is vented is CO2 of the air, whatever its bus is called.
        return {"closes": BURNING, "side": "emission"}
    if kinds & {"water", "gas"}:
        return {"exchange": {outside_name(setting, bus): 1.0}, "side": "emission"}
    raise PhysicsError(
        f"'{setting.component}' cannot release {carrier.name} ({carrier.kind}): it stays",
        key="bus",
        mend="use a disposal or a sale",
    )


class Purchase(Model):
    """A carrier bought from outside the park."""

    kind: ClassVar[str] = "purchase"

    bus: str = port(kind="any", description="Bus that receives it.")
    capacity: float | TimeSeries = quantity(
        unit="rate of bus", ge=0, description="Largest rate: a value, or a series by the season."
    )
    price: Price = quantity(
        unit=BUS_PRICE, description="What a unit costs: a number, a tariff (energy) or a series."
    )

    def lower(self, setting: Setting) -> Lowering:
        """One import."""
        price = _price(self.price, setting, self.bus)
        limit = rate_of(None, self.capacity, "flat", setting, key="capacity")
        return Lowering([_crossing(setting, self.bus, 1.0, limit, price, "supply", "import")])


class Sale(Model):
    """A carrier sold to the outside, as far as it pays."""

    kind: ClassVar[str] = "sale"

    bus: str = port(kind="any", description="Bus it is taken from.")
    capacity: float = quantity(unit="rate of bus", ge=0, description="Largest rate.")
    price: Price = quantity(
        0.0,
        unit=BUS_PRICE,
        description="What a unit earns: a number, a tariff (energy) or a series.",
        source="assumed: given away unless a price is stated",
    )

    def lower(self, setting: Setting) -> Lowering:
        """One export."""
        price = -1.0 * np.asarray(_price(self.price, setting, self.bus))
        cost = float(price) if price.ndim == 0 else price
        return Lowering(
            [_crossing(setting, self.bus, -1.0, self.capacity, cost, "exchange", "export")]
        )


class Disposal(Model):
    """A residue taken over by somebody outside, for a fee."""

    kind: ClassVar[str] = "disposal"

    bus: str = port(kind="any", description="Bus it is taken from.")
    capacity: float = quantity(unit="rate of bus", ge=0, description="Largest rate.")
    fee: float = quantity(
        0.0,
        unit=BUS_PRICE,
        description="What it costs to get rid of a unit.",
        source="assumed: free unless a fee is stated",
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow out of the park."""
        return Lowering(
            [_crossing(setting, self.bus, -1.0, self.capacity, self.fee, "treatment", "disposal")]
        )


class Inflow(Model):
    """A carrier that arrives and must be taken, such as waste or sewage."""

    kind: ClassVar[str] = "inflow"

    bus: str = port(kind="any", description="Bus that receives it.")
    annual: float | None = quantity(
        None, unit="amount of bus", ge=0, description="Amount per calendar year; or give `rate`."
    )
    rate: float | TimeSeries | None = quantity(
        None, unit="rate of bus", description="A constant rate or a series; or give `annual`."
    )
    shape: Shape = Field("flat", description="How the annual amount is spread over the year.")

    @model_validator(mode="after")
    def _check(self) -> Self:
        one_of(self.annual, self.rate)
        return self

    def lower(self, setting: Setting) -> Lowering:
        """One import whose rate is given."""
        rate = rate_of(self.annual, self.rate, self.shape, setting)
        flow = _crossing(setting, self.bus, 1.0, rate, 0.0, "supply", "import")
        flow.lower = rate
        return Lowering([flow])


class Release(Model):
    """A way out to the surroundings: a flare, a vent, a cooler, a drain."""

    kind: ClassVar[str] = "release"

    bus: str = port(kind="any", description="Bus it is taken from.")
    capacity: float = quantity(unit="rate of bus", ge=0, description="Largest rate.")
    fee: float = quantity(
        0.0,
        unit=BUS_PRICE,
        description="What a unit costs, such as a charge on waste water.",
        source="assumed: free unless a fee is stated",
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow that leaves as its carrier does."""
        way = release_of(setting.buses[self.bus], setting, self.bus)
        name = setting.component
        return Lowering(
            [
                Flow(
                    name,
                    name,
                    {self.bus: -1.0},
                    self.capacity,
                    cost=self.fee,
                    activity="treatment",
                    main=self.bus,
                    **way,  # type: ignore[arg-type]
                )
            ]
        )


def one_of(annual: float | None, rate: float | TimeSeries | None) -> None:
    """Refuse both and neither.

    Raises
    ------
    PhysicsError
    """
    if (annual is None) == (rate is None):
        which = "neither annual nor rate is" if rate is None else "both annual and rate are"
        raise PhysicsError(
            f"{which} given",
            key="annual" if annual is not None else "",
            mend="give exactly one of them",
        )


def rate_of(
    annual: float | None,
    rate: float | TimeSeries | None,
    shape: Shape,
    setting: Setting,
    *,
    key: str = "rate",
) -> float | np.ndarray:
    """Rate on the steps of a run from an annual amount and its shape, or as given [MW or t/h].

    Raises
    ------
    PhysicsError
        It falls below zero, or a series does not cover the run.
    """
    if annual is not None:
        return spread(annual, weight_of(shape), setting)
    on = series_on(rate, setting, key=key) if isinstance(rate, TimeSeries) else rate
    lowest = float(np.min(np.asarray(on, float)))
    if lowest < 0:
        raise PhysicsError(f"{key} goes down to {lowest:g}", key=key, mend="rates are at least 0")
    return np.asarray(on) if isinstance(on, np.ndarray) else lowest


def _price(price: Price, setting: Setting, bus: str) -> float | np.ndarray:
    carrier = setting.buses[bus]
    if isinstance(price, Tariff) and carrier.unit != "MW":
        raise PhysicsError(
            f"a tariff counts energy, but {carrier.name} is counted in {carrier.unit}",
            key="price",
            mend="give a number or a series",
        )
    return price_on(price, setting)


def _crossing(
    setting: Setting,
    bus: str,
    sign: float,
    upper: float | np.ndarray,
    cost: float | np.ndarray,
    activity: str,
    side: str,
) -> Flow:
    return Flow(
        setting.component,
        setting.component,
        {bus: sign},
        upper,
        cost=cost,
        exchange={outside_name(setting, bus): -sign},
        activity=activity,  # type: ignore[arg-type]
        side=side,  # type: ignore[arg-type]
        main=bus,
    )
