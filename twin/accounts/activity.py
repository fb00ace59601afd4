"""Activity data: what the ledger's tagged flows burn, convert, buy, sell and make.

Nothing here knows a method. A fuel is burnt where a flow takes it and gives neither fuel nor the
fuel's carbon to a bus; else it is converted. Trade is told by side and kind of carrier.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.base import Carrier
from models.carriers import CO2_PER_CARBON
from twin.accounts import factors
from twin.accounts.entries import TINY, Entry, by_flow, entries_of
from twin.accounts.factors import Factor

if TYPE_CHECKING:
    from twin.results import Run

GJ_PER_MWH = 3.6
PASSING = ("import", "export", "disposal")
"""Sides whose flows only carry over the fence."""


@dataclass(frozen=True)
class Use:
    """An amount of a carrier that a flow took or gave.

    Attributes
    ----------
    flow, component, activity, place : str
    carrier : Carrier
    amount : float
        [MWh or t], positive.
    gj : float
        Energy by LHV for fuels, by enthalpy for steam and heat [GJ].
    """

    flow: str
    component: str
    activity: str
    carrier: Carrier
    amount: float
    gj: float
    place: str = ""


@dataclass(frozen=True)
class Conversion:
    """A flow that turns fuels into other carriers that hold carbon."""

    flow: str
    component: str
    taken: tuple[Use, ...]
    given: tuple[Use, ...]


class Activities:
    """Activity data of a run, from the entries of its ledger.

    Parameters
    ----------
    run : Run
    fuels : mapping of str to str
        Fuel class of a carrier, on top of the standard ones.
    """

    def __init__(self, run: Run, fuels: Mapping[str, str] | None = None) -> None:
        self.entries = entries_of(run)
        self.flows = by_flow(self.entries)
        self.fuels = dict(fuels or {})
        self.run = run

    def seeping(self) -> list[tuple[Use, float, float]]:
        """Stores that lose CO2 to the air, with its fossil and its biogenic part [tCO2]."""
        stores = self.run.network.stores
        if not any("co2" in self.run.network.losses.get(name, {}) for name in stores):
            return []
        found = []
        for name, row in self.run.emissions.iterrows():
            if name in stores and row["co2"] > TINY:
                store = stores[str(name)]
                use = Use(store.name, store.component, "storage", store.carrier, row["co2"], 0.0)
                found.append((use, float(row["fossil"]), float(row["co2"] - row["fossil"])))
        return found

    def crossing(self, side: str, *kinds: str) -> list[Use]:
        """What came in (side import) or went out (export, disposal, emission), by flow.

        All kinds of carriers where none is named.
        """
        sign = -1.0 if side == "import" else 1.0
        return [
            self._use(e, sign * e.amount)
            for e in self.entries
            if e.outside
            and e.side == side
            and sign * e.amount > TINY
            and (not kinds or e.of_kind(*kinds))
        ]

    def burning(self) -> tuple[list[Use], list[Conversion]]:
        """Fuels burnt, and conversions of fuels into other fuels or what holds their carbon.

        Storage, trade and treatment only pass fuels on and are neither; what a flow lets out
        unburnt is not burnt.
        """
        burnt: list[Use] = []
        converted: list[Conversion] = []
        for name, own in self.flows.items():
            first = own[0]
            if first.side in PASSING or first.activity == "storage":
                continue
            inside = [e for e in own if not e.outside]
            vented = {e.carrier.name: e.amount for e in own if e.outside and e.amount > TINY}
            taken = [
                self._use(e, -e.amount - vented.get(e.carrier.name, 0.0))
                for e in inside
                if e.of_kind("fuel") and -e.amount - vented.get(e.carrier.name, 0.0) > TINY
            ]
            if taken and not _keeps_fuel_carbon(inside):
                burnt += taken
            elif taken and first.activity != "treatment":
                given = [self._use(e, e.amount) for e in inside if _holds(e)]
                converted.append(Conversion(name, first.component, tuple(taken), tuple(given)))
        return burnt, converted

    def minerals(self) -> list[tuple[Use, float]]:
        """Fossil carbon of other materials that went to the air, by flow [t CO2].

        Limestone of a desulphurisation, anodes, carbonates: what the flow took less what it gave.
        """
        found = []
        for own in self.flows.values():
            released = sum(e.amount for e in own if e.outside and e.carrier.name == "co2")
            if own[0].side in PASSING or released <= TINY:
                continue
            inside = [e for e in own if not e.outside]
            taken = [e for e in inside if e.amount < -TINY and not e.of_kind("fuel")]
            whole = -sum(_carbon(e) for e in taken)
            # In a conversion all that is given has been taken off the fuels already.
            given = (
                0.0 if _keeps_fuel_carbon(inside) else sum(_carbon(e) for e in inside if _holds(e))
            )
            for e in taken:
                lost = 1.0 - min(given / whole, 1.0) if whole > 0 else 0.0
                tonnes = -_carbon(e) * e.carrier.fossil * lost * CO2_PER_CARBON
                if tonnes > TINY:
                    found.append((self._use(e, -e.amount), min(tonnes, released)))
        return found

    def products(self, named: Mapping[str, str]) -> list[tuple[Use, str]]:
        """Amounts made by flows tagged as process, with the product of the factor table.

        Parameters
        ----------
        named : mapping of str to str
            Product of the table by bus or carrier; those of the same name need none.
        """
        known = factors.known_products()
        found = []
        for e in self.entries:
            made = not e.outside and e.activity in ("process", "conversion") and e.amount > TINY
            names = (e.place, e.carrier.name)
            given = [named[name] for name in names if name in named]
            given += [name for name in names if name in known]
            if made and given:
                found.append((self._use(e, e.amount), given[0]))
        return found

    def covered(self, named: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        """Flows whose product factor holds carbon they take in: product, and what it covers."""
        found = {}
        for use, product in self.products(named):
            covers = factors.process(product)[1]
            if covers != "process":
                found[use.flow] = (product, covers)
        return found

    def fuel_class(self, carrier: Carrier) -> str | None:
        """Class of a fuel in the tables; None where its own composition has to serve."""
        return self.fuels.get(carrier.name) or factors.fuel_of_carrier(carrier.name)

    def fuel_factor(
        self, carrier: Carrier, factor_set: str = "guides", *, oxidised: bool = True
    ) -> Factor:
        """CO2 per energy of a fuel [tCO2/GJ]: of its class, zero if biogenic, else its own."""
        key = self.fuel_class(carrier)
        if key is not None:
            return factors.fuel(key, factor_set).per_gj(oxidised=oxidised)
        if carrier.of("carbon") <= 0:
            return Factor(0.0, "tCO2/GJ", "holds no carbon", "scenario")
        if carrier.fossil <= 0:
            return Factor(0.0, "tCO2/GJ", "biogenic carbon counts as zero", "scenario")
        value = carrier.of("carbon") * carrier.fossil * factors.CO2_PER_C / self.gj(carrier, 1.0)
        source = f"composition of {carrier.name} in the scenario, all carbon burnt"
        return Factor(value, "tCO2/GJ", source, "scenario")

    def gj(self, carrier: Carrier, amount: float) -> float:
        """Energy of an amount [GJ]: LHV of fuels, else its energy content.

        Raises
        ------
        ValueError
            A fuel in tonnes has no heating value in the scenario or the tables.
        """
        if "fuel" not in carrier.kind.split("|"):
            return amount * carrier.of("energy") * GJ_PER_MWH
        if carrier.unit == "MW":
            return amount * GJ_PER_MWH
        if carrier.lhv > 0:
            return amount * carrier.lhv * GJ_PER_MWH
        key = self.fuel_class(carrier)
        if key is not None and factors.fuel(key).unit == "t":
            return amount * factors.fuel(key).ncv
        if carrier.lhv < 0 or carrier.of("energy") <= 0:
            return 0.0
        raise ValueError(
            f"fuel '{carrier.name}' is counted in t and has no heating value; "
            "give it an lhv, or name its class under fuels={...}"
        )

    def _use(self, entry: Entry, amount: float) -> Use:
        gj = self.gj(entry.carrier, amount)
        return Use(
            entry.flow, entry.component, entry.activity, entry.carrier, amount, gj, entry.place
        )


def in_product_factor(use: Use, covered: Mapping[str, tuple[str, str]]) -> str:
    """Product whose factor holds the carbon of this fuel, or an empty text.

    A factor with feedstock holds all a flow takes, one with a reductant or anode its solid carbon.
    """
    product, covers = covered.get(use.flow, ("", ""))
    solid = "solid" in use.carrier.kind.split("|")
    return product if covers == "feedstock" or solid else ""


def _carbon(entry: Entry) -> float:
    """Carbon given to the place [t C]."""
    return entry.amount * entry.carrier.of("carbon")


def _holds(entry: Entry) -> bool:
    return entry.amount > TINY and (entry.carrier.of("carbon") > 0 or entry.of_kind("fuel"))


def _keeps_fuel_carbon(inside: list[Entry]) -> bool:
    """Whether a flow gives fuel, or more carbon than the materials it took beside its fuel hold.

    A kiln whose lime keeps some of the limestone's carbon burns its fuel all the same.
    """
    given = [e for e in inside if _holds(e)]
    mineral = -sum(_carbon(e) for e in inside if e.amount < 0 and not e.of_kind("fuel"))
    return any(e.of_kind("fuel") for e in given) or (
        sum(_carbon(e) for e in given) > mineral * (1 + 1e-9) + TINY
    )
