"""What a carbon account hands over: a table with every datum, factor, source and product."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from twin.accounts.factors import Factor, headings

COLUMNS = (
    "part",
    "item",
    "flow",
    "component",
    "activity",
    "amount",
    "unit",
    "factor",
    "factor_unit",
    "tCO2",
    "tce",
    "source",
    "status",
    "note",
)


@dataclass
class Line:
    """One row of an account: amount x factor = tCO2."""

    part: str
    item: str
    flow: str
    component: str
    activity: str
    amount: float
    unit: str
    factor: Factor
    tce: float = 0.0
    note: str = ""
    sign: float = 1.0

    @property
    def tonnes(self) -> float:
        """Product of the line [tCO2]."""
        return self.sign * self.amount * self.factor.value + 0.0  # never -0.0

    @property
    def energy(self) -> float:
        """What the line adds to the energy consumption [tce]."""
        return self.sign * self.tce + 0.0

    @property
    def label(self) -> str:
        """Flow and item, for a reader who looks for what moves a total."""
        return f"{self.flow}: {self.item}" if self.flow else self.item

    def row(self) -> dict[str, Any]:
        """The line under the names of COLUMNS."""
        return {
            "part": self.part,
            "item": self.item,
            "flow": self.flow,
            "component": self.component,
            "activity": self.activity,
            "amount": self.sign * self.amount + 0.0,
            "unit": self.unit,
            "factor": self.factor.value,
            "factor_unit": self.factor.unit,
            "tCO2": self.tonnes,
            "tce": self.energy,
            "source": self.factor.source,
            "status": self.factor.status,
            "note": self.note,
        }


@dataclass(frozen=True, repr=False)
class CarbonAccount:
    """A carbon account of a run.

    Attributes
    ----------
    method : str
    lines : tuple of Line
        One a datum. Those of part "memo" are reported and belong to no total.
    choices : dict of str to str
        What the method leaves open, and how it was decided here.
    tce : float
        Energy consumption under the chosen conversion of electricity [tce].
    indicators : dict of str to float
        tCO2/tce under each conversion of electricity.
    figures : dict of str to float
        Other totals, named with their units.
    period_h : float
        Length of the run [h].
    """

    method: str
    lines: tuple[Line, ...]
    choices: dict[str, str]
    tce: float = math.nan
    indicators: dict[str, float] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    period_h: float = 8760.0
    chosen: str = ""

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row a line, columns as COLUMNS; amount x factor = tCO2."""
        return pd.DataFrame([line.row() for line in self.lines], columns=list(COLUMNS))

    @property
    def counted(self) -> list[Line]:
        """The lines that make the total."""
        return [line for line in self.lines if line.part != "memo"]

    @property
    def parts(self) -> pd.Series:
        """Emission by part, without what is only reported [tCO2]."""
        counted = self.table[self.table["part"] != "memo"]
        return counted.groupby("part", sort=False)["tCO2"].sum()

    @property
    def total_tCO2(self) -> float:  # noqa: N802 - the unit is part of the name
        """Total of the account [tCO2]."""
        return sum(line.tonnes for line in self.counted)

    @property
    def indicator(self) -> float:
        """Emission per energy under the chosen conversion [tCO2/tce]; NaN if no energy is used."""
        return self.indicators.get(self.chosen, math.nan)

    @property
    def unverified(self) -> list[str]:
        """Items whose factor was not read in its source, and that count for something."""
        return sorted(
            {x.item for x in self.lines if x.factor.status == "unverified" and x.tonnes != 0}
        )

    def to_frame(self, language: str = "en") -> pd.DataFrame:
        """The table with its totals row, under English or Chinese ("zh") headings."""
        shown = self.table.copy()
        total = dict.fromkeys(shown.columns, "") | {
            "part": "total",
            "amount": math.nan,
            "factor": math.nan,
            "tCO2": self.total_tCO2,
            "tce": self.tce,
        }
        shown = pd.concat([shown, pd.DataFrame([total])], ignore_index=True)
        if language == "zh":
            words = headings()
            for column in ("part", "status"):
                shown[column] = [words.get(str(value), value) for value in shown[column]]
            shown = shown.rename(columns=words)
        elif language != "en":
            raise ValueError(f"no headings in '{language}'; there are en and zh")
        return shown

    def to_csv(self, path: str | Path, language: str = "zh") -> Path:
        """Write the table as CSV (UTF-8 with mark, so that a spreadsheet reads the Chinese)."""
        path = Path(path)
        self.to_frame(language).to_csv(path, index=False, encoding="utf-8-sig")
        return path

    def to_xlsx(self, path: str | Path, language: str = "zh") -> Path:
        """Write the table, the choices and the figures as sheets of a workbook."""
        path = Path(path)
        words = headings() if language == "zh" else {}
        choices = pd.DataFrame(
            {"choice": list(self.choices), "value": list(self.choices.values())}
        ).rename(columns=words)
        figures = {f"tCO2/tce ({name})": value for name, value in self.indicators.items()}
        figures = {"tCO2": self.total_tCO2, "tce": self.tce} | figures | self.figures
        numbers = pd.DataFrame({"item": list(figures), "value": list(figures.values())}).rename(
            columns=words
        )
        names = (
            ("核算表", "选择", "指标") if language == "zh" else ("account", "choices", "figures")
        )
        with pd.ExcelWriter(path, engine="openpyxl") as writer:
            for name, frame in zip(names, (self.to_frame(language), choices, numbers), strict=True):
                frame.to_excel(writer, sheet_name=name, index=False)
        return path

    def __repr__(self) -> str:
        total = f"{self.method}: {_number(self.total_tCO2)} tCO2"
        return f"CarbonAccount({total} in {len(self.lines)} lines; print it for the whole)"

    def __str__(self) -> str:
        lines = [f"{self.method}: {_number(self.total_tCO2)} tCO2"]
        lines += [f"  {part:<12}{_number(value):>16} tCO2" for part, value in self.parts.items()]
        if not math.isnan(self.tce):
            lines.append(f"  {'energy':<12}{_number(self.tce):>16} tce ({self.chosen})")
        lines += [f"  {value:.3f} tCO2/tce ({name})" for name, value in self.indicators.items()]
        lines += [f"  {name}: {value:,.4g}" for name, value in self.figures.items()]
        lines += [f"  choice: {name}: {value}" for name, value in self.choices.items()]
        if self.unverified:
            lines.append(f"  unverified: {', '.join(self.unverified)}")
        return "\n".join(lines)


def settings(given: Mapping[str, Any], kind: type, method: str) -> Any:
    """The choices of a method from keywords.

    Raises
    ------
    ValueError
        A keyword the method does not know.
    """
    from dataclasses import fields

    known = {item.name for item in fields(kind)}
    unknown = sorted(set(given) - known)
    if unknown:
        raise ValueError(
            f"{method} has no choice {', '.join(unknown)}; it has {', '.join(sorted(known))}"
        )
    return kind(**given)


def _number(value: float) -> str:
    return f"{value:,.1f}".replace(",", " ")
