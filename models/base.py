"""What every technology speaks of: carriers, flows, stores, and the spec that lowers to them.

A technology is a subclass of `Model`: its fields are the keys a scenario may set, its `lower`
turns them into flows and stores. Subclassing registers it; nothing else has to be touched.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from models.site import Setting

Series = float | np.ndarray
"""A constant, or one value per step of the run: shape (n_steps,)."""

Side = Literal["inside", "import", "export", "emission", "sink", "disposal"]
Activity = Literal[
    "final_use",
    "power",
    "heat",
    "cooling",
    "conversion",
    "process",
    "transport",
    "storage",
    "supply",
    "treatment",
    "exchange",
]


@dataclass(frozen=True)
class Carrier:
    """What flows.

    Attributes
    ----------
    name : str
    unit : {"MW", "t/h"}
        Unit of a rate; amounts are in MWh or t. A fuel in MW is counted by its LHV.
    content : mapping of str to float
        Conserved quantities per unit of amount: energy [MWh], carbon [t C], mass [t], water
        [t, hydrogen counted as the H2O it can form], sulphur [t], nitrogen [t], and any other
        the park declares. Energy is enthalpy against liquid water, CO2, N2 and O2 at 25 C.
    exergy, lhv : float
        MWh per unit of amount; neither is conserved.
    fossil : float
        Share of the carbon that is fossil or mineral when the carrier enters the park [0-1].
    kind : str
        What a port may ask for: electricity, fuel, steam, heat, cold, water, gas, solid, material.
    temperature, return_temperature, pressure : float
        State for the models that need it [degC, degC, bar(a)]; NaN where it has no meaning.
    closes : str
        Quantity that this carrier may absorb or provide as an exchange with the surroundings.
    source : str
        Where composition and heating value come from.
    """

    name: str
    unit: Literal["MW", "t/h"]
    content: Mapping[str, float] = field(default_factory=dict)
    exergy: float = 0.0
    lhv: float = 0.0
    fossil: float = 0.0
    kind: str = "material"
    temperature: float = float("nan")
    return_temperature: float = float("nan")
    pressure: float = float("nan")
    closes: str = ""
    source: str = ""

    @property
    def amount_unit(self) -> str:
        """Unit of an amount: MWh or t."""
        return "MWh" if self.unit == "MW" else "t"

    def of(self, quantity: str) -> float:
        """Content of a conserved quantity per unit of amount; zero where none is declared."""
        return self.content.get(quantity, 0.0)


@dataclass
class Flow:
    """An activity at a rate x, lower <= x <= upper, with fixed coefficients on buses and stores.

    Attributes
    ----------
    name : str
        Unique in the park; `component.role`, or the component's name if it has only this flow.
    coefficients : dict of str to Series
        Per unit of activity: positive gives to the bus or store, negative takes.
    upper, lower : Series
        Limits of the rate x [unit of activity per hour]; non-negative.
    cost : Series
        Money per unit of activity; counted in the run's `cost`.
    steer : Series
        Penalty per unit of activity that guides the dispatch and is never money.
    exchange : dict of str to Series
        What passes the fence per unit of activity, by carrier: positive leaves the park, negative
        enters it. The lowering gives what it knows; the network derives the rest (`closes`).
    closes : tuple of str
        Exchange carriers that may take up what is left of a conserved quantity, such as co2, air
        and water_vapour of a combustion, or water_body_heat of a heat pump. heat_to_ambient is
        always allowed.
    activity, side : str
        Tags the accounts read.
    demand : bool
        `upper` is what is asked for; upper - x is reported as unserved in the carrier of `main`.
    on_call : bool
        It stands still until an actor asks for it, up to `upper`.
    curtailable : bool
        `upper` is what nature offers; upper - x is reported as curtailed.
    main : str
        Bus whose carrier names the activity: its unit is the unit of x times |coefficient|.
    ramp : float
        Largest change of x per hour; infinite where there is none.
    stays : bool
        It goes on when an event limits its component: the stack past a capture unit, the heaters
        of a tank of salt. An event that names the flow itself still acts on it.
    """

    name: str
    component: str
    coefficients: dict[str, Series]
    upper: Series
    lower: Series = 0.0
    cost: Series = 0.0
    steer: Series = 0.0
    exchange: dict[str, Series] = field(default_factory=dict)
    closes: tuple[str, ...] = ()
    activity: Activity = "conversion"
    side: Side = "inside"
    demand: bool = False
    curtailable: bool = False
    main: str = ""
    ramp: float = float("inf")
    on_call: bool = False
    stays: bool = False


@dataclass
class Store:
    """An amount of one carrier between bounds, filled and emptied by flows.

    Attributes
    ----------
    carrier : Carrier
    capacity, minimum, initial : float
        Amounts [MWh or t].
    loss_rate : float
        Standing loss as a share of the content per hour [1/h], exact for any step length.
    exclusive : bool
        Never filled and emptied in the same step (a battery); silos and tanks may.
    closes : tuple of str
        Exchange carriers that take up the standing loss, as for a flow.
    policy : {"self_consumption", "tariff", "thresholds"}
        What sets the two prices: surplus that would else be exported or curtailed; the lowest and
        highest tariff of the day on the bus that fills it; or the prices as given.
    charge_below, discharge_above : Series
        The price of the stored carrier below which filling pays and above which emptying does
        [currency per MWh or t]. They steer and are never money.
    """

    name: str
    component: str
    carrier: Carrier
    capacity: float
    initial: float = 0.0
    minimum: float = 0.0
    loss_rate: float = 0.0
    exclusive: bool = False
    closes: tuple[str, ...] = ()
    policy: Literal["self_consumption", "tariff", "thresholds"] = "self_consumption"
    charge_below: Series = 0.0
    discharge_above: Series = 0.0


@dataclass
class Lowering:
    """What a component becomes: flows, stores, and buses of its own inside its walls."""

    flows: list[Flow] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)
    buses: dict[str, Carrier] = field(default_factory=dict)


class PhysicsError(ValueError):
    """A specification that nature does not allow.

    Attributes
    ----------
    key : str
        The field at fault, so that the scenario can point at its line.
    mend : str
        How to put it right.
    """

    def __init__(self, message: str, *, key: str = "", mend: str = "") -> None:
        super().__init__(message)
        self.key = key
        self.mend = mend


def quantity(
    default: Any = ..., *, unit: str, description: str, source: str = "", **limits: Any
) -> Any:
    """A field holding a physical quantity, as a float in `unit`.

    The scenario writes it as text with any unit of the same dimension; `currency` stands for the
    park's currency. `source` is where the default comes from; `limits` are pydantic's ge, gt, le,
    lt. A dimensionless quantity has unit "1". Where the unit follows the carrier of a bus, write
    "rate of FIELD", "amount of FIELD" or "currency per amount of FIELD", FIELD being the port
    field that names the bus, or "key" inside a mapping from buses to quantities.
    """
    extra: dict[str, Any] = {"unit": unit, "source": source}
    return Field(default, description=description, json_schema_extra=extra, **limits)


def port(default: Any = ..., *, kind: str, description: str) -> Any:
    """A field naming a bus.

    `kind` is what the carrier must be, alternatives separated by "|", or "any". A carrier may be
    of several kinds ("fuel|gas"); one match is enough.
    """
    extra: dict[str, Any] = {"port": kind}
    return Field(default, description=description, json_schema_extra=extra)


class Model(BaseModel):
    """Base of all technologies. Set `kind` to the word a scenario uses after `model:`."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    kind: ClassVar[str] = ""
    registry: ClassVar[dict[str, type[Model]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "kind" in cls.__dict__ and cls.kind:
            known = Model.registry.get(cls.kind)
            if known is not None and known.__qualname__ != cls.__qualname__:
                raise TypeError(f"model '{cls.kind}' is already defined by {known.__module__}")
            Model.registry[cls.kind] = cls

    def planned(self, setting: Setting) -> dict[str, tuple[str, float, float]]:
        """By field: carrier of the surroundings, amount planned over the run, and in a year."""
        return {}

    def lower(self, setting: Setting) -> Lowering:
        """Flows and stores of this component in its setting (buses, clock, weather)."""
        raise NotImplementedError


class Actor(BaseModel):
    """Base of everything that makes something happen. Set `kind` to the word after `actor:`.

    A subclass gives `process`, a SimPy generator that waits on the world's clock and changes
    limits, prices or amounts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    kind: ClassVar[str] = ""
    looks_back: ClassVar[bool] = True
    """Whether it reads what flowed before now; else a run may keep totals only."""
    registry: ClassVar[dict[str, type[Actor]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "kind" in cls.__dict__ and cls.kind:
            known = Actor.registry.get(cls.kind)
            if known is not None and known.__qualname__ != cls.__qualname__:
                raise TypeError(f"actor '{cls.kind}' is already defined by {known.__module__}")
            Actor.registry[cls.kind] = cls

    def targets(self) -> dict[str, str]:
        """Components it acts on beside `component`, each with the key that names it."""
        return {}

    def check(self, network: Any) -> None:
        """Refuse what the network does not have, by a PhysicsError whose key names the field."""

    def process(self, world: Any, name: str) -> Any:
        """SimPy generator; `name` is the actor's own, and keys its random stream."""
        raise NotImplementedError
