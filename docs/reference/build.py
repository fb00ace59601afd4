"""Writes the reference of technologies, events and carriers from their own declarations.

    python docs/reference/build.py [FOLDER]

By default into this folder; a test fails if the pages in the repository are not what this writes.
"""

from __future__ import annotations

import ast
import csv
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

import models.library  # noqa: F401
import twin.engine.actors  # noqa: F401
from models.base import Actor, Carrier, Model
from models.calendar import DEFAULT_START
from models.carriers import STANDARD, SURROUNDINGS
from twin.scenario.carriers import FORMS, Custom
from twin.scenario.contracts import ContractsSpec
from twin.scenario.dimension import NAMES
from twin.scenario.header import HEADERS
from twin.scenario.hints import fields_of, metadata, sequence, specs, table, wanted
from twin.scenario.series import SeriesSpec

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
INDEX = """\
# Technologies

The words a scenario may write after `model:`. Each page has the keys a technology reads, a small
park in which it works, and what its model is held against. A key may be left out unless it says
"must be given". What stands above them is in [the scenario](scenario.md).
"""
RECIPES = """\
## Recipes

What `process` may name after `recipe:`, per tonne or MWh of its product. Each links to the table
that sources every amount."""
CARRIERS = """\
# Carriers

Standard carriers, which a park may use as buses by their name. Content per MWh or t of every \
conserved quantity; energy is enthalpy against liquid water, CO2, N2 and O2 at 25 C."""


SCENARIO = """\
# The scenario

One YAML file, or a folder with `park.yaml`. `park`, `site`, `buses` and `components` must be given.

A number carries its unit (`10 MW`); only a plain number has none. Instead of a value a key may hold
`{value: 10 MW, source: ..., note: ..., spread: 1 MW}`, where the source is one of: published,
assumed, `public: WHERE`, `calibrated: CLAIM`, `unverified: WHY`; `spread` is its uncertainty.
Text may follow `published:` and `assumed:` too. In these pages `currency` is that of the park.

`site.weather` is a file of climate normals (`.yaml`, from which a year is drawn by the seed), or a
year of one's own: `.epw`; TMY3 or PVGIS as `.csv`; PVGIS as `.json`; or `.csv` and `.parquet` with
the columns `time` (with its UTC offset), `ghi`, `dni`, `dhi` [W/m2], `temp_air` [degC],
`relative_humidity` [%], `wind_speed` [m/s] and, if there, `rain` [mm/h] and `pressure` [Pa]. Paths
are relative to the park's folder, then to the shipped ones."""
MISSING = """\
## What is missing

Left out since no source of its numbers could be read: uptake of green walls, an ageing law of
sodium-ion cells (whose other figures are press statements), carbonation of serpentine, and what
recycling of plastics takes by default. Not modelled: tilted axes of trackers and snow on modules,
melting fronts in phase-change stores, ground water round boreholes, plating and resistance of
ageing cells, moisture held by walls, shifting of cold by set points, crude oil as matter."""
PARTS = {
    "include": "Templates: see [structure shared by several parks](../how-to/template.md).",
    "context": "Published figures that no flow depends on, by name: `{value: ..., source: ...}`.",
    "conserve": "A list of quantities that are conserved besides energy, carbon and mass.",
    "buses": "A list of what balances: names of [carriers](carriers.md), or `name: carrier`.",
    "components": "Technologies by name; [their pages](models.md) have the keys.",
    "events": "A list of what happens; [their page](events.md) has the keys.",
    "variants": "Named changes, by paths such as `component.key`: `{flat: {roof.tilt: 5 deg}}`.",
}
"""What stands at the top of a scenario without keys of its own."""


def pages() -> dict[str, str]:
    """Path below this folder and text of every generated page."""
    folders = _folders()
    return {
        "models.md": _index(folders),
        **{f"technologies/{name}.md": _folder(name, inside) for name, inside in folders.items()},
        "events.md": _events(),
        "carriers.md": _carriers(),
        "scenario.md": _scenario(),
    }


def kinds() -> list[str]:
    """Technologies of this project, not those of plugins, by module and name."""
    where = {kind: cls.__module__ for kind, cls in Model.registry.items()}
    ours = [kind for kind, module in where.items() if module.startswith("models.")]
    return sorted(ours, key=lambda kind: (where[kind], kind))


def example(kind: str) -> tuple[str, str]:
    """Day on which the example of a technology is run, and its scenario.

    The day is the file's first line where it is a comment such as "# 2025-07-08".
    """
    text = (HERE / "examples" / f"{kind}.yaml").read_text(encoding="utf-8")
    dated = re.match(r"# (\d{4}-\d\d-\d\d)\n", text)
    return (dated[1], text[dated.end() :]) if dated else (DEFAULT_START, text)


def _folders() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind in kinds():
        found.setdefault(Model.registry[kind].__module__.split(".")[1], []).append(kind)
    return found


def _title(folder: str) -> str:
    return (sys.modules[f"models.{folder}"].__doc__ or folder).strip().splitlines()[0].rstrip(".")


def _index(folders: Mapping[str, list[str]]) -> str:
    parts = [INDEX]
    for folder, inside in folders.items():
        parts += [f"## [{_title(folder)}](technologies/{folder}.md)", ""]
        for kind in inside:
            first = _doc(Model.registry[kind]).splitlines()[0]
            parts.append(f"- [`{kind}`](technologies/{folder}.md#{kind}): {first}")
        parts.append("")
    return "\n".join([*parts, MISSING, ""])


def _folder(folder: str, inside: list[str]) -> str:
    parts = [f"# {_title(folder)}", "[All technologies](../models.md)"]
    shared: dict[type[BaseModel], list[str]] = {}
    for kind in inside:
        cls = Model.registry[kind]
        path = cls.__module__.replace(".", "/") + ".py"
        day, text = example(kind)
        start = "" if day == DEFAULT_START else f" --start {day}"
        parts += [
            f"## `{kind}`",
            _doc(cls),
            f"Held against: {_evidence(cls.__module__)}",
            _table(cls),
            f"In [{path}](../../../{path}). An example, to be run by `twin run "
            f'docs/reference/examples/{kind}.yaml{start} --horizon "1 d"`:',
            f"```yaml\n{text}```",
        ]
        for part in _inner(cls):
            shared.setdefault(part, []).append(kind)
    if folder == "materials":
        parts += [RECIPES, _recipes()]
    parts += ["## Parts"] if shared else []
    for part, users in shared.items():
        of = ", ".join(f"`{kind}`" for kind in users)
        parts += [f"### {part.__name__}", f"A part of {of}. {_doc(part)}", _table(part)]
    return "\n\n".join(parts) + "\n"


def _evidence(module: str) -> str:
    """What the tests of a module say it is held against: after these words or after the subject."""
    _, folder, name = module.split(".")
    path = ROOT / "tests/models" / folder / f"test_{name}.py"
    text = " ".join((ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split())
    named = re.search(r"\bheld against:? (.*)", text, flags=re.IGNORECASE)
    return named[1] if named else re.sub(r"^[^:.]*: ", "", text)


def _recipes() -> str:
    lines = []
    for path in sorted((ROOT / "models/materials/recipes").glob("*.csv")):
        found: dict[str, list[dict[str, str]]] = {}
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["unit"] != "closes":
                    found.setdefault(row["recipe"], []).append(row)
        for name, rows in found.items():
            link = f"[`{name}`](../../../models/materials/recipes/{path.name})"
            gives = _amounts(row for row in rows if float(row["amount"]) > 0)
            takes = _amounts(row for row in rows if float(row["amount"]) < 0)
            lines.append((link, gives, takes, rows[0]["source"]))
    return _rows(("recipe", "gives", "takes", "basis"), lines)


def _amounts(rows: Iterable[Mapping[str, str]]) -> str:
    return ", ".join(
        f"{abs(float(row['amount'])):.3g} {row['unit']} {row['role'].replace('_', ' ')}"
        + (" (optional)" if row["optional"] == "yes" else "")
        for row in rows
    )


def _events() -> str:
    parts = [
        "# Events",
        "The words a scenario may write after `actor:`, with the keys each reads.",
    ]
    modules: dict[str, list[str]] = {}
    for kind, cls in sorted(Actor.registry.items()):
        if cls.__module__.startswith(("models.", "twin.")):
            modules.setdefault(cls.__module__, []).append(kind)
    for module, inside in sorted(modules.items()):
        path = module.replace(".", "/") + ".py"
        parts.append(f"## [{path}](../../{path})")
        for kind in inside:
            actor = Actor.registry[kind]
            parts += [f"### `{kind}`", _doc(actor), _table(actor)]
            for part in _inner(actor):
                of = f"A part of `{kind}`. {_doc(part)}"
                parts += [f"#### {part.__name__}", of, _table(part)]
    return "\n\n".join(parts) + "\n"


def _doc(cls: type) -> str:
    lines = (cls.__doc__ or "").strip().splitlines()
    return "\n".join(line.removeprefix("    ") for line in lines)


def _inner(cls: type[BaseModel]) -> list[type[BaseModel]]:
    """Specifications that a field of a class may hold, one by one, in a list or by name."""
    found = [spec for info in fields_of(cls).values() for spec in _within(info.annotation)]
    found += [deeper for spec in found for deeper in _inner(spec)]
    return [spec for spec in dict.fromkeys(found) if not issubclass(spec, Model)]


def _within(hint: Any) -> list[type[BaseModel]]:
    found = specs(hint)
    for inside in [*(sequence(hint) or ([],))[0], *(table(hint) or ())[1:]]:
        found += _within(inside)
    return found


def _table(cls: type[BaseModel]) -> str:
    rows = []
    for key, info in fields_of(cls).items():
        meta = metadata(info)
        what = wanted(info.annotation, meta)
        if "port" in meta:
            what += f" ({meta['port'].replace('|', ', ')})" if meta["port"] != "any" else ""
        inner = [part.__name__ for part in _within(info.annotation) if not issubclass(part, Model)]
        what += ": " * bool(inner) + ", ".join(f"[{name}](#{name.lower()})" for name in inner)
        cells = (f"`{key}`", what, _default(info), info.description or "", meta.get("source", ""))
        rows.append(cells)
    return _rows(("key", "what", "default", "meaning", "source of the default"), rows)


def _rows(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for row in rows:
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
    return "\n".join(lines)


def _default(info: FieldInfo) -> str:
    if info.is_required():
        return "must be given"
    value = info.get_default(call_default_factory=True)
    if value in (None, {}, [], ()):
        return ""
    unit = metadata(info).get("unit", "")
    number = f"{value:g}" if isinstance(value, float) else str(value)
    return number if unit in ("1", "") else f"{number} {unit}"


def _scenario() -> str:
    parts = [SCENARIO]
    for key, spec in {**HEADERS, "contracts": ContractsSpec}.items():
        parts += [f"## `{key}`", _doc(spec), _table(spec)]
    parts += ["## What else stands at the top"]
    parts += [_rows(("key", "meaning"), [(f"`{key}`", text) for key, text in PARTS.items()])]
    parts += [
        "## `carriers`",
        "Carriers of the park's own: `name: {form: {...}}`, or `name: {...}`",
    ]
    parts[-1] += " with the keys of the last form."
    for form, spec in FORMS.items():
        parts += [f"### `{form}`", _doc(spec), _table(spec)]
    parts += ["### Any other", _doc(Custom), _table(Custom)]
    parts += ["## A series", _doc(SeriesSpec), _table(SeriesSpec)]
    units = ", ".join(f"`{name}`" for name in NAMES)
    parts += [
        "## Units",
        f"{units}; joined by `*`, `/` and `**`, as in `W/(m**2*K)`. A year is 8760 h.",
    ]
    return "\n\n".join(parts) + "\n"


def _carriers() -> str:
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
    parts = [CARRIERS]
    for title, carriers in (("Standard", STANDARD), ("Surroundings", SURROUNDINGS)):
        rows = [_carrier(name, carrier) for name, carrier in sorted(carriers.items())]
        parts += [f"## {title}", _rows(head, rows)]
    return "\n\n".join(parts) + "\n"


def _carrier(name: str, carrier: Carrier) -> tuple[str, ...]:
    numbers = [f"{carrier.of(q):.5g}" for q in ("energy", "carbon", "mass")]
    kind = carrier.kind.replace("|", ", ")
    return f"`{name}`", carrier.unit, kind, *numbers, f"{carrier.exergy:.5g}", carrier.source


if __name__ == "__main__":
    for page, text in pages().items():
        path = Path(sys.argv[1] if sys.argv[1:] else HERE) / page
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
