"""Quantities as text, converted to floats in the unit that a field declares."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

from twin.scenario.dimension import (
    CURRENCIES,
    DIFFERENCE,
    FACTOR,
    PREFIXED,
    TEMPERATURE,
    Terms,
    UnitError,
    anonymous,
    clean,
    dimension,
    phrase,
    ratio,
    terms,
)

__all__ = ["Money", "UnitError", "compatible", "convert", "phrase", "render", "split"]

ZERO_CELSIUS = 273.15

NUMBER = re.compile(
    r"\s*([-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)(?![0-9.,_])\s*(.*?)\s*\Z"
)

GROUP = re.compile(r"[0-9]{3}(?![0-9])")
"""The number goes on after a space, as in 12 000 kW; in 0.1 1/h it does not."""


@dataclass(frozen=True)
class Money:
    """The park's currency, and what one unit of each other currency is worth in it."""

    currency: str = "EUR"
    exchange: tuple[tuple[str, float], ...] = ()


def convert(value: str | float, unit: str, money: Money | None = None) -> float:
    """A quantity as a float in `unit`.

    Parameters
    ----------
    value : str or float
        Number and unit, such as "40 MWh"; a bare number only where `unit` is "1".
    unit : str
        Where `currency` stands for the park's currency. "K" asks for a difference of temperatures,
        "degC" for a temperature.

    Raises
    ------
    UnitError
        Its message begins with a verb ("needs an energy, got '10 MW' (a power)").
    """
    money = money or Money()
    unit = unit.replace("currency", money.currency)
    if isinstance(value, str):
        return _converted(value, unit, money)
    if isinstance(value, bool):
        message = f"needs {phrase(unit)}, got {str(value).lower()}"
        raise UnitError(message, f"write it as number and unit, such as {_example(unit)}")
    if terms(unit) or unit == "%":
        mend = f"write {value:g} {unit}"
        if unit == "%" and abs(value) <= 1:
            mend = f"write {100 * value:g} % if this is a share of one, {value:g} % if not"
        raise UnitError(f"needs {phrase(unit)} with its unit, got the bare number {value:g}", mend)
    return float(value)


@lru_cache(maxsize=20_000)
def _converted(text: str, unit: str, money: Money) -> float:
    number, given = _number(text, phrase(unit), _example(unit))
    if not given and unit not in ("1", "") and (terms(unit) or unit == "%"):
        return convert(number, unit, money)
    if given == unit:
        result = number
    elif unit == TEMPERATURE or given in (TEMPERATURE, "°C"):
        result = _temperature(number, clean(given), unit, text)
    else:
        result = _scaled(number, given, unit, money, text)
    if unit == TEMPERATURE and result < -ZERO_CELSIUS:
        raise UnitError(f"is {text}, below absolute zero (-273.15 degC)", "give a real temperature")
    return result


def split(text: str) -> tuple[float, str]:
    """Number and unit of a quantity of any kind; the unit of a plain number is empty.

    Raises
    ------
    UnitError
        This is no quantity, or its unit is not in the table.
    """
    number, unit = _number(text, "a quantity or a plain number", "10 MW")
    try:
        terms(unit)
    except UnitError as error:
        mend = f"write {number:g} {clean(unit).replace(*error.near)}" if error.near else error.mend
        raise UnitError(f"is '{text}': {error}", mend) from None
    return number, unit


def _number(text: str, wanted: str, example: str) -> tuple[float, str]:
    """Number and unit as they are written."""
    match = NUMBER.match(text)
    if not match or GROUP.match(match[2]):
        shown = text if len(text) < 60 else text[:57] + "..."
        example = f"write it as number and unit, such as {example}"
        tidy = re.sub(r"(?<=[0-9])[,_' ](?=[0-9]{3}(?![0-9]))", "", text)
        if tidy != text and NUMBER.match(tidy):
            example = f"write {tidy}, without separators"
        elif re.match(r"\s*[-+]?[0-9]+,[0-9]+", text):
            example = f"write {text.replace(',', '.', 1)}, with a decimal point"
        raise UnitError(f"needs {wanted}, got '{shown}'", example)
    number = float(match[1])
    if not math.isfinite(number):
        raise UnitError(f"is {text[:40]}, too large a number", "give a finite number")
    return number, match[2]


def _example(unit: str) -> str:
    return "0.5" if unit in ("1", "") else f"10 {unit}"


def _scaled(number: float, given: str, unit: str, money: Money, text: str) -> float:
    try:
        own, factor = _exchanged(terms(given), money)
    except UnitError as error:
        mend = error.mend or f"write {number:g} {unit}, if that is meant"
        if error.near:
            mend = f"write {number:g} {clean(given).replace(*error.near)}"
        raise UnitError(f"needs {phrase(unit)}, got '{text}': {error}", mend) from None
    wanted = terms(unit)
    if dimension(own) != dimension(wanted):
        foreign = [c for name, _ in own if (c := _currency(name)) not in ("", money.currency)]
        if foreign and anonymous(dimension(own)) == anonymous(dimension(wanted)):
            raise UnitError(
                f"is given in {foreign[0]}, but the park's currency is {money.currency}",
                f"write it in {money.currency}, or declare 'exchange: {{{foreign[0]}: "
                f"<rate> {money.currency}}}' under 'park:'",
                given,
            )
        message = f"needs {phrase(unit)}, got '{text}' ({phrase(given or '1')})"
        raise UnitError(message, f"write {f'{number:g} {unit}'.removesuffix(' 1')}", given)
    factor *= ratio(own, wanted)
    return _tidy(number * factor)


def _tidy(value: float) -> float:
    """The value without the dust of a conversion: 76.85 for 76.85000000000002."""
    short = float(f"{value:.14g}")
    return short if len(repr(short)) + 3 < len(repr(value)) else value


def _temperature(number: float, given: str, unit: str, text: str) -> float:
    if unit == TEMPERATURE and given in (TEMPERATURE, DIFFERENCE):
        return _tidy(number - ZERO_CELSIUS) if given == DIFFERENCE else number
    try:
        reason = f"({phrase(given or '1')})"
    except UnitError as error:
        reason, given = f"with the {error}", ""
    message = f"needs {phrase(unit)}, got '{text}' {reason}"
    raise UnitError(message, f"write {number:g} {unit}".removesuffix(" 1"), given)


def _currency(name: str) -> str:
    """The currency behind a unit such as kEUR, or nothing."""
    for currency in CURRENCIES:
        if name.endswith(currency) and name[: -len(currency)] in ("", *PREFIXED[currency]):
            return currency
    return ""


def _exchanged(given: Terms, money: Money) -> tuple[Terms, float]:
    """The terms in the park's currency as far as exchange rates allow, and the factor applied."""
    rates, factor, changed = dict(money.exchange), 1.0, []
    for name, power in given:
        currency = _currency(name)
        if currency in rates and currency != money.currency:
            scale = FACTOR.get(name.removesuffix(currency), 1.0)
            factor *= (rates[currency] * scale) ** power
            name = money.currency
        changed.append((name, power))
    return tuple(changed), factor


def compatible(one: str, other: str) -> bool:
    """Whether two units measure the same."""
    try:
        return dimension(terms(one)) == dimension(terms(other))
    except UnitError:
        return False


def render(value: float, unit: str) -> str | float:
    """A quantity as the text that `convert` reads back to the same float."""
    number = repr(float(value)).removesuffix(".0")
    plain = unit != "%" and not terms(unit.replace("currency", CURRENCIES[0]))
    return float(value) if plain else f"{number} {unit}"
