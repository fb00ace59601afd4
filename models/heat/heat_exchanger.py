"""A heat exchanger between two loops of water: what temperatures allow, and what its size."""

from __future__ import annotations

import math
from typing import ClassVar, Self

from pydantic import model_validator

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, port, quantity
from models.site import Setting


def log_mean_difference(first: float, second: float) -> float:
    """Mean driving difference of a counter-current exchanger from those at its two ends [K].

    Raises
    ------
    ValueError
        An end has none, so that no finite area would do.

    Examples
    --------
    >>> round(log_mean_difference(10.0, 5.0), 3)
    7.213
    """
    if not (first > 0 and second > 0):
        raise ValueError(f"differences of {first:g} and {second:g} K at the ends drive no heat")
    if math.isclose(first, second, rel_tol=1e-9):
        return first
    return (first - second) / math.log(first / second)


def ends(giving: Carrier, taking: Carrier) -> tuple[float, float]:
    """Differences at the two ends between a loop that is relieved and one that is served [K].

    Positive where heat flows the right way: from a hot loop into a heating loop, or out of a
    chilled loop into a colder one.
    """
    sign = -1.0 if "cold" in taking.kind.split("|") else 1.0
    return (
        sign * (giving.temperature - taking.temperature),
        sign * (giving.return_temperature - taking.return_temperature),
    )


class HeatExchanger(Model):
    """Heat, or cold, from one loop to another, in counter-current."""

    kind: ClassVar[str] = "heat_exchanger"

    source: str = port(kind="heat|cold", description="Loop it is taken from.")
    sink: str = port(kind="heat|cold", description="Loop of the same kind that it is given to.")
    capacity: float | None = quantity(
        None, unit="MW", gt=0, description="Largest output; or give `conductance`."
    )
    conductance: float | None = quantity(
        None,
        unit="MW/K",
        gt=0,
        description="Heat transfer coefficient times area; the output follows from the loops.",
    )
    approach: float = quantity(
        3.0,
        unit="K",
        gt=0,
        description="Least difference of temperature at each end.",
        source="assumed: plate heat exchangers of district heating are laid out for 1 to 5 K",
    )
    loss: float = quantity(
        0.0,
        unit="1",
        ge=0,
        lt=1,
        description="Share of what is taken that its shell loses, or lets in.",
        source="assumed: well insulated",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.capacity is None) == (self.conductance is None):
            given = "neither of them" if self.capacity is None else "both"
            raise PhysicsError(
                f"the size is given by a capacity or a conductance, here by {given}",
                key="capacity" if self.capacity is not None else "",
                mend="give exactly one",
            )
        return self

    def lower(self, setting: Setting) -> Lowering:
        """One flow per MW taken from the source.

        Raises
        ------
        PhysicsError
            The loops are not of one kind, or nearer to each other than the approach.
        """
        giving, taking = setting.buses[self.source], setting.buses[self.sink]
        cold = "cold" in taking.kind.split("|")
        if cold != ("cold" in giving.kind.split("|")):
            raise PhysicsError(
                f"'{self.source}' is {giving.kind} and '{self.sink}' is {taking.kind}",
                key="sink",
                mend="join two loops of heat or two of cold; a heat pump joins one of each",
            )
        supply, back = ends(giving, taking)
        if not min(supply, back) >= self.approach - 1e-9:
            raise PhysicsError(
                f"from '{self.source}' at {giving.temperature:g}/{giving.return_temperature:g} "
                f"degC to '{self.sink}' at {taking.temperature:g}/{taking.return_temperature:g} "
                f"degC leaves {supply:g} and {back:g} K at the ends, less than {self.approach:g} K",
                key="sink",
                mend="change the temperatures of a loop, or lift the heat by a heat pump",
            )
        kept = 1.0 - self.loss
        if self.capacity is not None:
            upper = self.capacity / kept
        else:
            assert self.conductance is not None
            upper = self.conductance * log_mean_difference(supply, back)
        flow = Flow(
            setting.component,
            setting.component,
            {self.source: -1.0, self.sink: kept},
            upper,
            closes=("air_heat",) if cold else (),
            activity="cooling" if cold else "heat",
            main=self.source,
        )
        return Lowering([flow])
