"""A building as a store of heat: its set point moves within a band, and its mass remembers.

While a room is heated, the five resistances of `models.demand.room` are linear: a change of its
heat changes air and mass alike, whatever the weather. What is left of heat given ahead is then a
store with one loss rate, and comfort is a limit of its power.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.base import Activity, Carrier, Flow, Lowering, PhysicsError, Series, Store, quantity


@dataclass(frozen=True)
class VirtualStore:
    """A band of air temperature as a linear store of heat.

    Attributes
    ----------
    lift : float
        Set point of the empty store above the lower end of the band [K].
    power : float
        Heat it can give back, and take in while the air stands at that set point [W].
    capacity : float
        Heat that it can spare when full [J].
    loss_rate : float
        Share of its content lost per time [1/s].
    per_kelvin : float
        Heat that warms the air by 1 K while the mass stays as it is [W/K].
    """

    lift: float
    power: float
    capacity: float
    loss_rate: float
    per_kelvin: float


def virtual_store(
    h_ve: float,
    h_w: float,
    h_em: float,
    h_ms: float,
    h_is: float,
    capacity: float,
    *,
    band: float,
    duration: float,
) -> VirtualStore:
    """The store that five resistances and a mass make of a band above a set point.

    Parameters
    ----------
    h_ve, h_w, h_em, h_ms, h_is, capacity : float
        As of `models.demand.room.five_resistances` [W/K, J/K].
    band : float
        Upper above lower end of the air's temperature [K].
    duration : float
        Capacity over power [s]; the longer, the less of the band is left for power.

    Returns
    -------
    VirtualStore

    Notes
    -----
    With x the change of the air's temperature, m that of the mass and q that of the heat, ISO
    13790, annex C.3, gives ``q = b x - a m`` and ``C dm/dt = a x - d m``, where ``a = h_is h_ms /
    S``, ``b = h_ve + h_is (1 - h_is / S)``, ``d = h_em + h_ms (1 - h_ms / S)``, ``S = h_w + h_ms +
    h_is``. Without x: ``C dm/dt = (a / b) q - (d - a^2 / b) m``. Counted as the heat that it
    spares, E = C m b / a, this is a store that takes and gives without loss: ``dE/dt = q - k E``,
    ``k = (d - a^2 / b) / C``.

    Air stays within the band B if m lies between those of steady set points and q within limits
    that shift with m. A flow cannot have such limits; so both powers are those that comfort allows
    at any content: of the lower end, f B above which the empty store is held, and of the upper one,
    ``P = f b B`` and ``E <= (1 - 2 f) C B (b / a)^2``. Their ratio gives f.
    """
    total = h_w + h_ms + h_is
    a = h_is * h_ms / total
    b = h_ve + h_is * (1.0 - h_is / total)
    d = h_em + h_ms * (1.0 - h_ms / total)
    share = 1.0 / (2.0 + duration * a * a / (capacity * b))
    return VirtualStore(
        lift=share * band,
        power=share * band * b,
        capacity=(1.0 - 2.0 * share) * capacity * band * (b / a) ** 2,
        loss_rate=(d - a * a / b) / capacity,
        per_kelvin=b,
    )


class Flexibility(BaseModel):
    """A band above the heating set point, within which heat may be given ahead of need.

    The building is held a part of the band above the set point, so that heat can be spared at any
    time. Cooling is not shifted, and where the sun alone keeps the air above that point, nothing is
    stored. A store of constant power gives less than the mass could when full, and all at once what
    the mass would give ever more slowly.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    band: float = quantity(
        unit="K",
        gt=0,
        description="Warmest above coldest air while heated; the set point is its lower end.",
    )
    duration: float = quantity(
        6.0,
        unit="h",
        gt=0,
        description="How long the full store gives its power; the longer, the less power.",
        source="assumed: an evening peak",
    )
    initial: float = quantity(
        0.0,
        unit="1",
        ge=0,
        le=1,
        description="Content at the start, as a share of the capacity.",
        source="assumed: none",
    )
    policy: Literal["self_consumption", "tariff", "thresholds"] = Field(
        "self_consumption",
        description="When it works: with a surplus, by the tariff of the day, or by two prices.",
    )
    charge_below: float | None = quantity(
        None,
        unit="currency/MWh",
        description="Marginal price of heat below which it fills, by thresholds.",
    )
    discharge_above: float | None = quantity(
        None,
        unit="currency/MWh",
        description="Marginal price of heat above which it empties, by thresholds.",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        below, above = self.charge_below, self.discharge_above
        if self.policy != "thresholds":
            if below is not None or above is not None:
                raise PhysicsError(
                    f"charge_below and discharge_above mean nothing to policy {self.policy}",
                    key="policy",
                    mend="write policy: thresholds, or leave them out",
                )
        elif below is None or above is None or below > above:
            raise PhysicsError(
                f"policy thresholds has charge_below {below} and discharge_above {above}",
                key="policy",
                mend="give both, charge_below at most discharge_above",
            )
        return self


def shifted(
    demand: Flow,
    carrier: Carrier,
    room: np.ndarray,
    band: Flexibility,
    store: VirtualStore,
    count: float,
) -> Lowering:
    """Rooms that are heated by the loop, or by what their mass was given before.

    Parameters
    ----------
    demand : Flow
        Heat of all buildings, taken from the loop [MW].
    carrier : Carrier
        Of the loop.
    room : ndarray, shape (n_steps,)
        Heat that all of them can take in ahead of need [MW].
    band : Flexibility
    store : VirtualStore
        Of one building.
    count : float
        How many buildings.
    """
    name, loop = demand.component, demand.main
    rooms, stored = f"{name}.rooms", f"{name}.stored"
    capacity = count * store.capacity / 3.6e9
    paths: list[tuple[str, str, str, Series, Activity]] = [
        ("supply", loop, rooms, demand.upper, "heat"),
        ("charge", loop, stored, room, "storage"),
        ("discharge", stored, rooms, count * store.power / 1e6, "storage"),
    ]
    flows = [replace(demand, coefficients={rooms: -1.0}, main=rooms)]
    for role, source, sink, upper, activity in paths:
        flows.append(
            Flow(
                f"{name}.{role}",
                name,
                {source: -1.0, sink: 1.0},
                upper,
                activity=activity,
                main=rooms if role == "discharge" else loop,
            )
        )
    mass = Store(
        stored,
        name,
        carrier,
        capacity,
        initial=band.initial * capacity,
        loss_rate=store.loss_rate * 3600.0,
        policy=band.policy,
        charge_below=band.charge_below or 0.0,
        discharge_above=band.discharge_above or 0.0,
    )
    return Lowering(flows, [mass], {rooms: carrier})
