"""A scenario written out in full: every default with its unit and source, files by full path."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from models.base import Actor, Model
from twin.scenario.document import EVENT_KEYS
from twin.scenario.components import COMMON
from twin.scenario.fields import Reader
from twin.scenario.hints import fields_of, has_series, metadata, specs
from twin.scenario.parts import is_source
from twin.scenario.read import Value
from twin.scenario.units import Money, render

if TYPE_CHECKING:
    from twin.scenario.park import Park


def resolved(park: Park, tree: Value, shipped: Path) -> str:
    """YAML text that loads to an equal park from any folder."""
    from ruamel.yaml import YAML

    out: dict[str, Any] = tree.plain()
    writer = _Writer(Reader(Money(park.currency), park.folder, dict(park.buses)), park.folder)
    out["park"]["slug"] = park.name
    out["park"].setdefault("currency", park.currency)
    weather = park.weather
    inside = weather.is_relative_to(shipped.resolve())
    name = weather.relative_to(shipped.resolve()).as_posix() if inside else str(weather)
    local = inside and (park.folder / name).exists() and (park.folder / name).resolve() != weather
    out["site"]["weather"] = str(weather) if local else name
    out["site"].setdefault("altitude", render(park.site.altitude, "m"))
    made = [c.spec for c in park.components.values() if hasattr(c.spec, "outlets")]
    writer.learn({n: c.spec for n, c in park.components.items() if c.spec in made})
    for name, component in park.components.items():
        given = tree.data["components"].data[name]
        filled = writer.spec(type(component.spec), given, COMMON)
        filled["available"] = component.available
        out["components"][name] = filled
    if out.get("events"):
        items = tree.data["events"].data
        out["events"] = [
            {"name": name, **writer.spec(type(event.spec), item, EVENT_KEYS)}
            for (name, event), item in zip(park.events.items(), items, strict=True)
        ]
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    yaml.sort_base_mapping_type_on_output = False
    yaml.width = 1_000_000
    stream = io.StringIO()
    yaml.dump(out, stream)
    return stream.getvalue()
