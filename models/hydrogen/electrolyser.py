"""Electrolysers: water and electricity to hydrogen and oxygen, and the heat of the losses.

A cell needs more voltage the more current it carries, so hydrogen costs more electricity at high
load. The voltage is taken as a straight line, and the curve it gives as convex segments.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, port, quantity
from models.minimum_load import with_minimum
from models.site import Setting

SEGMENTS = 3
"""Pieces of the load curve; three follow a curve of this kind within 0.5 % of full load."""

SHED_EARLY = 1_000.0
"""Penalty on standby that is not served [currency/MWh]: above most prices, below any demand's."""


def segment_means(at_zero: float, at_full: float, n: int) -> np.ndarray:
    """Mean marginal value on each of `n` equal segments, of a ratio that is linear in the load.

    Parameters
    ----------
    at_zero, at_full : float
        Input over output (or output over input) at no load and at full load.

    Returns
    -------
    ndarray, shape (n,)
        In order of load. With a ratio ``a + (b - a) h`` the input is ``a h + (b - a) h^2``, whose
        chord over ``[k/n, (k+1)/n]`` rises by ``a + (b - a) (2k + 1) / n``.

    Examples
    --------
    >>> segment_means(40.0, 52.0, 3).tolist()
    [44.0, 52.0, 60.0]
    """
    return np.asarray(at_zero + (at_full - at_zero) * (2.0 * np.arange(n) + 1.0) / n)


class Electrolyser(Model):
    """Base of the electrolysers; its kinds differ by their defaults.

    The dispatch takes segments in order of their yield, since hydrogen is worth more than the heat
    of the loss. By itself it may run at any load: a minimum load, starts and standby are kept by
    the event `commitment`, which acts on the flows `minimum` and `standby` made here. Cold starts
    from 0 to 100 % take 60 min (50 to 105) for alkaline cells and 0.3 min (0.3 to 1) for PEM
    (Danish Energy Agency, sheets 86 AEC and PEMEC 100 MW, 2025).
    """

    electricity: str = port(kind="electricity", description="Where the power comes from.")
    hydrogen: str = port(kind="fuel|gas", description="Where hydrogen goes.")
    water: str = port(kind="water", description="Purified water.")
    oxygen: str | None = port(
        None, kind="gas", description="Where oxygen goes; without it, to the air."
    )
    heat: str | None = port(
        None, kind="heat", description="Loop that cools the stack; without it, the ambient does."
    )
    power_capacity: float = quantity(
        unit="MW", ge=0, description="Electricity at full load, stack and auxiliaries."
    )
    minimum_load: float = quantity(
        0.0,
        unit="1",
        ge=0,
        lt=1,
        description="Least load over full load, a flow of its own that `commitment` can hold.",
        source="assumed: any load; 0.1 to 0.4 for alkaline cells, 0 to 0.1 for PEM (unverified)",
    )
    standby_power: float = quantity(
        0.0,
        unit="MW",
        ge=0,
        description="Electricity that `commitment` can ask for, to heat the stack or keep it warm.",
        source="assumed: none",
    )
    stack_consumption: float = quantity(
        unit="MWh/t", gt=0, description="Electricity of a new stack per hydrogen at full load."
    )
    low_load_consumption: float = quantity(
        unit="MWh/t",
        gt=0,
        description="The same towards no load: the straight part of the voltage curve extended.",
    )
    auxiliary: float = quantity(
        unit="MWh/t", ge=0, description="Electricity of rectifier, pumps and drying per hydrogen."
    )
    stack_temperature: float = quantity(
        unit="degC", ge=20, le=200, description="Of the cooling water that leaves the stack."
    )
    operating_hours: float = quantity(
        0.0,
        unit="h",
        ge=0,
        description="Hours the stack has run at the start of the run.",
        source="assumed: new",
    )
    degradation: float = quantity(
        unit="1/h", ge=0, lt=1e-4, description="Rise of the stack's consumption per hour run."
    )
    water_demand: float = quantity(
        9.0,
        unit="1",
        gt=0,
        description="Water per hydrogen by mass; what does not react goes to the sewer.",
        source="Danish Energy Agency, Technology Data for Renewable Fuels, sheet 86 AEC 100 MW: "
        "174.961 kg of ultrapure water and 19.4401 kg of hydrogen per MWh",
    )
    unrecovered: float = quantity(
        0.03,
        unit="1",
        ge=0,
        lt=1,
        description="Share of the electricity lost as heat that cannot be recovered.",
        source="Danish Energy Agency, Technology Data for Renewable Fuels, sheets 86 AEC and PEMEC "
        "100 MW, 2025",
    )
    approach: float = quantity(
        5.0,
        unit="K",
        ge=0,
        description="Stack temperature above the supply of the heated loop.",
        source="assumed: plate heat exchanger",
    )
    variable_cost: float = quantity(
        0.0,
        unit="currency/MWh",
        description="Operation and upkeep per electricity.",
        source="assumed: none",
    )

    def consumption(self) -> np.ndarray:
        """Electricity per hydrogen on each segment, shape (SEGMENTS,) [MWh/t]."""
        worn = 1.0 + self.degradation * self.operating_hours
        stack = segment_means(self.low_load_consumption, self.stack_consumption, SEGMENTS)
        return np.asarray(worn * stack + self.auxiliary)

    def lower(self, setting: Setting) -> Lowering:
        """One flow per segment of the load, in MW of electricity."""
        gas = setting.buses[self.hydrogen]
        tonne = self._per_tonne(gas)
        self._check(setting, gas, tonne)
        consumption = self.consumption()
        full = consumption.mean()
        flows = []
        for k, needed in enumerate(consumption):
            upper = self.power_capacity * needed / full / SEGMENTS
            role = f"{setting.component}.load_{k + 1}"
            flows.append(self._segment(role, setting, tonne / needed, float(upper)))
        flows = with_minimum(flows, self.minimum_load)
        if self.standby_power:
            flows.append(self._standby(setting))
        return Lowering(flows)

    def _standby(self, setting: Setting) -> Flow:
        """Heat for a stack that makes nothing; shed before what people ask for."""
        return Flow(
            f"{setting.component}.standby",
            setting.component,
            {self.electricity: -1.0},
            self.standby_power,
            steer=-SHED_EARLY,
            activity="conversion",
            demand=True,
            on_call=True,
            main=self.electricity,
        )

    def _segment(self, role: str, setting: Setting, made: float, upper: float) -> Flow:
        """A flow that makes `made` of hydrogen [MWh or t] per MWh of electricity."""
        gas, water = setting.buses[self.hydrogen], setting.buses[self.water]
        reacting = made * gas.of("water")
        taken = made * gas.of("mass") * self.water_demand
        freed = reacting - made * gas.of("mass")
        coefficients: dict[str, Any] = {
            self.electricity: -1.0,
            self.hydrogen: made,
            self.water: -taken,
        }
        exchange: dict[str, Any] = {"wastewater": taken - reacting}
        if self.oxygen:
            coefficients[self.oxygen] = freed
        else:
            exchange["oxygen"] = freed
        if self.heat:
            held = made * gas.of("energy") - reacting * water.of("energy")
            coefficients[self.heat] = max(1.0 - self.unrecovered - held, 0.0)
        return Flow(
            role,
            setting.component,
            coefficients,
            upper,
            cost=self.variable_cost,
            exchange=exchange,
            activity="conversion",
            main=self.electricity,
        )

    def _per_tonne(self, gas: Carrier) -> float:
        """Units of the hydrogen bus in one tonne."""
        if gas.of("carbon") or not gas.of("mass") or gas.of("water") < 8.9 * gas.of("mass"):
            raise PhysicsError(
                f"'{self.hydrogen}' is not hydrogen: it holds {gas.of('carbon'):.3g} t of carbon, "
                f"{gas.of('mass'):.3g} t of mass and forms {gas.of('water'):.3g} t of water",
                key="hydrogen",
                mend="name a bus of hydrogen",
            )
        return 1.0 / gas.of("mass")

    def _check(self, setting: Setting, gas: Carrier, tonne: float) -> None:
        if self.low_load_consumption > self.stack_consumption:
            raise PhysicsError(
                f"{self.low_load_consumption:g} MWh/t at low load and {self.stack_consumption:g} "
                "at full load: no cell needs less voltage for more current",
                key="low_load_consumption",
                mend="give at most the stack_consumption",
            )
        water = setting.buses[self.water]
        least = tonne * (gas.of("energy") - gas.of("water") * water.of("energy"))
        first = float(self.consumption()[0])
        if first * (1.0 - self.unrecovered) < least:
            raise PhysicsError(
                f"of {first:.2f} MWh of electricity per tonne at low load "
                f"{first * (1.0 - self.unrecovered):.2f} are not lost, and hydrogen holds "
                f"{least:.2f} more than its water (HHV)",
                key="low_load_consumption",
                mend=f"let low load with auxiliaries need {least / (1 - self.unrecovered):.2f} "
                "MWh/t, or lower 'unrecovered'",
            )
        reacting = tonne * gas.of("water")
        if self.water_demand < reacting - 1e-9:
            raise PhysicsError(
                f"{self.water_demand:g} t of water per t of hydrogen, and {reacting:.3f} react",
                key="water_demand",
                mend=f"give at least {reacting:.3f}",
            )
        if self.heat is None:
            return
        loop = setting.buses[self.heat]
        hottest = self.stack_temperature - self.approach
        if loop.temperature > hottest:
            raise PhysicsError(
                f"'{self.heat}' is to be heated to {loop.temperature:g} degC, and a stack at "
                f"{self.stack_temperature:g} degC heats to {hottest:g} degC",
                key="heat",
                mend="name a colder loop, and lift its heat with a heat pump",
            )


class AlkalineElectrolyser(Electrolyser):
    """Cells in potash lye, with a porous separator."""

    kind: ClassVar[str] = "alkaline_electrolyser"

    stack_consumption: float = quantity(
        51.44,
        unit="MWh/t",
        gt=0,
        description="Electricity of a new stack per hydrogen at full load.",
        source="Danish Energy Agency, Technology Data for Renewable Fuels, sheet 86 AEC 100 MW, "
        "2025 (49.8 to 54.9)",
    )
    low_load_consumption: float = quantity(
        42.2,
        unit="MWh/t",
        gt=0,
        description="The same towards no load: the straight part of the voltage curve extended.",
        source="0.82 of full load, as the cell of Ulleberg, Int. J. Hydrogen Energy 28 (2003) 21, "
        "at 80 degC: line through 0.9 and 3 kA/m2",
    )
    auxiliary: float = quantity(
        5.25,
        unit="MWh/t",
        ge=0,
        description="Electricity of rectifier, pumps and drying per hydrogen.",
        source="Danish Energy Agency, sheet 86 AEC 100 MW, 2025: 56.69 less 51.44 of the stack",
    )
    stack_temperature: float = quantity(
        75.0,
        unit="degC",
        ge=20,
        le=200,
        description="Of the cooling water that leaves the stack.",
        source="assumed: lye at 80 degC (70 to 90)",
    )
    degradation: float = quantity(
        1.3e-6,
        unit="1/h",
        ge=0,
        lt=1e-4,
        description="Rise of the stack's consumption per hour run.",
        source="Danish Energy Agency, sheet 86 AEC 100 MW, 2025: 0.13 % per 1000 h",
    )


class PEMElectrolyser(Electrolyser):
    """Cells with a proton exchange membrane."""

    kind: ClassVar[str] = "pem_electrolyser"

    stack_consumption: float = quantity(
        53.85,
        unit="MWh/t",
        gt=0,
        description="Electricity of a new stack per hydrogen at full load.",
        source="Danish Energy Agency, Technology Data for Renewable Fuels, sheet 86 PEMEC 100 MW, "
        "2025",
    )
    low_load_consumption: float = quantity(
        43.1,
        unit="MWh/t",
        gt=0,
        description="The same towards no load: the straight part of the voltage curve extended.",
        source="assumed: 1.62 of 2.03 V, from a kinetic loss of 0.3 to 0.4 V over reversible",
    )
    auxiliary: float = quantity(
        6.69,
        unit="MWh/t",
        ge=0,
        description="Electricity of rectifier, pumps and drying per hydrogen.",
        source="Danish Energy Agency, sheet 86 PEMEC 100 MW, 2025: 60.54 less 53.85 of the stack",
    )
    stack_temperature: float = quantity(
        65.0,
        unit="degC",
        ge=20,
        le=200,
        description="Of the cooling water that leaves the stack.",
        source="assumed: membranes work at 60 to 80 degC",
    )
    degradation: float = quantity(
        1.725e-6,
        unit="1/h",
        ge=0,
        lt=1e-4,
        description="Rise of the stack's consumption per hour run.",
        source="Danish Energy Agency, sheet 86 PEMEC 100 MW, 2025: 0.1725 % per 1000 h",
    )
