"""Where captured CO2 goes: the way there, storage that leaks, and use that only delays.

What is stored stays in the books of the park as a stored amount and its leakage as an emission.
What is used leaves in a product; when it comes back is worked out by `later_release`, apart from
the emissions of the run.
"""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from pydantic import Field

from models.base import Flow, Lowering, Model, PhysicsError, Series, Store, port, quantity
from models.carbon.carbon_capture import is_co2
from models.heat.boiler import COMBUSTION
from models.site import Setting

HOURS_PER_YEAR = 8760.0

ENERGY_USE = {
    # Danish Energy Agency, sheet 421, lines of 30 to 120 t/h: 0.04 kW per t/h and km.
    "pipeline": 0.04,
    # Danish Energy Agency, commercial freight, diesel semi-trailer of 50 t: 3.44 kWh of fuel per
    # km, there and back empty, with 25 t of CO2 (assumed).
    "truck": 2 * 3.4385 / 25.0,
    "ship": None,
}
"""Energy per tonne and kilometre of the way to the store, by mode [kWh/t/km]."""

LOSS = {"pipeline": 0.0, "truck": 0.0, "ship": 0.035}
"""Share of the CO2 lost per 1000 km (ships: 3 to 4 %, IPCC special report on CO2 capture and
storage, 2005, chapter 4)."""


def later_release(amount: float, half_life: float, years: float) -> float:
    """CO2 of a product that has come back to the air some years after its use [t].

    Parameters
    ----------
    amount : float
        CO2 bound in the product [t].
    half_life : float
        Time in which half of it is released [a]; infinite for a mineral, zero for a fuel or urea.
    years : float
        Time since [a].

    Raises
    ------
    ValueError
        A time is below zero.

    Notes
    -----
    First-order decay as of harvested wood products (IPCC 2006, vol. 4, eq. 12.1).
    """
    if half_life < 0 or years < 0:
        raise ValueError(f"half-life {half_life:g} a and time {years:g} a must be at least zero")
    if half_life == 0:
        return amount
    return -amount * math.expm1(-math.log(2.0) * years / half_life)


class CO2Transport(Model):
    """CO2 on its way by pipeline, truck or ship; what is lost on the way is emitted."""

    kind: ClassVar[str] = "co2_transport"

    inlet: str = port(kind="gas", description="CO2 as it leaves.")
    outlet: str = port(kind="gas", description="CO2 as it arrives.")
    mode: Literal["pipeline", "truck", "ship"] = Field(description="How it travels.")
    distance: float = quantity(unit="km", ge=0, description="One way.")
    energy: str = port(
        kind="electricity|fuel",
        description="Electricity of pumps, or fuel of the vehicle.",
    )
    energy_use: float | None = quantity(
        None,
        unit="kWh/t/km",
        ge=0,
        description="Energy per tonne carried and km of distance, the way back included; by "
        "default that of the mode (pipeline 0.04, diesel truck 0.275), to be given for a ship.",
        source="Danish Energy Agency, Technology Data, sheet 421 CO2 pipeline and commercial "
        "freight (diesel semi-trailer of 50 t; 25 t of CO2 and an empty way back assumed)",
    )
    loss: float | None = quantity(
        None,
        unit="1",
        ge=0,
        lt=1,
        description="Share lost per 1000 km; by default 0.035 of a ship and none otherwise.",
        source="IPCC special report on carbon dioxide capture and storage, 2005, chapter 4: ships "
        "lose 3 to 4 % per 1000 km",
    )
    capacity: float = quantity(unit="t/h", gt=0, description="Largest rate at the start.")
    cost: float = quantity(
        0.0, unit="currency/t", description="Freight per CO2.", source="assumed: none"
    )

    def lower(self, setting: Setting) -> Lowering:
        """One flow per tonne that leaves."""
        use = ENERGY_USE[self.mode] if self.energy_use is None else self.energy_use
        if use is None:
            raise PhysicsError(
                f"nothing is known of the energy of a {self.mode}",
                key="mode",
                mend="give 'energy_use' in kWh per tonne and km",
            )
        lost = (LOSS[self.mode] if self.loss is None else self.loss) * self.distance / 1000.0
        if lost >= 1:
            raise PhysicsError(
                f"over {self.distance:g} km all CO2 would be lost",
                key="distance",
                mend="lower the loss or the distance",
            )
        check_co2(setting, self, "inlet", "outlet")
        carrier = setting.buses[self.energy]
        burnt = "fuel" in carrier.kind.split("|")
        worth = 1.0 if carrier.unit == "MW" else carrier.lhv
        coefficients: dict[str, Series] = {self.inlet: -1.0, self.outlet: 1.0 - lost}
        if use * self.distance:
            coefficients[self.energy] = -use * self.distance / 1000.0 / worth
        flow = Flow(
            setting.component,
            setting.component,
            coefficients,
            self.capacity,
            cost=self.cost,
            # The loss is CO2 like that of the fuel: what carbon is left over goes to the air.
            closes=COMBUSTION if burnt else ("co2",),
            activity="transport",
            main=self.inlet,
        )
        return Lowering([flow])


class Reservoir(Model):
    """Rock that holds CO2 and lets a share of it seep out; its kinds differ by what goes in."""

    inlet: str = port(kind="gas", description="CO2 at the well.")
    capacity: float = quantity(unit="t", gt=0, description="What the reservoir holds.")
    injection_capacity: float = quantity(unit="t/h", gt=0, description="Largest rate at the well.")
    leakage: float = quantity(
        1e-5,
        unit="1/a",
        ge=0,
        lt=1,
        description="Share of what is stored that seeps out per year.",
        source="IPCC special report on carbon dioxide capture and storage, 2005: 99 % likely to "
        "be retained over 1000 years; old wells are the weak point",
    )
    initial: float = quantity(
        0.0, unit="t", ge=0, description="Stored at the start.", source="assumed: empty"
    )

    def store(self, setting: Setting) -> Store:
        """A store without a way out but its leak.

        Raises
        ------
        PhysicsError
            The inlet is not CO2, or more is stored than there is room for.
        """
        check_co2(setting, self, "inlet")
        if self.initial > self.capacity:
            raise PhysicsError(
                f"{self.initial:g} t are stored in a reservoir of {self.capacity:g} t",
                key="initial",
                mend="give at most the capacity",
            )
        return Store(
            f"{setting.component}.stored",
            setting.component,
            setting.buses[self.inlet],
            self.capacity,
            initial=self.initial,
            loss_rate=self.leakage / HOURS_PER_YEAR,
            closes=("co2",),
            policy="thresholds",
        )


class CO2Storage(Reservoir):
    """A geological reservoir: CO2 goes in and seeps out by a share of what is stored."""

    kind: ClassVar[str] = "co2_storage"

    electricity: str = port(kind="electricity", description="Injection.")
    electricity_use: float = quantity(
        50.0 / 3600.0,
        unit="MWh/t",
        ge=0,
        description="Per CO2 injected.",
        source="Danish Energy Agency, Technology Data for Carbon Capture, Transport and Storage, "
        "sheet 451.1a (50 MJ/t)",
    )
    fee: float = quantity(
        0.0, unit="currency/t", ge=0, description="Per CO2 injected.", source="assumed: none"
    )

    def lower(self, setting: Setting) -> Lowering:
        """The well and what it fills."""
        store = self.store(setting)
        flow = Flow(
            f"{setting.component}.injection",
            setting.component,
            {self.inlet: -1.0, store.name: 1.0, self.electricity: -self.electricity_use},
            self.injection_capacity,
            cost=self.fee,
            activity="storage",
            main=self.inlet,
        )
        return Lowering([flow], [store])


def check_co2(setting: Setting, spec: Model, *keys: str) -> None:
    """Refuse buses that do not hold CO2.

    Raises
    ------
    PhysicsError
    """
    for key in keys:
        bus = getattr(spec, key)
        if not is_co2(setting.buses[bus]):
            raise PhysicsError(f"'{bus}' is not CO2", key=key, mend="name a bus of captured_co2")
