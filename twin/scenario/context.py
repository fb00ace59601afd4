"""Published figures about a park that no flow depends on: its area, its companies, a later target.

They stand in the scenario, each with its source, so that an audit can read them from there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from twin.scenario.errors import Mark
from twin.scenario.fields import Reader
from twin.scenario.hints import said
from twin.scenario.names import read_name
from twin.scenario.parts import BAD, check_source
from twin.scenario.read import Value
from twin.scenario.units import UnitError, split


class FactSpec(BaseModel):
    """One figure as the scenario writes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: str | float = Field(description="A quantity such as 55 km2, or a plain number.")
    source: str = Field(description="Where the figure comes from.")
    note: str = Field("", description="A remark.")


@dataclass(frozen=True)
class Fact:
    """A figure about the park, which the network does not read.

    Attributes
    ----------
    value : str
        Number and unit, such as "55 km2"; a number alone where it counts or is a share.
    source, note : str
    """

    value: str
    source: str
    note: str = ""


def read_context(reader: Reader, value: Value | None) -> dict[str, Fact]:
    """The figures by name; what is wrong is noted in the reader."""
    if value is None or value.data is None:
        return {}
    if not isinstance(value.data, dict):
        message = f"'context' needs a mapping of names to figures, got {said(value.data)}"
        reader.complain(value.mark, message, "write 'context: {NAME: {value: ..., source: ...}}'")
        return {}
    facts = {}
    for name, item in value.data.items():
        mark = value.key(name)
        if read_name(reader, name, mark, "figure"):
            fact = _fact(reader, item, f"context '{name}'", mark)
            if fact is not BAD:
                facts[name] = fact
    return facts


def _fact(reader: Reader, item: Value, label: str, mark: Mark) -> Any:
    if not isinstance(item.data, dict):
        message = f"{label} needs a mapping, got {said(item.data)}"
        return reader.complain(item.mark, message, "write '{value: ..., source: ...}'")
    for key in FactSpec.model_fields:
        part = item.get(key)
        if part is not None and isinstance(part.data, dict):
            message = f"{key} of {label} needs one value, got a mapping"
            return reader.complain(part.mark, message, "write value, source and note side by side")
    spec = reader.spec(FactSpec, item, label, place=mark)
    given, source = item.get("value"), item.get("source")
    if source is not None and isinstance(source.data, str):
        spec = spec if check_source(reader, source, label) else BAD
    if given is not None and isinstance(given.data, str):
        try:
            split(given.data)
        except UnitError as error:
            return reader.complain(given.mark, f"value of {label} {error}", error.mend)
    if given is None or spec is BAD:
        return BAD
    return Fact(str(given.data), spec.source, spec.note)
