"""Writes the reference of technologies, events and carriers from their own declarations.

    python docs/reference/build.py

A test fails if the pages in the repository are not what this writes.
"""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel
from pydantic.fields import FieldInfo

import models.library  # noqa: F401
import twin.engine.actors  # noqa: F401
from models.base import Actor, Model
from models.carriers import STANDARD, SURROUNDINGS
from twin.scenario.hints import fields_of, metadata, specs, wanted

HERE = Path(__file__).parent


def pages() -> dict[str, str]:
    """Name and text of every generated page."""
    return {
        "models.md": _page(
            "Technologies",
            "The words a scenario may write after `model:`, with the keys each reads. A key "
            "without a default must be given.",
            Model.registry,
        ),
        "events.md": _page(
            "Events",
            "The words a scenario may write after `actor:`, with the keys each reads.",
            Actor.registry,
        ),
        "carriers.md": _carriers(),
    }


Registry = dict[str, type[Model]] | dict[str, type[Actor]]


def _page(title: str, intro: str, registry: Registry) -> str:
    parts = [f"# {title}", intro]
    modules: dict[str, list[str]] = {}
    for kind, cls in sorted(registry.items()):
        if cls.__module__.startswith(("models.", "twin.")):
            modules.setdefault(cls.__module__, []).append(kind)
    for module, kinds in sorted(modules.items()):
        path = module.replace(".", "/") + ".py"
        parts.append(f"## [{path}](../../{path})")
        for kind in kinds:
            parts += [f"### `{kind}`", _doc(registry[kind]), _table(registry[kind])]
            for inner in _inner(registry[kind]):
                parts += [f"#### {inner.__name__}, a part of `{kind}`", _doc(inner), _table(inner)]
    return "\n\n".join(parts) + "\n"


def _doc(cls: type) -> str:
    lines = (cls.__doc__ or "").strip().splitlines()
    return "\n".join(line.removeprefix("    ") for line in lines)


def _inner(cls: type[BaseModel]) -> list[type[BaseModel]]:
    found = [spec for info in fields_of(cls).values() for spec in specs(info.annotation)]
    return [spec for spec in dict.fromkeys(found) if not issubclass(spec, Model)]


def _table(cls: type[BaseModel]) -> str:
    rows = ["| key | what | default | meaning | source of the default |", "|---|---|---|---|---|"]
    for key, info in fields_of(cls).items():
        meta = metadata(info)
        what = wanted(info.annotation, meta)
        if "port" in meta:
            what += f" ({meta['port'].replace('|', ', ')})" if meta["port"] != "any" else ""
        cells = (f"`{key}`", what, _default(info), info.description or "", meta.get("source", ""))
        rows.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows)


def _default(info: FieldInfo) -> str:
    value = None if info.is_required() else info.get_default(call_default_factory=True)
    if value in (None, {}, []):
        return ""
    unit = metadata(info).get("unit", "")
    number = f"{value:g}" if isinstance(value, float) else str(value)
    return number if unit in ("1", "") else f"{number} {unit}"


def _carriers() -> str:
    parts = [
        "# Carriers",
        "Standard carriers, which a park may use as buses by their name. Content per MWh or t of "
        "every conserved quantity; energy is enthalpy against liquid water, CO2, N2 and O2 at "
        "25 C.",
    ]
    for title, table in (("Standard", STANDARD), ("Surroundings", SURROUNDINGS)):
        rows = [f"## {title}", ""]
        head = (
            "carrier",
            "unit",
            "kind",
            "energy [MWh]",
            "carbon [t]",
            "mass [t]",
            "exergy",
            "source",
        )
        rows += [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
        for name, carrier in sorted(table.items()):
            kind = carrier.kind.replace("|", ", ")
            numbers = [f"{carrier.of(q):.5g}" for q in ("energy", "carbon", "mass")]
            cells = (
                f"`{name}`",
                carrier.unit,
                kind,
                *numbers,
                f"{carrier.exergy:.5g}",
                carrier.source,
            )
            rows.append(f"| {' | '.join(cells)} |")
        parts.append("\n".join(rows))
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")
