"""One key of a specification: its value as the type and unit that the field declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import ceil, floor
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from twin.scenario.dimension import TEMPERATURE, UnitError
from twin.scenario.errors import did_you_mean
from twin.scenario.hints import (
    fields_of,
    has_series,
    members,
    metadata,
    options,
    said,
    sequence,
    specs,
    table,
    wanted,
)
from twin.scenario.read import Value
from twin.scenario.series import SeriesFault, SeriesSpec, read_series
from twin.scenario.units import compatible, convert, split

if TYPE_CHECKING:
    from twin.scenario.fields import Reader

BAD: Any = object()
"""Stands for a value that was refused."""

SOURCED = ("value", "source", "note", "spread")
SOURCES = ("published", "assumed", "public: WHERE", "calibrated: CLAIM", "unverified: WHY")
WORDS = tuple(form.split(":")[0] for form in SOURCES)


class NotYet(Exception):
    """A bus is needed that another component has still to make."""


@dataclass(frozen=True)
class Source:
    """Where a value comes from.

    Attributes
    ----------
    source, note : str
    spread : float or None
        Uncertainty, in the unit of the field.
    """

    source: str = ""
    note: str = ""
    spread: float | None = None


def is_source(text: str) -> bool:
    """Whether a text is one of the forms of `source:`; published and assumed may say more."""
    word, colon, rest = text.partition(":")
    if word in ("published", "assumed") and not colon:
        return True
    return word in WORDS and bool(rest.strip())


def check_source(reader: Reader, given: Value, label: str) -> bool:
    """Whether the text of a `source:` has one of its forms; complains if not."""
    if is_source(given.data):
        return True
    near = did_you_mean(given.data.partition(":")[0], WORDS)
    reader.complain(
        given.mark,
        f"source of {label} is {said(given.data)}",
        "write one of these",
        f"It can be {', '.join(SOURCES)}. {near}".rstrip(),
    )
    return False


@dataclass(frozen=True)
class Part:
    """One key of one specification of class `cls`, whose mapping is `owner`."""

    reader: Reader
    cls: type[BaseModel]
    label: str
    path: str
    owner: Value
    sources: dict[str, Source]
    key: str = ""

    @property
    def name(self) -> str:
        """The key and whose it is, as messages name it."""
        return f"{self.path} of {self.label}"

    def convert(self, hint: Any, meta: Mapping[str, Any], value: Value) -> Any:
        """The value as the hint asks for it, or `BAD`."""
        data = value.data
        if data is None and type(None) in members(hint):
            return None
        if isinstance(data, dict):
            return self._mapping(hint, meta, value)
        if isinstance(data, list):
            return self._list(hint, meta, value)
        if meta.get("file") and isinstance(data, str):
            return self._file(value)
        if "port" in meta and "unit" not in meta:
            if sequence(hint) is not None:
                return self._refuse(hint, meta, value, f"write [{data}]" if data else "")
            return self.reader.bus(data, meta["port"], value.mark, self.name)
        words = options(hint)
        if isinstance(data, str) and data in words:
            return data
        plain = {m for m in members(hint) if m in (int, float, str, bool)}
        if meta.get("unit"):
            if plain & {int, float}:
                return self._quantity(meta["unit"], value)
        elif isinstance(data, bool):
            if bool in plain:
                return data
        elif isinstance(data, str):
            if str in plain:
                return data
            if plain and not words:
                mend = "write a bare number" if plain <= {int, float} else ""
                return self._refuse(hint, meta, value, mend)
        elif float in plain or (int in plain and isinstance(data, int)):
            return data
        elif plain and data is not None:
            mend = "put it in quotes" if str in plain else ""
            if plain == {int} and isinstance(data, float):
                mend = f"write {' or '.join(dict.fromkeys((str(floor(data)), str(ceil(data)))))}"
            return self._refuse(hint, meta, value, mend)
        if words and isinstance(data, str):
            return self._no_option(words, wanted(hint, meta), value)
        return self._refuse(hint, meta, value)

    def _no_option(self, words: list[str], wants: str, value: Value) -> Any:
        near = did_you_mean(value.data, words)
        return self.reader.complain(
            value.mark,
            f"{self.name} cannot be {said(value.data)}",
            "write one of these",
            f"It can be {wants.replace(' or ', ', ')}. {near}".rstrip(),
        )

    def _refuse(self, hint: Any, meta: Mapping[str, Any], value: Value, mend: str = "") -> Any:
        message = f"{self.name} needs {wanted(hint, meta)}, got {said(value.data)}"
        return self.reader.complain(value.mark, message, mend or self._inside(hint, value.data))

    def _inside(self, hint: Any, data: Any) -> str:
        """How to write a single value as the mapping that is wanted, or nothing."""
        parts = [] if data is None else specs(hint)
        keys = {key: info for spec in parts for key, info in fields_of(spec).items()}
        try:
            given = split(data)[1] if isinstance(data, str) else ""
        except UnitError:
            given = ""
        units = {key: metadata(info).get("unit", "") for key, info in keys.items()}
        fit = [key for key, unit in units.items() if given and unit and compatible(given, unit)]
        if len(fit) == 1:
            return f"write {{{fit[0]}: {data}}}"
        return f"write {{KEY: VALUE}} with keys of {', '.join(sorted(keys))}" if keys else ""

    def _quantity(self, unit: str, value: Value) -> Any:
        reader, data = self.reader, value.data
        try:
            unit = reader.unit_of(unit, self.owner, self.cls, self.key)
        except LookupError as error:
            bus = error.args[0]
            if isinstance(bus, str) and bus.split(".")[0] in reader.makers and not reader.problems:
                return reader.complain(
                    value.mark,
                    f"the unit of {self.name} follows bus '{bus}', "
                    "whose carrier depends on itself in a circle",
                    "put a bus with a carrier of its own into the circle",
                )
            return BAD  # the bus, or what makes it, is complained about
        if data is None:
            return self._refuse(float, {"unit": unit}, value)
        try:
            return convert(data, unit, reader.money)
        except UnitError as error:
            if "currency" in unit and not reader.money_known:
                return BAD  # the currency itself is complained about
            mend = error.mend
            if other := self._meant(error.given):
                mend = f"{mend}, or set {other} to {data}"
            return reader.complain(value.mark, f"{self.name} {error}", mend)

    def _meant(self, given: str) -> str:
        """The one other key that takes a quantity of the given unit, or nothing."""
        units = {key: metadata(info).get("unit", "") for key, info in fields_of(self.cls).items()}
        keys = [key for key, unit in units.items() if unit and compatible(given, unit)]
        return keys[0] if given and len(keys) == 1 and keys[0] not in self.owner.data else ""

    def _mapping(self, hint: Any, meta: Mapping[str, Any], value: Value) -> Any:
        data, inside, kinds = value.data, specs(hint), table(hint)
        own = any("value" in fields_of(spec) for spec in inside)
        if "value" in data and not own and (kinds is None or set(data) <= set(SOURCED)):
            return self._sourced(hint, meta, value)
        if "file" in data and has_series(hint):
            return self._series(meta, value)
        if data and kinds is None and not own and set(data) <= set(SOURCED):
            message = f"{self.name} lacks 'value'"
            return self.reader.complain(value.mark, message, "add 'value: ...'")
        if kinds is not None:
            return self._table(kinds[1], meta, value)
        if inside:
            best = max(inside, key=lambda spec: len(set(fields_of(spec)) & set(data)))
            prefix = f"{self.path}."
            mark = self.owner.key(self.path.rsplit(".", 1)[-1])
            return self.reader.spec(
                best, value, self.label, prefix=prefix, sources=self.sources, place=mark
            )
        mend = "give 'value:' and, if you like, 'source:' and 'note:'" if meta.get("unit") else ""
        return self._refuse(hint, meta, value, mend)

    def _series(self, meta: Mapping[str, Any], value: Value) -> Any:
        reader = self.reader
        spec = reader.spec(SeriesSpec, value, self.label, prefix=f"{self.path}.")
        if spec is BAD:
            return BAD
        try:
            unit = reader.unit_of(meta.get("unit", "1"), self.owner, self.cls, self.key)
            return read_series(spec, reader.find, unit, reader.money)
        except LookupError:
            return BAD
        except SeriesFault as fault:
            at = value.get(fault.key) or value
            return reader.complain(at.mark, f"{self.name}: {fault}", fault.mend, fault.expected)

    def _file(self, value: Value) -> Any:
        try:
            return str(self.reader.find(value.data))
        except (FileNotFoundError, IsADirectoryError):
            return self.reader.complain(
                value.mark,
                f"{self.name}: there is no file '{value.data}'",
                "paths are relative to the park's folder",
            )

    def _table(self, kind: Any, meta: Mapping[str, Any], value: Value) -> Any:
        result: dict[Any, Any] = {}
        by_bus = "port" in meta or meta.get("unit", "").endswith(" of key")
        rest = {k: v for k, v in meta.items() if k != "port"}
        for key, item in value.data.items():
            what = f"{self.path} of {self.label}"
            if by_bus:
                found = self.reader.bus(key, meta.get("port", "any"), value.key(key), what)
                if found is BAD:
                    result[key] = BAD
                    continue
            part = replace(self, path=f"{self.path}.{key}", key=key)
            result[key] = part.convert(kind, rest, item)
        return BAD if any(v is BAD for v in result.values()) else result

    def _list(self, hint: Any, meta: Mapping[str, Any], value: Value) -> Any:
        found = sequence(hint)
        if found is None:
            return self._refuse(hint, meta, value, "write one value, without brackets")
        kinds, fixed = found
        if (
            value.data
            and sequence(kinds[0])
            and not any(isinstance(v.data, list | dict) for v in value.data)
        ):
            message = f"{self.name} needs a list of lists, got a list of single values"
            inner = ", ".join(str(item.data) for item in value.data)
            return self.reader.complain(value.mark, message, f"write [[{inner}]]")
        if fixed and len(kinds) != len(value.data):
            message = f"{self.name} needs {len(kinds)} values, got {len(value.data)}"
            return self.reader.complain(value.mark, message)
        items = []
        for i, item in enumerate(value.data):
            part = replace(self, path=f"{self.path}.{i}")
            items.append(part.convert(kinds[i] if fixed else kinds[0], meta, item))
        return BAD if any(item is BAD for item in items) else items

    def _sourced(self, hint: Any, meta: Mapping[str, Any], value: Value) -> Any:
        reader = self.reader
        for key in value.data:
            if key not in SOURCED:
                reader.unknown(value, key, f"'{key}' beside the value of {self.name}", SOURCED)
        result = self.convert(hint, meta, value.data["value"])
        texts = {}
        for key in ("source", "note"):
            given = value.get(key)
            texts[key] = "" if given is None else given.data
            if given is not None and not isinstance(given.data, str):
                message = f"{key} of {self.name} needs a text, got {said(given.data)}"
                reader.complain(given.mark, message, "write it in quotes")
            elif given is not None and key == "source":
                check_source(reader, given, self.name)
        spread = None
        if (given := value.get("spread")) is not None and result is not BAD:
            spread = self._spread(meta.get("unit", ""), given, result)
        self.sources[self.path] = Source(texts["source"], texts["note"], spread)
        return result

    def _spread(self, unit: str, value: Value, middle: Any) -> float | None:
        name, data = f"spread of {self.name}", value.data
        if not isinstance(middle, int | float) or isinstance(middle, bool) or not unit:
            self.reader.complain(value.mark, f"{name}: only a quantity has one", "delete it")
            return None
        try:
            unit = self.reader.unit_of(unit, self.owner, self.cls, self.key)
            share = isinstance(data, str) and data.strip().endswith("%")
            if share and unit == TEMPERATURE:  # the zero of degC is no zero
                mend = "write a difference such as 2 K"
                raise UnitError(f"cannot be a share of a temperature, got '{data}'", mend)
            if share:
                spread = abs(middle) * convert(data, "1")
            elif isinstance(data, str | int | float):
                spread = convert(data, "K" if unit == TEMPERATURE else unit, self.reader.money)
            else:
                raise UnitError(f"needs a quantity, got {said(data)}")
        except UnitError as error:
            mend = error.mend or "write a share such as 10 %, or a quantity"
            self.reader.complain(value.mark, f"{name} {error}", mend)
            return None
        if spread < 0:
            self.reader.complain(value.mark, f"{name} is below zero", "write it without a sign")
        return spread
