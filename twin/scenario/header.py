"""What a scenario says about the park as a whole and where it stands."""

from __future__ import annotations

import re
import zoneinfo
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from models.base import PhysicsError, quantity
from twin.scenario.dimension import CURRENCIES
from twin.scenario.errors import did_you_mean


@cache
def _zones() -> frozenset[str]:
    """Names of the time zones; looking for them reads hundreds of files."""
    return frozenset(zoneinfo.available_timezones())


class _Header(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ParkSpec(_Header):
    """The park."""

    name: str = Field(description="Title.")
    name_zh: str = Field("", description="Title in Chinese.")
    slug: str = Field("", description="Short name; the folder's by default.")
    label: str = Field("", description="Name of the variant or override that this is.")
    era: str = Field("", description="The time or state that is described.")
    description: str = Field("", description="What the park is.")
    country: str = Field(description="ISO 3166 code of two letters, for the calendar, such as DK.")
    currency: Literal["CNY", "DKK", "EUR", "JPY", "SGD", "USD"] = Field(
        "EUR", description="What all money is counted in."
    )
    price_year: int | None = Field(None, ge=1900, le=2200, description="Year of the prices.")
    exchange: dict[str, float] = quantity(
        {}, unit="currency", description="Value of one unit of other currencies."
    )

    @field_validator("slug")
    @classmethod
    def _short(cls, slug: str) -> str:
        if not re.fullmatch(r"[\w-]*", slug):
            raise PhysicsError(
                f"'{slug}' is no short name", mend="use letters, digits, '_' and '-'"
            )
        return slug

    @field_validator("country")
    @classmethod
    def _has_a_calendar(cls, country: str) -> str:
        import holidays

        known = holidays.list_supported_countries(include_aliases=False)
        if country not in known:
            raise PhysicsError(
                f"'{country}' is no ISO code of a country whose calendar is known",
                mend="write two capital letters, such as DK, CN or SG",
            )
        return country

    @field_validator("exchange")
    @classmethod
    def _known(cls, exchange: dict[str, float]) -> dict[str, float]:
        for code, rate in exchange.items():
            if code not in CURRENCIES or rate <= 0:
                raise PhysicsError(
                    f"{code} at {rate:g}", mend=f"give rates above 0 of {', '.join(CURRENCIES)}"
                )
        return exchange


class SiteSpec(_Header):
    """The place."""

    latitude: float = Field(ge=-90, le=90, description="Degrees, north positive.")
    longitude: float = Field(ge=-180, le=180, description="Degrees, east positive.")
    time_zone: str = Field(description="IANA name, such as Europe/Copenhagen.")
    altitude: float = quantity(0.0, unit="m", ge=-450, le=9000, description="Above the sea.")
    weather: str = Field(description="File of weather or climate, here or among those shipped.")

    @field_validator("time_zone")
    @classmethod
    def _known(cls, name: str) -> str:
        known = _zones()
        if name not in known:
            near = did_you_mean(name, known).replace("Did", "did")
            raise PhysicsError(f"unknown time zone '{name}'", mend=near or "write an IANA name")
        return name


class AccountingSpec(_Header):
    """Which account the park uses by default."""

    method: str | None = Field(None, description="Name of a method.")
    factors: str | int | None = Field(None, description="Edition of the emission factors.")


HEADERS: dict[str, Any] = {"park": ParkSpec, "site": SiteSpec, "accounting": AccountingSpec}
