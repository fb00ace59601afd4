"""`twin.run`: a simulation with a progress bar where somebody is watching."""

from __future__ import annotations

import sys
from typing import Any

from twin.results import Run
from twin.scenario.park import Park
from twin.simulate import simulate


def run(park: Park, *, quiet: bool = False, **options: Any) -> Run:
    """Run a park; on a terminal a bar shows how far it is.

    Parameters
    ----------
    park : Park
    quiet : bool
        No bar.
    **options
        start, horizon, step, seed, dispatcher, certify: see `twin.simulate.simulate`.
    """
    if quiet or not sys.stderr.isatty():
        return simulate(park, **options)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"running {park.name}", total=1.0)
        return simulate(park, progress=lambda share: bar.update(task, completed=share), **options)
