"""Footprint of a product in the lines ISO 14067:2018 asks for.

The tracing pass gives what came with energy and materials inside the park (`footprint`); what lies
before and after is given by stage. Fossil and biogenic emission, removal by plants, change of land
use and aircraft stand in lines of their own; offsets have no place in a footprint.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from twin.accounts.embodied import Embodied
from twin.accounts.footprint import product_label

STAGES = ("raw materials", "production", "distribution", "use", "end of life")
KINDS = (
    "fossil",
    "biogenic emission",
    "biogenic removal",
    "land use change",
    "aircraft",
)
REQUIRED = {
    "gate-to-gate": ("production",),
    "cradle-to-gate": ("raw materials", "production"),
    "cradle-to-grave": STAGES,
}
"""Stages a boundary must cover; a partial footprint says that it is one."""


@dataclass(frozen=True)
class StageLine:
    """A part of a footprint.

    Attributes
    ----------
    stage, kind : str
        Of STAGES and KINDS.
    kg : float
        Per declared unit [kg CO2e]; a removal is given above zero.
    source, status : str
    """

    stage: str
    kind: str
    kg: float
    source: str = "given"
    status: str = "given"

    def __post_init__(self) -> None:
        if self.stage not in STAGES or self.kind not in KINDS:
            raise ValueError(
                f"'{self.stage}', '{self.kind}': stages are {', '.join(STAGES)}; "
                f"kinds are {', '.join(KINDS)}; offsets are none"
            )
        if not self.kg >= 0:
            raise ValueError(f"{self.stage}, {self.kind}: {self.kg:g} kg; give 0 or more")

    @property
    def signed(self) -> float:
        """As it counts in the footprint [kg CO2e]."""
        return -self.kg if self.kind == "biogenic removal" else self.kg


@dataclass(frozen=True)
class ProductFootprint:
    """Footprint of a declared unit of a product.

    Attributes
    ----------
    product, unit, boundary : str
        The boundary is one of REQUIRED.
    lines : tuple of StageLine
    stored_biogenic : float
        Biogenic carbon held in the product [kg CO2]; documented and never in the total.
    """

    product: str
    unit: str
    boundary: str
    lines: tuple[StageLine, ...]
    stored_biogenic: float = 0.0

    def __post_init__(self) -> None:
        if self.boundary not in REQUIRED:
            raise ValueError(f"no boundary '{self.boundary}'; there is {', '.join(REQUIRED)}")
        there = {line.stage for line in self.lines}
        missing = [stage for stage in REQUIRED[self.boundary] if stage not in there]
        if missing:
            raise ValueError(
                f"{self.boundary} of {self.product} lacks {', '.join(missing)}; give each stage a "
                "line, of 0 kg where nothing happens, or choose a narrower boundary"
            )
        beyond = sorted(there - set(REQUIRED[self.boundary]))
        if beyond:
            raise ValueError(f"{', '.join(beyond)} lies outside {self.boundary}")

    @property
    def partial(self) -> bool:
        """Whether it covers less than the whole life."""
        return self.boundary != "cradle-to-grave"

    @property
    def total(self) -> float:
        """Footprint [kg CO2e per declared unit]."""
        return sum(line.signed for line in self.lines)

    @property
    def table(self) -> pd.DataFrame:
        """kg CO2e by stage (rows) and kind (columns), with totals."""
        stages = REQUIRED[self.boundary]
        sums = {kind: dict.fromkeys(stages, 0.0) for kind in KINDS}
        for line in self.lines:
            sums[line.kind][line.stage] += line.signed
        frame = pd.DataFrame(sums, index=list(stages))
        frame["total"] = frame.sum(axis=1)
        frame.loc["total"] = frame.sum()
        return frame

    @property
    def unverified_share(self) -> float:
        """Share of the emission whose source is unverified or assumed."""
        emitted = [line for line in self.lines if line.kind != "biogenic removal"]
        doubtful = sum(x.kg for x in emitted if x.status in ("unverified", "assumed"))
        total = sum(x.kg for x in emitted)
        return doubtful / total if total else 0.0


def product_footprint(
    traced: Embodied,
    component: str,
    products: float,
    *,
    product: str,
    unit: str = "piece",
    boundary: str = "gate-to-gate",
    lines: Iterable[StageLine] = (),
    stored_biogenic: float = 0.0,
) -> ProductFootprint:
    """Footprint of what a component makes.

    Parameters
    ----------
    traced : Embodied
        Its factors decide whether production holds only what the park emits, or what imports bring.
    component : str
        With whom CO2 ended.
    products : float
        How many declared units it made in the run.
    product, unit, boundary : str
    lines : iterable of StageLine
        What the park does not show, per declared unit.
    stored_biogenic : float
        [kg CO2 per declared unit]
    """
    own = product_label(traced, component, products)
    made = StageLine("production", "fossil", own, "traced through the park", "scenario")
    return ProductFootprint(product, unit, boundary, (made, *lines), stored_biogenic)
