"""The standard carriers, and how a new one is made from a state or a composition.

Energy is enthalpy against liquid water, CO2, N2, O2 (and SO2, CaCO3, CaO-free ash) at 25 C and
1 atm, so a fuel carries its HHV and burning it releases exactly that. Water content counts
hydrogen as the H2O it forms. The dead state of exergy is 25 C, 1.01325 bar.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from models.base import Carrier, PhysicsError
from models.elements import CO2 as CO2
from models.elements import CO2_PER_CARBON as CO2_PER_CARBON
from models.elements import H2O as H2O
from models.elements import LATENT as LATENT
from models.elements import MOLAR as MOLAR
from models.elements import WATER_PER_HYDROGEN as WATER_PER_HYDROGEN
from models.steam_tables import if97
from models.substances import substances

T_DEAD = 298.15
"""Dead state temperature [K]."""

CP_WATER = 4.18
"""Specific heat of liquid water between 10 and 90 C [kJ/kg/K], within 0.6 % of IAPWS-95."""


def gas(
    name: str,
    moles: Mapping[str, float],
    *,
    hhv: float,
    exergy_to_lhv: float = 1.04,
    fossil: float = 0.0,
    source: str = "",
) -> Carrier:
    """A fuel gas in MW (LHV), from the atoms in one mole and its molar heating value.

    Parameters
    ----------
    moles : mapping of str to float
        Atoms C, H, O, N, S in one mole of gas.
    hhv : float
        Higher heating value at 25 C [kJ/mol].
    exergy_to_lhv : float
        Chemical exergy over LHV; 1.04 for methane-rich gas (Kotas 1995, table 2.2).
    """
    grams = {atom: n * MOLAR[atom] for atom, n in moles.items()}
    water = grams.get("H", 0.0) * WATER_PER_HYDROGEN
    lhv = hhv - LATENT * water / 1000.0
    per_mwh = 3.6e6 / lhv / 1e6
    content = {
        "energy": hhv / lhv,
        "carbon": grams.get("C", 0.0) * per_mwh,
        "mass": sum(grams.values()) * per_mwh,
        "water": water * per_mwh,
        "sulphur": grams.get("S", 0.0) * per_mwh,
        "nitrogen": grams.get("N", 0.0) * per_mwh,
    }
    return Carrier(name, "MW", content, exergy_to_lhv, 1.0, fossil, kind="fuel|gas", source=source)


def solid(
    name: str,
    *,
    dry_matter: float,
    carbon: float,
    hydrogen: float,
    hhv: float,
    oxygen: float = 0.0,
    nitrogen: float = 0.0,
    sulphur: float = 0.0,
    unit: Literal["MW", "t/h"] = "t/h",
    fossil: float = 0.0,
    temperature: float = 25.0,
    source: str = "",
) -> Carrier:
    """A moist solid or slurry from the ultimate analysis of its dry matter; the rest is ash.

    Parameters
    ----------
    dry_matter : float
        Share of the mass as received; the rest is water [0-1].
    carbon, hydrogen, oxygen, nitrogen, sulphur : float
        Mass shares of the dry matter [0-1].
    hhv : float
        Higher heating value of the dry matter [MJ/kg].
    unit : {"t/h", "MW"}
        MW counts the fuel by the LHV of the material as received.

    Raises
    ------
    PhysicsError
        Shares outside 0-1 or adding to more than 1, or a material in MW without a positive LHV.

    Notes
    -----
    Exergy after Szargut and Styrylska: (LHV + latent heat of moisture) * beta + 9.417 S [MJ/kg]
    (Kotas, *The Exergy Method*, 1995, eq. 2.37-2.38; mass ratios, beta by O/C).
    """
    shares = [carbon, hydrogen, oxygen, nitrogen, sulphur]
    if min(shares) < 0 or sum(shares) > 1 + 1e-9 or not 0 < dry_matter <= 1:
        raise PhysicsError(
            f"carrier '{name}': elements {sum(shares):.3f} of dry matter, dry matter {dry_matter}",
            mend="shares lie between 0 and 1 and add up to at most 1; the rest is ash",
        )
    moisture = 1.0 - dry_matter
    water = dry_matter * hydrogen * WATER_PER_HYDROGEN + moisture
    sensible = CP_WATER * moisture * (temperature - 25.0) / 1000.0
    energy = dry_matter * hhv + sensible
    lhv = dry_matter * hhv - LATENT / 1000.0 * water
    exergy = 0.0
    if carbon > 0:
        h, o, n = hydrogen / carbon, oxygen / carbon, nitrogen / carbon
        if o <= 0.667:
            beta = 1.0437 + 0.1882 * h + 0.0610 * o + 0.0404 * n
        else:
            beta = (1.0438 + 0.1882 * h - 0.2509 * (1 + 0.7256 * h) * o + 0.0383 * n) / (
                1 - 0.3035 * o
            )
        exergy = (lhv + LATENT / 1000.0 * moisture) * beta + 9.417 * dry_matter * sulphur
    content = {
        "energy": energy / 3.6,
        "carbon": dry_matter * carbon,
        "mass": 1.0,
        "water": water,
        "sulphur": dry_matter * sulphur,
        "nitrogen": dry_matter * nitrogen,
    }
    if unit == "MW":
        if lhv <= 0:
            raise PhysicsError(
                f"carrier '{name}' has an LHV of {lhv:.2f} MJ/kg and cannot be counted in MW",
                mend="count it in t/h",
            )
        per_mwh = 3.6 / lhv
        content = {key: value * per_mwh for key, value in content.items()}
        exergy, lhv = exergy * per_mwh, 3.6
    kind = "fuel|solid|material"
    return Carrier(
        name, unit, content, exergy / 3.6, lhv / 3.6, fossil, kind, temperature, source=source
    )


def water(name: str, temperature: float = 15.0, *, source: str = "") -> Carrier:
    """Liquid water in t/h at a temperature [degC]; constant specific heat."""
    kelvin = temperature + 273.15
    energy = CP_WATER * (temperature - 25.0) / 3600.0
    exergy = CP_WATER * (kelvin - T_DEAD - T_DEAD * math.log(kelvin / T_DEAD)) / 3600.0
    content = {"energy": energy, "mass": 1.0, "water": 1.0}
    return Carrier(
        name, "t/h", content, exergy, kind="water", temperature=temperature, source=source
    )


@lru_cache(maxsize=256)
def steam_state(pressure: float, temperature: float) -> tuple[float, float]:
    """Enthalpy [kJ/kg] and entropy [kJ/kg/K] of steam or water (IAPWS-IF97 through CoolProp).

    Parameters
    ----------
    pressure : float
        Absolute [bar].
    temperature : float
        [degC]
    """
    state = ("P", pressure * 1e5, "T", temperature + 273.15)
    return if97("H", *state) / 1000.0, if97("S", *state) / 1000.0


def steam(name: str, pressure: float, temperature: float, *, source: str = "") -> Carrier:
    """Steam in t/h at a pressure [bar(a)] and temperature [degC].

    Raises
    ------
    PhysicsError
        The state is liquid: the temperature is below saturation.
    """
    h, s = steam_state(pressure, temperature)
    h_dead, s_dead = steam_state(1.01325, 25.0)
    if h - h_dead < LATENT:
        boiling = if97("T", "P", pressure * 1e5, "Q", 1.0) - 273.15
        raise PhysicsError(
            f"carrier '{name}' at {pressure:g} bar and {temperature:g} degC is liquid water",
            mend=f"steam at {pressure:g} bar needs more than {boiling:.1f} degC",
        )
    energy = (h - h_dead) / 3600.0
    exergy = (h - h_dead - T_DEAD * (s - s_dead)) / 3600.0
    content = {"energy": energy, "mass": 1.0, "water": 1.0}
    return Carrier(
        name,
        "t/h",
        content,
        exergy,
        kind="steam",
        temperature=temperature,
        pressure=pressure,
        source=source,
    )


def _loop(name: str, kind: str, supply: float, return_: float, sign: float) -> Carrier:
    hot, cold = supply + 273.15, return_ + 273.15
    mean = hot if hot == cold else (hot - cold) / math.log(hot / cold)
    return Carrier(
        name,
        "MW",
        {"energy": sign},
        sign * (1.0 - T_DEAD / mean),
        kind=kind,
        temperature=supply,
        return_temperature=return_,
    )


def hot_water(name: str, supply: float, return_: float) -> Carrier:
    """A closed hot-water loop in MW, with supply and return temperature [degC]."""
    if not supply > return_:
        raise PhysicsError(
            f"carrier '{name}': supply {supply:g} degC is not above return {return_:g} degC",
            mend="a heating loop gives heat between its supply and its colder return",
        )
    return _loop(name, "heat", supply, return_, 1.0)


def cold_water(name: str, supply: float, return_: float) -> Carrier:
    """A closed chilled-water or ice loop in MW of cold, with supply and return temperature [degC].

    Cold carries -1 MWh of energy per MWh: using it takes heat out of a room.
    """
    if not supply < return_:
        raise PhysicsError(
            f"carrier '{name}': supply {supply:g} degC is not below return {return_:g} degC",
            mend="a cooling loop takes up heat between its supply and its warmer return",
        )
    return _loop(name, "cold", supply, return_, -1.0)


def custom(
    name: str,
    unit: Literal["MW", "t/h"],
    content: Mapping[str, float],
    *,
    exergy: float | None = None,
    lhv: float = 0.0,
    fossil: float = 0.0,
    kind: str = "material",
    temperature: float = float("nan"),
    source: str = "",
) -> Carrier:
    """A carrier with stated content.

    Exergy defaults to the energy content, which fits chemical energy and overstates heat.
    """
    if exergy is None:
        exergy = max(content.get("energy", 0.0), 0.0)
    return Carrier(name, unit, dict(content), exergy, lhv, fossil, kind, temperature, source=source)


def _substance(
    name: str,
    formula: Mapping[str, float],
    *,
    energy: float = 0.0,
    fossil: float = 0.0,
    kind: str = "material",
    exergy: float = 0.0,
    closes: str = "",
) -> Carrier:
    """A pure substance in t/h; `energy` in kJ/mol against the reference of this module."""
    molar = sum(MOLAR[atom] * n for atom, n in formula.items())
    content = {"mass": 1.0}
    for atom, quantity, factor in (
        ("C", "carbon", 1.0),
        ("H", "water", WATER_PER_HYDROGEN),
        ("S", "sulphur", 1.0),
        ("N", "nitrogen", 1.0),
    ):
        if formula.get(atom):
            content[quantity] = formula[atom] * MOLAR[atom] / molar * factor
    if energy:
        content["energy"] = energy / molar / 3.6
    lhv = 0.0
    return Carrier(
        name, "t/h", content, exergy / molar / 3.6, lhv, fossil, kind, 25.0, closes=closes
    )


_GASES = "ISO 6976:2016, molar heating values at 25 C"
_FORMATION = "NBS tables of chemical thermodynamic properties (1982), enthalpies of formation"

STANDARD: dict[str, Carrier] = {
    c.name: c
    for c in (
        Carrier("electricity", "MW", {"energy": 1.0}, 1.0, kind="electricity"),
        gas(
            "natural_gas",
            # 93 % methane, 4.5 % ethane, 1 % propane, 1 % CO2, 0.5 % N2: 56.3 kg CO2/GJ, IPCC 56.1
            {"C": 1.06, "H": 4.07, "O": 0.02, "N": 0.01},
            hhv=0.93 * 890.58 + 0.045 * 1560.69 + 0.01 * 2219.17,
            fossil=1.0,
            source=_GASES + "; composition of a typical pipeline gas (assumed)",
        ),
        gas(
            "biogas",
            {"C": 1.0, "H": 2.4, "O": 0.8},
            hhv=0.6 * 890.58,
            source=_GASES + "; 60 % methane, 40 % CO2 by volume",
        ),
        gas(
            "biomethane",
            {"C": 1.0, "H": 3.92, "O": 0.04},
            hhv=0.98 * 890.58,
            source=_GASES + "; 98 % methane, 2 % CO2 by volume",
        ),
        gas("hydrogen", {"H": 2.0}, hhv=285.83, exergy_to_lhv=0.976, source=_GASES),
        # Counted by the heat of its fission.
        Carrier("nuclear_fuel", "MW", {"energy": 1.0}, 1.0, 1.0, kind="fuel"),
        solid(
            "wood_chips",
            dry_matter=0.61,
            carbon=0.505,
            hydrogen=0.061,
            oxygen=0.422,
            nitrogen=0.002,
            sulphur=0.0002,
            hhv=20.2,
            unit="MW",
            source="EN ISO 17225-1 annex B, typical coniferous wood; moisture for 10.5 GJ/t",
        ),
        solid(
            "coal",
            dry_matter=0.91,
            carbon=0.709,
            hydrogen=0.044,
            oxygen=0.077,
            nitrogen=0.015,
            sulphur=0.011,
            hhv=28.67,
            unit="MW",
            fossil=1.0,
            source="steam coal, 25 GJ/t, 1 % sulphur as received (assumed), 94.6 kg CO2/GJ (IPCC)",
        ),
        water("fresh_water", 15.0),
        water("raw_water", 10.0),
        water("demineralised_water", 25.0),
        water("condensate", 90.0),
        water("wastewater", 24.5),
        water("treated_water", 24.5),
        water("reclaimed_water", 20.0),
        _substance("co2", {"C": 1, "O": 2}, kind="gas", closes="carbon"),
        _substance("oxygen", {"O": 2}, kind="gas"),
        _substance("sulphur", {"S": 1}, energy=296.8, exergy=609.6, kind="solid|material"),
        Carrier("fly_ash", "t/h", {"mass": 1.0}, kind="solid|material"),
        Carrier("wood_ash", "t/h", {"mass": 1.0}, kind="solid|material"),
        Carrier("ash", "t/h", {"mass": 1.0}, kind="solid|material"),
    )
} | dict(substances())
"""Carriers every park may use by name."""

SURROUNDINGS: dict[str, Carrier] = {
    c.name: c
    for c in (
        Carrier("heat_to_ambient", "MW", {"energy": 1.0}, closes="energy"),
        STANDARD["co2"],
        Carrier("air", "t/h", {"mass": 1.0}, kind="gas", closes="mass"),
        _substance("so2", {"S": 1, "O": 2}, kind="gas", closes="sulphur"),
        _substance("n2", {"N": 2}, kind="gas", closes="nitrogen"),
        Carrier(
            "water_vapour",
            "t/h",
            {"energy": LATENT / 3600.0, "mass": 1.0, "water": 1.0},
            closes="water",
        ),
        # Counted by what is converted of it, so its exergy cannot be less than that of work.
        Carrier("sun", "MW", {"energy": 1.0}, 1.0, closes="energy"),
        Carrier("wind", "MW", {"energy": 1.0}, 1.0, closes="energy"),
        Carrier("water_power", "MW", {"energy": 1.0}, 1.0, closes="energy"),
        Carrier("air_heat", "MW", {"energy": 1.0}, closes="energy"),
        Carrier("ground_heat", "MW", {"energy": 1.0}, closes="energy"),
        Carrier("water_body_heat", "MW", {"energy": 1.0}, closes="energy"),
        Carrier("building_heat", "MW", {"energy": 1.0}, closes="energy"),
    )
}
"""What the park exchanges with nature. `closes` names the quantity each may balance."""

INWARD = frozenset(
    {
        "air",
        "sun",
        "wind",
        "water_power",
        "air_heat",
        "ground_heat",
        "water_body_heat",
        "building_heat",
    }
)
"""Surroundings that only ever give to the park; the others only ever take."""
