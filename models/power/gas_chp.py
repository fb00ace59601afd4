"""Power and heat from one gas-fired machine: engine, gas turbine, or combined cycle."""

from __future__ import annotations

from typing import ClassVar

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, port, quantity
from models.carriers import LATENT
from models.minimum_load import with_minimum
from models.site import Setting

BURNING = ("co2", "so2", "n2", "water_vapour", "air")


class GasCHP(Model):
    """An engine or turbine that may run with or without its heat being taken.

    One part of the load can run for power alone and the other with all of its heat taken; both
    share the machine's fuel input. So any heat between none and full recovery is possible. By
    itself it may run at any load; a minimum load is kept by the event `commitment`.
    """

    kind: ClassVar[str] = "gas_chp"

    fuel: str = port(kind="fuel", description="Bus of the fuel.")
    electricity: str = port(kind="electricity", description="Bus it feeds.")
    heat: str | None = port(
        None, kind="heat|steam", description="Bus of the heat; omitted, it makes power alone."
    )
    feedwater: str | None = port(
        None, kind="water", description="Water its steam is made of; needed for steam."
    )
    power_capacity: float = quantity(
        unit="MW", description="Net electric power at full load, no heat taken.", ge=0
    )
    electric_efficiency: float = quantity(
        0.45,
        unit="1",
        description="Net electricity per LHV of the fuel, no heat taken.",
        source="Danish Energy Agency, Technology Data, sheet 06 Gas engines, natural gas: annual "
        "average, 2020 (0.40 gas turbine, 0.56 combined cycle with extraction)",
        gt=0,
        lt=1,
    )
    heat_efficiency: float = quantity(
        0.474,
        unit="1",
        description="Heat per LHV of the fuel when all of it is taken.",
        source="Danish Energy Agency, Technology Data, sheet 06 Gas engines, natural gas: electric "
        "efficiency over the Cb of 0.95",
        ge=0,
    )
    power_loss: float = quantity(
        0.0,
        unit="1",
        description="Electricity lost per heat taken (Cv): 0 for engines and gas turbines, 0.15 "
        "for combined cycles with extraction.",
        source="Danish Energy Agency, Technology Data, sheets 05 and 06",
        ge=0,
        lt=1,
    )
    minimum_load: float = quantity(
        0.0,
        unit="1",
        description="Least load over full load, a flow of its own that `commitment` can hold.",
        source="assumed: any load; engines are run at half load or more",
        ge=0,
        lt=1,
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per way of running, in units of fuel.

        Raises
        ------
        PhysicsError
            More comes out than the HHV of the fuel, all power is lost to heat, or the heat's bus
            and the feedwater do not fit.
        """
        fuel, name = setting.buses[self.fuel], setting.component
        self._check(fuel)
        power = fuel.lhv * self.electric_efficiency
        full = self.power_capacity / power
        alone = {self.fuel: -1.0, self.electricity: power}
        if self.heat is None:
            flows = [self._burning(name, name, alone, full, fuel, 0.0)]
            return Lowering(with_minimum(flows, self.minimum_load))
        taken = fuel.lhv * self.heat_efficiency
        shared = f"{name}.fuel_input"
        both = {self.fuel: -1.0, self.electricity: power - self.power_loss * taken}
        both |= self._outputs(setting, taken)
        flows = [
            self._burning(f"{name}.power", name, alone | {shared: -1.0}, full, fuel, 0.0),
            self._burning(f"{name}.heat", name, both | {shared: -1.0}, full, fuel, taken),
        ]
        # All fuel passes here, so a part of it that is held holds the sum of both ways.
        capacity = Flow(f"{name}.capacity", name, {shared: 1.0}, upper=full, main=shared)
        flows += with_minimum([capacity], self.minimum_load)
        return Lowering(flows, buses={shared: Carrier(shared, fuel.unit)})

    def _burning(
        self,
        flow: str,
        component: str,
        coefficients: dict[str, float],
        full: float,
        fuel: Carrier,
        heat: float,
    ) -> Flow:
        """A way of running; what exceeds the LHV comes from condensing water of the flue gas."""
        useful = coefficients[self.electricity] + heat
        condensed = max(useful - fuel.lhv, 0.0) / (LATENT / 3600.0)
        return Flow(
            flow,
            component,
            dict(coefficients),
            upper=full,
            exchange={"wastewater": condensed} if condensed > 0 else {},
            closes=BURNING,
            activity="power",
            main=self.fuel,
        )

    def _outputs(self, setting: Setting, taken: float) -> dict[str, float]:
        """Coefficients of an amount of heat [MWh] on its bus and on the feedwater."""
        assert self.heat is not None
        heat = setting.buses[self.heat]
        if heat.unit == "MW":
            if self.feedwater:
                raise PhysicsError(
                    f"'{self.heat}' is a closed loop and takes no feedwater",
                    key="feedwater",
                    mend="leave it out",
                )
            return {self.heat: taken}
        if not self.feedwater:
            raise PhysicsError(
                f"steam for '{self.heat}' needs water to be made of",
                key="heat",
                mend="name a water bus under 'feedwater'",
            )
        rise = heat.of("energy") - setting.buses[self.feedwater].of("energy")
        if rise <= 0:
            raise PhysicsError(
                f"feedwater holds {-rise:.4f} MWh/t more than the steam to be made of it",
                key="feedwater",
                mend="name a colder water bus",
            )
        return {self.heat: taken / rise, self.feedwater: -taken / rise}

    def _check(self, fuel: Carrier) -> None:
        if fuel.lhv <= 0:
            raise PhysicsError(
                f"'{self.fuel}' has no heating value", key="fuel", mend="name a bus of a fuel"
            )
        power = self.electric_efficiency
        heat = self.heat_efficiency if self.heat else 0.0
        left = power - self.power_loss * heat
        if left < 0:
            raise PhysicsError(
                f"taking heat of {heat:g} per fuel costs {self.power_loss * heat:.3f} of "
                f"electricity, more than the {power:g} there is",
                key="power_loss",
                mend="lower the power loss or the heat efficiency",
            )
        limit = fuel.of("energy") / fuel.lhv
        if left + heat > limit:
            raise PhysicsError(
                f"electricity of {left:.3f} and heat of {heat:.3f} per LHV of '{self.fuel}' exceed "
                f"its HHV of {limit:.3f}",
                key="heat_efficiency",
                mend="lower one of the two efficiencies",
            )
