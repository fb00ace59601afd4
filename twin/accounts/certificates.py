"""Green certificates: issued once, moved, retired once. One certificate is one MWh."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class CertificateBook:
    """A register of certificates by owner.

    Attributes
    ----------
    held : dict
        (owner, plant, period) to MWh that are alive.
    retired : dict
        (owner, plant, period) to MWh that stand for use and can never move again.
    issued : dict
        (plant, period) to MWh.
    """

    held: dict[tuple[str, str, str], float] = field(default_factory=dict)
    retired: dict[tuple[str, str, str], float] = field(default_factory=dict)
    issued: dict[tuple[str, str], float] = field(default_factory=dict)
    credited: dict[tuple[str, str], float] = field(default_factory=dict)

    def issue(self, plant: str, period: str, amount: float, generated: float, owner: str) -> None:
        """Issue certificates for what a plant made in a period [MWh].

        Raises
        ------
        ValueError
            More than was generated would carry a certificate or a carbon credit.
        """
        before = self.issued.get((plant, period), 0.0) + self.credited.get((plant, period), 0.0)
        _positive(amount)
        if before + amount > generated * (1 + 1e-12):
            raise ValueError(
                f"{plant} made {generated:g} MWh in {period}; {before:g} MWh already carry a "
                f"certificate or credit, so {amount:g} more would count one kWh twice"
            )
        self.issued[plant, period] = self.issued.get((plant, period), 0.0) + amount
        self.held[owner, plant, period] = self.held.get((owner, plant, period), 0.0) + amount

    def credit(self, plant: str, period: str, amount: float, generated: float) -> None:
        """Note a carbon credit (CCER) on generation, which then gets no certificate.

        Raises
        ------
        ValueError
            That generation carries a certificate already.
        """
        _positive(amount)
        before = self.issued.get((plant, period), 0.0) + self.credited.get((plant, period), 0.0)
        if before + amount > generated * (1 + 1e-12):
            raise ValueError(
                f"{plant} in {period}: {before:g} of {generated:g} MWh already carry a certificate "
                f"or credit; no kWh bears both"
            )
        self.credited[plant, period] = self.credited.get((plant, period), 0.0) + amount

    def move(self, plant: str, period: str, amount: float, seller: str, buyer: str) -> None:
        """Hand certificates to another owner [MWh].

        Raises
        ------
        ValueError
            The seller does not hold as many.
        """
        self._take(seller, plant, period, amount, "sell")
        self.held[buyer, plant, period] = self.held.get((buyer, plant, period), 0.0) + amount

    def retire(self, plant: str, period: str, amount: float, owner: str) -> None:
        """Use certificates up against consumption [MWh].

        Raises
        ------
        ValueError
            The owner does not hold as many: they are sold or retired already.
        """
        self._take(owner, plant, period, amount, "retire")
        key = (owner, plant, period)
        self.retired[key] = self.retired.get(key, 0.0) + amount

    def retired_by(self, owner: str) -> float:
        """Certificates an owner has used up [MWh]."""
        return sum(amount for (who, _, _), amount in self.retired.items() if who == owner)

    def _take(self, owner: str, plant: str, period: str, amount: float, what: str) -> None:
        _positive(amount)
        has = self.held.get((owner, plant, period), 0.0)
        if amount > has * (1 + 1e-12):
            raise ValueError(
                f"{owner} cannot {what} {amount:g} MWh of {plant} {period}: it holds {has:g}"
            )
        self.held[owner, plant, period] = max(has - amount, 0.0)


def _positive(amount: float) -> None:
    if not amount > 0:
        raise ValueError(f"an amount of {amount:g} MWh; certificates count above 0")
