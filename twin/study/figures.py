"""Figures with units, and the small language in which a claim is tied to a run.

    given(fgd_gypsum, asnaes) / "1 a" * share

Numbers, texts that are quantities ("8760 h"), names of stated numbers, + - * / and parentheses,
and calls of the measures that the caller hands in. Whatever else Python can say is refused.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import signature

from twin.scenario.dimension import TEMPERATURE, Terms, UnitError, dimension, ratio, terms
from twin.scenario.units import NUMBER, ZERO_CELSIUS

LONGEST = 600
"""Characters of an expression; nothing that a reader can check is longer."""

OWN = {"smaller": min, "larger": max}
"""Functions of figures: the smallest and the largest of their arguments."""


class FigureError(ValueError):
    """An expression that cannot be read, or that has no value."""


@dataclass(frozen=True)
class Figure:
    """A number with its unit, as names and exponents of the project's unit table."""

    value: float
    unit: Terms = ()

    def to(self, unit: str) -> float:
        """The number in another unit of the same dimension.

        Raises
        ------
        FigureError
            The dimensions differ.
        """
        try:
            wanted = terms(unit)
        except UnitError as error:
            raise FigureError(str(error)) from None
        if self.unit == wanted:
            return self.value
        if dimension(self.unit) != dimension(wanted):
            raise FigureError(f"a figure in {named(self.unit)} cannot be given in {unit or '1'}")
        return self.value * ratio(self.unit, wanted)

    def plus(self, other: Figure, sign: float) -> Figure:
        """Sum or difference, in the unit of the first; of two temperatures only a difference."""
        value = self.value + sign * other.to(named(self.unit))
        if self.unit != ((TEMPERATURE, 1),):
            return Figure(value, self.unit)
        if sign > 0:
            raise FigureError("two temperatures in degC cannot be added")
        return Figure(value, terms("K"))

    def times(self, other: Figure, sign: int) -> Figure:
        """Product (sign 1) or quotient (sign -1); a temperature in degC counts from 0 K."""
        a, b = self._absolute(), other._absolute()
        if sign < 0 and b.value == 0:
            raise FigureError("division by zero")
        powers = dict(a.unit)
        for name, power in b.unit:
            powers[name] = powers.get(name, 0) + sign * power
        unit = tuple(sorted((name, power) for name, power in powers.items() if power))
        return Figure(a.value * b.value if sign > 0 else a.value / b.value, unit)

    def _absolute(self) -> Figure:
        if self.unit != ((TEMPERATURE, 1),):
            return self
        return Figure(self.value + ZERO_CELSIUS, terms("K"))


def named(unit: Terms) -> str:
    """A unit as text that `terms` reads back; "1" for a plain number."""
    over = [name + (str(power) if power > 1 else "") for name, power in unit if power > 0]
    under = [name + (str(-power) if power < -1 else "") for name, power in unit if power < 0]
    return "/".join(["*".join(over) or "1", *under]).replace("percent", "%")


def quantity(text: str | float) -> Figure:
    """A figure from a text such as "200 kt", or from a plain number.

    Raises
    ------
    FigureError
        It is no number with a unit of the project's table.
    """
    match = NUMBER.match(text) if isinstance(text, str) else None
    unit: Terms = ()
    try:
        if isinstance(text, int | float) and not isinstance(text, bool):
            value = float(text)
        elif match is not None:
            value, unit = float(match[1]), terms(match[2])
        else:
            raise FigureError(f"'{text}' is no quantity; write number and unit, such as '200 kt'")
    except (UnitError, OverflowError) as error:
        raise FigureError(f"'{str(text)[:60]}': {error}") from None
    if not math.isfinite(value):
        raise FigureError(f"'{str(text)[:60]}' is not a finite number")
    return Figure(value, unit)


Measure = Callable[..., Figure]


def evaluate(
    text: str | float,
    measures: Mapping[str, Measure],
    numbers: Mapping[str, Figure],
    let: Mapping[str, str] | None = None,
) -> Figure:
    """The value of an expression.

    Parameters
    ----------
    text : str or float
    measures : mapping of str to callable
        What may be called; arguments are names (plain, dotted or quoted) and arrive as text.
    numbers : mapping of str to Figure
        What a name stands for.
    let : mapping of str to str, optional
        Names of expressions, evaluated where they are used; none may lead to itself.

    Raises
    ------
    FigureError
        The text holds anything but numbers, names, arithmetic and calls of the measures, or it
        has no finite value; the message gives the expression.
    """
    text = str(text).strip()
    try:
        if len(text) > LONGEST:
            raise FigureError(f"{len(text)} characters are too many; at most {LONGEST}")
        tree = ast.parse(" ".join(text.split()), mode="eval")
        found = _Walk(measures, numbers, let or {}).value(tree.body)
        if not math.isfinite(found.value):
            raise FigureError("no finite value")
    except FigureError as error:
        raise FigureError(f"{error}, in '{text[:200]}'") from None
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as error:
        raise FigureError(f"cannot be read ({error}), in '{text[:200]}'") from None
    return found


def called(text: str | float, let: Mapping[str, str] | None = None) -> set[str]:
    """Names of the measures that an expression calls, by itself or by the names it uses.

    Raises
    ------
    FigureError
        The text is no expression.
    """
    let = let or {}
    try:
        tree = ast.parse(" ".join(str(text).split()), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FigureError(f"cannot be read ({error}), in '{str(text)[:200]}'") from None
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.add(node.func.id)
        elif isinstance(node, ast.Name) and node.id in let:
            others = {name: line for name, line in let.items() if name != node.id}
            found |= called(let[node.id], others)
    return found


@dataclass(frozen=True)
class _Walk:
    measures: Mapping[str, Measure]
    numbers: Mapping[str, Figure]
    let: Mapping[str, str]

    def value(self, node: ast.expr) -> Figure:
        match node:
            case ast.Constant(value=bool() | complex() | bytes() | None):
                pass
            case ast.Constant(value=int() | float() | str() as literal):
                return quantity(literal)
            case ast.Name(id=name) if name in self.numbers:
                return self.numbers[name]
            case ast.Name(id=name) if name in self.let:
                others = {key: text for key, text in self.let.items() if key != name}
                return evaluate(self.let[name], self.measures, self.numbers, others)
            case ast.Name(id=name):
                known = ", ".join(sorted({*self.numbers, *self.let})) or "none"
                raise FigureError(f"there is no number '{name}'; stated here: {known}")
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.value(operand).times(Figure(-1.0), 1)
            case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
                sign = 1.0 if isinstance(op, ast.Add) else -1.0
                return self.value(left).plus(self.value(right), sign)
            case ast.BinOp(left=left, op=ast.Mult() | ast.Div() as op, right=right):
                way = 1 if isinstance(op, ast.Mult) else -1
                return self.value(left).times(self.value(right), way)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self.call(name, args)
        raise FigureError(f"'{ast.unparse(node)[:80]}' is not part of the language of figures")

    def call(self, name: str, args: list[ast.expr]) -> Figure:
        if name in OWN and args:
            first, *rest = [self.value(arg) for arg in args]
            unit = named(first.unit)
            return Figure(OWN[name](first.value, *(r.to(unit) for r in rest)), first.unit)
        if name not in self.measures:
            known = ", ".join(sorted({*self.measures, *OWN}))
            raise FigureError(f"there is no measure '{name}'; measures: {known}")
        texts = [_text(arg) for arg in args]
        measure = self.measures[name]
        try:
            signature(measure).bind(*texts)
        except TypeError:
            raise FigureError(f"'{name}' does not take {len(texts)} names") from None
        return measure(*texts)


def _text(node: ast.expr) -> str:
    """A name as text: plain, dotted, or quoted."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=inner, attr=name):
            return f"{_text(inner)}.{name}"
        case ast.Constant(value=str() as name):
            return name
    raise FigureError(f"'{ast.unparse(node)[:80]}' is no name of a bus, component or key")
