"""Steam as a source of heat: it condenses into a loop, or is mixed into water to warm it."""

from __future__ import annotations

from typing import ClassVar

from models.base import Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.site import Setting


def mixing_steam(water: float, steam: float, warm: float) -> float:
    """Steam condensed into a tonne of water to warm it, without losses.

    Parameters
    ----------
    water, steam, warm : float
        Specific enthalpy of the water, the steam, and the mixture; any one unit and reference.

    Returns
    -------
    float
        t of steam per t of water, from ``water + s * steam = (1 + s) * warm``.

    Raises
    ------
    ValueError
        The mixture is not between the water and the steam.
    """
    if not water <= warm < steam:
        raise ValueError(f"{warm:.4g} does not lie between water {water:.4g} and steam {steam:.4g}")
    return (warm - water) / (steam - warm)


class SteamHeater(Model):
    """A heat exchanger in which steam condenses and heats a loop."""

    kind: ClassVar[str] = "steam_heater"

    steam: str = port(kind="steam", description="Heating steam.")
    condensate: str = port(kind="water", description="Where its condensate goes.")
    heat: str = port(kind="heat", description="Loop that is heated.")
    capacity: float = quantity(unit="MW", gt=0, description="Largest heat output.")

    def lower(self, setting: Setting) -> Lowering:
        """One flow per t/h of steam; nothing is lost but what the condensate carries."""
        steam, loop = setting.buses[self.steam], setting.buses[self.heat]
        condensate = setting.buses[self.condensate]
        if not steam.temperature > loop.temperature:
            raise PhysicsError(
                f"steam at {steam.temperature:g} degC cannot heat a loop to "
                f"{loop.temperature:g} degC",
                key="heat",
                mend="use hotter steam or a colder loop",
            )
        if condensate.temperature < loop.return_temperature:
            raise PhysicsError(
                f"condensate at {condensate.temperature:g} degC is colder than the loop's return "
                f"at {loop.return_temperature:g} degC",
                key="condensate",
                mend="name a warmer bus, or let the loop return colder",
            )
        heat = steam.of("energy") - condensate.of("energy")
        flow = Flow(
            setting.component,
            setting.component,
            {self.steam: -1.0, self.condensate: 1.0, self.heat: heat},
            self.capacity / heat,
            activity="heat",
            main=self.steam,
        )
        return Lowering([flow])


class MixingHeater(Model):
    """A deaerator or spray heater: steam condenses into water and makes it warmer."""

    kind: ClassVar[str] = "mixing_heater"

    inlet: str = port(kind="water", description="Cold water, such as make-up.")
    steam: str = port(kind="steam", description="Steam that condenses into it.")
    outlet: str = port(kind="water", description="Warm water, such as feedwater.")
    capacity: float = quantity(unit="t/h", gt=0, description="Largest flow of cold water.")

    def lower(self, setting: Setting) -> Lowering:
        """One flow per t/h of cold water."""
        cold, steam, warm = (setting.buses[b] for b in (self.inlet, self.steam, self.outlet))
        try:
            share = mixing_steam(cold.of("energy"), steam.of("energy"), warm.of("energy"))
        except ValueError as error:
            raise PhysicsError(
                f"water at {cold.temperature:g} degC and steam at {steam.temperature:g} degC do "
                f"not mix to {warm.temperature:g} degC",
                key="outlet",
                mend="let the outlet be warmer than the inlet and colder than the steam",
            ) from error
        coefficients: dict[str, Series] = {self.inlet: -1.0, self.outlet: 1.0 + share}
        if share:
            coefficients[self.steam] = -share
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            self.capacity,
            activity="heat",
            main=self.inlet,
        )
        return Lowering([flow])
