"""CO2 sold to an oil field that is flooded with it: what stays below, what escapes, what it earns.

CO2 that comes up with the oil is separated and injected again, so what the field buys is in the end
stored but for what escapes on the way round. Oil, and what its burning emits, lie outside the
fence: `oil_emissions` says how much, to be stated beside the emissions of a park.
"""

from __future__ import annotations

from typing import ClassVar

from models.base import Flow, Lowering, port, quantity
from models.carbon.co2_store import Reservoir
from models.site import Setting

BARREL = 0.43
"""CO2 of a barrel of crude oil burnt [t] (US EPA, greenhouse gas equivalencies: 5.80 mmBtu of 20.31
kg C each); the IEA counts about 0.4, and 0.1 more to bring it up, refine and carry it."""

PER_BARREL = 0.3
"""CO2 injected per barrel [t], lower end of 0.3 to 0.6 in the United States (IEA, "Can CO2-EOR
really provide carbon-negative oil?", 2019)."""


def oil_emissions(bought: float, per_barrel: float = PER_BARREL) -> float:
    """CO2 of burning the oil that CO2 has brought up [t].

    Parameters
    ----------
    bought : float
        CO2 that the field has taken [t].
    per_barrel : float
        CO2 per barrel [t].

    Raises
    ------
    ValueError
        No CO2 per barrel.

    Notes
    -----
    Whether this oil comes on top of other oil or in its place is a question of the market, not of
    the field, and left open.

    Examples
    --------
    >>> round(oil_emissions(300.0), 3)
    430.0
    """
    if per_barrel <= 0:
        raise ValueError(f"{per_barrel:g} t of CO2 per barrel; give more than zero, such as 0.3")
    return bought / per_barrel * BARREL


class OilRecovery(Reservoir):
    """An oil field that takes CO2, keeps most of it for good, and pays for it.

    Its oil lies outside the fence; `oil_emissions` says what burning it emits. What is kept is no
    removal in the accounts, which count stores of `co2_storage` only.
    """

    kind: ClassVar[str] = "oil_recovery"

    electricity: str | None = port(
        None,
        kind="electricity",
        description="Injection and recycling; without, the field has its own.",
    )
    retention: float = quantity(
        0.92,
        unit="1",
        gt=0,
        le=1,
        description="Share of what is bought that stays below; the rest is emitted.",
        source="Farnsworth Unit, Texas: 92 % of 1.64 Mt bought in ten years (Energies 14 (2021) "
        "2499); 50 to 99 % between fields",
    )
    recycled: float = quantity(
        1.0,
        unit="1",
        ge=0,
        description="CO2 that comes up with the oil and goes down again, per CO2 bought.",
        source="assumed: mean of a field's life; none at first, several times as much in the end",
    )
    injection_use: float = quantity(
        50.0 / 3600.0,
        unit="MWh/t",
        ge=0,
        description="Electricity per CO2 injected, bought or recycled.",
        source="Danish Energy Agency, Technology Data for Carbon Capture, Transport and Storage, "
        "sheet 451.1a (50 MJ/t)",
    )
    recycling_use: float = quantity(
        0.053,
        unit="MWh/t",
        ge=0,
        description="Electricity per CO2 recycled.",
        source="assumed: two stages from 10 to 110 bar at 35 degC and 0.75 of isentropic, by the "
        "equation of state",
    )
    payment: float = quantity(
        0.0, unit="currency/t", description="Earned per CO2 bought.", source="assumed: none"
    )

    @property
    def electricity_use(self) -> float:
        """Electricity per CO2 bought [MWh/t]."""
        return self.injection_use * (1.0 + self.recycled) + self.recycling_use * self.recycled

    def lower(self, setting: Setting) -> Lowering:
        """A store without a way out but its leak, and the way in."""
        name, store = setting.component, self.store(setting)
        coefficients = {self.inlet: -1.0, store.name: self.retention}
        if self.electricity is not None and self.electricity_use:
            coefficients[self.electricity] = -self.electricity_use
        flow = Flow(
            f"{name}.injection",
            name,
            dict(coefficients),
            self.injection_capacity,
            cost=-self.payment,
            closes=("co2",),
            activity="storage",
            main=self.inlet,
        )
        return Lowering([flow], [store])
