"""The forms in which a park may declare a carrier of its own."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.base import Carrier, PhysicsError, quantity
from twin.scenario.errors import did_you_mean
from twin.scenario.fields import Reader
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
    temperature: float | None = quantity(
        None, unit="degC", ge=-273.15, description="Temperature."
    )

    def carrier(self, name: str) -> Carrier:
        from models.carriers import custom

        extra: dict[str, Any] = self.model_dump(exclude={"unit", "content"}, exclude_none=True)
        return custom(name, self.unit, self.content, **extra)


FORMS: dict[str, type[_Form]] = {
    "steam": Steam,
    "hot_water": HotWater,
    "cold_water": ColdWater,
    "water": Water,
    "solid": Solid,
}


def read_carrier(reader: Reader, name: str, value: Value, place: Any, extra: list[str]) -> Any:
    """A carrier, or `BAD`; `extra` are the conserved quantities that the park declares."""
    label = f"carrier '{name}'"
    if isinstance(value.data, dict) and len(value.data) == 1 and set(value.data) <= set(FORMS):
        form = next(iter(value.data))
        inner = value.data[form]
        spec = reader.spec(FORMS[form], inner, label, prefix=f"{form}.", place=value.key(form))
    else:
        spec = reader.spec(Custom, value, label, place=place)
        if spec is BAD:
            return BAD
        known = [*QUANTITIES, *extra]
        for key in spec.content:
            if key not in known:
                reader.complain(
                    value.data["content"].key(key),
                    f"unknown quantity '{key}' in content of {label}",
                    f"name one of these, or declare '{key}' under 'conserve:'",
                    f"Quantities: {', '.join(known)}. {did_you_mean(key, known)}".rstrip(),
                )
    if spec is BAD:
        return BAD
    try:
        return spec.carrier(name)
    except PhysicsError as error:
        return reader.complain(place, str(error), error.mend)
    except ValueError as error:  # CoolProp beyond the range of IAPWS-IF97
        return reader.complain(place, f"{label}: {' '.join(str(error).split())}")
