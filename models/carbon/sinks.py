"""Carbon that plants, soil and char take up, by the year: for the accounts, apart from emissions.

A sink is no flow of the network: it works at the pace of years, is not metered, and may be undone.
Each function gives t CO2 per year, to be stated beside the emissions of a run and never within.
"""

from __future__ import annotations

import math

from models.base import PhysicsError
from models.carriers import CO2_PER_CARBON

CARBON_FRACTION = 0.47
"""Carbon in dry woody matter (IPCC 2006, vol. 4, table 4.3, all climates)."""

URBAN_TREE = {
    "aspen": 0.0096,
    "soft_maple": 0.0118,
    "mixed_hardwood": 0.0100,
    "hardwood_maple": 0.0142,
    "juniper": 0.0033,
    "cedar_larch": 0.0072,
    "douglas_fir": 0.0122,
    "fir_hemlock": 0.0104,
    "pine": 0.0087,
    "spruce": 0.0092,
}
"""Carbon per tree and year while it grows [t C] (unverified: IPCC 2006, vol. 4, table 8.2)."""

GROWING_YEARS = 20.0
"""After which a planted tree counts as grown (IPCC 2006, vol. 4, section 8.2.1.2)."""

MANGROVE_SOIL = 1.62
SALT_MARSH_SOIL = 0.91
"""Carbon that tidal soils bury [t C/ha/a] (unverified: IPCC 2013 Wetlands Supplement, table
4.12)."""

MANGROVE_LIMIT = (-38.9, 31.4)
"""Latitudes between which mangroves grow: Corner Inlet in Australia, Kiire in Japan [deg]
(unverified: Spalding et al., World Atlas of Mangroves, 2010). Bermuda at 32.3 N, warmed by the Gulf
Stream, is left out."""

LAWN_SOIL = (0.460 + 1.271) / 2.0
"""Carbon that the soil of a kept lawn gains [t C/ha/a]: middle of 0.460 to 1.271 in the USA (G.
Zirkle, R. Lal and B. Augustin, "Modeling carbon sequestration in home lawns", HortScience 46 (2011)
808)."""

LAWN_YEARS = 25.0
"""For which a new lawn gains (Y. Qian and R. Follett, "Carbon sequestration potential of turfgrass
ecosystems", ASA-CSSA-SSSA annual meeting 2009: 0.3 to 1.0 t C/ha/a in the first 25 years)."""

GREEN_ROOF = 3.75
GREEN_ROOF_YEARS = 2.0
"""Carbon that plants, roots and substrate of an extensive roof gain [t C/ha], and years it takes
(K. Getter et al., "Carbon sequestration potential of extensive green roofs", Environ. Sci. Technol.
43 (2009) 7564: 168 + 107 + 100 g C/m2)."""

BIOCHAR_CARBON = {
    "wood": (0.77, 0.52),
    "herbaceous": (0.65, 0.28),
    "rice": (0.49, 0.13),
    "nuts": (0.74, 0.40),
    "manure": (0.38, 0.09),
    "biosolids": (0.35, 0.07),
}
"""Carbon per dry char of pyrolysis, and of gasification (IPCC 2019 Refinement, vol. 4, chapter 2,
appendix 4, table 4AP.1, as in Verra VM0044 v1.2, table 4)."""

BIOCHAR_PERMANENT = ((600.0, 0.89), (450.0, 0.80), (350.0, 0.65))
"""Share of char carbon left after 100 years, by the lowest temperature of pyrolysis [degC] (IPCC
2019 Refinement, vol. 4, chapter 2, appendix 4, table 4AP.2, as in Verra VM0044 v1.2, table 3)."""

CHAR_LIMIT = 0.7
"""Hydrogen per organic carbon above which it is no char [mol/mol] (Verra VM0044 v1.2, 4.4.2)."""


def grown(age: float, largest: float, rate: float, shape: float) -> float:
    """Biomass of a stand by age, in the unit of `largest`.

    Parameters
    ----------
    age : float
        [a]
    largest : float
        That it tends to.
    rate : float
        [1/a]
    shape : float
        Exponent above 1 for a slow start.

    Notes
    -----
    Chapman-Richards, ``B (1 - exp(-k t))^p`` (Richards, J. Exp. Bot. 10 (1959) 290).
    """
    if age <= 0:
        return 0.0
    return float(largest * (-math.expm1(-rate * age)) ** shape)


def forest(
    area: float, age: float, largest: float, rate: float, shape: float, root_share: float
) -> float:
    """Uptake of a stand in the year that begins at an age [t CO2/a].

    Parameters
    ----------
    area : float
        [ha]
    age : float
        At the start of the year [a].
    largest : float
        Dry matter above ground that it tends to [t/ha].
    rate, shape : float
        Of growth, see `grown`.
    root_share : float
        Dry matter below ground over that above (IPCC 2006, vol. 4, table 4.4).

    Notes
    -----
    ``A G (1 + R) CF`` (IPCC 2006, vol. 4, eq. 2.9 and 2.10), G being the year's growth.
    """
    _positive(area=area, age=age, largest=largest, root_share=root_share)
    growth = grown(age + 1.0, largest, rate, shape) - grown(age, largest, rate, shape)
    return area * growth * (1.0 + root_share) * CARBON_FRACTION * CO2_PER_CARBON


def urban_trees(number: float, species: str, age: float) -> float:
    """Uptake of trees in a settlement [t CO2/a]; zero once they are grown.

    Parameters
    ----------
    number : float
        Trees alive.
    species : str
        Group of `URBAN_TREE`.
    age : float
        Since planting [a].

    Notes
    -----
    IPCC 2006, vol. 4, eq. 8.3 (Tier 2b) with the default growing period.
    """
    _positive(number=number, age=age)
    if species not in URBAN_TREE:
        raise PhysicsError(
            f"nothing is known of '{species}'",
            key="species",
            mend=f"one of {', '.join(URBAN_TREE)}",
        )
    return number * URBAN_TREE[species] * CO2_PER_CARBON if age < GROWING_YEARS else 0.0


def mangrove(area: float, latitude: float) -> float:
    """Burial of carbon in the soil of a planted mangrove [t CO2/a]; its growth is a `forest`.

    Parameters
    ----------
    area : float
        [ha]
    latitude : float
        North positive [deg].

    Raises
    ------
    PhysicsError
        Frost: no mangrove grows there.
    """
    _positive(area=area)
    south, north = MANGROVE_LIMIT
    if not south <= latitude <= north:
        raise PhysicsError(
            f"no mangrove survives the winter at {abs(latitude):g} deg "
            f"{'N' if latitude > 0 else 'S'}; the limits are {north:g} N and {-south:g} S",
            key="latitude",
            mend="plan a salt marsh",
        )
    return area * MANGROVE_SOIL * CO2_PER_CARBON


def salt_marsh(area: float) -> float:
    """Burial of carbon in the soil of a tidal marsh [t CO2/a]; `area` in ha."""
    _positive(area=area)
    return area * SALT_MARSH_SOIL * CO2_PER_CARBON


def lawn(area: float, age: float) -> float:
    """Carbon that the soil under a kept lawn gains [t CO2/a]; none once it is settled.

    Parameters
    ----------
    area : float
        [ha]
    age : float
        Since sowing [a].

    Notes
    -----
    Gross: fuel, power and fertiliser of its upkeep are emissions of the run, and the N2O of the
    fertiliser is left out. Clippings rot within the year and are no sink.
    """
    _positive(area=area, age=age)
    return area * LAWN_SOIL * CO2_PER_CARBON if age < LAWN_YEARS else 0.0


def green_roof(area: float, age: float) -> float:
    """Uptake of a planted extensive roof [t CO2/a]; none once it is grown over.

    Parameters
    ----------
    area : float
        [ha]
    age : float
        Since planting [a].
    """
    _positive(area=area, age=age)
    yearly = area * GREEN_ROOF / GREEN_ROOF_YEARS * CO2_PER_CARBON
    return yearly if age < GREEN_ROOF_YEARS else 0.0


def soil_carbon(
    area: float,
    reference: float,
    before: tuple[float, float, float],
    after: tuple[float, float, float],
    year: float,
    years: float = 20.0,
) -> float:
    """Change of carbon in mineral soil after a change of use [t CO2/a]; negative is a loss.

    Parameters
    ----------
    area : float
        [ha]
    reference : float
        Carbon under native plants, upper 30 cm [t C/ha] (IPCC 2006, vol. 4, table 2.3).
    before, after : tuple of float
        Factors of land use, management and input (tables 5.5 and 6.2).
    year : float
        Since the change [a].
    years : float
        Until the new balance [a].

    Notes
    -----
    ``(SOC_0 - SOC_0-T) / D`` (IPCC 2006, vol. 4, eq. 2.25), nothing after D years.
    """
    _positive(area=area, reference=reference, year=year)
    if year >= years:
        return 0.0
    change = reference * (math.prod(after) - math.prod(before))
    return area * change / years * CO2_PER_CARBON


def biochar(amount: float, feedstock: str, temperature: float, *, gasified: bool = False) -> float:
    """CO2 that char keeps from the air for 100 years [t CO2], or per year [t CO2/a].

    Parameters
    ----------
    amount : float
        Dry char brought into soil [t] or [t/a].
    feedstock : str
        Of `BIOCHAR_CARBON`.
    temperature : float
        Highest that the feedstock saw [degC].
    gasified : bool
        Left over from a gasifier, with less carbon in it.

    Raises
    ------
    PhysicsError
        Unknown feedstock, or a temperature at which no char is made.

    Notes
    -----
    IPCC 2019 Refinement, vol. 4, eq. 4Ap.1.
    """
    _positive(amount=amount)
    if feedstock not in BIOCHAR_CARBON:
        raise PhysicsError(
            f"nothing is known of char from '{feedstock}'",
            key="feedstock",
            mend=f"one of {', '.join(BIOCHAR_CARBON)}",
        )
    carbon = BIOCHAR_CARBON[feedstock][1 if gasified else 0]
    for least, share in BIOCHAR_PERMANENT:
        if temperature >= least:
            return amount * carbon * share * CO2_PER_CARBON
    raise PhysicsError(
        f"at {temperature:g} degC wood is dried and toasted, not charred",
        key="temperature",
        mend="give at least 350 degC",
    )


def biochar_in_soil(amount: float, carbon: float, hydrogen: float, soil: float) -> float:
    """CO2 that analysed char keeps from the air for 200 years in soil of a temperature [t CO2].

    Parameters
    ----------
    amount : float
        Dry char brought into soil [t].
    carbon : float
        Organic carbon in it [0-1].
    hydrogen : float
        Hydrogen per organic carbon [mol/mol]; little in char that was made hot.
    soil : float
        Mean temperature of the soil over the year [degC].

    Raises
    ------
    PhysicsError
        So much hydrogen that it is no char, or more carbon than char.

    Notes
    -----
    ``min(0.95, 1 - (c + (a + b ln T) H/C))``, never below zero, T at least 7 degC: Isometric,
    *Biochar Storage in Soil Environments* v1.2, eq. 3 and table 4, the 17th percentile of what D.
    Woolf et al. (Environ. Sci. Technol. 55, 2021, doi 10.1021/acs.est.1c02425) find in trials of
    decay. Other fits give less (E. Azzi et al., Geoderma 441 (2024) 116761).
    """
    _positive(amount=amount, carbon=carbon, hydrogen=hydrogen)
    if carbon > 1:
        raise PhysicsError(
            f"{carbon:g} t of carbon do not fit into a tonne of char",
            key="carbon",
            mend="give at most 1",
        )
    if hydrogen > CHAR_LIMIT:
        raise PhysicsError(
            f"with {hydrogen:g} hydrogen per carbon it is toasted wood, not char",
            key="hydrogen",
            mend=f"give at most {CHAR_LIMIT:g}",
        )
    lost = -0.048 + (-0.383 + 0.350 * math.log(max(soil, 7.0))) * hydrogen
    return amount * carbon * min(max(1.0 - lost, 0.0), 0.95) * CO2_PER_CARBON


def _positive(**given: float) -> None:
    for name, value in given.items():
        if not value >= 0:
            raise PhysicsError(f"{name} is {value:g}", key=name, mend="give at least zero")
