"""Buildings whose need for heat and cold follows from the weather: five resistances, one mass.

The simple hourly method of ISO 13790:2008, annex C: one node of air, one of inner surfaces, one of
mass. EN ISO 52016-1:2017 keeps its gains, conventions and set points and refines the walls.
"""

from __future__ import annotations

from typing import ClassVar, Self

import numpy as np
from pydantic import Field, model_validator

from models.base import Flow, Lowering, PhysicsError, port, quantity
from models.cold.moist_air import humidity_ratio
from models.demand.demand import ABOVE, LOST
from models.demand.drying import kept_humidity, latent_heat
from models.demand.flexibility import Flexibility, VirtualStore, shifted, virtual_store
from models.demand.room import five_resistances
from models.demand.shell import SURFACE_TO_MASS, Shell
from models.series import SeriesError
from models.shape import (
    Hours,
    Shape,
    check_hours,
    refusal,
    remembering,
    share_within,
    weight_of,
)
from models.site import Setting
from models.weather.solar import standard_pressure

DRY_AIR = 1.2
"""Mass of a cubic metre of dry air at sea level [kg/m3], as its heat capacity in ISO 13790, 9.3.1,
with 1.0 kJ/(kg K)."""


class Building(Shell):
    """Alike buildings that ask for heat, and for cold where a bus of it is named.

    Cold is sensible unless `humidity` is given. Then the coils also dry the air, as long as they
    cool it; the water that condenses is not counted. The amounts follow from the weather and are
    not scaled.
    """

    kind: ClassVar[str] = "building"

    heat: str = port(kind="heat", description="Loop that heats it.")
    cold: str | None = port(
        None, kind="cold", description="Loop that cools it; without, it grows as warm as it will."
    )
    count: float = quantity(
        1.0, unit="1", gt=0, description="How many of them.", source="assumed: one"
    )
    internal_gains: float = quantity(
        unit="W/m**2",
        ge=0,
        description="Mean heat of people, light and machines per floor area; 2.1 in certified "
        "passive houses, 3 by TABULA.",
    )
    shape: Shape = Field("residential", description="Course of the internal gains over the year.")
    heating_set_point: float = quantity(
        20.0, unit="degC", description="Air is not colder.", source="ISO 13790, table G.12: homes"
    )
    cooling_set_point: float = quantity(
        26.0, unit="degC", description="Air is not warmer.", source="ISO 13790, table G.12: homes"
    )
    humidity: float | None = quantity(
        None,
        unit="1",
        gt=0,
        lt=1,
        description="Relative humidity at the cooling set point to which air is dried while it is "
        "cooled; without, it is not dried.",
    )
    moisture: float = quantity(
        0.0,
        unit="g/(h*m**2)",
        ge=0,
        description="Vapour of people and their doings per floor area, where air is dried.",
        source="assumed: none",
    )
    occupied: Hours = Field(
        default=[(0.0, 24.0)], description="Daily hours at the set points, such as [[6, 22]]."
    )
    setback: float = quantity(
        0.0,
        unit="K",
        ge=0,
        description="By how much it may be colder outside these hours.",
        source="assumed: none",
    )
    setup: float = quantity(
        0.0,
        unit="K",
        ge=0,
        description="By how much it may be warmer outside these hours.",
        source="assumed: none",
    )
    flexibility: Flexibility | None = Field(
        None, description="A band above the heating set point that the dispatch may use."
    )
    value_of_lost_load: float = quantity(
        2_000.0, unit="currency/MWh", gt=0, description=LOST, source=ABOVE
    )

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_hours(self.occupied, "occupied")
        if self.heating_set_point > self.cooling_set_point:
            raise PhysicsError(
                f"heated to {self.heating_set_point:g} degC and cooled to "
                f"{self.cooling_set_point:g} degC at once",
                key="cooling_set_point",
                mend="let it lie above heating_set_point",
            )
        band = self.flexibility.band if self.flexibility else 0.0
        if self.heating_set_point + band > self.cooling_set_point:
            raise PhysicsError(
                f"a band of {band:g} K above {self.heating_set_point:g} degC ends above the "
                f"cooling set point of {self.cooling_set_point:g} degC",
                key="flexibility.band",
                mend="give a narrower band",
            )
        return self

    def virtual_store(self, setting: Setting) -> VirtualStore | None:
        """What the band of one building holds; None where it has none."""
        if self.flexibility is None:
            return None
        return virtual_store(
            float(self.airing(standard_pressure(setting.site.altitude))[0]),
            *self.conductances(),
            self.mass_of()[0],
            band=self.flexibility.band,
            duration=self.flexibility.duration * 3600.0,
        )

    def set_points(self, setting: Setting) -> tuple[np.ndarray, np.ndarray]:
        """Of heating and cooling on the steps of a setting [degC]."""
        away = 1.0 - share_within(self.occupied, setting.times, setting.step_s)
        store = self.virtual_store(setting)
        lift = 0.0 if store is None else store.lift
        return (
            self.heating_set_point + lift - self.setback * away,
            self.cooling_set_point + self.setup * away,
        )

    def run(self, setting: Setting) -> tuple[np.ndarray, np.ndarray]:
        """Heat, negative where cooled [W], and air [degC] of one building; shape (n_steps,).

        It begins as if the weather of the setting had always repeated.
        """
        sky = setting.weather
        capacity, area = self.mass_of()
        conductances = self.conductances()
        h_w, surfaces = conductances[0], self.inner_surface * self.floor_area
        inside = self.internal_gains * self.floor_area * self._course(setting)
        held, share = 0.5 * inside + self.solar_gains(setting), area / surfaces
        at_start = self.heating_set_point
        for _ in range(1000):
            heat, air, at_end = five_resistances(
                sky.temp_air,
                0.5 * inside,
                (1.0 - share - h_w / (SURFACE_TO_MASS * surfaces)) * held,
                share * held,
                *self.set_points(setting),
                *self.airing(sky.pressure),
                *conductances,
                capacity,
                float(setting.step_s),
                self.cold is not None,
                at_start,
            )
            if abs(at_end - at_start) < 1e-9:
                break
            at_start = at_end
        return heat, air

    def cooling_load(self, setting: Setting) -> np.ndarray:
        """Cold that one building asks for, dry and to dry its air [W], shape (n_steps,).

        Raises
        ------
        PhysicsError
            The chilled water is too warm to dry the air to `humidity`.
        """
        sensible: np.ndarray = np.maximum(-self.run(setting)[0], 0.0)
        if self.humidity is None or self.cold is None:
            return sensible
        sky, set_point = setting.weather, self.set_points(setting)[1]
        inside = kept_humidity(
            self.humidity, set_point, sky.pressure, setting.buses[self.cold].temperature
        )
        # As in the room: windows are open while that spares cooling. What recovers heat passes
        # vapour on.
        fans = self.figure("ventilation")
        aired = np.where(sky.temp_air < set_point, max(fans, self.free_cooling), fans)
        volume = (self.figure("infiltration") + aired) * self.floor_area * self.air_height / 3600.0
        air = DRY_AIR * sky.pressure / 101325.0 * volume
        outdoor = humidity_ratio(sky.temp_air, sky.relative_humidity, sky.pressure)
        moisture = self.moisture * self.floor_area / 3.6e6
        latent = latent_heat(outdoor, inside, air, moisture)
        return np.asarray(np.where(sensible > 0.0, sensible + latent, 0.0))

    def _course(self, setting: Setting) -> np.ndarray:
        """Internal gains over their mean."""
        try:
            weight = weight_of(self.shape)(setting)
        except SeriesError as error:
            raise refusal(error, "shape") from error
        if weight.min() < 0 or not weight.any():
            raise PhysicsError(
                f"the weights of '{setting.component}' lie between {weight.min():g} and "
                f"{weight.max():g}",
                key="shape",
                mend="give weights of at least zero, some of them above",
            )
        return np.asarray(weight / weight.mean())

    def lower(self, setting: Setting) -> Lowering:
        """A demand for heat, with a store before it if flexible, and one for cold if named.

        Worked out on the hours of the calendar year, so that they do not depend on the steps.
        """
        scale = self.count / 1e6
        heat = scale * remembering(lambda where: np.maximum(self.run(where)[0], 0.0))(setting)
        lowering = Lowering([self._demand(setting, "heat", self.heat, heat)])
        store = self.virtual_store(setting)
        if store is not None and self.flexibility is not None:
            room = scale * remembering(self._room_above)(setting)
            carrier = setting.buses[self.heat]
            lowering = shifted(
                lowering.flows[0], carrier, room, self.flexibility, store, self.count
            )
        if self.cold is not None:
            cold = remembering(self.cooling_load)(setting)
            lowering.flows.append(self._demand(setting, "cold", self.cold, scale * cold))
        return lowering

    def _room_above(self, setting: Setting) -> np.ndarray:
        """Heat that one building can take in without leaving its band [W], shape (n_steps,)."""
        store = self.virtual_store(setting)
        assert store is not None
        colder = self.set_points(setting)[0] + store.lift - self.run(setting)[1]
        return np.asarray(store.per_kelvin * np.maximum(colder, 0.0))

    def _demand(self, setting: Setting, role: str, bus: str, rate: np.ndarray) -> Flow:
        return Flow(
            f"{setting.component}.{role}",
            setting.component,
            {bus: -1.0},
            rate,
            steer=-self.value_of_lost_load,
            closes=("building_heat",) if role == "cold" else (),
            activity="final_use",
            demand=True,
            main=bus,
        )
