"""The JSON Schema of a scenario, for editors: what may stand where, with units and defaults.

It knows form, not sense: whether a bus exists, a unit fits or a flow conserves is for `twin check`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from models.base import Actor, Model
from twin.scenario.carriers import FORMS, Custom
from twin.scenario.components import COMMON
from twin.scenario.contracts import ContractsSpec
from twin.scenario.dimension import phrase
from twin.scenario.events import EVENT_KEYS
from twin.scenario.header import HEADERS
from twin.scenario.hints import fields_of, has_series, members, metadata, options, sequence, table
from twin.scenario.hints import specs as specs_in
from twin.scenario.include import templates_in
from twin.scenario.names import RESERVED
from twin.scenario.park import shipped_folder
from twin.scenario.parts import WORDS
from twin.scenario.registry import register
from twin.scenario.series import SeriesSpec
from twin.scenario.template import read_template
from twin.scenario.units import render

Schema = dict[str, Any]

DRAFT = "https://json-schema.org/draft/2020-12/schema"
NAME: Schema = {
    "pattern": r"^[^\d\s.,:/{}\[\]'\"-][^\s.,:/{}\[\]'\"]*$",
    "not": {"enum": list(RESERVED)},
}
TEXT: Schema = {"type": "string"}
SHARED: dict[str, Schema] = {
    "quantity": {
        "type": "string",
        "pattern": r"^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*\D*",
        "description": "Number and unit, such as 10 MW.",
    },
    "source": {
        "type": "string",
        "pattern": rf"^(published|assumed|({'|'.join(WORDS)}):\s*\S.*)$",
        "description": "published, assumed, public: ..., calibrated: ... or unverified: ...",
    },
    "spread": {
        "anyOf": [{"$ref": "#/$defs/quantity"}, {"type": "number"}],
        "description": "Uncertainty: a share such as 10 %, or a quantity.",
    },
}
QUANTITY, SOURCE, SPREAD = ({"$ref": f"#/$defs/{name}"} for name in SHARED)
COMMON_FIELDS: Schema = {
    "available": {"type": "boolean", "description": "False takes it out of service for the run."},
    "owner": {"type": "string", "description": "Who owns it."},
    "note": {"type": "string", "description": "A remark."},
    "name": {"type": "string", "description": "Name of the event; keys its random stream."},
}
LIMITS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}


def schema() -> Schema:
    """JSON Schema (draft 2020-12) of a whole scenario with every registered model and actor."""
    register()
    defs = _Definitions()
    header = {key: defs.of(key, spec) for key, spec in HEADERS.items()}
    forms = [
        {"type": "object", "required": [form], "additionalProperties": False}
        | {"properties": {form: defs.of(f"carrier.{form}", spec)}}
        for form, spec in FORMS.items()
    ]
    carrier = {"anyOf": [defs.of("carrier", Custom), *forms]}
    each = {"value": {"anyOf": [QUANTITY, {"type": "number"}]}, "source": SOURCE, "note": TEXT}
    fact: Schema = {"type": "object", "properties": each, "required": ["value", "source"]}
    fact["additionalProperties"] = False
    bus: Schema = {"type": ["string", "null"], "description": "Its carrier, if not of its name."}
    buses = {"type": "object", "propertyNames": NAME, "additionalProperties": bus}
    change = {"type": "object", "description": "Path, such as component.key, and its new value."}
    properties: Schema = {
        "park": header["park"],
        "site": header["site"],
        "include": _include(change),
        "context": _named(fact, "Published figures that no flow depends on."),
        "carriers": _named(carrier, "Carriers beyond the standard ones."),
        "conserve": {
            "type": ["array", "null"],
            "items": {"type": "string"},
            "description": "Quantities conserved besides energy, carbon and mass.",
        },
        "buses": {
            "anyOf": [{"type": "array", "items": {"anyOf": [TEXT | NAME, buses]}}, buses],
            "description": "Where a carrier balances: names of carriers, or 'name: carrier'.",
        },
        "components": _named(
            _one_of(defs, "model", Model.registry, COMMON), "Technologies by name.", ["object"]
        ),
        "events": {
            "type": ["array", "null"],
            "items": _one_of(defs, "actor", Actor.registry, EVENT_KEYS),
            "description": "What happens.",
        },
        "variants": _named(change, "Named changes."),
        "contracts": {"anyOf": [defs.of("contracts", ContractsSpec), {"type": "null"}]},
        "accounting": {"anyOf": [header["accounting"], {"type": "null"}]},
    }
    return {
        "$schema": DRAFT,
        "title": "ParkTwin scenario",
        "type": "object",
        "properties": properties,
        "required": ["park", "site", "buses"],
        "anyOf": [{"required": ["components"]}, {"required": ["include"]}],
        "additionalProperties": False,
        "$defs": dict(sorted(defs.found.items())),
    }


def _named(each: Schema, description: str, types: Iterable[str] = ("object", "null")) -> Schema:
    return {
        "type": list(types),
        "propertyNames": NAME,
        "additionalProperties": each,
        "description": description,
    }


def _include(change: Schema) -> Schema:
    """Templates: of those that are shipped, the parameters are known."""
    rules = []
    for name, path in templates_in(shipped_folder()).items():
        template = read_template(path, name)
        properties: Schema = {"template": {"description": template.description}, "change": change}
        for key, parameter in template.parameters.items():
            properties[key] = {"description": parameter.description}
            if parameter.default is not None:
                properties[key]["default"] = parameter.default.plain()
        required = [key for key, each in template.parameters.items() if each.required]
        keys = {"properties": properties, "required": required, "additionalProperties": False}
        rules.append({"if": {"properties": {"template": {"const": name}}}, "then": keys})
    entry: Schema = {"template": TEXT, "name": TEXT, "change": change}
    return {
        "type": ["array", "null"],
        "items": {"type": "object", "properties": entry, "required": ["template"], "allOf": rules},
        "description": "Templates, with what the park gives to them.",
    }


def _one_of(
    defs: _Definitions, word: str, registry: dict[str, Any], common: Iterable[str]
) -> Schema:
    """A mapping whose key `word` decides which other keys there are."""
    rules = [
        {
            "if": {"properties": {word: {"const": kind}}, "required": [word]},
            "then": defs.of(f"{word}.{kind}", cls, common),
        }
        for kind, cls in sorted(registry.items())
    ]
    return {
        "type": "object",
        "properties": {word: {"enum": sorted(registry)}},
        "required": [word],
        "allOf": rules,
    }


class _Definitions:
    """Schemas of specifications, each written once and referred to by name."""

    def __init__(self) -> None:
        self.found = dict(SHARED)

    def of(self, name: str, cls: type[BaseModel], common: Iterable[str] = ()) -> Schema:
        """A reference to the schema of a specification."""
        if name not in self.found:
            self.found[name] = {}  # holds the place, should it refer to itself
            fields = fields_of(cls)
            properties = {key: COMMON_FIELDS.get(key, TEXT) for key in common}
            properties |= {key: self._field(info) for key, info in fields.items()}
            self.found[name] = {
                "type": "object",
                "description": (cls.__doc__ or "").strip().split("\n\n")[0],
                "properties": properties,
                "required": [key for key, info in fields.items() if info.is_required()],
                "additionalProperties": False,
            }
        return {"$ref": f"#/$defs/{name}"}

    def _field(self, info: FieldInfo) -> Schema:
        meta = metadata(info)
        out: Schema = {"description": _described(info, meta)}
        default = _default(info, meta.get("unit", ""))
        if default is not None:
            out["default"] = default
        return out | self._each(info.annotation, meta, info)

    def _each(self, hint: Any, meta: dict[str, Any], info: FieldInfo | None = None) -> Schema:
        """A value, bare or with its source."""
        value = self._value(hint, meta, info)
        properties: Schema = {"value": value, "source": SOURCE, "note": TEXT}
        if meta.get("unit"):
            properties["spread"] = SPREAD
        sourced = {
            "type": "object",
            "properties": properties,
            "required": ["value"],
            "additionalProperties": False,
        }
        return {"anyOf": [*value["anyOf"], sourced]}

    def _value(self, hint: Any, meta: dict[str, Any], info: FieldInfo | None) -> Schema:
        unit = meta.get("unit", "")
        kinds = {m for m in members(hint) if m in (int, float, str, bool, type(None))}
        found: list[Schema] = []
        if words := options(hint):
            found.append({"enum": words})
        if unit and kinds & {int, float}:
            found.append(QUANTITY)
        if kinds & {int, float} and unit in ("", "1"):
            kind = "number" if float in kinds else "integer"
            found.append({"type": kind} | (_limits(info) if info else {}))
        if str in kinds and not unit:
            found.append({"type": "string"})
        found += [{"type": "boolean"}] if bool in kinds else []
        found += [{"type": "null"}] if type(None) in kinds else []
        found += [self.of(f"part.{spec.__name__}", spec) for spec in specs_in(hint)]
        if (inner := table(hint)) is not None:
            each = self._each(inner[1], meta)
            found.append({"type": "object", "additionalProperties": each})
        if (items := sequence(hint)) is not None:
            found.append(self._list(*items, meta))
        if has_series(hint):
            found.append(self.of("series", SeriesSpec))
        # Of a type that only its author knows, anything may be written.
        return {"anyOf": found or [{}]}

    def _list(self, kinds: list[Any], fixed: bool, meta: dict[str, Any]) -> Schema:
        if not fixed:
            return {"type": "array", "items": self._each(kinds[0], meta)}
        items = [self._each(kind, meta) for kind in kinds]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "items": False}


def _limits(info: FieldInfo) -> Schema:
    given = [
        (long, getattr(m, short, None)) for m in info.metadata for short, long in LIMITS.items()
    ]
    return {long: limit for long, limit in given if limit is not None}


def _described(info: FieldInfo, meta: dict[str, Any]) -> str:
    parts = [info.description or ""]
    unit = meta.get("unit", "")
    if " of " in unit:
        parts.append(f"Unit: {unit}.")
    elif unit == "1":
        parts.append("A share or plain number, or in %.")
    elif unit:
        parts.append(f"{phrase(unit)[0].upper()}{phrase(unit)[1:]}, such as 10 {unit}.")
    if "port" in meta:
        kind = "any carrier" if meta["port"] == "any" else meta["port"].replace("|", " or ")
        parts.append(f"A bus of {kind}.")
    if meta.get("source"):
        parts.append(f"Default: {meta['source']}.")
    return " ".join(part for part in parts if part)


def _default(info: FieldInfo, unit: str) -> Any:
    default = None if info.is_required() else info.get_default(call_default_factory=True)
    if isinstance(default, bool | str):
        return default
    if isinstance(default, int | float) and abs(default) < float("inf"):
        return default if not unit or " of " in unit else render(default, unit)
    return None
