"""The command line: `twin parks | check | run | compare | rate | audit | schema`."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="The discrete-event digital twin of a zero-carbon park.",
)

PARK = typer.Argument(help="A shipped park, or the path of a scenario.")
Json = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Sets = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change the scenario; may be repeated."),
]
Variant = Annotated[str | None, typer.Option(help="A variant the scenario declares.")]


def main() -> None:
    """Run the command line; bad input exits with 2, a failed run with 1, never a traceback."""
    warnings.formatwarning = lambda message, *_args, **_more: f"warning: {message}\n"
    try:
        app(standalone_mode=True)
    except Exception as error:
        code = _exit_code(error)
        if code is None:
            raise
        print("\n".join([str(error), *getattr(error, "__notes__", [])]), file=sys.stderr)
        sys.exit(code)


def _console() -> Any:
    """Standard output; in a file or pipe, rows are as long as they need to be."""
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=160)


def _exit_code(error: Exception) -> int | None:
    from twin.accounts.ledger import UnbalancedRun
    from twin.engine.dispatch import DispatchError, InfeasibleStep
    from twin.scenario.errors import ScenarioError

    if isinstance(error, InfeasibleStep | DispatchError | UnbalancedRun):
        return 1
    if isinstance(error, ScenarioError | ValueError | OSError):
        return 2
    return None


def _park(name: str, sets: list[str] | None, variant: str | None) -> Any:
    from twin.scenario.park import load

    park = load(name)
    if variant:
        park = park.variant(variant)
    if sets:
        park = park.override(_changes(sets))
    return park


def _changes(sets: list[str]) -> dict[str, str]:
    changes = {}
    for text in sets:
        path, equals, value = text.partition("=")
        if not equals or not path:
            raise ValueError(
                f"--set {text}: write it as path=value, such as unit_6.available=false"
            )
        changes[path.strip()] = value.strip()
    return changes


def _durations(horizon: str, step: str) -> int:
    """Seconds of a step, once both options are durations that go together."""
    from twin.simulate import seconds

    found = {}
    for option, text, unit in (("horizon", horizon, "d"), ("step", step, "min")):
        try:
            found[option] = seconds(text)
        except ValueError as error:
            number = text.strip() if text.strip().isdecimal() else {"d": "365", "min": "15"}[unit]
            raise ValueError(
                f"--{option} {text} is not a duration in whole seconds above zero. "
                f"To mend: write number and unit, as --{option} '{number} {unit}'."
            ) from error
    horizon_s, step_s = found["horizon"], found["step"]
    if step_s > 86_400:
        raise ValueError(f"--step {step}: a step must lie between 1 s and 1 day")
    if horizon_s % step_s:
        fits = horizon_s // step_s * step_s
        spans = [f"'{_span(s)}'" for s in (fits, fits + step_s) if s]
        raise ValueError(
            f"--horizon {horizon} is not a whole number of steps of {step}. To mend: write "
            f"--horizon {' or '.join(spans)}, or a --step that divides it."
        )
    return step_s


def _span(seconds: int) -> str:
    units = (("d", 86_400), ("h", 3600), ("min", 60), ("s", 1))
    return next(f"{seconds // size} {unit}" for unit, size in units if seconds % size == 0)


def _check_record(record: str, step_s: int) -> None:
    from twin.simulate import recording

    try:
        recording(record, step_s)
    except ValueError as error:
        raise ValueError(
            f"--record {record}: it is neither full nor totals, nor the length of a whole number "
            f"of steps of {_span(step_s)}. To mend: write --record totals, or "
            f"--record '{_span(4 * step_s)}' for means."
        ) from error


def _room(out: Path) -> None:
    """Fail before the run if its folder cannot be written."""
    from twin.results import room_for

    room_for(out)
    above = next(path for path in out.absolute().parents if path.exists())
    if not above.is_dir():
        raise NotADirectoryError(
            f"--out {out}: {above} is no folder, so nothing can be in it. "
            "To mend: name another folder, as --out runs/base."
        )


@app.command()
def parks(as_json: Json = False) -> None:
    """List the shipped parks."""
    from models.calendar import DEFAULT_START
    from twin.network.build import build, make_clock
    from twin.scenario.park import load, shipped

    rows = []
    for name in shipped():
        park = load(name)
        network = build(park, make_clock(park, DEFAULT_START, 86_400, 3600), seed=1)
        rows.append(
            {
                "name": name,
                "title": park.title,
                "buses": len(network.buses),
                "flows": len(network.flows),
                "stores": len(network.stores),
            }
        )
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
        return
    from twin.view.terminal import plain

    table = plain(*rows[0], right=("buses", "flows", "stores"))
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    _console().print(table)


@app.command()
def check(park: Annotated[str, PARK], sets: Sets = None, variant: Variant = None) -> None:
    """Check a scenario without running it."""
    from models.calendar import DEFAULT_START
    from twin.network.build import build, make_clock

    checked = _park(park, sets, variant)
    network = build(checked, make_clock(checked, DEFAULT_START, 86_400, 900), seed=1)
    print(
        f"good: {len(checked.components)} components on {len(network.buses)} buses, "
        f"{len(network.flows)} flows, {len(network.stores)} stores"
    )


@app.command()
def run(
    park: Annotated[str, PARK],
    start: Annotated[str, typer.Option(help="Local time of the site.")] = "2025-01-01",
    horizon: Annotated[str, typer.Option(help="Such as '365 d' or '36 h'.")] = "365 d",
    step: Annotated[str, typer.Option(help="From 1 s to 1 day.")] = "15 min",
    seed: Annotated[int, typer.Option(min=0, help="Of weather and events.")] = 1,
    dispatcher: Annotated[str, typer.Option(help="kernel or reference.")] = "kernel",
    certify: Annotated[
        str | None, typer.Option(metavar="N|all", help="Solve N steps again with HiGHS.")
    ] = None,
    record: Annotated[
        str, typer.Option(metavar="full|totals|DURATION", help="What is kept; '1 h': hourly means.")
    ] = "full",
    sets: Sets = None,
    variant: Variant = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write the run to.")] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Simulate a park and print what came of it."""
    if dispatcher not in ("kernel", "reference"):
        raise ValueError(
            f"--dispatcher {dispatcher}: there are kernel and reference. "
            "To mend: leave it out for kernel, or write --dispatcher reference."
        )
    if certify is not None and certify != "all" and not certify.isdigit():
        raise ValueError(f"--certify {certify}: give a number of steps, or all")
    step_s = _durations(horizon, step)
    _check_record(record, step_s)
    loaded = _park(park, sets, variant)
    from twin.view.progress import run as run_with_bar

    if out is not None:
        _room(out)
    result = run_with_bar(
        loaded,
        quiet=quiet or as_json,
        start=start,
        horizon=horizon,
        step=step,
        seed=seed,
        dispatcher=dispatcher,
        certify=int(certify) if certify and certify != "all" else certify,
        record=record,
    )
    if out is not None:
        folder = result.save(out)
        if record != "totals":
            result.plot().savefig(folder / "week.png", dpi=120)
    if as_json:
        print(json.dumps(result.summary, ensure_ascii=False))
    elif not quiet:
        from twin.view.terminal import table

        _console().print(table(result.summary))


@app.command()
def compare(
    a: Annotated[str, typer.Argument(help="Folder of a saved run.")],
    b: Annotated[str, typer.Argument(help="Folder of another.")],
    as_json: Json = False,
    most: Annotated[int, typer.Option(help="Rows to show.")] = 40,
) -> None:
    """What changed between two saved runs."""
    from twin.results import open_run
    from twin.study.compare import compare as compare_runs

    table = compare_runs(open_run(a), open_run(b))
    if as_json:
        print(table.reset_index().to_json(orient="records", force_ascii=False))
        return
    from twin.view.terminal import comparison

    _console().print(comparison(table.head(most)))
    if len(table) > most:
        print(f"{len(table) - most} more rows changed; --most {len(table)} shows them")


@app.command()
def rate(
    park: Annotated[str, PARK],
    standard: Annotated[str, typer.Option(help="Name of a scheme.")] = "ndrc-2025-910",
    start: Annotated[str, typer.Option(help="Local time of the site.")] = "2025-01-01",
    horizon: Annotated[str, typer.Option(help="Such as '365 d' or '36 h'.")] = "365 d",
    step: Annotated[str, typer.Option(help="From 1 s to 1 day.")] = "15 min",
    seed: Annotated[int, typer.Option(min=0, help="Of weather and events.")] = 1,
    year: Annotated[int | None, typer.Option(help="Target year of the thresholds.")] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=NUMBER", help="What no flow shows; may be repeated."),
    ] = None,
    certificates: Annotated[
        float | None,
        typer.Option(help="Green certificates retired [MWh], in place of the park's contracts."),
    ] = None,
    direct_line: Annotated[
        list[str] | None,
        typer.Option(help="Component that buys by a direct line, in place of the contracts'."),
    ] = None,
    sets: Sets = None,
    variant: Variant = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Hold a park against a standard: value, threshold, verdict, and what moves it."""
    from twin.accounts.ratings import TITLES, check

    if standard not in TITLES:
        raise ValueError(f"--standard {standard}: there is {', '.join(sorted(TITLES))}")
    figures = {}
    for text in data or []:
        name, _, value = text.partition("=")
        try:
            figures[name.strip()] = float(value)
        except ValueError as error:
            raise ValueError(f"--data {text}: write it as water_reuse=0.85") from error
    check(standard, year, figures)
    _durations(horizon, step)
    loaded = _park(park, sets, variant)
    from twin.view.progress import run as run_with_bar

    result = run_with_bar(
        loaded, quiet=quiet or as_json, start=start, horizon=horizon, step=step, seed=seed
    )
    choices: dict[str, Any] = {}
    if certificates is not None:
        choices["certificates_MWh"] = certificates
    if direct_line:
        choices["direct_lines"] = tuple(direct_line)
    rating = result.rating(standard, year=year, data=figures, **choices)
    if as_json:
        print(json.dumps(rating.records(), ensure_ascii=False, allow_nan=False))
    elif not quiet:
        print(rating)


@app.command()
def audit(
    park: Annotated[str | None, typer.Argument(help="A park with claims; all by default.")] = None,
    seed: Annotated[int, typer.Option(min=0, help="Of weather and events.")] = 1,
    sets: Sets = None,
    out: Annotated[Path | None, typer.Option(help="CSV file to write the table to.")] = None,
    as_json: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing but errors.")] = False,
) -> None:
    """Hold the published figures of a park against a simulated year."""
    from twin.study.audit import audit as audit_park

    table = audit_park(park, seed=seed, changes=_changes(sets) if sets else None)
    if out is not None:
        table.to_csv(out, index=False)
    if as_json:
        print(table.drop(columns="what").to_json(orient="records", force_ascii=False))
    elif not quiet:
        from twin.view.terminal import verdicts

        _console().print(verdicts(table))
        _console().print("The formulas and numbers behind each: `twin.claims()` and docs/audit.md.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a scenario, for editors."""
    from twin.scenario.jsonschema import schema as build_schema

    print(json.dumps(build_schema(), indent=1, ensure_ascii=False))
