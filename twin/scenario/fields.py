"""Fields of a specification from values with places: quantities, buses, series, nested parts."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from models.base import Carrier, PhysicsError
from twin.scenario.errors import Mark, Problem, did_you_mean
from twin.scenario.read import Value
from twin.scenario.series import SeriesSpec, read_series
from twin.scenario.units import UnitError, Units, dimension

BAD: Any = object()
SOURCES = ("published", "assumed", "public: ...", "calibrated: ...", "unverified: ...")
SOURCED = {"value", "source", "note", "spread"}


class NotYet(Exception):
    """A bus whose carrier another component has still to make."""


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


@dataclass
class Reader:
    """Turns values into specifications and gathers what is wrong.

    Attributes
    ----------
    buses : dict of str to Carrier
        Known so far; components that make buses add to it.
    makers : dict of str to bool
        Components that make buses "name.thing", and whether all of those are known.
    final : bool
        No more buses will come; before that, a bus still to be made raises `NotYet`.
    """

    units: Units
    folder: Path
    buses: dict[str, Carrier] = field(default_factory=dict)
    makers: dict[str, bool] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    bus_marks: Mapping[str, Mark] = field(default_factory=dict)
    final: bool = True

    def complain(self, mark: Mark, message: str, mend: str = "", expected: str = "") -> Any:
        """Note a problem; returns `BAD`."""
        self.problems.append(Problem(mark, message, expected, mend))
        return BAD

    def spec(
        self,
        cls: type[BaseModel],
        value: Value,
        label: str,
        *,
        common: Iterable[str] = (),
        prefix: str = "",
        sources: dict[str, Source] | None = None,
    ) -> Any:
        """An instance of a specification, or `BAD`.

        Parameters
        ----------
        label : str
            The owner as messages name it, such as "'battery'" or "the site".
        common : iterable of str
            Keys of the mapping that are read elsewhere.
        prefix : str
            Path of this part within its owner, with a dot at the end.
        sources : dict
            Filled with the source of each value that gives one.
        """
        sources = {} if sources is None else sources
        if not isinstance(value.data, dict):
            return self.complain(
                value.mark, f"{label} needs a mapping of keys to values, got {said(value)}"
            )
        fields = cls.model_fields
        good: dict[str, Any] = {}
        bad = set()
        for key, item in value.data.items():
            if key in common:
                continue
            if key not in fields:
                known = ", ".join(sorted([*fields, *common]))
                hint = did_you_mean(key, [*fields, *common])
                self.complain(
                    value.key(key),
                    f"unknown key '{prefix}{key}' of {label}",
                    "correct or delete the key",
                    f"Keys: {known}. {hint}".rstrip(),
                )
                continue
            part = _Part(self, label, prefix + key, value, sources)
            result = part.convert(fields[key].annotation, metadata(fields[key]), item)
            if result is BAD:
                bad.add(key)
            else:
                good[key] = result
        try:
            instance = cls.model_validate(good)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                self._fault(fault, cls, value, label, prefix, bad)
            return BAD
        return BAD if bad else instance

    def _fault(
        self,
        fault: Any,
        cls: type[BaseModel],
        value: Value,
        label: str,
        prefix: str,
        bad: set[str],
    ) -> None:
        loc = fault["loc"]
        key = str(loc[0]) if loc else ""
        kind = fault["type"]
        context = fault.get("ctx", {})
        cause = context.get("error")
        if key in bad or (bad and not loc):
            return
        mend = getattr(cause, "mend", "")
        if isinstance(cause, PhysicsError) and cause.key:
            key = cause.key
        mark = value.key(key)
        item = _down(value, loc if loc else key.split("."))
        if item is not None:
            mark = item.mark
        name = f"{prefix}{key} of {label}" if key else label
        info = cls.model_fields.get(key)
        unit = metadata(info).get("unit", "") if info else ""
        if kind == "missing":
            self.complain(
                mark, f"{label} lacks '{prefix}{key}'", f"add '{key}: ...'", _expected(key, info)
            )
        elif kind in _LIMITS:
            word, limit = _LIMITS[kind]
            try:
                unit = self.units.local(self.unit_of(unit, value, cls))
            except LookupError:
                unit = ""
            suffix = "" if unit in ("", "1") else f" {unit}"
            self.complain(
                mark,
                f"{name} is {fault['input']:g}{suffix}; it must be {word} "
                f"{float(context[limit]):g}{suffix}",
                "write a value within the limit",
            )
        elif kind == "literal_error":
            said_ = str(fault["input"])
            options = [str(o) for o in _options(info.annotation if info else None)]
            self.complain(
                mark,
                f"{name} is '{said_}'",
                did_you_mean(said_, options).replace("Did", "did"),
                f"It can be {context['expected'].replace(chr(39), '')}.",
            )
        elif cause is not None:
            self.complain(mark, f"{name}: {cause}" if not mend else f"{name}: {cause}", mend)
        else:
            self.complain(mark, f"{name}: {fault['msg'][0].lower()}{fault['msg'][1:]}")

    def unit_of(self, unit: str, value: Value, cls: Any, key: str = "") -> str:
        """A unit with the carrier of a bus put in; LookupError where the bus is not known."""
        for word in ("rate of ", "amount of "):
            if word not in unit:
                continue
            head, port = unit.split(word)
            bus = key
            if port != "key":
                given = value.get(port)
                while given is not None and isinstance(given.data, dict):
                    given = given.get("value")
                bus = given.data if given else cls.model_fields[port].get_default()
            if not isinstance(bus, str) or bus not in self.buses:
                raise LookupError(bus)
            carrier = self.buses[bus]
            amount = carrier.unit if word == "rate of " else carrier.amount_unit
            return head.replace(" per ", "/") + amount
        return unit

    def bus(self, name: Any, kind: str, mark: Mark, what: str) -> Any:
        """The name of a bus of the right kind, or `BAD`."""
        if not isinstance(name, str):
            return self.complain(mark, f"{what} needs the name of a bus", "write one bus")
        wanted = set(kind.split("|"))

        def fits(bus: str) -> bool:
            return kind == "any" or bool(wanted & set(self.buses[bus].kind.split("|")))

        matching = sorted(bus for bus in self.buses if fits(bus))
        kinds = "" if kind == "any" else f"{kind.replace('|', ' or ')} "
        listed = ", ".join(
            f"{bus} (line {self.bus_marks[bus].line})" if bus in self.bus_marks else bus
            for bus in matching
        )
        expected = f"{kinds}buses of this park: {listed or 'none'}."
        expected = expected[0].upper() + expected[1:]
        if name in self.buses:
            if fits(name):
                return name
            return self.complain(
                mark,
                f"{what} needs a {kinds}bus, but '{name}' carries "
                f"{self.buses[name].kind.replace('|', ' or ')}",
                "name one of these",
                expected,
            )
        owner = name.split(".")[0]
        if "." in name and owner in self.makers and not self.makers[owner]:
            if self.final:
                return name
            raise NotYet(name)
        hint = did_you_mean(name, matching)
        return self.complain(
            mark,
            f"unknown bus '{name}' in {what}",
            f"name one of these, or add {name} under 'buses:'",
            f"{expected} {hint}".rstrip(),
        )


@dataclass
class _Part:
    """One key of one specification."""

    reader: Reader
    label: str
    path: str
    owner: Value
    sources: dict[str, Source]

    @property
    def name(self) -> str:
        return f"{self.path} of {self.label}"

    def convert(self, hint: Any, meta: Mapping[str, Any], value: Value) -> Any:
        members = list(_members(hint))
        data = value.data
        if data is None and type(None) in members:
            return None
        if isinstance(data, dict):
            return self._mapping(hint, members, meta, value)
        if isinstance(data, list):
            return self._list(members, meta, value)
        complain = self.reader.complain
        if "port" in meta:
            return self.reader.bus(data, meta["port"], value.mark, self.name)
        if meta.get("component"):
            return data
        scalars = [m for m in members if m in (int, float, str, bool)]
        options = _options(hint)
        if meta.get("unit") and not (isinstance(data, str) and data in options):
            if scalars:
                return self._quantity(meta["unit"], value)
        elif isinstance(data, bool) and bool not in scalars and not options:
            return complain(value.mark, f"{self.name} needs {_wanted(members)}, got {said(value)}")
        elif isinstance(data, str) and str not in scalars and not options:
            return complain(value.mark, f"{self.name} needs {_wanted(members)}, got {said(value)}")
        elif not isinstance(data, str) and scalars == [str]:
            return complain(
                value.mark, f"{self.name} needs a text, got {said(value)}", "put it in quotes"
            )
        elif scalars or options:
            return data
        return complain(value.mark, f"{self.name} needs {_wanted(members)}, got {said(value)}")

    def _quantity(self, unit: str, value: Value, key: str = "") -> Any:
        reader = self.reader
        try:
            unit = reader.unit_of(unit, self.owner, self._cls, key)
        except LookupError as error:
            bus = error.args[0]
            if isinstance(bus, str) and bus.split(".")[0] in reader.makers and "." in bus:
                return reader.complain(
                    value.mark,
                    f"the unit of {self.name} follows bus '{bus}', whose carrier is not known",
                    "mend what makes that bus, or declare its carrier under 'carriers:'",
                )
            return BAD
        try:
            return reader.units.read(value.data, unit)
        except UnitError as error:
            return reader.complain(value.mark, f"{self.name} {error}", error.mend)

    def _mapping(self, hint: Any, members: list[Any], meta: Mapping[str, Any], value: Value) -> Any:
        data = value.data
        specs = [m for m in members if isinstance(m, type) and issubclass(m, BaseModel)]
        inner = data.get("value")
        own = any("value" in m.model_fields for m in specs)
        table = next((m for m in members if typing.get_origin(m) in _MAPPINGS), None)
        if "value" in data and not own and (table is None or set(data) <= SOURCED):
            return self._sourced(hint, meta, value, inner)
        if "file" in data and any(_is_series(m) for m in members):
            reader = self.reader
            spec = reader.spec(SeriesSpec, value, self.name)
            if spec is BAD:
                return BAD
            try:
                unit = reader.unit_of(meta.get("unit", ""), self.owner, self._cls)
                return read_series(spec, reader.folder, unit, reader.units)
            except LookupError:
                return BAD
            except UnitError as error:
                return reader.complain(value.key("unit"), f"{self.name} {error}", error.mend)
            except ValueError as error:
                mark = value.data[getattr(error, "key", "file")].mark
                mend = getattr(error, "mend", "")
                return reader.complain(mark, f"{self.name}: {error}", mend)
        if table is not None:
            return self._table(typing.get_args(table), meta, value)
        if specs:
            best = max(specs, key=lambda m: len(set(m.model_fields) & set(data)))
            return self.reader.spec(
                best, value, self.label, prefix=f"{self.path}.", sources=self.sources
            )
        message = f"{self.name} needs {self._want(members, meta)}, got a mapping"
        if meta.get("unit"):
            return self.reader.complain(
                value.mark, message, "give 'value:', and 'source:' and 'note:' if you like"
            )
        return self.reader.complain(value.mark, message)

    def _table(self, kinds: tuple[Any, ...], meta: Mapping[str, Any], value: Value) -> Any:
        result: dict[Any, Any] = {}
        unit = meta.get("unit", "")
        rest = {k: v for k, v in meta.items() if k != "port"}
        for key, item in value.data.items():
            part = _Part(self.reader, self.label, f"{self.path}.{key}", self.owner, self.sources)
            if "port" in meta or unit.endswith(" of key"):
                kind = meta.get("port", "any")
                if self.reader.bus(key, kind, value.key(key), self.name) is BAD:
                    result[key] = BAD
                    continue
            here = rest
            if unit.endswith(" of key"):
                here = {**rest, "unit": self.reader.unit_of(unit, self.owner, None, key)} if (
                    key in self.reader.buses
                ) else {**rest, "unit": ""}
            result[key] = part.convert(kinds[1], here, item)
        return BAD if any(v is BAD for v in result.values()) else result

    def _list(self, members: list[Any], meta: Mapping[str, Any], value: Value) -> Any:
        kind = next((m for m in members if typing.get_origin(m) in (list, tuple)), None)
        if kind is None:
            message = f"{self.name} needs {self._want(members, meta)}, got a list"
            return self.reader.complain(value.mark, message)
        kinds = typing.get_args(kind)
        fixed = typing.get_origin(kind) is tuple and kinds[-1] is not Ellipsis
        if fixed and len(kinds) != len(value.data):
            return self.reader.complain(
                value.mark, f"{self.name} needs {len(kinds)} values, got {len(value.data)}"
            )
        items = []
        for i, item in enumerate(value.data):
            part = _Part(self.reader, self.label, f"{self.path}.{i}", self.owner, self.sources)
            items.append(part.convert(kinds[i] if fixed else kinds[0], meta, item))
        return BAD if any(item is BAD for item in items) else items

    def _sourced(self, hint: Any, meta: Mapping[str, Any], value: Value, inner: Value) -> Any:
        complain = self.reader.complain
        for key in value.data:
            if key not in SOURCED:
                complain(
                    value.key(key),
                    f"unknown key '{key}' beside the value of {self.name}",
                    "correct or delete the key",
                    f"Keys: note, source, spread, value. {did_you_mean(key, SOURCED)}".rstrip(),
                )
        result = self.convert(hint, meta, inner)
        source, note = "", ""
        if (given := value.get("source")) is not None:
            source = str(given.data)
            word, colon, rest = source.partition(":")
            named = word in ("public", "calibrated", "unverified") and colon and rest.strip()
            if not named and source not in ("published", "assumed"):
                near = did_you_mean(word, [s.split(":")[0] for s in SOURCES])
                complain(
                    given.mark,
                    f"source of {self.name} is '{source}'",
                    "write where the value comes from after one of these words",
                    f"It can be {', '.join(SOURCES)}. {near}".rstrip(),
                )
        if (given := value.get("note")) is not None:
            note = str(given.data)
        spread = None
        if (given := value.get("spread")) is not None:
            spread = self._spread(meta.get("unit", ""), given, result)
        self.sources[self.path] = Source(source, note, spread)
        return result

    def _spread(self, unit: str, value: Value, middle: Any) -> float | None:
        complain, text = self.reader.complain, str(value.data).strip()
        if not isinstance(middle, int | float) or isinstance(middle, bool) or not unit:
            if middle is not BAD:
                complain(value.mark, f"{self.name} is no quantity, so it has no spread")
            return None
        try:
            unit = self.reader.unit_of(unit, self.owner, self._cls)
            if text.endswith("%") and unit != "1":
                spread = abs(middle) * self.reader.units.read(text, "1")
            else:
                spread = self.reader.units.read(value.data, "K" if unit == "degC" else unit)
        except (UnitError, LookupError) as error:
            mend = "write a share such as 10 %, or a quantity"
            complain(value.mark, f"spread of {self.name} {error}", mend)
            return None
        if spread < 0:
            complain(value.mark, f"spread of {self.name} is below zero: {text}", "write it above 0")
        return spread
