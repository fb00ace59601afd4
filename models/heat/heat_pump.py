"""Heat pumps whose coefficient of performance follows the temperatures of each step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Series, port, quantity
from models.carriers import water
from models.series import TimeSeries
from models.site import Setting
from models.storage.borehole import GroundSource

ZERO = 273.15

NATURE = {
    "air": "air_heat",
    "ground": "ground_heat",
    "water_body": "water_body_heat",
    "building": "building_heat",
}
"""Surroundings carrier of each natural source."""


def log_mean(first: Series, second: Series) -> np.ndarray:
    """Thermodynamic mean of a stream of constant heat capacity between two temperatures [K]."""
    first, second = np.broadcast_arrays(np.asarray(first, float), np.asarray(second, float))
    ratio = first / second
    close = np.abs(ratio - 1) < 1e-6
    return np.where(
        close, (first + second) / 2, (first - second) / np.log(np.where(close, 2.0, ratio))
    )


def lorenz_cop(
    sink_in: Series, sink_out: Series, source_in: Series, source_out: Series
) -> np.ndarray:
    """COP of the ideal heat pump between two streams that glide [K]; infinite without a lift.

    Notes
    -----
    ``T_sink / (T_sink - T_source)`` with the log mean of each stream; Carnot's where neither
    glides. Lorenz, *Z. ges. Kaelteindustrie* 1 (1894).

    Examples
    --------
    >>> float(lorenz_cop(318.15, 353.15, 297.65, 287.65).round(2))
    7.86
    """
    sink, source = log_mean(sink_in, sink_out), log_mean(source_in, source_out)
    lift = sink - source
    return np.where(lift > 0, sink / np.where(lift > 0, lift, 1.0), np.inf)


class HeatPump(Model):
    """Heat of a loop from electricity and a colder source."""

    kind: ClassVar[str] = "heat_pump"

    electricity: str = port(kind="electricity", description="Where the power comes from.")
    heat: str = port(kind="heat", description="Loop that is heated from return to supply.")
    capacity: float = quantity(unit="MW", gt=0, description="Largest heat output.")
    lorenz_efficiency: float = quantity(
        0.5,
        unit="1",
        gt=0,
        lt=1,
        description="COP over that of the ideal heat pump between the two streams.",
        source="Danish Energy Agency, Technology Data for Industrial Process Heat, sheet 301.1c: "
        "COP 3.88 from 30/20 to 80 degC is 0.40 to 0.60 of the ideal, by the glide of the sink",
    )
    cop: float | None = quantity(
        None, unit="1", gt=1, description="A fixed COP, instead of the Lorenz efficiency."
    )
    maximum_cop: float = quantity(
        8.0,
        unit="1",
        gt=1,
        description="Limit of the COP at small lifts.",
        source="assumed: the least pressure ratio of the compressor",
    )
    source: Literal["air", "ground", "water_body", "building"] | None = Field(
        None, description="Natural source; air follows the weather. Or give `source_bus`."
    )
    source_temperature: float | TimeSeries | None = quantity(
        None, unit="degC", description="Of the ground, water body or exhaust air that is cooled."
    )
    boreholes: GroundSource | None = Field(
        None,
        description="Boreholes in the ground whose brine is cooled, instead of a temperature.",
    )
    source_bus: str | None = port(
        None, kind="water|heat", description="Water, or a warmer loop, that is cooled."
    )
    source_outlet: str | None = port(
        None, kind="water", description="Where it goes then; without it, out of the park."
    )
    source_cooling: float | None = quantity(
        None,
        unit="K",
        gt=0,
        description="By how much the source is cooled; between two buses it follows from them, "
        "elsewhere it is 5 K if not given (assumed).",
    )
    variable_cost: float = quantity(
        0.0,
        unit="currency/MWh",
        description="Operation and upkeep per heat.",
        source="assumed: none",
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per MW of electricity, and the outfall of the cooled water."""
        warm, cold, cooled = self._source(setting)
        cop = self._cop(setting, warm, cold)
        taken = cop - 1.0
        coefficients: dict[str, Any] = {self.electricity: -1.0, self.heat: _plain(cop)}
        flows: list[Flow] = []
        buses: dict[str, Carrier] = {}
        closes: tuple[str, ...] = ()
        if self.source_bus and cooled is not None:
            drop = setting.buses[self.source_bus].of("energy") - cooled.of("energy")
            mass = taken / drop
            outlet = self.source_outlet or f"{setting.component}.cooled"
            coefficients |= {self.source_bus: _plain(-mass), outlet: _plain(mass)}
            if self.source_outlet is None:
                buses[outlet] = cooled
                flows.append(
                    Flow(
                        f"{setting.component}.outfall",
                        setting.component,
                        {outlet: -1.0},
                        upper=float(np.max(mass / cop)) * self.capacity * 1.001,
                        exchange={outlet: 1.0},
                        side="emission",
                        activity="exchange",
                        main=outlet,
                    )
                )
        elif self.source_bus:
            coefficients[self.source_bus] = _plain(-taken)
        else:
            assert self.source is not None
            closes = (NATURE[self.source],)
        flows.append(
            Flow(
                setting.component,
                setting.component,
                coefficients,
                upper=_plain(self.capacity / cop),
                cost=_plain(self.variable_cost * cop),
                closes=closes,
                activity="heat",
                main=self.electricity,
            )
        )
        return Lowering(flows, buses=buses)

    def planned(self, setting: Setting) -> dict[str, tuple[str, float, float]]:
        """What its source was reckoned for; a run that takes more is told so.

        Returns
        -------
        dict
            Field that holds the plan: carrier of the surroundings, amount that the plan takes of it
            over the run, and in a year [MWh].
        """
        if self.boreholes is None:
            return {}
        plan = self.boreholes
        amounts = plan.planned(setting), plan.annual_extraction
        return {"boreholes.annual_extraction": (NATURE["ground"], *amounts)}

    def _source(self, setting: Setting) -> tuple[Series, Series, Carrier | None]:
        """Temperature of the source before and after [degC], and the cooled water."""
        if self.boreholes is not None and self.source is None and self.source_bus is None:
            raise PhysicsError(
                "boreholes cool the ground, and no source is named",
                key="boreholes",
                mend="write source: ground",
            )
        if (self.source is None) == (self.source_bus is None):
            raise PhysicsError(
                "the source is a natural one or a bus of water, one of the two",
                mend="give 'source', such as air, or 'source_bus'",
            )
        if self.boreholes is not None and self.source != "ground":
            raise PhysicsError(
                f"boreholes cool the ground, and the source is {self.source or self.source_bus}",
                key="boreholes",
                mend="write source: ground, or leave the boreholes out",
            )
        if self.source_bus is None:
            warm = self._natural(setting)
            return warm, warm - (self.source_cooling or 5.0), None
        bus = setting.buses[self.source_bus]
        if bus.unit == "MW":
            if self.source_outlet or self.source_cooling:
                raise PhysicsError(
                    f"'{self.source_bus}' is a closed loop, cooled from {bus.temperature:g} to "
                    f"{bus.return_temperature:g} degC",
                    key="source_outlet" if self.source_outlet else "source_cooling",
                    mend="leave it out",
                )
            return bus.temperature, bus.return_temperature, None
        if self.source_outlet is None:
            cold = bus.temperature - (self.source_cooling or 5.0)
            if cold < 0.5:
                raise PhysicsError(
                    f"'{self.source_bus}' at {bus.temperature:g} degC would be cooled to {cold:g} "
                    "degC and freeze",
                    key="source_cooling",
                    mend="cool it less",
                )
            return bus.temperature, cold, _cooled(bus, f"{setting.component}.cooled", cold)
        outlet = setting.buses[self.source_outlet]
        cooling = bus.temperature - outlet.temperature
        wanted = cooling if self.source_cooling is None else self.source_cooling
        if cooling <= 0 or abs(wanted - cooling) > 1e-6:
            raise PhysicsError(
                f"from '{self.source_bus}' to '{self.source_outlet}' water is cooled by "
                f"{cooling:g} K, not by {wanted:g} K",
                key="source_outlet",
                mend="let the outlet's carrier have the temperature of the cooled water",
            )
        return bus.temperature, outlet.temperature, outlet

    def _natural(self, setting: Setting) -> np.ndarray:
        given = self.source_temperature
        if self.boreholes is not None:
            if given is not None:
                raise PhysicsError(
                    "the temperature of the ground is given, and follows from boreholes too",
                    key="source_temperature",
                    mend="leave one of the two out",
                )
            # Half the cooling lies above the mean of the brine and half below.
            return self.boreholes.on(setting) + (self.source_cooling or 5.0) / 2
        if given is None and self.source == "air":
            return setting.weather.temp_air
        if given is None:
            raise PhysicsError(
                f"the temperature of the source '{self.source}' is not given",
                key="source",
                mend="give 'source_temperature', a value or a series"
                + (", or 'boreholes'" if self.source == "ground" else ""),
            )
        if isinstance(given, TimeSeries):
            return given.on(setting.times, setting.step_s)
        return np.full(setting.n_steps, float(given))

    def _cop(self, setting: Setting, warm: Series, cold: Series) -> np.ndarray:
        heat = setting.buses[self.heat]
        ideal = lorenz_cop(
            heat.return_temperature + ZERO,
            heat.temperature + ZERO,
            np.asarray(warm) + ZERO,
            np.asarray(cold) + ZERO,
        )
        if self.cop is None:
            return np.clip(self.lorenz_efficiency * ideal, 1.0, self.maximum_cop)
        worst = float(np.min(ideal))
        if self.cop >= worst:
            raise PhysicsError(
                f"COP {self.cop:g} is not below {worst:.2f}, that of an ideal heat pump heating "
                f"from {heat.return_temperature:g} to {heat.temperature:g} degC with a source at "
                f"{float(np.min(warm)):g} degC",
                key="cop",
                mend="give a lower COP, or a Lorenz efficiency of 0.4 to 0.6",
            )
        return np.full(np.shape(ideal), self.cop)


def _cooled(bus: Carrier, name: str, temperature: float) -> Carrier:
    """The same water, and all that is in it, at a lower temperature [degC]."""
    before, after = water("", bus.temperature), water("", temperature)
    energy = bus.of("energy") + after.of("energy") - before.of("energy")
    return replace(
        bus,
        name=name,
        content={**bus.content, "energy": energy},
        exergy=bus.exergy + after.exergy - before.exergy,
        temperature=temperature,
    )


def _plain(value: Series) -> Series:
    """A float where all steps are equal, so that the network holds no needless series."""
    array = np.asarray(value, float)
    return float(array.flat[0]) if np.all(array == array.flat[0]) else array
