"""Heat kept in the ground between boreholes from one season to the next."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from pydantic import Field

from models.base import Carrier, Flow, Lowering, Model, PhysicsError, Store, port, quantity
from models.carriers import T_DEAD
from models.heat.heat_pump import ZERO, log_mean
from models.site import Setting
from models.storage.borehole import Boreholes

YEAR_S = 8760 * 3600.0


def cell_resistance(radius: float, spacing: float, conductivity: float) -> float:
    """Between the wall of a borehole and the mean of the ground that belongs to it [m K/W].

    Parameters
    ----------
    radius, spacing : float
        Of the borehole, and between neighbours on a square grid [m].
    conductivity : float
        Of the ground [W/m/K].

    Notes
    -----
    Steady flux into a ring closed at its outer radius, whose area is the square of the spacing:
    ``(r1^4 ln(r1/rb) / (r1^2 - rb^2)^2 - (3 r1^2 - rb^2) / (4 (r1^2 - rb^2))) / (2 pi k)``.
    Hellstroem, *Ground Heat Storage*, Lund 1991, steady-flux regime.
    """
    outer2, inner2 = spacing**2 / math.pi, radius**2
    ring = outer2 - inner2
    log = math.log(outer2 / inner2) / 2
    return (outer2**2 / ring**2 * log - (3 * outer2 - inner2) / (4 * ring)) / (
        2 * math.pi * conductivity
    )


class BoreholeStore(Model):
    """A field of boreholes close together, warmed in summer and cooled in winter.

    The ground between the boreholes has one temperature, its content is counted from undisturbed
    ground. So it loses heat below the temperature at which it is of use, too.
    """

    kind: ClassVar[str] = "borehole_store"

    charge: str = port(kind="heat", description="Warmer loop that heats it.")
    discharge: str = port(kind="heat", description="Colder loop that it heats.")
    field: Boreholes = Field(description="The boreholes.")
    warmest: float = quantity(unit="degC", description="Mean of the ground when it is full.")
    coldest: float = quantity(unit="degC", description="Mean of the ground when it is of no use.")
    initial: float = quantity(
        0.0, unit="1", ge=0, le=1, description="Share of the usable heat that it starts with.",
        source="assumed: at the end of winter",
    )  # fmt: skip
    age: float = quantity(
        5.0, unit="a", ge=1, le=100, description="Years since it was first heated.",
        source="assumed: warmed up",
    )  # fmt: skip
    policy: Literal["self_consumption", "tariff"] = Field(
        "self_consumption", description="When it works: with a surplus, or by the tariff."
    )

    def heat_capacity(self) -> float:
        """Of the ground between the boreholes [MWh/K]."""
        field = self.field
        volume = field.metres * field.spacing**2
        return field.heat_capacity * volume / 3.6e9

    def conductance(self) -> float:
        """Loss to surface and far ground, per kelvin above undisturbed ground [W/K].

        That with which the store, heated evenly for `age` years, would be as warm as the
        g-function says; it falls as the ground around grows warm, to that of the steady state.

        Notes
        -----
        ``(1 - exp(-t U / C)) / U = (g(t) / (2 pi k) - R_cell) / (total length)``, by bisection.
        """
        field = self.field
        time = self.age * YEAR_S
        walls = float(field.g_function(time)[1][-1]) / (2 * math.pi * field.conductivity)
        cell = cell_resistance(field.radius, field.spacing, field.conductivity)
        warmth = (walls - cell) / field.metres
        heat_capacity = self.heat_capacity() * 3.6e9
        low, high = 0.0, 1.0 / warmth if warmth > 0 else math.inf
        if not warmth < time / heat_capacity or not math.isfinite(high):
            raise PhysicsError(
                f"{field.rows} x {field.columns} boreholes {field.spacing:g} m apart are no store "
                f"after {self.age:g} years",
                key="field",
                mend="drill closer together, or more",
            )
        for _ in range(200):
            middle = (low + high) / 2
            if -math.expm1(-time * middle / heat_capacity) / middle > warmth:
                low = middle
            else:
                high = middle
        return high

    def lower(self, setting: Setting) -> Lowering:
        """A store with a loss in proportion to its warmth, and flows limited by the last kelvin.

        Raises
        ------
        PhysicsError
            A loop would leave the ground colder than it to fill it, or warmer than it to empty it.
        """
        name, field = setting.component, self.field
        ground = field.ground_temperature
        if not self.warmest > self.coldest >= ground:
            raise PhysicsError(
                f"the store works from {self.coldest:g} to {self.warmest:g} degC in ground of "
                f"{ground:g} degC",
                key="coldest",
                mend="let coldest lie between ground_temperature and warmest",
            )
        resistance = field.resistance() + cell_resistance(
            field.radius, field.spacing, field.conductivity
        )
        rates = {}
        for role, bus, sign, limit in (
            ("charge", self.charge, 1.0, self.warmest),
            ("discharge", self.discharge, -1.0, self.coldest),
        ):
            loop = setting.buses[bus]
            # What leaves the ground has come closest to it, and passes it by no way.
            leaves = loop.return_temperature if sign > 0 else loop.temperature
            mean = (loop.temperature + loop.return_temperature) / 2
            drive = sign * (mean - limit)
            if not (sign * (leaves - limit) >= 0 and drive > 0):
                raise PhysicsError(
                    f"'{bus}' leaves the ground at {leaves:g} degC, and cannot {role} it where it "
                    f"is at {limit:g} degC",
                    key=role,
                    mend="name a warmer loop, or lower 'warmest'"
                    if sign > 0
                    else "name a colder loop, or raise 'coldest'",
                )
            rates[role] = drive / resistance * field.metres / 1e6
        capacity = self.heat_capacity()
        warm = log_mean(self.warmest + ZERO, self.coldest + ZERO)
        carrier = Carrier(
            f"{name}.ground",
            "MW",
            {"energy": 1.0},
            max(float(1 - T_DEAD / warm), 0.0),
            kind="heat",
            temperature=self.warmest,
            return_temperature=self.coldest,
        )
        dead = capacity * (self.coldest - ground)
        usable = capacity * (self.warmest - self.coldest)
        stored = f"{name}.stored"
        flows = [
            Flow(
                f"{name}.charge",
                name,
                {self.charge: -1.0, stored: 1.0},
                rates["charge"],
                activity="storage",
                main=self.charge,
            ),
            Flow(
                f"{name}.discharge",
                name,
                {stored: -1.0, self.discharge: 1.0},
                rates["discharge"],
                activity="storage",
                main=self.discharge,
            ),
        ]
        store = Store(
            stored,
            name,
            carrier,
            dead + usable,
            initial=dead + self.initial * usable,
            minimum=dead,
            loss_rate=self.conductance() / (capacity * 1e6),
            policy=self.policy,
        )
        return Lowering(flows, [store])
