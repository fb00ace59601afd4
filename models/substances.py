"""Materials of industry: pure substances by formula and formation data, and mixtures of them.

Energy is worked out from the enthalpy of formation, so that every reaction between carriers
releases what it should. Beyond carbon, water, sulphur and nitrogen a carrier states the metals a
park may declare: calcium, iron, aluminium and sodium.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from models.base import Carrier
from models.elements import ATOMIC_WEIGHT, LATENT, WATER_PER_HYDROGEN

REFERENCE = {
    "C": -393.51,
    "H": -285.83 / 2,
    "O": 0.0,
    "N": 0.0,
    "S": -296.83,
    "Ca": -1206.92 + 393.51,
    "Na": (-1130.68 + 393.51) / 2,
    "Fe": -824.2 / 2,
    "Al": -1675.7 / 2,
    "Si": -910.94,
}
"""Enthalpy per atom in what has no energy: CO2, liquid water, O2, N2, SO2, CaCO3 and Na2CO3 less
CO2, Fe2O3, Al2O3, SiO2 [kJ/mol] (NBS tables of chemical thermodynamic properties, 1982)."""

QUANTITY = {
    "C": ("carbon", 1.0),
    "H": ("water", WATER_PER_HYDROGEN),
    "S": ("sulphur", 1.0),
    "N": ("nitrogen", 1.0),
    "Ca": ("calcium", 1.0),
    "Fe": ("iron", 1.0),
    "Al": ("aluminium", 1.0),
    "Na": ("sodium", 1.0),
}
"""Conserved quantity that counts an element, and its tonnes per tonne of the element."""

TABLES = Path(__file__).parent / "tables"


def atoms_of(formula: str) -> dict[str, float]:
    """Atoms in a formula written with blanks, such as ``Ca1 C1 O3``."""
    found = re.fullmatch(r"([A-Z][a-z]?[0-9.]+)( [A-Z][a-z]?[0-9.]+)*", formula)
    if found is None:
        raise ValueError(f"'{formula}' is no formula; write it as 'Ca1 C1 O3'")
    atoms: dict[str, float] = {}
    for symbol, number in re.findall(r"([A-Z][a-z]?)([0-9.]+)", formula):
        atoms[symbol] = atoms.get(symbol, 0.0) + float(number)
    return atoms


def substance(
    name: str,
    formula: Mapping[str, float],
    formation: float,
    exergy: float,
    *,
    unit: str = "t/h",
    fossil: float = 0.0,
    kind: str = "material",
    source: str = "",
) -> Carrier:
    """A pure substance at 25 degC.

    Parameters
    ----------
    formula : mapping of str to float
        Atoms in one mole.
    formation, exergy : float
        Enthalpy of formation and chemical exergy [kJ/mol].
    unit : {"t/h", "MW"}
        MW counts a fuel by its LHV.

    Raises
    ------
    ValueError
        An element has no reference.
    """
    unknown = sorted(set(formula) - set(REFERENCE))
    if unknown:
        raise ValueError(f"'{name}' holds {unknown[0]}; there is no reference for it")
    molar = sum(ATOMIC_WEIGHT[atom] * n for atom, n in formula.items())
    energy = formation - sum(REFERENCE[atom] * n for atom, n in formula.items())
    content = {"mass": 1.0}
    for atom, n in formula.items():
        if atom in QUANTITY:
            quantity, factor = QUANTITY[atom]
            content[quantity] = n * ATOMIC_WEIGHT[atom] / molar * factor
    # Rounded formation data leave nothing where the reference itself is meant.
    if abs(energy) > 1e-6:
        content["energy"] = energy / molar / 3.6
    burns = "fuel" in kind.split("|")
    lhv = content.get("energy", 0.0) - LATENT / 3600.0 * content.get("water", 0.0) if burns else 0.0
    amount = exergy / molar / 3.6
    if unit == "MW":
        content = {key: value / lhv for key, value in content.items()}
        return Carrier(name, "MW", content, amount / lhv, 1.0, fossil, kind, 25.0, source=source)
    return Carrier(name, "t/h", content, amount, lhv, fossil, kind, 25.0, source=source)


def mixture(
    name: str,
    shares: Mapping[str, float],
    parts: Mapping[str, Carrier],
    *,
    energy: float | None = None,
    exergy: float | None = None,
    fossil: float = 0.0,
    source: str = "",
) -> Carrier:
    """A solid made of others by mass; stated energy and exergy replace their sum [MWh/t].

    Raises
    ------
    ValueError
        The shares do not add up to 1.
    """
    if abs(sum(shares.values()) - 1.0) > 1e-12:
        raise ValueError(f"shares of '{name}' add up to {sum(shares.values()):.6g} instead of 1")
    content: dict[str, float] = {}
    for part, share in shares.items():
        for quantity, value in parts[part].content.items():
            content[quantity] = content.get(quantity, 0.0) + share * value
    content["mass"] = 1.0
    if energy is not None:
        content["energy"] = energy
    total = sum(share * parts[part].exergy for part, share in shares.items())
    return Carrier(
        name,
        "t/h",
        content,
        total if exergy is None else exergy,
        0.0,
        fossil,
        "solid|material",
        25.0,
        source=source,
    )


@cache
def substances() -> Mapping[str, Carrier]:
    """Carriers of the tables, by name."""
    # Rock that takes part in nothing; Na2O only ever is a part of glass.
    parts = {
        "minerals": Carrier("minerals", "t/h", {"mass": 1.0}, kind="solid|material"),
        "soda_oxide": substance("soda_oxide", {"Na": 2, "O": 1}, -414.2, 296.2),
    }
    found = {"minerals": parts["minerals"]}
    for row in _rows("substances.csv"):
        found[row["name"]] = substance(
            row["name"],
            atoms_of(row["formula"]),
            float(row["formation"]),
            float(row["exergy"]),
            unit=row["unit"],
            fossil=float(row["fossil"]),
            kind=row["kind"],
            source=row["source"],
        )
    for row in _rows("mixtures.csv"):
        words = row["composition"].split()
        shares = {part: float(share) for part, share in zip(words[::2], words[1::2], strict=True)}
        found[row["name"]] = mixture(
            row["name"],
            shares,
            parts | found,
            energy=float(row["energy"]) if row["energy"] else None,
            exergy=float(row["exergy"]) if row["exergy"] else None,
            fossil=float(row["fossil"]),
            source=row["source"],
        )
    return found


def _rows(table: str) -> list[dict[str, str]]:
    with (TABLES / table).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
