"""A scenario written out in full: defaults with unit and source, files found from anywhere."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from twin.scenario.context import FactSpec
from twin.scenario.contracts import in_one_order
from twin.scenario.fields import Reader
from twin.scenario.header import HEADERS
from twin.scenario.hints import fields_of, metadata
from twin.scenario.parts import SOURCED, is_source
from twin.scenario.read import Value
from twin.scenario.units import render

if TYPE_CHECKING:
    from twin.scenario.park import Park


def resolved(park: Park, tree: Value, reader: Reader) -> dict[str, Any]:
    """The scenario with nothing left to default, as plain values in one fixed order.

    The same park gives the same values in whatever order it was written.
    """
    writer = _Writer(reader)
    given: dict[str, Any] = _sorted(tree.plain())
    given["park"] |= {"slug": park.name, "currency": park.currency}
    if park.label:
        given["park"]["label"] = park.label
    given["site"]["weather"] = portable(park.weather, reader.roots)
    given["site"].setdefault("altitude", render(park.site.altitude, "m"))
    out: dict[str, Any] = {key: _in_order(given[key], HEADERS[key]) for key in ("park", "site")}
    if given.get("context"):
        out["context"] = {k: _in_order(v, FactSpec) for k, v in given["context"].items()}
    if given.get("carriers"):
        out["carriers"] = given["carriers"]
    if park.conserve:
        out["conserve"] = sorted(park.conserve)
    out["buses"] = {name: carrier.name for name, carrier in sorted(park.buses.items())}
    out["components"] = {}
    for name, component in sorted(park.components.items()):
        item = tree.data["components"].data[name]
        rest = {"available": component.available, "owner": component.owner, "note": component.note}
        out["components"][name] = {
            "model": item.data["model"].data,
            **writer.spec(component.spec, item),
            **{key: value for key, value in rest.items() if value != ""},
        }
    if park.events:
        items = zip(park.events.values(), tree.data["events"].data, strict=True)
        events = {event.name: (event, item) for event, item in items}
        out["events"] = []
        for name, (event, item) in sorted(events.items()):
            head = {key: item.data[key].plain() for key in ("actor", "note") if key in item.data}
            out["events"].append({"name": name, **head, **writer.spec(event.spec, item)})
    if given.get("variants"):
        out["variants"] = given["variants"]
    if park.contracts:
        out["contracts"] = in_one_order(given["contracts"])
    if given.get("accounting"):
        out["accounting"] = given["accounting"]
    return {key: _with_files(part, reader.roots) for key, part in out.items()}


def _in_order(given: dict[str, Any], cls: type[BaseModel]) -> dict[str, Any]:
    return {key: given[key] for key in fields_of(cls) if key in given}


def _sorted(data: Any) -> Any:
    if isinstance(data, list):
        return [_sorted(item) for item in data]
    return {k: _sorted(data[k]) for k in sorted(data)} if isinstance(data, dict) else data


def as_yaml(data: dict[str, Any]) -> str:
    """Plain values as YAML text, in their order."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 1_000_000
    stream = io.StringIO()
    yaml.dump(data, stream)
    return stream.getvalue()


def portable(path: Path, roots: tuple[Path, ...]) -> str:
    """The path from the folder of shipped parks (the last root), or else from the disk's root."""
    shipped = roots[-1].resolve()
    if not path.is_relative_to(shipped):
        return str(path)
    name = path.relative_to(shipped).as_posix()
    hidden = any((root / name).exists() and (root / name).resolve() != path for root in roots)
    return str(path) if hidden else name


def _with_files(data: Any, roots: tuple[Path, ...]) -> Any:
    """The same with the files of series named so that any folder finds them."""
    if isinstance(data, list):
        return [_with_files(item, roots) for item in data]
    if not isinstance(data, dict):
        return data
    data = {key: _with_files(item, roots) for key, item in data.items()}
    for key in ("file", "site.weather"):  # the latter in variants
        name = data.get(key)
        found = [root / name for root in roots if (root / name).is_file()] if _is_text(name) else []
        if found:
            data[key] = portable(found[0].resolve(), roots)
    return data


def _is_text(data: object) -> bool:
    return isinstance(data, str) and "\0" not in data


@dataclass(frozen=True)
class _Writer:
    """Specifications as plain values; the reader knows the buses that units follow."""

    reader: Reader

    def spec(self, made: BaseModel, given: Value) -> dict[str, Any]:
        """All keys of a specification in its order: as they were given, or their defaults."""
        out = {}
        for name, info in type(made).model_fields.items():
            key = info.alias or name
            if key in given.data:
                out[key] = self._given(given.data[key], getattr(made, name))
            elif (default := self._default(info, given, type(made), key)) is not None:
                out[key] = default
        return out

    def _given(self, given: Value, made: Any) -> Any:
        data = given.data
        if isinstance(data, list) and isinstance(made, list | tuple):
            return [self._given(item, each) for item, each in zip(data, made, strict=True)]
        if not isinstance(data, dict):
            return given.plain()
        if isinstance(made, Mapping) and set(made) == set(data):
            return {key: self._given(data[key], made[key]) for key in sorted(data)}
        own = isinstance(made, BaseModel) and "value" in fields_of(type(made))
        if "value" in data and not own:
            plain = given.plain() | {"value": self._given(data["value"], made)}
            return {key: plain[key] for key in SOURCED if key in plain}
        return self.spec(made, given) if isinstance(made, BaseModel) else _sorted(given.plain())

    def _default(self, info: FieldInfo, owner: Value, cls: type[BaseModel], key: str) -> Any:
        meta = metadata(info)
        if info.is_required():
            return None
        try:
            unit = self.reader.unit_of(meta.get("unit", ""), owner, cls, key)
        except LookupError:
            return None
        data = self._plain(info.get_default(call_default_factory=True), unit)
        source = meta.get("source", "")
        if not source or not isinstance(data, str | float) or not unit:
            return data
        return {"value": data, "source": source if is_source(source) else f"public: {source}"}

    def _plain(self, value: Any, unit: str) -> Any:
        """A value of Python as the scenario would write it; None where it cannot or need not."""
        if isinstance(value, BaseModel):
            parts = {
                info.alias or name: self._plain(
                    getattr(value, name), metadata(info).get("unit", "")
                )
                for name, info in type(value).model_fields.items()
            }
            return {key: part for key, part in parts.items() if part is not None}
        if isinstance(value, Mapping):
            return {str(k): self._plain(v, unit) for k, v in value.items()} or None
        if isinstance(value, list | tuple):
            return [self._plain(v, unit) for v in value] or None
        if isinstance(value, int | float) and not isinstance(value, bool):
            if not math.isfinite(value) or " of " in unit:
                return None
            unit = unit.replace("currency", self.reader.money.currency)
            return render(value, unit) if unit else value
        return value if isinstance(value, bool | str) and value != "" else None
