"""Carbon credits: what a scheme admits, who holds them, and that each is used once.

A credit covers a tonne. Schemes differ in what they may be used for and how far: CCER in the
national market up to 5 % of verified emission, the international credits of Singapore up to 5 % of
taxable emission, park-level PHCER for voluntary claims only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from twin.accounts.certificates import CertificateBook
from twin.accounts.instruments.settlement import check_amount

ALLOWANCES, TAX, VOLUNTARY = "allowance market", "carbon tax", "voluntary"


@dataclass(frozen=True)
class Scheme:
    """A kind of credit.

    Attributes
    ----------
    name : str
    caps : mapping of str to float
        Purposes it may serve, and the share of the emission it may cover there.
    projects : tuple of str
        Kinds of project it admits.
    status : str
    """

    name: str
    caps: Mapping[str, float]
    projects: tuple[str, ...]
    source: str
    status: str


CCER = Scheme(
    "CCER",
    {ALLOWANCES: 0.05, VOLUNTARY: 1.0},
    ("offshore wind", "solar thermal", "mangrove", "forestry"),
    "ICAP, January 2024: types at the relaunch",
    "verified",
)
PHCER = Scheme(
    "PHCER",
    {VOLUNTARY: 1.0},
    ("pv", "charging", "lighting", "wetland"),
    "white paper: carbon-inclusive reductions of Suzhou Industrial Park",
    "paper",
)
INTERNATIONAL = Scheme(
    "international credit",
    {TAX: 0.05, VOLUNTARY: 1.0},
    ("any",),
    "Singapore carbon tax from 2024",
    "verified",
)


@dataclass
class CreditBook:
    """A register of credits of one scheme.

    Attributes
    ----------
    held : dict
        (owner, project, year) to tCO2 that are alive.
    retired : dict
        (owner, purpose, year of use) to tCO2 used up.
    """

    scheme: Scheme
    held: dict[tuple[str, str, int], float] = field(default_factory=dict)
    retired: dict[tuple[str, str, int], float] = field(default_factory=dict)

    def issue(
        self,
        project: str,
        kind: str,
        year: int,
        amount: float,
        owner: str,
        *,
        generation: tuple[CertificateBook, str, float, float] | None = None,
    ) -> None:
        """Issue credits for what a project reduced in a year [tCO2].

        Parameters
        ----------
        generation : (CertificateBook, period, credited MWh, generated MWh), optional
            For a power plant: the register of green certificates, in which the same MWh are noted,
            so that no kWh bears both.

        Raises
        ------
        ValueError
            The scheme does not admit the kind, or the MWh carry a certificate already.
        """
        _above_zero(amount)
        if "any" not in self.scheme.projects and kind not in self.scheme.projects:
            raise ValueError(
                f"{self.scheme.name} admits no {kind}; it admits {', '.join(self.scheme.projects)}"
            )
        if generation is not None:
            book, period, credited, generated = generation
            book.credit(project, period, credited, generated)
        key = (owner, project, year)
        self.held[key] = self.held.get(key, 0.0) + amount

    def move(self, project: str, year: int, amount: float, seller: str, buyer: str) -> None:
        """Hand credits to another owner [tCO2].

        Raises
        ------
        ValueError
            The seller does not hold as many.
        """
        self._take(seller, project, year, amount)
        key = (buyer, project, year)
        self.held[key] = self.held.get(key, 0.0) + amount

    def room(self, purpose: str, emission: float, owner: str, year: int) -> float:
        """What may still be used for a purpose in a year, of an emission [tCO2].

        Raises
        ------
        ValueError
            The scheme does not serve the purpose.
        """
        if purpose not in self.scheme.caps:
            served = ", ".join(self.scheme.caps)
            raise ValueError(f"{self.scheme.name} does not serve '{purpose}'; it serves: {served}")
        used = self.retired.get((owner, purpose, year), 0.0)
        return max(self.scheme.caps[purpose] * check_amount(emission, "emission") - used, 0.0)

    def retire(
        self,
        project: str,
        vintage: int,
        amount: float,
        owner: str,
        *,
        purpose: str,
        emission: float,
        year: int,
    ) -> None:
        """Use credits up against an emission [tCO2].

        Raises
        ------
        ValueError
            The purpose is not served, the cap is passed, or the owner does not hold as many.
        """
        room = self.room(purpose, emission, owner, year)
        if amount > room * (1 + 1e-12):
            raise ValueError(
                f"{amount:g} t of {self.scheme.name} for {purpose}: {room:g} t are left of "
                f"{self.scheme.caps[purpose]:.0%} of {emission:g} t"
            )
        self._take(owner, project, vintage, amount)
        key = (owner, purpose, year)
        self.retired[key] = self.retired.get(key, 0.0) + amount

    def _take(self, owner: str, project: str, year: int, amount: float) -> None:
        _above_zero(amount)
        has = self.held.get((owner, project, year), 0.0)
        if amount > has * (1 + 1e-12):
            raise ValueError(f"{owner} holds {has:g} t of {project} {year}, not {amount:g}")
        self.held[owner, project, year] = max(has - amount, 0.0)


def _above_zero(amount: float) -> None:
    if not amount > 0:
        raise ValueError(f"an amount of {amount:g} t; credits count above 0")
