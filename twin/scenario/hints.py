"""What a field may hold, read from its annotation and metadata."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from twin.scenario.dimension import phrase

LIMITS = {
    "greater_than": ("above", "gt"),
    "greater_than_equal": ("at least", "ge"),
    "less_than": ("below", "lt"),
    "less_than_equal": ("at most", "le"),
}
"""Pydantic's faults of a limit: the word, and the key of the limit."""

_PLAIN = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}


def metadata(info: FieldInfo) -> dict[str, Any]:
    """Unit, source or port of a field."""
    return info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}


def fields_of(cls: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields by the key that a scenario uses: the alias, where there is one."""
    return {info.alias or name: info for name, info in cls.model_fields.items()}


def members(hint: Any) -> Iterator[Any]:
    """The alternatives of a union, without `Annotated`."""
    origin = typing.get_origin(hint)
    if origin is typing.Annotated:
        yield from members(typing.get_args(hint)[0])
    elif origin in (typing.Union, types.UnionType):
        for each in typing.get_args(hint):
            yield from members(each)
    else:
        yield hint


def options(hint: Any) -> list[str]:
    """The words of the `Literal`s in a hint."""
    literals = [m for m in members(hint) if typing.get_origin(m) is Literal]
    return [str(word) for literal in literals for word in typing.get_args(literal)]


def specs(hint: Any) -> list[type[BaseModel]]:
    """The specifications in a hint."""
    return [m for m in members(hint) if isinstance(m, type) and issubclass(m, BaseModel)]


def table(hint: Any) -> Any:
    """Key and value of the mapping in a hint, or None."""
    for each in members(hint):
        origin = typing.get_origin(each)
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return typing.get_args(each)
    return None


def sequence(hint: Any) -> tuple[list[Any], bool] | None:
    """Kinds of the items of the list in a hint, and whether their number is fixed; or None."""
    for each in members(hint):
        origin, kinds = typing.get_origin(each), list(typing.get_args(each))
        if origin is tuple and kinds[-1] is not Ellipsis:
            return kinds, True
        if origin in (tuple, list) or getattr(origin, "__name__", "") == "Sequence":
            return kinds[:1], False
    return None


def has_series(hint: Any) -> bool:
    """Whether a time series may stand here; by name, so that pandas is not loaded."""
    return any(getattr(m, "__name__", "") == "TimeSeries" for m in members(hint))


def wanted(hint: Any, meta: Mapping[str, Any]) -> str:
    """What a field needs, in words: "an energy", "the name of a bus"."""
    if "port" in meta and sequence(hint) is None:
        return "the name of a bus"
    words = options(hint)
    inside = table(hint)
    if inside is not None:
        return " or ".join([*words, f"a mapping {{NAME: {wanted(inside[1], meta)}}}"])
    unit = meta.get("unit", "")
    if unit and " of " in unit:
        words.append(
            "a rate" if "rate of" in unit else "a price" if " per " in unit else "an amount"
        )
    elif unit:
        words.append(phrase(unit))
    else:
        words += [_PLAIN[m] for m in members(hint) if m in _PLAIN]
    words += ["a mapping"] if specs(hint) else []
    words += ["a list"] if sequence(hint) else []
    words += ["a series {file: ...}"] if has_series(hint) else []
    return " or ".join(dict.fromkeys(words)) or "another value"


def said(data: object) -> str:
    """A value as messages quote it."""
    if isinstance(data, str):
        return f"'{data if len(data) <= 60 else data[:57] + '...'}'"
    if data is None:
        return "nothing"
    if isinstance(data, dict | list):
        return "a mapping" if isinstance(data, dict) else "a list"
    return str(data).lower()
