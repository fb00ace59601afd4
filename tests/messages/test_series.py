"""Series: the file, its columns, its times, its values and their unit."""

# ruff: noqa: E501 - messages are quoted as they are shown

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.messages.conftest import Refused
from tests.scenario.base import bent


def table(times: pd.DatetimeIndex, **columns: object) -> str:
    """A file of evenly rising values, and what else a test wants in it."""
    rows = {"time": [t.isoformat() for t in times], "power": range(1, len(times) + 1)}
    return pd.DataFrame(rows | columns).to_csv(index=False)


HOURS = pd.date_range("2025-01-01", periods=48, freq="h", tz="Asia/Shanghai")
FILES = {
    "sound.csv": table(HOURS),
    "short.csv": table(HOURS[:10]),
    "late.csv": table(HOURS[3:]),
    "gap.csv": table(HOURS.delete(5)),
    "twice.csv": table(HOURS.insert(5, HOURS[5])),
    "backwards.csv": table(HOURS[::-1]),
    "hole.csv": table(HOURS, power=[1.0] * 7 + [None] + [1.0] * 40),
    "text.csv": table(HOURS, power=["full"] * 48),
    "local.csv": table(HOURS.tz_localize(None)),
    "words.csv": table(HOURS).replace("2025-01-02", "yesterday"),
    "two.csv": table(HOURS, spare=0),
    "one.csv": "power\n1\n2\n",
    "empty.csv": "",
    "table.parquet": "time,power\n",
}

CASES = {
    "no such file": (
        "{file: sund.csv}",
        """\
park.yaml:13:55: power of 'town': there is no file 'sund.csv'
    13 |   town: {model: test_demand, bus: heat, power: {file: sund.csv}}
       |                                                       ^^^^^^^^
       To mend: paths are relative to the park's folder
1 problem; nothing was run.
""",
    ),
    "directory": (
        "{file: folder}",
        """\
park.yaml:13:55: power of 'town': 'folder' is a directory, not a file
    13 |   town: {model: test_demand, bus: heat, power: {file: folder}}
       |                                                       ^^^^^^
       To mend: name a file inside it
1 problem; nothing was run.
""",
    ),
    "file that is a number": (
        "{file: 5}",
        """\
park.yaml:13:55: power.file of 'town' needs a text, got 5
    13 |   town: {model: test_demand, bus: heat, power: {file: 5}}
       |                                                       ^
       To mend: put it in quotes
1 problem; nothing was run.
""",
    ),
    "empty file": (
        "{file: empty.csv}",
        """\
park.yaml:13:55: power of 'town': 'empty.csv' is no table: No columns to parse from file
    13 |   town: {model: test_demand, bus: heat, power: {file: empty.csv}}
       |                                                       ^^^^^^^^^
       To mend: write CSV or Parquet
1 problem; nothing was run.
""",
    ),
    "one column": (
        "{file: one.csv}",
        """\
park.yaml:13:55: power of 'town': 'one.csv' has 1 column; it needs one of times and one of values
    13 |   town: {model: test_demand, bus: heat, power: {file: one.csv}}
       |                                                       ^^^^^^^
       To mend: put the times first, separated by commas
1 problem; nothing was run.
""",
    ),
    "Parquet that is none": (
        "{file: table.parquet}",
        """\
park.yaml:13:55: power of 'town': 'table.parquet' is no Parquet file
    13 |   town: {model: test_demand, bus: heat, power: {file: table.parquet}}
       |                                                       ^^^^^^^^^^^^^
       To mend: write it again
1 problem; nothing was run.
""",
    ),
    "two columns": (
        "{file: two.csv}",
        """\
park.yaml:13:55: power of 'town': the file has 2 columns of values
    13 |   town: {model: test_demand, bus: heat, power: {file: two.csv}}
       |                                                       ^^^^^^^
       Columns: power, spare.
       To mend: name one of them with 'column:'
1 problem; nothing was run.
""",
    ),
    "unknown column": (
        "{file: two.csv, column: pwer}",
        """\
park.yaml:13:72: power of 'town': there is no column 'pwer'
    13 |   town: {model: test_demand, bus: heat, power: {file: two.csv, column: pwer}}
       |                                                                        ^^^^
       Columns: time, power, spare. Did you mean power?
       To mend: name one of these
1 problem; nothing was run.
""",
    ),
    "unknown time column": (
        "{file: two.csv, column: power, time: tim}",
        """\
park.yaml:13:85: power of 'town': there is no column 'tim'
    13 |   town: {model: test_demand, bus: heat, power: {file: two.csv, column: power, time: tim}}
       |                                                                                     ^^^
       Columns: time, power, spare. Did you mean time?
       To mend: name one of these
1 problem; nothing was run.
""",
    ),
    "shorter than the run": (
        "{file: short.csv}",
        """\
park.yaml:13:41: power: the series covers 2024-12-31 16:00:00+00:00 to 2025-01-01 02:00:00+00:00, but the run needs 2024-12-31 16:00:00+00:00 to 2025-01-02 16:00:00+00:00.
    13 |   town: {model: test_demand, bus: heat, power: {file: short.csv}}
       |                                         ^^^^^
       To mend: shorten or move the run, give a longer series, or declare it a typical year
1 problem; nothing was run.
""",
    ),
    "later than the run": (
        "{file: late.csv}",
        """\
park.yaml:13:41: power: the series covers 2024-12-31 19:00:00+00:00 to 2025-01-02 16:00:00+00:00, but the run needs 2024-12-31 16:00:00+00:00 to 2025-01-02 16:00:00+00:00.
    13 |   town: {model: test_demand, bus: heat, power: {file: late.csv}}
       |                                         ^^^^^
       To mend: shorten or move the run, give a longer series, or declare it a typical year
1 problem; nothing was run.
""",
    ),
    "gap": (
        "{file: gap.csv}",
        """\
park.yaml:13:55: power of 'town': 'gap.csv': time 2025-01-01 06:00:00+08:00 (value 5) comes 7200 s after the one before, not 3600 s
    13 |   town: {model: test_demand, bus: heat, power: {file: gap.csv}}
       |                                                       ^^^^^^^
       To mend: write one value for every step, evenly spaced
1 problem; nothing was run.
""",
    ),
    "time twice": (
        "{file: twice.csv}",
        """\
park.yaml:13:55: power of 'town': 'twice.csv': time 2025-01-01 05:00:00+08:00 (value 6) is repeated
    13 |   town: {model: test_demand, bus: heat, power: {file: twice.csv}}
       |                                                       ^^^^^^^^^
       To mend: write one value for every step, evenly spaced
1 problem; nothing was run.
""",
    ),
    "backwards": (
        "{file: backwards.csv}",
        """\
park.yaml:13:55: power of 'town': 'backwards.csv': time 2025-01-02 22:00:00+08:00 (value 1) is out of order
    13 |   town: {model: test_demand, bus: heat, power: {file: backwards.csv}}
       |                                                       ^^^^^^^^^^^^^
       To mend: write one value for every step, evenly spaced
1 problem; nothing was run.
""",
    ),
    "missing value": (
        "{file: hole.csv}",
        """\
park.yaml:13:55: power of 'town': 1 of 48 values in column 'power' of 'hole.csv' are no finite numbers, the first at 2025-01-01T07:00:00+08:00: nan
    13 |   town: {model: test_demand, bus: heat, power: {file: hole.csv}}
       |                                                       ^^^^^^^^
       To mend: fill the gap, or cut the series there
1 problem; nothing was run.
""",
    ),
    "text for values": (
        "{file: text.csv}",
        """\
park.yaml:13:55: power of 'town': 48 of 48 values in column 'power' of 'text.csv' are no finite numbers, the first at 2025-01-01T00:00:00+08:00: full
    13 |   town: {model: test_demand, bus: heat, power: {file: text.csv}}
       |                                                       ^^^^^^^^
       To mend: fill the gap, or cut the series there
1 problem; nothing was run.
""",
    ),
    "no time zone": (
        "{file: local.csv}",
        """\
park.yaml:13:55: power of 'town': 'local.csv': the times carry no time zone, so daylight saving would make them ambiguous
    13 |   town: {model: test_demand, bus: heat, power: {file: local.csv}}
       |                                                       ^^^^^^^^^
       To mend: write them with their offset, such as 2025-01-01T00:00+08:00
1 problem; nothing was run.
""",
    ),
    "no times": (
        "{file: words.csv}",
        """\
park.yaml:13:55: power of 'town': the times in column 'time' of 'words.csv' cannot be read: Time data yesterdayT00:00:00+08:00 is not ISO8601 format
    13 |   town: {model: test_demand, bus: heat, power: {file: words.csv}}
       |                                                       ^^^^^^^^^
       To mend: write them as 2025-01-01T00:00+08:00
1 problem; nothing was run.
""",
    ),
    "unit of another dimension": (
        "{file: sound.csv, unit: MWh}",
        """\
park.yaml:13:72: power of 'town': the series needs a power, got '1 MWh' (an energy)
    13 |   town: {model: test_demand, bus: heat, power: {file: sound.csv, unit: MWh}}
       |                                                                        ^^^
       To mend: write a unit such as MW
1 problem; nothing was run.
""",
    ),
    "unknown unit": (
        "{file: sound.csv, unit: MWp}",
        """\
park.yaml:13:72: power of 'town': the series needs a power, got '1 MWp': unknown unit 'MWp'; did you mean MW?
    13 |   town: {model: test_demand, bus: heat, power: {file: sound.csv, unit: MWp}}
       |                                                                        ^^^
       To mend: write a unit such as MW
1 problem; nothing was run.
""",
    ),
    "unknown label": (
        "{file: sound.csv, label: middle}",
        """\
park.yaml:13:73: power.label of 'town' cannot be 'middle'
    13 |   town: {model: test_demand, bus: heat, power: {file: sound.csv, label: middle}}
       |                                                                         ^^^^^^
       It can be start, end.
       To mend: write one of these
1 problem; nothing was run.
""",
    ),
    "unknown kind": (
        "{file: sound.csv, kind: sum}",
        """\
park.yaml:13:72: power.kind of 'town' cannot be 'sum'
    13 |   town: {model: test_demand, bus: heat, power: {file: sound.csv, kind: sum}}
       |                                                                        ^^^
       It can be mean, instant, amount.
       To mend: write one of these
1 problem; nothing was run.
""",
    ),
    "unknown key": (
        "{file: sound.csv, units: MW}",
        """\
park.yaml:13:66: unknown key 'power.units' of 'town'
    13 |   town: {model: test_demand, bus: heat, power: {file: sound.csv, units: MW}}
       |                                                                  ^^^^^
       Keys: column, file, kind, label, time, typical, unit. Did you mean unit?
       To mend: correct or delete the key
1 problem; nothing was run.
""",
    ),
    "typical year of two days": (
        "{file: sound.csv, typical: true}",
        """\
park.yaml:13:55: power of 'town': 'sound.csv': a typical year needs 365 or 366 days of whole steps, got 48 values of 3600 s (2 d)
    13 |   town: {model: test_demand, bus: heat, power: {file: sound.csv, typical: true}}
       |                                                       ^^^^^^^^^
       To mend: write one value for every step of one year
1 problem; nothing was run.
""",
    ),
    "amounts in a unit of power": (
        "{file: sound.csv, unit: MW, kind: amount}",
        """\
park.yaml:13:72: power of 'town': the series needs an energy, got '1 MW' (a power)
    13 |   town: {model: test_demand, bus: heat, power: {file: sound.csv, unit: MW, kind: amount}}
       |                                                                        ^^
       To mend: write a unit such as MWh
1 problem; nothing was run.
""",
    ),
}


@pytest.mark.parametrize(("series", "message"), CASES.values(), ids=CASES)
def test_a_bad_series_is_refused_at_its_place(
    refused: Refused, tmp_path: Path, series: str, message: str
) -> None:
    """A series shifted by a gap, a zone or a unit would run, and look plausible."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    (tmp_path / "folder").mkdir()
    scenario = bent(("power: 12 MW", f"power: {series}"))
    assert refused(scenario, "run", "park.yaml", "--horizon", "48 h", "--out", "base") == message
