"""Conservation by construction: every flow is closed before it may run.

Whatever a flow takes and does not give on has to leave through a named exchange with the
surroundings, and whatever it gives without taking has to come from one. The closing terms are
derived here in one fixed order, so that each has one meaning: carbon leaves as co2, sulphur as
so2, nitrogen as n2, water as vapour; the oxygen all of these carry is what the mass balance then
asks of the air; and heat closes the energy balance.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.base import Carrier, Flow, Series, Store
from models.carriers import INWARD, SURROUNDINGS

ALWAYS = ("energy", "carbon", "mass")
ORDER = ("carbon", "sulphur", "nitrogen", "water", "mass", "energy")
TOLERANCE = 1e-9

UNITS = {"energy": "MWh", "carbon": "t C"}


@dataclass(frozen=True)
class Violation:
    """A flow that makes or destroys something, with the numbers."""

    flow: str
    component: str
    quantity: str
    message: str
    mend: str


def close_flow(
    flow: Flow,
    carriers: Mapping[str, Carrier],
    outside: Mapping[str, Carrier],
    conserved: tuple[str, ...] = ALWAYS,
) -> list[Violation]:
    """Add the derived exchange to `flow` and say what cannot be closed.

    Parameters
    ----------
    flow : Flow
        Changed in place: `exchange` gains the closing terms per unit of activity.
    carriers : mapping of str to Carrier
        Carrier of every bus and store the flow touches.
    outside : mapping of str to Carrier
        Carriers that may pass the fence.
    conserved : tuple of str
        Quantities that must close; others are closed where the flow declares how.

    Returns
    -------
    list of Violation
        Empty if the flow conserves everything and obeys the second law.
    """
    violations = []
    quantities = [*ORDER, *(q for q in conserved if q not in ORDER)]
    for quantity in quantities:
        residual, scale = _residual(flow, carriers, outside, quantity)
        residual = _settle(flow, outside, quantity, residual, scale)
        if quantity in conserved:
            violation = _violation(flow, quantity, residual, scale)
            if violation is not None:
                violations.append(violation)
    if not violations:
        violations += _second_law(flow, carriers, outside)
    return violations


def close_store(
    store: Store, outside: Mapping[str, Carrier], conserved: tuple[str, ...] = ALWAYS
) -> tuple[dict[str, Series], list[Violation]]:
    """Exchange with the surroundings per unit of standing loss of a store."""
    loss = Flow(
        store.name,
        store.component,
        {store.name: -1.0},
        upper=1.0,
        closes=store.closes,
    )
    violations = close_flow(loss, {store.name: store.carrier}, outside, conserved)
    return loss.exchange, violations if store.loss_rate > 0 else []


def _residual(
    flow: Flow, carriers: Mapping[str, Carrier], outside: Mapping[str, Carrier], quantity: str
) -> tuple[np.ndarray, np.ndarray]:
    """Given minus taken of a quantity per unit of activity, and the sum of its magnitudes."""
    terms = [
        np.asarray(value, float) * carriers[place].of(quantity)
        for place, value in flow.coefficients.items()
    ] + [
        np.asarray(value, float) * outside[name].of(quantity)
        for name, value in flow.exchange.items()
    ]
    if not terms:
        return np.zeros(()), np.zeros(())
    terms = [*np.broadcast_arrays(*terms)]
    return np.sum(terms, axis=0), np.sum(np.abs(terms), axis=0)


def _settle(
    flow: Flow,
    outside: Mapping[str, Carrier],
    quantity: str,
    residual: np.ndarray,
    scale: np.ndarray,
) -> np.ndarray:
    """Let the declared exchanges take up the residual; return what is left."""
    for name in (*flow.closes, "heat_to_ambient"):
        carrier = outside.get(name) or SURROUNDINGS[name]
        if carrier.closes != quantity:
            continue
        amount = -residual / carrier.of(quantity)
        amount = np.minimum(amount, 0.0) if name in INWARD else np.maximum(amount, 0.0)
        amount = np.where(np.abs(residual) <= 1e-14 * scale, 0.0, amount)
        if np.any(amount != 0.0):
            residual = residual + amount * carrier.of(quantity)
            total = amount + np.asarray(flow.exchange.get(name, 0.0))
            flow.exchange[name] = float(total) if total.ndim == 0 else total
    return residual


def _violation(
    flow: Flow, quantity: str, residual: np.ndarray, scale: np.ndarray
) -> Violation | None:
    excess = np.abs(residual) - TOLERANCE * np.maximum(scale, 1e-3)
    if not np.any(excess > 0):
        return None
    worst = int(np.argmax(excess)) if residual.ndim else 0
    size = float(np.ravel(residual)[worst])
    taken = float((np.ravel(scale)[worst] - size) / 2)
    given = taken + size
    unit = UNITS.get(quantity, "t")
    when = f" at step {worst}" if residual.ndim else ""
    if size > 0:
        message = (
            f"flow '{flow.name}' makes {quantity} from nothing: it gives {given:.6g} {unit} "
            f"and takes {taken:.6g} {unit} per unit of activity{when}"
        )
    else:
        message = (
            f"flow '{flow.name}' loses {quantity}: it takes {taken:.6g} {unit} "
            f"and gives {given:.6g} {unit} per unit of activity{when}"
        )
    mend = (
        "lower the outputs or the efficiency, or name the source it comes from"
        if size > 0
        else "name the bus or the exchange where it goes"
    )
    return Violation(flow.name, flow.component, quantity, message, mend)


def _second_law(
    flow: Flow, carriers: Mapping[str, Carrier], outside: Mapping[str, Carrier]
) -> list[Violation]:
    terms = [
        np.asarray(value, float) * carriers[place].exergy
        for place, value in flow.coefficients.items()
    ] + [np.asarray(value, float) * outside[name].exergy for name, value in flow.exchange.items()]
    if not terms:
        return []
    terms = [*np.broadcast_arrays(*terms)]
    gain = np.sum(terms, axis=0)
    scale = np.sum(np.abs(terms), axis=0)
    excess = gain - TOLERANCE * np.maximum(scale, 1e-3)
    if not np.any(excess > 0):
        return []
    worst = int(np.argmax(excess)) if gain.ndim else 0
    size, total = float(np.ravel(gain)[worst]), float(np.ravel(scale)[worst])
    return [
        Violation(
            flow.name,
            flow.component,
            "exergy",
            f"flow '{flow.name}' breaks the second law: it gives {(total + size) / 2:.6g} MWh of "
            f"exergy and takes {(total - size) / 2:.6g} MWh per unit of activity",
            "lower the efficiency or the temperature of its output",
        )
    ]
