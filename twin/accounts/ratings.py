"""What a park is rated under a scheme: each indicator against its threshold, and what moves it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from twin.accounts.evidence import Evidence, Value
from twin.accounts.factors import rows
from twin.accounts.indicators import COMPUTED, indicator
from twin.accounts.ndrc import Choices
from twin.scenario.errors import did_you_mean

if TYPE_CHECKING:
    from twin.results import Run

TITLES = {
    "ndrc-2025-910": "National zero-carbon park, NDRC Environment [2025] No. 910",
    "inner-mongolia": "Inner Mongolia, autonomous-region zero-carbon parks 2025",
    "hunan-2026": "Hunan zero-carbon parks 2026",
    "jiangsu-2024": "Jiangsu (near-)zero-carbon park guide 2024, trial",
    "db35-t-2198": "Fujian DB35/T 2198-2024",
    "db1331-t-069": "Xiong'an DB1331/T 069-2023",
    "t-ceca-g-0344": "T/CECA-G 0344-2025",
    "db15-t-2948": "Inner Mongolia DB15/T 2948-2023",
    "green-direct-line": "Green direct line, NDRC Energy [2025] No. 650",
}
"""Schemes by the name a user writes."""

DATA = {
    "solid_waste_use": "solid_waste_use",
    "clean_energy_share": "clean_gas",
    "energy_per_value_added": "value_added",
    "carbon_per_value_added": "value_added",
    "offset_share": "baseline_tCO2",
}
"""Indicators worked out of the run that also take a datum, and its name."""

BEGINS = {"green-direct-line": 2025}
"""Year of a scheme some thresholds of which hold from its notice on and others from later."""

LAST_YEAR = 2100

MARKS = {
    "unverified": "[unverified]: a factor or definition in it was not checked at its source",
    "given": "[given]: your own figure, not worked out of the run",
    "not applicable": "not applicable: the park is smaller than the scheme's smallest class",
}
"""What stands behind a line of a printed rating."""

PASS, FAIL, OPEN, OUTSIDE = "pass", "fail", "undecidable", "not applicable"


@dataclass(frozen=True)
class Rating:
    """A run held against a scheme.

    Attributes
    ----------
    scheme, title : str
    table : DataFrame
        indicator, kind (core or guiding), value, unit, sense, threshold, verdict, drivers (list),
        formula, boundary, missing, size_class, source, status, note.
    choices : dict of str to str
    """

    scheme: str
    title: str
    table: pd.DataFrame
    choices: dict[str, str]

    @property
    def verdict(self) -> str:
        """Of the core indicators, or of all where a scheme has no core."""
        core = self.table[self.table["kind"] == "core"]
        verdicts = set((core if len(core) else self.table)["verdict"])
        for worst in (FAIL, OUTSIDE, OPEN):
            if worst in verdicts:
                return worst
        return PASS

    def records(self) -> list[dict[str, Any]]:
        """The table as plain values, NaN as None, for JSON."""
        out = []
        for record in self.table.to_dict(orient="records"):
            out.append(
                {
                    str(key): None if isinstance(value, float) and math.isnan(value) else value
                    for key, value in record.items()
                }
            )
        return out

    def __str__(self) -> str:
        year = self.choices.get("target year")
        lines = [f"{self.title}{f', target year {year}' if year else ''}: {self.verdict}"]
        for r in self.records():
            value = "-" if r["value"] is None else f"{r['value']:.4g}"
            limit = "?" if r["threshold"] is None else f"{r['threshold']:g}"
            mark = "" if r["status"] == "verified" else f"  [{r['status']}]"
            what = f"  {r['indicator']:<26}{value:>10} {r['sense']:>2} {limit:<6} {r['unit']:<14}"
            lines.append(f"{what}{r['verdict']}{mark}")
            if r["missing"]:
                lines.append(f"    missing: {r['missing']}{self._how(r)}")
            lines += [f"    {driver}" for driver in r["drivers"]]
        found = {*self.table["status"], *self.table["verdict"]}
        if told := [text for mark, text in MARKS.items() if mark in found]:
            lines.append("; ".join(told))
        return "\n".join(lines)

    def _how(self, record: Mapping[str, Any]) -> str:
        """How to give what is missing, if it is a datum."""
        name = record["missing"].split()[0]
        if name not in data_names(self.scheme):
            return ""
        own = name == record["indicator"]
        number = "0.85" if own and record["unit"] == "1" else "NUMBER"
        unit = f" [{record['unit']}]" if own and record["unit"] != "1" else ""
        return f"{unit}; give it by --data {name}={number}"


def rate(
    run: Run,
    scheme: str,
    *,
    year: int | None = None,
    spot_market: bool = True,
    data: Mapping[str, float] | None = None,
    choices: Choices | None = None,
) -> Rating:
    """Hold a run against a scheme.

    Parameters
    ----------
    run : Run
    scheme : str
        One of `TITLES`.
    year : int, optional
        Target year where thresholds tighten; the first one of the scheme by default.
    spot_market : bool
        Direct lines may export a fifth of their generation only where a spot market runs.
    data : mapping of str to float
        What the ledger cannot hold, such as water_reuse, waste_heat_use, product_energy_class,
        value_added [10^4 CNY per year], or clean_gas = 1 to count natural gas as clean.
    choices : Choices
        Of the NDRC account behind it.

    Returns
    -------
    Rating

    Raises
    ------
    ValueError
        No such scheme, or what `check` raises.
    """
    check(scheme, year, data or {})
    evidence = Evidence(run, choices or Choices(), data or {})
    limits, used_year = _limits(scheme, year)
    lines = []
    for name in dict.fromkeys(row["indicator"] for row in limits):
        own = [row for row in limits if row["indicator"] == name]
        value = indicator(name, evidence)
        row, size = _class_of(own, evidence.tce_per_year)
        lines.append(_judged(name, row or own[0], value, size, row is not None, spot_market, own))
    hours = evidence.account.period_h
    printed = dict(evidence.account.choices)
    if used_year:
        printed["target year"] = str(used_year)
    if abs(hours - 8760.0) > 24.0:
        printed["period"] = f"{hours:g} h, scaled to a year for the size class"
    return Rating(scheme, TITLES[scheme], pd.DataFrame(lines), printed)


def check(scheme: str, year: int | None, data: Mapping[str, float]) -> None:
    """Fail before a run if a scheme does not know the year or a datum.

    Raises
    ------
    ValueError
        No such scheme, a year without thresholds, a datum of another name, or a number that it
        cannot have.
    """
    if scheme not in TITLES:
        raise ValueError(f"no scheme '{scheme}'; there is {', '.join(sorted(TITLES))}")
    _limits(scheme, year)
    known = data_names(scheme)
    units = {row["indicator"]: row["unit"] for row in rows("thresholds")}
    for name, value in data.items():
        if name not in known:
            raise ValueError(
                f"{scheme} takes no datum '{name}'; it takes {', '.join(known) or 'none'}. "
                f"{did_you_mean(name, known)}".rstrip()
            )
        share = units.get(name) == "1" and name != "revenue_growth"
        if not math.isfinite(value) or (share and not 0.0 <= value <= 1.0):
            wanted = "a share from 0 to 1, such as 0.85 for 85 %" if share else "a finite number"
            raise ValueError(f"datum {name} is {value:g}; to mend: give {wanted}")


def data_names(scheme: str) -> list[str]:
    """Names of the data that a scheme takes."""
    names = {row["indicator"] for row in rows("thresholds") if row["scheme"] == scheme}
    return sorted({DATA.get(name, name) for name in names if name in DATA or name not in COMPUTED})


def _limits(scheme: str, year: int | None) -> tuple[list[dict[str, str]], int | None]:
    """Thresholds of a scheme for a target year: the last step that has come into force by then."""
    own = [row for row in rows("thresholds") if row["scheme"] == scheme]
    years = sorted({int(row["year"]) for row in own if row["year"]})
    if not years:
        if year is not None:
            raise ValueError(
                f"{scheme} has one set of thresholds and none for {year}; "
                "to mend: leave the year out"
            )
        return own, None
    first = BEGINS.get(scheme, years[0])
    if year is not None and not first <= year <= LAST_YEAR:
        raise ValueError(
            f"{scheme} has thresholds from {first} on, none for {year}; "
            f"to mend: give a year from {first} to {LAST_YEAR}; they change in "
            f"{', '.join(map(str, years))}"
        )
    always = [row for row in own if not row["year"]]
    if year is None:
        used = None if always else years[0]
    else:
        used = max((y for y in years if y <= year), default=None)
    dated = [row for row in own if row["year"] == str(used)]
    named = {row["indicator"] for row in dated}
    return dated + [row for row in always if row["indicator"] not in named], used


def _class_of(own: list[dict[str, str]], tce: float) -> tuple[dict[str, str] | None, str]:
    """The row of the park's size, and the size in words."""
    if not any(row["from_ktce"] for row in own):
        return own[0], ""
    ktce = tce / 1000.0
    for row in own:
        low = float(row["from_ktce"] or 0.0)
        high = float(row["below_ktce"] or math.inf)
        if low <= ktce < high:
            return row, f"{ktce:.4g} ktce/year, class {low:g} to {high:g}"
    low = min(float(row["from_ktce"] or 0.0) for row in own)
    return None, f"{ktce:.4g} ktce/year, below the {low:g} where the scheme begins"


def _judged(
    name: str,
    row: dict[str, str],
    value: Value,
    size: str,
    in_class: bool,
    spot_market: bool,
    own: list[dict[str, str]],
) -> dict[str, Any]:
    threshold = float(row["threshold"]) if row["threshold"] else float("nan")
    missing, note = value.missing, "; ".join(x for x in (value.note, row["note"]) if x)
    if name == "exported_of_generation" and not spot_market:
        threshold, note = 0.0, "no spot market: no export"
    verdict = _verdict(value.value, row["sense"], threshold)
    between = [float(r["threshold"]) for r in own if not r["from_ktce"] and r["threshold"]]
    if in_class and len(between) > 1:
        verdicts = {_verdict(value.value, row["sense"], limit) for limit in between}
        if len(verdicts) > 1:
            verdict, missing = (
                OPEN,
                f"the park's own target between {min(between)} and {max(between)}",
            )
        note = f"{min(between):g} to {max(between):g} by park"
        threshold = max(between) if verdict == FAIL else min(between)
    if not in_class:
        verdict = OUTSIDE
    if math.isnan(threshold):
        missing = missing or "threshold (not published in an open source)"
    status = "unverified" if "unverified" in (row["status"], value.status) else value.status
    return {
        "indicator": name,
        "kind": row["kind"],
        "value": value.value,
        "unit": row["unit"],
        "sense": row["sense"],
        "threshold": threshold,
        "verdict": verdict,
        "drivers": value.drivers(),
        "formula": value.formula,
        "boundary": value.boundary,
        "missing": missing,
        "size_class": size,
        "source": row["source"],
        "status": status,
        "note": note,
    }


def _verdict(value: float, sense: str, threshold: float) -> str:
    if math.isnan(value) or math.isnan(threshold):
        return OPEN
    # A value worked out of sums may miss its threshold by rounding alone.
    slack = 1e-12 * max(abs(threshold), 1.0)
    if sense == "<=":
        return PASS if value <= threshold + slack else FAIL
    if sense == ">":
        return PASS if value > threshold else FAIL
    return PASS if value >= threshold - slack else FAIL
