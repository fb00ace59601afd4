"""Between steam levels: letdown stations that throttle, and pipes that lose heat."""

from __future__ import annotations

from typing import Any, ClassVar

from models.base import Flow, Lowering, Model, PhysicsError, port, quantity
from models.power.steam_turbine import KJ_PER_KG, spray_water
from models.site import Setting


def _check_pressures(setting: Setting, inlet: str, outlet: str) -> None:
    high, low = setting.buses[inlet], setting.buses[outlet]
    if low.pressure > high.pressure:
        raise PhysicsError(
            f"steam cannot flow from '{inlet}' at {high.pressure:g} bar to '{outlet}' at "
            f"{low.pressure:g} bar",
            key="outlet",
            mend="exchange inlet and outlet",
        )


class Letdown(Model):
    """A valve that throttles steam at constant enthalpy; spray water takes the superheat away."""

    kind: ClassVar[str] = "letdown"

    inlet: str = port(kind="steam", description="Steam before the valve.")
    outlet: str = port(kind="steam", description="Steam bus at a lower pressure.")
    spray: str | None = port(
        None, kind="water", description="Water that cools the steam to the state of its bus."
    )
    capacity: float = quantity(unit="t/h", gt=0, description="Largest flow of steam taken.")

    def lower(self, setting: Setting) -> Lowering:
        """One flow per t/h of steam taken."""
        _check_pressures(setting, self.inlet, self.outlet)
        inlet = setting.buses[self.inlet]
        water = spray_water(
            inlet.of("energy"),
            setting.buses[self.outlet],
            setting.buses[self.spray] if self.spray else None,
            f"throttled '{self.inlet}'",
            key="outlet",
            spray_key="spray",
        )
        coefficients: dict[str, Any] = {self.inlet: -1.0, self.outlet: 1.0 + water}
        if self.spray and water:
            coefficients[self.spray] = -water
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            upper=self.capacity,
            activity="conversion",
            main=self.inlet,
        )
        return Lowering([flow])


class SteamPipe(Model):
    """A steam line: what arrives has the state of the outlet bus, and traps drain what condenses.

    The enthalpy between the two states is lost along the way by every tonne. The heat of the
    standing pipe is lost whether steam flows or not; it condenses steam of the inlet. Give one or
    the other: with `loss`, let inlet and outlet have (nearly) the same enthalpy.
    """

    kind: ClassVar[str] = "steam_pipe"

    inlet: str = port(kind="steam", description="Steam that enters.")
    outlet: str = port(kind="steam", description="Steam that arrives, at the same state or lower.")
    capacity: float = quantity(unit="t/h", gt=0, description="Largest flow.")
    length: float = quantity(
        0.0, unit="m", ge=0, description="Length of the line.", source="assumed: short"
    )
    loss: float = quantity(
        0.0,
        unit="W/m",
        ge=0,
        description="Heat lost by the standing pipe per length.",
        source="assumed: counted in the states of inlet and outlet",
    )
    condensate: str | None = port(
        None, kind="water", description="Where the traps drain to; needed with a loss."
    )
    value_of_lost_load: float = quantity(
        1000.0,
        unit="currency per amount of inlet",
        ge=0,
        description="Penalty where even the losses cannot be supplied.",
        source="assumed: far above the price of steam",
    )

    def lower(self, setting: Setting) -> Lowering:
        """The flow of steam, and the condensation of the standing pipe."""
        _check_pressures(setting, self.inlet, self.outlet)
        inlet, outlet = setting.buses[self.inlet], setting.buses[self.outlet]
        if outlet.of("energy") > inlet.of("energy") + 1e-9:
            raise PhysicsError(
                f"steam would gain enthalpy on its way: '{self.inlet}' has "
                f"{inlet.of('energy') * KJ_PER_KG:.0f} kJ/kg and '{self.outlet}' "
                f"{outlet.of('energy') * KJ_PER_KG:.0f} kJ/kg above water at 25 degC",
                key="outlet",
                mend="lower the temperature of the outlet's bus",
            )
        flows = [
            Flow(
                setting.component,
                setting.component,
                {self.inlet: -1.0, self.outlet: 1.0},
                upper=self.capacity,
                activity="conversion",
                main=self.inlet,
            )
        ]
        heat = self.length * self.loss / 1e6
        if heat > 0:
            flows.append(self._standing(setting, heat))
        return Lowering(flows)

    def _standing(self, setting: Setting, heat: float) -> Flow:
        if self.condensate is None:
            raise PhysicsError(
                f"the pipe loses {heat:.3g} MW and no bus takes what condenses",
                key="loss",
                mend="name a bus of water in 'condensate'",
            )
        given = setting.buses[self.inlet].of("energy")
        given -= setting.buses[self.condensate].of("energy")
        return Flow(
            f"{setting.component}.loss",
            setting.component,
            {self.inlet: -1.0, self.condensate: 1.0},
            upper=heat / given,
            steer=-self.value_of_lost_load,
            demand=True,
            activity="conversion",
            main=self.inlet,
        )
