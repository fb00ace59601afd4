"""A fixed recipe: what a process takes and gives per unit of what it is counted by.

The recipe is written out in the scenario, taken from a table of `models/recipes`, or both. What a
recipe leaves open must go to the surroundings it names; carbon, mass and energy that it makes from
nothing are refused like those of any other technology.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from models.base import (
    Activity,
    Carrier,
    Flow,
    Lowering,
    Model,
    PhysicsError,
    Series,
    port,
    quantity,
)
from models.shape import Shape, spread, weight_of
from models.site import Setting

Surrounding = Literal[
    "co2",
    "so2",
    "n2",
    "water_vapour",
    "air",
    "air_heat",
    "ground_heat",
    "water_body_heat",
    "building_heat",
]


@dataclass
class Recipe:
    """One recipe of a table.

    Attributes
    ----------
    amounts : dict of str to (float, str)
        By role: amount per unit of the product [MWh or t], positive gives, and its unit.
    optional : set of str
        Roles that may be left out.
    closes : list of str
        Surroundings that take up or provide the rest.
    """

    amounts: dict[str, tuple[float, str]] = field(default_factory=dict)
    optional: set[str] = field(default_factory=set)
    closes: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def recipes() -> Mapping[str, Recipe]:
    """All recipes of the tables, by name.

    A row gives recipe, role, amount (positive gives, negative takes), unit (t, MWh, or `closes`
    for surroundings without an amount), whether the role is optional, and its source.
    """
    found: dict[str, Recipe] = {}
    for path in sorted((Path(__file__).parent / "recipes").glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                recipe = found.setdefault(row["recipe"], Recipe())
                if row["unit"] == "closes":
                    recipe.closes.append(row["role"])
                    continue
                recipe.amounts[row["role"]] = float(row["amount"]), row["unit"]
                if row["optional"] == "yes":
                    recipe.optional.add(row["role"])
    return found


class Process(Model):
    """A process by a fixed recipe, run freely up to its capacity or to an annual plan."""

    kind: ClassVar[str] = "process"

    main: str = port(
        kind="any",
        description="What the process is counted by: a product, or an input where it is taken.",
    )
    capacity: float = quantity(unit="rate of main", ge=0, description="Largest rate of `main`.")
    recipe: str | None = Field(None, description="Name of a recipe of the tables.")
    roles: dict[str, str] = port(
        {},
        kind="any",
        description="Which bus plays which role of the recipe, such as `refinery_gas: fuel`; a bus "
        "with the name of a role plays it anyway.",
    )
    takes: dict[str, float] = quantity(
        {}, unit="amount of key", description="Inputs by bus, beside or instead of the recipe's."
    )
    gives: dict[str, float] = quantity(
        {}, unit="amount of key", description="Outputs by bus, beside or instead of the recipe's."
    )
    closes: list[Surrounding] = Field(
        [],
        description="Surroundings that take up or provide what the recipe leaves open, beside "
        "heat to the ambient and those of the recipe.",
    )
    cost: float = quantity(
        0.0, unit="currency per amount of main", description="Money per amount of `main`."
    )
    activity: Activity = Field("process", description="Tag that the accounts read.")
    annual: float | None = quantity(
        None,
        unit="amount of main",
        ge=0,
        description="Amount of `main` that has to be made (or used) per calendar year; without "
        "it, the process runs where it pays.",
    )
    shape: Shape = Field("flat", description="How the annual amount is spread over the year.")
    value_of_lost_load: float = quantity(
        2_000.0,
        unit="currency per amount of main",
        gt=0,
        description="Penalty for what of the plan is not made; steers and is never money.",
        source="assumed: far above any price of what a process takes",
    )

    @model_validator(mode="after")
    def _check(self) -> Process:
        for key, table in (("takes", self.takes), ("gives", self.gives)):
            for bus, amount in table.items():
                if not amount > 0:
                    raise PhysicsError(
                        f"{key} {amount:g} of '{bus}'",
                        key=f"{key}.{bus}",
                        mend="give an amount above zero; 'takes' and 'gives' say the direction",
                    )
        both = sorted(set(self.takes) & set(self.gives))
        if both:
            raise PhysicsError(
                f"both takes and gives '{both[0]}'",
                key=f"gives.{both[0]}",
                mend="give the difference on one side",
            )
        if self.recipe is None and (self.roles or not (self.takes or self.gives)):
            raise PhysicsError(
                "nothing says what the process takes and gives",
                key="roles" if self.roles else "takes",
                mend="write 'takes' and 'gives', or name a recipe",
            )
        if self.recipe is not None and self.recipe not in recipes():
            raise PhysicsError(
                f"there is no recipe '{self.recipe}'",
                key="recipe",
                mend=f"name one of {', '.join(sorted(recipes()))}",
            )
        return self

    def lower(self, setting: Setting) -> Lowering:
        """One flow per rate of `main`; with an annual plan, a demand."""
        amounts, closes = self._recipe(setting.buses)
        amounts |= {bus: -amount for bus, amount in self.takes.items()} | self.gives
        unit = abs(amounts.setdefault(self.main, 1.0))
        upper: Series = self.capacity
        if self.annual is not None:
            upper = spread(self.annual, weight_of(self.shape), setting)
            if upper.max() > self.capacity * (1 + 1e-9):
                rate = setting.buses[self.main].unit
                raise PhysicsError(
                    f"the plan asks for {upper.max():.6g} {rate} and the capacity is "
                    f"{self.capacity:g} {rate}",
                    key="annual",
                    mend="raise the capacity, lower the annual amount, or flatten its shape",
                )
        flow = Flow(
            setting.component,
            setting.component,
            {bus: amount / unit for bus, amount in amounts.items()},
            upper,
            cost=self.cost,
            steer=0.0 if self.annual is None else -self.value_of_lost_load,
            closes=tuple(dict.fromkeys([*closes, *self.closes])),
            activity=self.activity,
            demand=self.annual is not None,
            main=self.main,
        )
        return Lowering([flow])

    def _recipe(self, buses: Mapping[str, Carrier]) -> tuple[dict[str, float], list[str]]:
        """Amounts by bus, and surroundings, of the recipe of the tables."""
        if self.recipe is None:
            return {}, []
        recipe = recipes()[self.recipe]
        played = {role: bus for bus, role in self.roles.items()}
        for bus, role in self.roles.items():
            if role not in recipe.amounts or played[role] != bus:
                fault = "twice has the role" if role in recipe.amounts else "has no role"
                raise PhysicsError(
                    f"recipe '{self.recipe}' {fault} '{role}'",
                    key=f"roles.{bus}",
                    mend=f"its roles are {', '.join(recipe.amounts)}, each for one bus",
                )
        amounts: dict[str, float] = {}
        for role, (amount, unit) in recipe.amounts.items():
            bus = played.get(role, role)
            if bus not in buses or (role in recipe.optional and role not in played):
                if role in recipe.optional:
                    continue
                raise PhysicsError(
                    f"recipe '{self.recipe}' needs a bus for its role '{role}'",
                    key="roles",
                    mend=f"write 'roles: {{BUS: {role}}}'",
                )
            if buses[bus].amount_unit != unit:
                raise PhysicsError(
                    f"role '{role}' of recipe '{self.recipe}' is in {unit} and bus '{bus}' in "
                    f"{buses[bus].amount_unit}",
                    key=f"roles.{bus}" if role in played else "roles",
                    mend=f"name a bus whose amounts are in {unit}",
                )
            amounts[bus] = amounts.get(bus, 0.0) + amount
        return amounts, recipe.closes
