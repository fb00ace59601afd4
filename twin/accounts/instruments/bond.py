"""A bond whose coupon follows income from carbon: a fixed part and a floating one in bounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from twin.accounts.instruments.loan import BASIS_POINT
from twin.accounts.instruments.settlement import Settlement, check_amount


@dataclass(frozen=True, kw_only=True)
class CarbonLinkedBond:
    """A bond with coupon = fixed + clip(carbon income / principal, floor, cap).

    The first of China (CGN Wind, 12 May 2014) had 1 billion CNY, five years, 5.65 % fixed and 5 to
    20 basis points from CCER income of five wind farms: its coupon lay between 5.70 and 5.85 %.

    Attributes
    ----------
    principal : float
        [currency]
    fixed : float
        [1/a]
    floor, cap : float
        Bounds of the floating part [basis points].
    years : int
    currency : str
    """

    principal: float
    fixed: float
    floor: float = 5.0
    cap: float = 20.0
    years: int = 5
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if not self.principal > 0:
            raise ValueError(f"a principal of {self.principal:g}; give one above 0")
        if not 0 <= self.floor <= self.cap:
            raise ValueError(f"a floor of {self.floor:g} and a cap of {self.cap:g} basis points")

    def coupon_rate(self, income: float) -> float:
        """Coupon of a year from its carbon income [1/a]."""
        points = check_amount(income, "carbon income") / self.principal / BASIS_POINT
        return self.fixed + min(max(points, self.floor), self.cap) * BASIS_POINT

    def settle(self, income: float) -> Settlement:
        """Coupon the issuer pays for a year with that carbon income [currency]."""
        rate = self.coupon_rate(income)
        lines = (
            ("fixed coupon", self.principal * self.fixed),
            ("carbon-linked coupon", self.principal * (rate - self.fixed)),
        )
        return Settlement("carbon-linked bond", lines, self.currency, {"coupon rate": rate})

    def flows(self, incomes: Sequence[float]) -> list[float]:
        """Money of the issuer by year 0, 1, ... : the principal received, coupons, repayment.

        Raises
        ------
        ValueError
            Not one income a year.
        """
        if len(incomes) != self.years:
            raise ValueError(f"{len(incomes)} incomes for a bond of {self.years} years")
        coupons = [-self.principal * self.coupon_rate(income) for income in incomes]
        return [self.principal, *coupons[:-1], coupons[-1] - self.principal]
