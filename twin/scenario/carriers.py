"""The forms in which a park may declare a carrier of its own."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.base import Carrier, PhysicsError, quantity
from twin.scenario.errors import Mark, did_you_mean
from twin.scenario.fields import Reader, mark_of
from twin.scenario.parts import BAD
from twin.scenario.read import Value

QUANTITIES = ("energy", "carbon", "mass", "water", "sulphur", "nitrogen")


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def carrier(self, name: str) -> Carrier:
        raise NotImplementedError


class Steam(_Form):
    """Steam in t/h at a state."""

    pressure: float = quantity(unit="bar", gt=0, le=220, description="Absolute pressure.")
    temperature: float = quantity(unit="degC", gt=0, le=800, description="Temperature.")

    def carrier(self, name: str) -> Carrier:
        from models.carriers import steam

        return steam(name, self.pressure, self.temperature)


class _Loop(_Form):
    supply: float = quantity(unit="degC", ge=-50, le=250, description="Supply temperature.")
    return_: float = quantity(
        unit="degC", ge=-50, le=250, alias="return", description="Return temperature."
    )


class HotWater(_Loop):
    """A closed hot-water loop in MW."""

    def carrier(self, name: str) -> Carrier:
        from models.carriers import hot_water

        return hot_water(name, self.supply, self.return_)


class ColdWater(_Loop):
    """A closed chilled-water or ice loop in MW of cold."""

    def carrier(self, name: str) -> Carrier:
        from models.carriers import cold_water

        return cold_water(name, self.supply, self.return_)


class Water(_Form):
    """Liquid water in t/h."""

    temperature: float = quantity(15.0, unit="degC", ge=0, le=200, description="Temperature.")

    def carrier(self, name: str) -> Carrier:
        from models.carriers import water

        return water(name, self.temperature)


class Solid(_Form):
    """A moist solid or slurry by the ultimate analysis of its dry matter; the rest is ash."""

    dry_matter: float = quantity(unit="1", gt=0, le=1, description="Share of the mass.")
    carbon: float = quantity(unit="1", ge=0, le=1, description="Share of the dry matter.")
    hydrogen: float = quantity(unit="1", ge=0, le=1, description="Share of the dry matter.")
    oxygen: float = quantity(0.0, unit="1", ge=0, le=1, description="Share of the dry matter.")
    nitrogen: float = quantity(0.0, unit="1", ge=0, le=1, description="Share of the dry matter.")
    sulphur: float = quantity(0.0, unit="1", ge=0, le=1, description="Share of the dry matter.")
    hhv: float = quantity(unit="MJ/kg", ge=0, description="Higher heating value, dry.")
    fossil: float = quantity(0.0, unit="1", ge=0, le=1, description="Fossil share of carbon.")
    temperature: float = quantity(25.0, unit="degC", ge=0, le=200, description="Temperature.")
    unit: Literal["t/h", "MW"] = Field("t/h", description="Unit of its rate.")

    def carrier(self, name: str) -> Carrier:
        from models.carriers import solid

        return solid(name, **self.model_dump())


class Custom(_Form):
    """A carrier with stated content per MWh or t."""

    unit: Literal["MW", "t/h"] = Field(description="Unit of its rate.")
    content: dict[str, float] = Field(description="MWh or t of each quantity per MWh or t.")
    exergy: float | None = Field(None, ge=0, description="MWh per MWh or t.")
    lhv: float = Field(0.0, ge=0, description="MWh per MWh or t.")
    fossil: float = quantity(0.0, unit="1", ge=0, le=1, description="Fossil share of carbon.")
    kind: str = Field("material", description="Kinds that ports ask for, joined by '|'.")
    temperature: float | None = quantity(None, unit="degC", ge=-273.15, description="Temperature.")

    def check(self) -> None:
        """Refuse a tonne that does not weigh one, or holds more than its mass."""
        below = [f"{q} {n:g}" for q, n in self.content.items() if n < 0 and q != "energy"]
        if below:
            raise PhysicsError(
                f"{', '.join(below)} is below zero", key="content", mend="only energy may be"
            )
        mass = self.content.get("mass", 0.0)
        elements = sum(self.content.get(q, 0.0) for q in ("carbon", "sulphur", "nitrogen"))
        if self.unit == "t/h" and any(self.content.values()) and mass != 1:
            raise PhysicsError(
                f"a tonne of it weighs {mass:g} t", key="content", mend="write 'mass: 1'"
            )
        if elements > mass * (1 + 1e-9):
            raise PhysicsError(
                f"{elements:g} t of carbon, sulphur and nitrogen in {mass:g} t of mass",
                key="content",
                mend="state the mass, or lower what it holds",
            )

    def carrier(self, name: str) -> Carrier:
        from models.carriers import custom

        self.check()
        extra: dict[str, Any] = self.model_dump(exclude={"unit", "content"}, exclude_none=True)
        return custom(name, self.unit, self.content, **extra)


FORMS: dict[str, type[_Form]] = {
    "steam": Steam,
    "hot_water": HotWater,
    "cold_water": ColdWater,
    "water": Water,
    "solid": Solid,
}


def read_carrier(reader: Reader, name: str, value: Value, place: Mark, extra: list[str]) -> Any:
    """A carrier, or `BAD`; `extra` are the conserved quantities that the park declares."""
    label = f"carrier '{name}'"
    data = value.data
    if isinstance(data, dict) and not {"unit", "content"} & set(data):
        form = next(iter(data), "")
        if len(data) != 1 or form not in FORMS:
            return reader.complain(
                value.key(form),
                f"{label} needs one form",
                "write '{FORM: {...}}', or '{unit: ..., content: {...}}'",
                f"Forms: {', '.join(FORMS)}. {did_you_mean(form, FORMS)}".rstrip(),
            )
        where = value.key(form)
        spec = reader.spec(FORMS[form], data[form], label, prefix=f"{form}.", place=where)
    else:
        spec = reader.spec(Custom, value, label, place=place)
        if spec is not BAD and _unknown_content(reader, spec, value, label, extra):
            return BAD
    if spec is BAD:
        return BAD
    try:
        return spec.carrier(name)
    except PhysicsError as error:
        mark = mark_of(value, error.key.split(".")) or place
        message = str(error) if name in str(error) else f"{label}: {error}"
        return reader.complain(mark, message, error.mend)
    except ValueError as error:  # CoolProp beyond the range of IAPWS-IF97
        return reader.complain(place, f"{label}: {' '.join(str(error).split())}")


def _unknown_content(
    reader: Reader, spec: Custom, value: Value, label: str, extra: list[str]
) -> list[str]:
    """Quantities that are neither standard nor declared, each complained about."""
    known = [*QUANTITIES, *extra]
    unknown = [key for key in spec.content if key not in known]
    for key in unknown:
        reader.complain(
            value.data["content"].key(key),
            f"unknown quantity '{key}' in content of {label}",
            f"name one of these, or declare '{key}' under 'conserve:'",
            f"Quantities: {', '.join(known)}. {did_you_mean(key, known)}".rstrip(),
        )
    return unknown
