"""Specifications from values with places; all that is wrong is gathered, nothing is raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from models.base import Carrier, PhysicsError
from twin.scenario.errors import Mark, Problem, did_you_mean, nearest
from twin.scenario.hints import LIMITS, fields_of, metadata, said, wanted
from twin.scenario.parts import BAD, NotYet, Part, Source
from twin.scenario.read import Value
from twin.scenario.units import Money


@dataclass
class Reader:
    """Turns values into specifications.

    Attributes
    ----------
    money : Money
        Currency of the park.
    money_known : bool
        False where the park names no currency that is known, so that no price is blamed.
    roots : tuple of Path
        Where files are looked up: the park's folder, then that of the shipped parks.
    buses : dict of str to Carrier
        Known so far; components that make buses add to it.
    buses_known : bool
        False where the list of buses is missing, so that nobody is blamed for naming one.
    makers : set of str
        Components that make buses "name.thing" which are not known yet.
    final : bool
        No more buses will come; before that, a bus still to be made raises `NotYet`.
    """

    money: Money
    roots: tuple[Path, ...]
    money_known: bool = True
    buses: dict[str, Carrier] = field(default_factory=dict)
    buses_known: bool = True
    bus_marks: Mapping[str, Mark] = field(default_factory=dict)
    makers: set[str] = field(default_factory=set)
    final: bool = True
    problems: list[Problem] = field(default_factory=list)

    def complain(self, mark: Mark, message: str, mend: str = "", expected: str = "") -> Any:
        """Note a problem; returns `BAD`."""
        self.problems.append(Problem(mark, message, expected, mend))
        return BAD

    def find(self, name: str) -> Path:
        """A file by its name from one of the roots, or by its full path.

        Raises
        ------
        FileNotFoundError, IsADirectoryError
            There is none.
        """
        try:
            places = [root / name for root in self.roots]
            for place in places:
                if place.is_file():
                    return place.resolve()
            directory = any(place.is_dir() for place in places)
        except (OSError, ValueError):  # too long a name, or one that holds NUL
            raise FileNotFoundError(name) from None
        raise IsADirectoryError(name) if directory else FileNotFoundError(name)

    def unknown(self, value: Value, key: str, name: str, known: Iterable[str]) -> None:
        """Note a key that nobody reads."""
        known = sorted(known)
        listed = ", ".join(known)
        self.complain(
            value.key(key),
            f"unknown key {name}",
            "correct or delete the key",
            f"Keys: {listed}. {did_you_mean(key, known)}".rstrip(),
        )

    def spec(
        self,
        cls: type[BaseModel],
        value: Value,
        label: str,
        *,
        common: Iterable[str] = (),
        prefix: str = "",
        sources: dict[str, Source] | None = None,
        place: Mark | None = None,
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
        place : Mark, optional
            Where faults of the whole are shown; by default where it begins.

        Raises
        ------
        NotYet
            A bus is needed that another component has still to make.
        """
        sources = {} if sources is None else sources
        place = place or value.mark
        if not isinstance(value.data, dict):
            name = f"{prefix[:-1]} of {label}" if prefix else label
            return self.complain(
                value.mark, f"{name} needs a mapping of keys to values, got {said(value.data)}"
            )
        fields = fields_of(cls)
        good: dict[str, Any] = {}
        bad = set()
        for key, item in value.data.items():
            if key in common:
                continue
            if key not in fields:
                self.unknown(value, key, f"'{prefix}{key}' of {label}", [*fields, *common])
                bad.add(nearest(key, fields))  # the key that was meant is not missed again
                continue
            part = Part(self, cls, label, prefix + key, value, sources)
            result = part.convert(fields[key].annotation, metadata(fields[key]), item)
            if result is BAD:
                bad.add(key)
            else:
                good[key] = result
        try:
            instance = cls.model_validate(good)
        except ValidationError as error:
            for fault in error.errors(include_url=False):
                loc = [str(part) for part in fault["loc"]]
                if not (bad and (not loc or loc[0] in bad)):
                    self._fault(fault, loc, cls, value, label, prefix, place)
            return BAD
        except PhysicsError as error:  # a validator of the field's own type
            return self.complain(place, f"{label}: {error}", error.mend)
        return BAD if bad else instance

    def _fault(
        self,
        fault: Any,
        loc: list[str],
        cls: type[BaseModel],
        value: Value,
        label: str,
        prefix: str,
        place: Mark,
    ) -> None:
        """Note a fault that pydantic found."""
        kind, context = fault["type"], fault.get("ctx", {})
        cause = context.get("error")
        if isinstance(cause, PhysicsError) and cause.key:
            loc = cause.key.split(".")
        path = prefix + ".".join(loc)
        name = f"{path} of {label}" if loc else label
        mark = mark_of(value, loc) or place
        info = fields_of(cls).get(loc[0]) if loc else None
        meta = metadata(info) if info else {}
        if kind == "missing":
            mend = f"add '{loc[-1]}: ...'"
            self.complain(place, f"{label} lacks '{path}'", mend, _expected(loc[-1], info))
        elif kind in LIMITS:
            word, limit = LIMITS[kind]
            try:
                unit = self.unit_of(meta.get("unit", ""), value, cls, loc[-1])
            except LookupError:
                unit = ""
            unit = unit.replace("currency", self.money.currency)
            suffix = "" if unit in ("", "1") else f" {unit}"
            bound = f"{word} {float(context[limit]):g}{suffix}"
            given = fault["input"]
            message = f"{name} has values that are not {bound}"  # a series
            if isinstance(given, int | float):
                message = f"{name} is {given:g}{suffix}; it must be {bound}"
            self.complain(mark, message, f"write a value that is {bound}")
        elif cause is not None:
            self.complain(mark, f"{name}: {cause}", getattr(cause, "mend", ""))
        else:
            message = fault["msg"]
            self.complain(mark, f"{name}: {message[0].lower()}{message[1:]}")

    def unit_of(self, unit: str, value: Value, cls: type[BaseModel], key: str = "") -> str:
        """A unit with the carrier of its bus put in; LookupError where that is not known."""
        for word in ("rate of ", "amount of "):
            if word not in unit:
                continue
            head, port = unit.split(word)
            bus: Any = key
            if port != "key":
                given = value.get(port)
                while given is not None and isinstance(given.data, dict):
                    given = given.get("value")
                default = fields_of(cls)[port].get_default() if given is None else None
                bus = given.data if given is not None else default
            if not isinstance(bus, str) or bus not in self.buses:
                raise LookupError(bus)
            carrier = self.buses[bus]
            amount = carrier.unit if word == "rate of " else carrier.amount_unit
            return head.replace(" per ", "/") + amount
        return unit

    def bus(self, name: Any, kind: str, mark: Mark, what: str) -> Any:
        """The name of a bus of the right kind, or `BAD`."""
        if not isinstance(name, str):
            message = f"{what} needs the name of a bus, got {said(name)}"
            return self.complain(mark, message, "write one bus")
        kinds = "" if kind == "any" else f"{kind.replace('|', ' or ')} "
        matching = sorted(bus for bus, carrier in self.buses.items() if fits(carrier, kind))
        listed = ", ".join(
            f"{bus} ({self.bus_marks[bus].where})" if bus in self.bus_marks else bus
            for bus in matching
        )
        expected = f"{kinds}buses of this park: {listed or 'none'}."
        expected = expected[0].upper() + expected[1:]
        near = did_you_mean(name, matching)
        if name in self.buses:
            if fits(self.buses[name], kind):
                return name
            has = self.buses[name].kind.replace("|", " or ")
            message = f"{what} needs a {kinds}bus, but '{name}' carries {has}"
            mend = "name another bus, or give its carrier that kind under 'carriers:'"
            return self.complain(mark, message, mend, expected)
        meant = nearest(name, self.bus_marks)
        if not self.buses_known or (meant and meant not in self.buses):
            return BAD  # the lack of all buses, or the carrier of this one, is complained about
        if "." in name and name.split(".")[0] in self.makers:
            if self.final:
                return name
            raise NotYet(name)
        return self.complain(
            mark,
            f"unknown bus '{name}' in {what}",
            "name one of these" + ("" if "." in name else f", or add {name} under 'buses:'"),
            f"{expected} {near}".rstrip(),
        )


def fits(carrier: Carrier, kind: str) -> bool:
    """Whether a port of a kind takes a carrier."""
    return kind == "any" or bool(set(kind.split("|")) & set(carrier.kind.split("|")))


def mark_of(value: Value, path: Iterable[str]) -> Mark | None:
    """Place of a path, as far down as it goes; None if its first step is not there."""
    mark = None
    for step in path:
        below = value.get(step)
        if below is None and isinstance(value.data, list) and step.isdecimal():
            below = value.data[int(step)] if int(step) < len(value.data) else None
        if below is None:
            break
        inner = below.get("value")
        mark = inner.mark if inner is not None else below.mark
        if isinstance(below.data, dict) and inner is None:
            mark = value.key(step)
        value = below
    return mark


def _expected(key: str, info: FieldInfo | None) -> str:
    if info is None:
        return ""
    needs = f"{key} is {wanted(info.annotation, metadata(info))}"
    return f"{needs}: {info.description}" if info.description else f"{needs}."
