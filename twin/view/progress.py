"""`twin.run`: a simulation with a progress bar where somebody is watching."""

from __future__ import annotations

import sys
from os import PathLike
from typing import Any

from twin.engine.kernel import is_compiled
from twin.results import Run
from twin.scenario.park import Park
from twin.simulate import simulate

COMPILING = "compiling the dispatch, once for this installation: about 20 s\n"


def run(park: Park, *, quiet: bool = False, **options: Any) -> Run:
    """Run a park; on a terminal a bar shows how far it is.

    Parameters
    ----------
    park : Park
    quiet : bool
        No bar, and no word on what takes long.
    **options
        start, horizon, step, seed, dispatcher, certify, record: see `twin.simulate.simulate`.

    Raises
    ------
    TypeError
        Something else than a park is given, such as the name of one.
    """
    given: object = park
    if not isinstance(given, Park):
        mend = repr(str(given)) if isinstance(given, str | PathLike) else "..."
        raise TypeError(f"a park is needed, got {given!r}; to mend: twin.load({mend})")
    if not quiet and options.get("dispatcher", "kernel") == "kernel" and not is_compiled():
        sys.stderr.write(COMPILING)
    if quiet or not sys.stderr.isatty():
        return simulate(park, **options)
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(f"running {park.name}", total=1.0)
        return simulate(park, progress=lambda share: bar.update(task, completed=share), **options)
