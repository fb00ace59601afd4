"""Electricity of a park by origin: made on site, by direct line, from the grid, sold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from twin.accounts.activity import Activities, Use
from twin.accounts.entries import TINY, Entry
from twin.accounts.meter import Meters
from twin.accounts.origin import is_non_fossil, non_fossil_shares

if TYPE_CHECKING:
    from twin.results import Run


@dataclass(frozen=True)
class Generation:
    """A flow that gives electricity inside the fence.

    Attributes
    ----------
    amount : float
        [MWh]
    non_fossil, natural : float
        Share that is not fossil; share that comes from sun, wind, water or ground of this very
        flow, so that no fuel stands for it elsewhere [0-1].
    """

    flow: str
    component: str
    place: str
    amount: float
    non_fossil: float
    natural: float


@dataclass(frozen=True)
class Power:
    """Electricity of a run.

    Attributes
    ----------
    generation : tuple of Generation
    imports, exports : tuple of Use
    direct_lines : tuple of str
        Components whose import is a direct line of non-fossil power.
    use_MWh, direct_MWh : float
        What the park used (made + bought - sold), and the part of it that was non-fossil and
        physically delivered, hour by hour: exports are taken from non-fossil power first.
    direct_exported_MWh, fossil_exported_MWh : float
        Exports by origin, under the same rule.
    use, direct, non_fossil, exported : ndarray
        The same by hour [MWh]; non_fossil is before exports.
    """

    generation: tuple[Generation, ...]
    imports: tuple[Use, ...]
    exports: tuple[Use, ...]
    direct_lines: tuple[str, ...]
    use: np.ndarray
    direct: np.ndarray
    non_fossil: np.ndarray
    exported: np.ndarray

    @property
    def use_MWh(self) -> float:  # noqa: N802
        """Electricity used by the park [MWh]."""
        return float(self.use.sum())

    @property
    def direct_MWh(self) -> float:  # noqa: N802
        """Non-fossil power delivered without the public grid and used [MWh]."""
        return float(self.direct.sum())

    @property
    def direct_share(self) -> float:
        """Share of direct supply in use; NaN where no electricity is used."""
        return self.direct_MWh / self.use_MWh if self.use_MWh > 0 else float("nan")

    @property
    def direct_exported_MWh(self) -> float:  # noqa: N802
        """Non-fossil power sold [MWh]."""
        return float((self.non_fossil - self.direct).sum())

    @property
    def fossil_exported_MWh(self) -> float:  # noqa: N802
        """Other power sold [MWh]."""
        return max(float(self.exported.sum()) - self.direct_exported_MWh, 0.0)

    @property
    def natural_MWh(self) -> float:  # noqa: N802
        """Generation on site from sun, wind, water and ground [MWh]."""
        return sum(g.amount * g.natural for g in self.generation)


def power(run: Run, activities: Activities, direct_lines: tuple[str, ...] = ()) -> Power:
    """Electricity of a run by origin, metered hour by hour.

    Parameters
    ----------
    run : Run
    activities : Activities
        Of the same run.
    direct_lines : tuple of str
        Components whose import of electricity comes by a direct line from non-fossil plant.

    Raises
    ------
    ValueError
        A direct line names a component that buys no electricity.
    """
    imports = activities.crossing("import", "electricity")
    exports = activities.crossing("export", "electricity")
    check_buyers(activities, direct_lines, "direct line")
    meters = Meters(run)
    shares = non_fossil_shares(run, direct_lines)
    made, bought, clean, sold = (np.zeros(meters.n) for _ in range(4))
    for e in activities.entries:
        if not e.outside or not e.of_kind("electricity"):
            continue
        series = meters.amount(e.flow, e.place, outside=True)
        if e.side == "import":
            bought -= series
            if e.component in direct_lines:
                clean -= series
        elif e.side == "export":
            sold += series
    generation = []
    for name, own in activities.flows.items():
        electric = [e for e in own if not e.outside and e.of_kind("electricity")]
        gives = [e for e in electric if e.amount > TINY]
        passes_on = any(e.amount < -TINY for e in electric)
        if not gives or passes_on or own[0].activity == "storage" or own[0].side != "inside":
            continue
        non_fossil, natural = _origin(own, shares)
        for e in gives:
            series = meters.amount(e.flow, e.place)
            made += series
            clean += non_fossil * series
            generation.append(Generation(name, e.component, e.place, e.amount, non_fossil, natural))
    # What batteries and converters lose is use of the park.
    direct = np.maximum(clean - sold, 0.0)
    return Power(
        tuple(generation),
        tuple(imports),
        tuple(exports),
        tuple(sorted(direct_lines)),
        made + bought - sold,
        direct,
        clean,
        sold,
    )


def check_buyers(activities: Activities, names: Iterable[str], what: str) -> None:
    """Refuse components that buy no electricity.

    Raises
    ------
    ValueError
        With their names, and who buys.
    """
    buyers = {
        e.component
        for e in activities.entries
        if e.outside and e.side == "import" and e.of_kind("electricity")
    }
    wrong = sorted(set(names) - buyers)
    if wrong:
        raise ValueError(
            f"{what} {', '.join(wrong)} imports no electricity; "
            f"importers: {', '.join(sorted(buyers)) or 'none'}"
        )


def _origin(own: list[Entry], shares: dict[str, float]) -> tuple[float, float]:
    """Non-fossil and natural share of what a flow gives, by the energy it took."""
    total = non_fossil = natural = 0.0
    for e in own:
        if e.amount >= 0 or e.energy >= -TINY:
            continue
        total -= e.energy
        if not e.outside:
            non_fossil -= e.energy * shares[e.place]
        elif e.carrier.closes == "energy":
            natural -= e.energy
            non_fossil -= e.energy
        elif is_non_fossil(e.carrier):
            non_fossil -= e.energy
    return (non_fossil / total, natural / total) if total > 0 else (0.0, 0.0)
