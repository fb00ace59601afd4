"""Prices of energy: one number, time of use, or a series."""

from __future__ import annotations

from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.base import PhysicsError, quantity
from models.series import TimeSeries
from models.shape import Hours, check_hours, series_on, share_within
from models.site import Setting


class Tariff(BaseModel):
    """A time-of-use price of energy, by the hours of the local day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    flat: float = quantity(unit="currency/MWh", description="Price in all other hours.")
    peak: float | None = quantity(None, unit="currency/MWh", description="Price in the peak hours.")
    valley: float | None = quantity(
        None, unit="currency/MWh", description="Price in the valley hours."
    )
    peak_hours: Hours = Field(
        [], description="Windows [from, to] in local hours, such as [[8, 12], [17, 21]]."
    )
    valley_hours: Hours = Field([], description="Windows [from, to]; [22, 6] runs over midnight.")
    workdays_only: bool = Field(
        False,
        description="Peak hours hold on working days only; other days are flat or valley.",
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        for word, price, hours in (
            ("peak", self.peak, self.peak_hours),
            ("valley", self.valley, self.valley_hours),
        ):
            if (price is None) == bool(hours):
                has, lacks = word, f"{word}_hours"
                if price is None:
                    has, lacks = lacks, has
                mend = f"add {lacks}, or leave out {has}"
                raise PhysicsError(f"{has} is given without {lacks}", key=has, mend=mend)
            check_hours(hours, f"{word}_hours")
        both = [*self.peak_hours, *self.valley_hours]
        if both:
            check_hours(both, "valley_hours")
        return self

    def on(self, setting: Setting) -> np.ndarray:
        """Mean price over each step, shape (n_steps,) [currency/MWh].

        Whether it is a working day is asked where a step begins.
        """
        price = np.full(setting.n_steps, self.flat)
        if self.peak is not None:
            share = share_within(self.peak_hours, setting.times, setting.step_s)
            share = np.where(setting.workday | (not self.workdays_only), share, 0.0)
            price += share * (self.peak - self.flat)
        if self.valley is not None:
            share = share_within(self.valley_hours, setting.times, setting.step_s)
            price += share * (self.valley - self.flat)
        return price


Price = float | Tariff | TimeSeries
"""A number, a time-of-use tariff, or a series, per MWh or t."""


def price_on(price: Price, setting: Setting, *, key: str = "price") -> float | np.ndarray:
    """A price on the steps of a run.

    Parameters
    ----------
    key : str
        Field that holds it.

    Raises
    ------
    PhysicsError
        A series of amounts, or one that does not cover the run.
    """
    if isinstance(price, Tariff):
        return price.on(setting)
    if isinstance(price, TimeSeries):
        if price.kind == "amount":
            raise PhysicsError(
                f"{key} is a series of amounts; a price has none",
                key=key,
                mend="declare it 'kind: mean' or 'kind: instant'",
            )
        return series_on(price, setting, key=key)
    return price
