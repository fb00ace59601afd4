"""Weights of atoms, and what follows from them alone."""

from __future__ import annotations

MOLAR = {"C": 12.011, "H": 1.008, "O": 15.999, "N": 14.007, "S": 32.06, "Ca": 40.078}
"""Standard atomic weights of fuels and flue gas, abridged [g/mol] (IUPAC 2021)."""

ATOMIC_WEIGHT = {**MOLAR, "Fe": 55.845, "Al": 26.982, "Si": 28.085, "Na": 22.990}
"""The same, with the elements of industry."""

CO2 = MOLAR["C"] + 2 * MOLAR["O"]
H2O = 2 * MOLAR["H"] + MOLAR["O"]
WATER_PER_HYDROGEN = H2O / (2 * MOLAR["H"])
CO2_PER_CARBON = CO2 / MOLAR["C"]

LATENT = 2441.7
"""Enthalpy of vaporisation of water at 25 C [kJ/kg] (IAPWS-95)."""
