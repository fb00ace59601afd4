"""The shell of a building: walls, windows, air and mass, and the sun on them.

Areas follow from floor, storeys and plan; conductances, mass and gains by ISO 13790:2008.
"""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.base import Model, PhysicsError, quantity
from models.demand.envelope import ARCHETYPES, GLASS_ANGLE, GLASS_DIFFUSE, GLASS_SHARE, MASS
from models.series import epoch_seconds
from models.site import Setting
from models.weather.plane import light_on_plane
from models.weather.solar import extraterrestrial

SURFACE_TO_MASS = 9.1
"""Heat transfer between inner surfaces and the mass behind them [W/(m2 K)] (ISO 13790, 12.2.2)."""

HEAT_OF_AIR = 1200.0
"""Heat capacity of a cubic metre of air at sea level [J/(m3 K)] (ISO 13790, 9.3.1)."""

SKY_RADIATION = 4.14
"""Of a roof to a sky as much colder than the air [W/(m2 K)] (EN ISO 52016-1:2017, annex B)."""

SKY_OF_WALL = 0.5 * 0.5**0.5
"""Share of it for a wall, which sees half the sky and of that the lower part, near the temperature
of the air (G. N. Walton, *TARP Reference Manual*, NBSIR 83-2655, 1983)."""

FACING = {"north": 0.0, "east": 90.0, "south": 180.0, "west": 270.0}


class Mass(BaseModel):
    """Heat capacity of a building that no class of the standard fits."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    heat_capacity: float = quantity(
        unit="J/(m2*K)", gt=0, description="Within reach of a day, per floor area."
    )
    area: float = quantity(
        unit="1",
        gt=0,
        description="Effective area of the mass per floor area; ISO 13790, equation 66.",
    )


class Shell(Model):
    """What a building is like, whatever is done in it."""

    floor_area: float = quantity(unit="m**2", gt=0, description="Heated floor of one building.")
    archetype: Literal["passive_house", "new", "renovated", "old"] = Field(
        description="What its envelope is like; each figure of it may be set by itself."
    )
    storeys: float = quantity(
        3.0, unit="1", ge=1, description="Floors above each other.", source="assumed: a low block"
    )
    storey_height: float = quantity(
        2.8, unit="m", gt=0, description="From floor to floor.", source="assumed: dwellings"
    )
    length_to_width: float = quantity(
        2.0,
        unit="1",
        gt=0,
        description="Of its plan; the length runs from east to west.",
        source="assumed: a short block",
    )
    window_share: float = quantity(
        0.2,
        unit="1",
        ge=0,
        lt=1,
        description="Windows over facade, on all sides.",
        source="assumed: dwellings",
    )
    south_window_share: float | None = quantity(
        None,
        unit="1",
        ge=0,
        lt=1,
        description="Windows over facade in the south, where it differs.",
    )
    frame_share: float = quantity(
        0.3,
        unit="1",
        ge=0,
        lt=1,
        description="Frame over window.",
        source="assumed: 0.2 to 0.3 (ISO 13790, 11.4.5)",
    )
    shading: float = quantity(
        0.6,
        unit="1",
        ge=0,
        le=1,
        description="Share of light that blinds, soiling and neighbours leave to windows.",
        source="TABULA calculation method (2013): 0.6 for both by reference",
    )
    u_wall: float | None = quantity(None, unit="W/(m2*K)", gt=0, description="Outer walls.")
    u_roof: float | None = quantity(None, unit="W/(m2*K)", gt=0, description="Roof.")
    u_floor: float | None = quantity(None, unit="W/(m2*K)", gt=0, description="Lowest floor.")
    u_window: float | None = quantity(None, unit="W/(m2*K)", gt=0, description="Windows.")
    g_value: float | None = quantity(
        None, unit="1", ge=0, le=1, description="Solar gain of the glass at normal incidence."
    )
    thermal_bridge: float | None = quantity(
        None, unit="W/(m2*K)", ge=0, description="Added to all U-values."
    )
    ground_factor: float = quantity(
        0.5,
        unit="1",
        ge=0,
        le=1,
        description="Loss through the lowest floor, of that to the air.",
        source="TABULA calculation method (2013): 0.5 to the ground",
    )
    ventilation: float | None = quantity(
        None, unit="1/h", ge=0, description="Air changed by people or fans."
    )
    infiltration: float | None = quantity(
        None, unit="1/h", ge=0, description="Air changed through leaks."
    )
    heat_recovery: float | None = quantity(
        None, unit="1", ge=0, lt=1, description="Share of the heat of ventilation that is regained."
    )
    free_cooling: float = quantity(
        0.0,
        unit="1/h",
        ge=0,
        description="Air changed by open windows or a bypass where that spares cooling.",
        source="assumed: none, but for what heat recovery lets pass",
    )
    air_height: float = quantity(
        2.5, unit="m", gt=0, description="Air volume over floor.", source="assumed: clear height"
    )
    mass: Literal["very_light", "light", "medium", "heavy", "very_heavy"] | Mass = Field(
        "medium", description="Class of ISO 13790, table 12, or heat capacity and area."
    )
    inner_surface: float = quantity(
        4.5,
        unit="1",
        gt=0,
        description="Area of all inner surfaces per floor area.",
        source="ISO 13790, 7.2.2.2",
    )
    surface_to_air: float = quantity(
        3.45,
        unit="W/(m2*K)",
        gt=0,
        description="From inner surfaces to air. Convection of h makes it 1 / (1/h - 1/9.1).",
        source="ISO 13790, 7.2.2.2: h of 2.5 W/(m2 K)",
    )
    outer_resistance: float = quantity(
        0.04,
        unit="m2*K/W",
        gt=0,
        description="Of the film outside, within the U-values: what sun and sky act through.",
        source="ISO 6946",
    )
    absorptance: float = quantity(
        0.6,
        unit="1",
        ge=0,
        le=1,
        description="Sunlight that walls and roof take up.",
        source="ISO 13790: intermediate colour",
    )
    sky_difference: float = quantity(
        11.0,
        unit="K",
        ge=0,
        description="By how much the sky is colder than the air: 9 near the poles, 13 in the "
        "tropics; none where the film outside already counts it.",
        source="EN ISO 52016-1:2017, annex B: intermediate zones",
    )

    @model_validator(mode="after")
    def _check_shell(self) -> Self:
        if self.mass_of()[1] > self.inner_surface * self.floor_area:
            raise PhysicsError(
                f"the mass has {self.mass_of()[1]:.0f} m2 and the inner surfaces "
                f"{self.inner_surface * self.floor_area:.0f} m2 in all",
                key="inner_surface",
                mend="give more of it, or a mass of less area",
            )
        if not self.coupling() > self.opaque():
            raise PhysicsError(
                f"walls lose {self.opaque():.0f} W/K, more than {self.coupling():.0f} W/K that "
                "pass from the surfaces to their mass",
                key="mass",
                mend="give lower U-values or more area of mass",
            )
        return self

    def figure(self, name: str) -> float:
        """A figure of the envelope: as given, else the archetype's."""
        own = getattr(self, name)
        return float(getattr(ARCHETYPES[self.archetype], name) if own is None else own)

    def facades(self) -> dict[str, tuple[float, float]]:
        """Opaque and window area of each side [m2]."""
        plan = self.floor_area / self.storeys
        length = (plan * self.length_to_width) ** 0.5
        sides = {"north": length, "south": length, "east": plan / length, "west": plan / length}
        found = {}
        for side, width in sides.items():
            area = width * self.storeys * self.storey_height
            own = self.south_window_share if side == "south" else None
            share = self.window_share if own is None else own
            found[side] = (area * (1 - share), area * share)
        return found

    def opaque(self) -> float:
        """Conductance of walls, roof and floor to the outside [W/K]."""
        walls = sum(wall for wall, _ in self.facades().values())
        plan, bridge = self.floor_area / self.storeys, self.figure("thermal_bridge")
        return float(
            walls * (self.figure("u_wall") + bridge)
            + plan * (self.figure("u_roof") + bridge)
            + plan * self.ground_factor * (self.figure("u_floor") + bridge)
        )

    def mass_of(self) -> tuple[float, float]:
        """Heat capacity [J/K] and effective area [m2] of the mass."""
        if isinstance(self.mass, Mass):
            capacity, area = self.mass.heat_capacity, self.mass.area
        else:
            capacity, area = MASS[self.mass]
        return capacity * self.floor_area, area * self.floor_area

    def coupling(self) -> float:
        """Conductance between surfaces and mass [W/K]."""
        return SURFACE_TO_MASS * self.mass_of()[1]

    def solar_gains(self, setting: Setting) -> np.ndarray:
        """Sun through windows and into walls, less what they radiate to the sky [W]."""
        sky = setting.weather
        outside = extraterrestrial(epoch_seconds(setting.times) + setting.step_s / 2)
        light = (sky.ghi, sky.dni, sky.dhi, sky.zenith, sky.azimuth, outside)
        bridge = self.figure("thermal_bridge")
        u_wall, u_window = self.figure("u_wall") + bridge, self.figure("u_window")
        film, lost = self.outer_resistance, SKY_RADIATION * self.sky_difference
        glass = (1 - self.frame_share) * self.shading * self.figure("g_value")
        gains = np.zeros(setting.n_steps)
        for side, (wall, window) in self.facades().items():
            direct, incidence, scattered = light_on_plane(
                *light, tilt=90.0, facing=FACING[side], albedo=0.2
            )
            through = direct * np.interp(incidence, GLASS_ANGLE, GLASS_SHARE)
            gains += window * glass * (through + GLASS_DIFFUSE * scattered)
            gains += self.absorptance * film * u_wall * wall * (direct + scattered)
            sides = u_wall * wall + u_window * window
            gains -= SKY_OF_WALL * lost * film * sides
        roof = self.floor_area / self.storeys * (self.figure("u_roof") + bridge)
        return gains + film * roof * (self.absorptance * sky.ghi - lost)

    def conductances(self) -> tuple[float, float, float, float]:
        """Of windows, outside to mass, mass to surfaces and surfaces to air [W/K]."""
        windows = sum(window for _, window in self.facades().values())
        coupling = self.coupling()
        return (
            windows * self.figure("u_window"),
            1.0 / (1.0 / self.opaque() - 1.0 / coupling),
            coupling,
            self.surface_to_air * self.inner_surface * self.floor_area,
        )

    def airing(self, pressure: float | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Conductance of ventilation at least, and at most [W/K], at a pressure [Pa]."""
        volume = self.floor_area * self.air_height
        per_change = HEAT_OF_AIR * np.asarray(pressure, float) / 101325.0 * volume / 3600
        leaks, fans = self.figure("infiltration"), self.figure("ventilation")
        least = per_change * (leaks + fans * (1 - self.figure("heat_recovery")))
        return least, per_change * (leaks + max(fans, self.free_cooling))
