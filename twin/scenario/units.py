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
    HINTS,
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

CENT = re.compile(r"(?<![A-Za-z])(?:ct|[Cc]ents?)(?![A-Za-z])|¢")
CENTS_OF = ("EUR", "USD", "SGD")
"""Currencies whose hundredth is a cent; the first stands where the park has another."""

FAHRENHEIT = ("F", "°F", "degF", "fahrenheit", "Fahrenheit")


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
        fault, mend = _misspelt(number, unit, error, CENTS_OF[0])
        raise UnitError(f"is '{text}': {fault}", mend or error.mend) from None
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
    return "0.5" if unit in ("1", "") else f"10 {unit.replace('**', '')}"


def _instead(number: float, given: str, unit: str) -> str:
    """How to mend a quantity of another kind.

    The number is kept only with a unit that differs by the time: 10 MWh may have been meant as
    10 MW, but 60 kg/h are no 60 MW.
    """
    over_time, by_hour = given.rpartition("/")[0], given.replace("/h", "h")
    for near in (over_time, by_hour, f"{given}h", given.removesuffix("h")) if given else ():
        if near and _same_kind(near, unit):
            return f"write {_plain(number)} {near} if {phrase(unit)} was meant"
    return f"give {phrase(unit)}, such as {_example(unit)}"


def _misspelt(
    number: float, given: str, error: UnitError, currency: str, unit: str = ""
) -> tuple[str, str]:
    """What is wrong with a unit that has no meaning, and the mend if its name is nearly known.

    The nearest name is a guess unless it means the same; with another kind than that of `unit` it
    is none.
    """
    whole = CENT.sub(currency, given)
    if whole != given and _same_kind(whole, unit or whole):
        return f"a cent is 0.01 {currency}", f"write {_plain(_tidy(number / 100))} {whole}"
    if not error.near:
        return str(error), error.mend
    wrong, right = error.near
    sure = HINTS.get(wrong) == right or wrong.lower() == right.lower()
    near = clean(given).replace(wrong, right)
    if _same_kind(near, unit or near):
        guess = "" if sure else ", if that is meant"
        return str(error), f"write {_plain(number)} {near}{guess}"
    return str(error), _instead(number, near, unit) if sure and unit else ""


def _same_kind(one: str, other: str) -> bool:
    """Whether two units measure the same, in whatever currency."""
    try:
        return anonymous(dimension(terms(one))) == anonymous(dimension(terms(other)))
    except UnitError:
        return False


def _scaled(number: float, given: str, unit: str, money: Money, text: str) -> float:
    try:
        own, factor = _exchanged(terms(given), money)
    except UnitError as error:
        currency = money.currency if money.currency in CENTS_OF else CENTS_OF[0]
        fault, mend = _misspelt(number, given, error, currency, unit)
        mend = mend or _instead(number, "", unit)
        raise UnitError(f"needs {phrase(unit)}, got '{text}': {fault}", mend) from None
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
        raise UnitError(message, _instead(number, given, unit), given)
    factor *= ratio(own, wanted)
    return _tidy(number * factor)


def _tidy(value: float) -> float:
    """The value without the dust of a conversion: 76.85 for 76.85000000000002."""
    short = float(f"{value:.14g}")
    return short if len(repr(short)) + 3 < len(repr(value)) else value


def _temperature(number: float, given: str, unit: str, text: str) -> float:
    if unit == TEMPERATURE and given in (TEMPERATURE, DIFFERENCE):
        return _tidy(number - ZERO_CELSIUS) if given == DIFFERENCE else number
    mend = _instead(number, "", unit)
    if unit == DIFFERENCE:
        mend = f"write {_plain(number)} {unit} if {phrase(unit)} was meant"
    try:
        reason = f"({phrase(given or '1')})"
    except UnitError as error:
        reason = f"with the {error}"
        if given in FAHRENHEIT:
            reason, mend = "in Fahrenheit", f"write {(number - 32) / 1.8:.4g} {unit}"
        elif error.near and error.near[1] == unit:
            mend = f"write {_plain(number)} {unit}"
        given = ""
    raise UnitError(f"needs {phrase(unit)}, got '{text}' {reason}", mend, given)


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
    plain = unit != "%" and not terms(unit.replace("currency", CURRENCIES[0]))
    return float(value) if plain else f"{_plain(value)} {unit}"


def _plain(value: float) -> str:
    return repr(float(value)).removesuffix(".0")
