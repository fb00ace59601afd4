"""The closed table of units, and what dimension a unit has.

Every name that may be written is in the table; there is no silent prefixing, and `kt` is a
kilotonne. A year is 8760 h. tCO2 is not t, Nm3 is not m3, a temperature in degC is not a
difference in K, and no currency is another.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from twin.scenario.errors import nearest

if TYPE_CHECKING:
    import pint

CURRENCIES = ("CNY", "EUR", "DKK", "SGD", "JPY", "USD")
DIFFERENCE, TEMPERATURE = "K", "degC"

BASE = {
    "m": "length",
    "g": "mass",
    "s": "time",
    "K": "temperature",
    "mol": "substance",
    "deg": "angle",
    "gCO2": "emission",
    "Nm3": "normal_volume",
    "lm": "light",
    **{name: name for name in CURRENCIES},
}
DERIVED = {
    "percent": "0.01",
    "ppm": "1e-6",
    "min": "60 s",
    "h": "3600 s",
    "d": "24 h",
    "week": "7 d",
    "a": "8760 h",
    "t": "1e6 g",
    "J": "1e3 g*m**2/s**2",
    "W": "J/s",
    "Wh": "3600 J",
    "kcal": "4186.8 J",
    "tce": "29.3076e9 J",
    "Pa": "J/m**3",
    "bar": "1e5 Pa",
    "L": "1e-3 m**3",
    "ha": "1e4 m**2",
    "tCO2": "1e6 gCO2",
    "lx": "lm/m**2",
}
PREFIXED = {
    "m": ("m", "c", "k"),
    "g": ("m", "k"),
    "t": ("k", "M"),
    "W": ("k", "M", "G", "T"),
    "Wh": ("k", "M", "G", "T"),
    "J": ("k", "M", "G", "T", "P"),
    "Pa": ("h", "k", "M"),
    "bar": ("m",),
    "mol": ("k",),
    "tce": ("k", "M"),
    "gCO2": ("k",),
    "tCO2": ("k", "M"),
    **dict.fromkeys(CURRENCIES, ("k", "M", "G")),
}
FACTOR = {"m": 1e-3, "c": 1e-2, "h": 1e2, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}
NAMES = dict.fromkeys(
    [*BASE, *DERIVED, TEMPERATURE, *(p + u for u, ps in PREFIXED.items() for p in ps)]
)
"""Every unit name that may be written, in a fixed order."""

HINTS = {
    **dict.fromkeys(("ton", "tons", "tonne", "tonnes"), "t"),
    **dict.fromkeys(("hr", "hour", "hours"), "h"),
    **dict.fromkeys(("year", "years", "yr"), "a"),
    **dict.fromkeys(("day", "days"), "d"),
    **dict.fromkeys(("minute", "minutes"), "min"),
    **dict.fromkeys(("second", "seconds", "sec"), "s"),
    **dict.fromkeys(("MWp", "MWe", "MWth", "MWel", "MVA"), "MW"),
    **dict.fromkeys(("kWp", "kWe", "kWth", "kWel", "kVA"), "kW"),
    **dict.fromkeys(("C", "celsius", "Celsius"), TEMPERATURE),
    **dict.fromkeys(("RMB", "yuan", "¥", "元"), "CNY"),
    "€": "EUR",
    "$": "USD",
    "tCO2e": "tCO2",
    "tCO2eq": "tCO2",
    "l": "L",
    "Nm³": "Nm3",
}

PHRASES = {
    "a power": "MW",
    "an energy": "MWh",
    "a mass flow": "t/h",
    "a mass": "t",
    "a duration": "h",
    "a share per time": "1/h",
    "a temperature difference": "K",
    "a pressure": "bar",
    "a length": "m",
    "an area": "m2",
    "a volume": "m3",
    "a volume flow": "m3/h",
    "a speed": "m/s",
    "a power per area": "W/m2",
    "a power per time": "MW/h",
    "an energy per mass": "MJ/kg",
    "an energy per length": "kWh/km",
    "a mass per energy": "t/MWh",
    "a mass of CO2": "tCO2",
    "an emission per energy": "tCO2/MWh",
    "an emission per mass": "tCO2/t",
    "a heat conductance": "W/K",
    "an angle": "deg",
    "an illuminance": "lx",
    "a luminous efficacy": "lm/W",
    "an amount of money": "CNY",
    "a price of energy": "CNY/MWh",
    "a price of mass": "CNY/t",
    "a price of power": "CNY/MW",
    "a price of volume": "CNY/m3",
    "a price of emission": "CNY/tCO2",
}

TOKEN = re.compile(r"[/*()]|[^/*()\s]+")
POWER = re.compile(r"(.*?[^0-9^])\^?([1-9])\Z")
PLAIN = str.maketrans({"²": "2", "³": "3", "·": "*", "×": "*", "℃": "°C", "µ": "u"})


EXAMPLES = "write a unit such as t/h, CNY/kW/a or W/(m2*K)"
Terms = tuple[tuple[str, int], ...]
Dimension = tuple[tuple[str, int], ...]


class UnitError(ValueError):
    """A text that is not the quantity it should be.

    Attributes
    ----------
    mend : str
    given : str
        The unit that was given, if it is one at all.
    near : tuple of str
        An unknown name in the unit and the known one nearest to it, if there is one.
    """

    def __init__(
        self, message: str, mend: str = "", given: str = "", near: tuple[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.mend, self.given, self.near = mend, given, near


@lru_cache(maxsize=1)
def registry() -> pint.UnitRegistry[Any]:
    """The one pint registry, holding the units of this module and no others."""
    import pint

    units: pint.UnitRegistry[Any] = pint.UnitRegistry(None)
    for name, dimension in BASE.items():
        units.define(f"{name} = [{dimension}]")
    for name, definition in DERIVED.items():
        units.define(f"{name} = {definition}")
    for name, prefixes in PREFIXED.items():
        for prefix in prefixes:
            units.define(f"{prefix}{name} = {FACTOR[prefix]!r} {name}")
    return units


def clean(unit: str) -> str:
    unit = (
        unit.translate(PLAIN).replace("**", "^").replace("°C", TEMPERATURE).replace("%", "percent")
    )
    unit = re.sub(r"\bbar(?:a\b|\(a\))", "bar", unit).replace(" per ", "/")
    if re.search(r"\bbar(?:g\b|\(g\))", unit):
        raise UnitError("gauge pressure is not accepted", "add 1.013 bar and write absolute bar")
    return unit


@lru_cache(maxsize=2_000)
def terms(unit: str) -> Terms:
    """Names and exponents of a unit: "CNY/kW/a" is ((CNY, 1), (a, -1), (kW, -1))."""
    tokens = TOKEN.findall(clean(unit[:80]))
    powers: dict[str, int] = {}
    signs, sign, operand = [1], 1, True
    for token in tokens:
        if token in "/*" and not operand:
            sign, operand = (-1 if token == "/" else 1), True
        elif token == "(" and operand:
            signs.append(signs[-1] * sign)
            sign = 1
        elif token == ")" and len(signs) > 1 and not operand:
            signs.pop()
        elif token not in "/*()" and operand:
            name, power = _named(token)
            if name != "1":
                powers[name] = powers.get(name, 0) + signs[-1] * sign * power
            sign, operand = 1, False
        else:
            raise UnitError(f"cannot read the unit '{unit}'", EXAMPLES)
    if tokens and (operand or len(signs) > 1):
        raise UnitError(f"cannot read the unit '{unit}'", EXAMPLES)
    if TEMPERATURE in powers and powers != {TEMPERATURE: 1}:
        raise UnitError("degC cannot be part of another unit", "write K, a temperature difference")
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def _named(token: str) -> tuple[str, int]:
    """Name and exponent of one factor."""
    match = POWER.match(token)
    if token in NAMES or token == "1" or not match:
        name, power = token, 1
    else:
        name, power = match[1], int(match[2])
    if name not in NAMES and name != "1":
        shown = name.replace("percent", "%")
        alike = [known for known in NAMES if known.lower() == name.lower()]
        near = HINTS.get(name) or (alike[0] if alike else nearest(name, NAMES))
        hint = f"; did you mean {near}?" if near else ""
        raise UnitError(f"unknown unit '{shown}'{hint}", near=(name, near) if near else None)
    return name, power


def dimension(of: Terms) -> Dimension:
    """Exponents of the base dimensions; temperatures and differences are kept apart."""
    if of == ((TEMPERATURE, 1),):
        return ((TEMPERATURE, 1),)
    units = registry()
    total: dict[str, int] = {}
    for name, power in of:
        for base, exponent in units.get_dimensionality(name).items():
            total[base] = total.get(base, 0) + power * int(exponent)  # type: ignore[arg-type]
    return tuple(sorted((base, power) for base, power in total.items() if power))


def ratio(given: Terms, wanted: Terms) -> float:
    """What one unit of `given` is in `wanted`, which has the same dimension."""
    units = registry()
    over = under = 1.0
    for name, power in (*given, *((name, -power) for name, power in wanted)):
        base = float(units.Quantity(1.0, name).to_base_units().magnitude)
        if power > 0:
            over *= base**power
        else:
            under *= base**-power
    return over / under


def anonymous(of: Dimension) -> Dimension:
    """The dimension with every currency called the same."""
    return tuple(sorted(("currency" if b.strip("[]") in CURRENCIES else b, p) for b, p in of))


@lru_cache(maxsize=1)
def _phrases() -> dict[Dimension, str]:
    return {anonymous(dimension(terms(unit))): text for text, unit in PHRASES.items()}


@lru_cache(maxsize=2_000)
def phrase(unit: str) -> str:
    """What a unit measures, with its article: "a power", "an energy", "a quantity in W/m".

    `currency` may stand for any currency.
    """
    if unit == "%":
        return "a percentage"
    if unit == TEMPERATURE:
        return "a temperature"
    own = dimension(terms(unit.replace("currency", CURRENCIES[0])))
    return _phrases().get(anonymous(own), f"a quantity in {unit}") if own else "a plain number"
