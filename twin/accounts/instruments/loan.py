"""A loan whose rate follows carbon data: missed targets raise it, met ones may lower it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from twin.accounts.instruments.settlement import Settlement, check_amount, check_share

BASIS_POINT = 1e-4


@dataclass(frozen=True)
class Target:
    """A figure the borrower promises.

    Attributes
    ----------
    name : str
    limit : float
    sense : {"<=", ">="}
    step : float
        Basis points added where it is missed; 5 to 25 are usual (assumed).
    """

    name: str
    limit: float
    sense: Literal["<=", ">="] = "<="
    step: float = 10.0

    def met(self, value: float) -> bool:
        """Whether a value meets it; a missing value (NaN) does not."""
        return value <= self.limit if self.sense == "<=" else value >= self.limit


@dataclass(frozen=True, kw_only=True)
class SustainabilityLinkedLoan:
    """A loan with r = r0 + sum of the steps missed - bonus where all are met.

    Attributes
    ----------
    principal : float
        [currency]
    rate : float
        Before steps [1/a].
    targets : sequence of Target
    bonus : float
        Basis points taken off where every target is met.
    years : int
        Until it is repaid.
    repayment : {"equal", "end"}
        Equal parts each year, or all at the end.
    currency : str
    """

    principal: float
    rate: float
    targets: Sequence[Target]
    bonus: float = 0.0
    years: int = 5
    repayment: Literal["equal", "end"] = "end"
    currency: str = "CNY"

    def __post_init__(self) -> None:
        check_amount(self.principal, "principal")
        check_share(self.rate, "rate")
        if not self.targets:
            raise ValueError("a loan linked to nothing; give at least one target")

    def rate_for(self, values: Mapping[str, float]) -> float:
        """Rate of a year [1/a].

        Raises
        ------
        ValueError
            A target has no value: what is not reported is not known to be met.
        """
        lacking = [target.name for target in self.targets if target.name not in values]
        if lacking:
            raise ValueError(f"no value of {', '.join(lacking)}; give NaN if it was not reported")
        missed = [target for target in self.targets if not target.met(values[target.name])]
        points = sum(target.step for target in missed) if missed else -self.bonus
        return max(self.rate + points * BASIS_POINT, 0.0)

    def settle(self, values: Mapping[str, float], *, year: int = 1) -> Settlement:
        """Interest of a year of the loan, 1 to `years`, beside what the plain rate would cost."""
        if not 1 <= year <= self.years:
            raise ValueError(f"year {year} of a loan of {self.years} years")
        owed = self.principal
        if self.repayment == "equal":
            owed *= 1.0 - (year - 1) / self.years
        rate = self.rate_for(values)
        lines = (
            ("interest at the plain rate", owed * self.rate),
            ("carbon-linked change", owed * (rate - self.rate)),
        )
        figures = {"rate": rate, "owed": owed}
        return Settlement("sustainability-linked loan", lines, self.currency, figures)


def refinanced(market_rate: float, *, share: float = 0.6, rate: float = 0.0175) -> float:
    """Funding cost of a bank under the central bank's carbon-reduction tool [1/a].

    60 % of the principal is lent to the bank at 1.75 % (unverified), the rest at the market rate.
    """
    check_share(share, "share")
    return share * rate + (1.0 - share) * market_rate
