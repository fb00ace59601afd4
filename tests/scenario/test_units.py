"""Quantities as text: every conversion by hand, and the traps of units that look alike."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.scenario.dimension import DERIVED, NAMES, PREFIXED, UnitError, phrase, registry
from twin.scenario.units import Money, compatible, convert, render

CNY = Money("CNY", (("EUR", 7.8), ("USD", 7.2)))

BY_HAND = [
    ("155 MW", "MW", 155.0),
    ("155000 kW", "MW", 155.0),
    ("0.155GW", "MW", 155.0),
    ("1e3 kWh", "MWh", 1.0),
    ("3.6 GJ", "MWh", 1.0),
    ("265 GWh", "MWh", 265e3),
    ("8.76 GWh/a", "MW", 1.0),  # a year is 8760 h
    ("24 MWh/d", "MW", 1.0),
    ("1000 kcal", "kWh", 1.163),  # 4186.8 kJ / 3600
    ("29.3076 GJ", "tce", 1.0),  # GB/T 2589: 7000 kcal/kg
    ("1 tce", "MWh", 8.141),  # 29.3076 / 3.6
    ("12 bar", "bar", 12.0),
    ("1.2 MPa", "bar", 12.0),
    ("12 bar(a)", "bar", 12.0),
    ("36 h", "h", 36.0),
    ("1.5 d", "h", 36.0),
    ("2160 min", "h", 36.0),
    ("2 week", "d", 14.0),
    ("15 min", "s", 900.0),
    ("80 degC", "degC", 80.0),
    ("80 °C", "degC", 80.0),
    ("353.15 K", "degC", 80.0),
    ("5 K", "K", 5.0),
    ("90 %", "1", 0.9),
    ("90", "1", 90.0),
    ("400 ppm", "1", 4e-4),
    ("10 %/a", "1/a", 0.1),
    ("7.2 MJ/kg", "MWh/t", 2.0),
    ("202 kg/MWh", "t/MWh", 0.202),
    ("202 kgCO2/MWh", "tCO2/MWh", 0.202),
    ("1 ktCO2", "tCO2", 1000.0),
    ("0.6 CNY/kWh", "currency/MWh", 600.0),
    ("50 EUR/MWh", "currency/MWh", 390.0),  # 7.8 CNY
    ("1 kEUR", "currency", 7800.0),
    ("48 CNY/kW/a", "currency/(MW*a)", 48e3),
    ("3 W/(m2*K)", "W/(m2*K)", 3.0),
    ("3 W/m2/K", "W/(m2*K)", 3.0),
    ("3 W/m**2/K", "W/(m^2*K)", 3.0),
    ("1000 m3/d", "m3/h", 1000 / 24),
    ("1 ha", "m²", 1e4),
    ("-20 degC", "degC", -20.0),
    ("+.5 MW", "kW", 500.0),
]


@pytest.mark.parametrize(("text", "unit", "wanted"), BY_HAND)
def test_conversions_by_hand(text: str, unit: str, wanted: float) -> None:
    """Each factor is in a table of units; a wrong one would scale a whole park."""
    assert convert(text, unit, CNY) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("unit", ["Gcal", "CNY/kW/month", "MMBtu", "kn", "mMW"])
def test_units_outside_the_table_are_refused(unit: str) -> None:
    """There is no prefixing of what is not in the table, and no month of unknown length."""
    with pytest.raises(UnitError, match="unknown unit"):
        convert(f"1 {unit}", "MWh", CNY)


def test_kt_is_a_thousand_tonnes_and_not_a_knot() -> None:
    """In most unit libraries kt is a speed of 0.514 m/s."""
    assert convert("120 kt/a", "t/h") == pytest.approx(120e3 / 8760)
    with pytest.raises(UnitError, match=r"needs a speed, got '10 kt' \(a mass\)"):
        convert("10 kt", "m/s")


def test_h_is_an_hour_and_not_a_constant() -> None:
    """In physics libraries h is Planck's constant: 10 h would be an action."""
    assert convert("10 h", "s") == 36e3


def test_a_is_a_year_and_not_an_are() -> None:
    """In pint a is an are of 100 m2."""
    assert convert("1 a", "h") == 8760.0


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("1 t", "tCO2"),
        ("1 tCO2", "t"),
        ("1 m3", "Nm3"),
        ("5 K", "degC/m"),
        ("10 MW", "MWh"),
        ("1 MWh/t", "MWh"),
        ("1 kg", "MW"),
        ("1 h", "1"),
        ("1 bar", "MW/m2"),
        ("1 CNY", "1"),
    ],
)
def test_what_looks_alike_is_kept_apart(text: str, unit: str) -> None:
    """A tonne of CO2 is no tonne of carbon, a normal cubic metre no cubic metre of water."""
    with pytest.raises(UnitError):
        convert(text, unit, CNY)


def test_a_temperature_is_no_difference() -> None:
    """5 K read as a temperature would be -268.15 degC; 5 degC as a difference would be 278 K."""
    with pytest.raises(UnitError, match="needs a temperature difference, got '5 degC'"):
        convert("5 degC", "K")
    assert convert("5 K", "degC") == -268.15
    with pytest.raises(UnitError, match="below absolute zero"):
        convert("-1 K", "degC")


def test_currencies_need_a_rate() -> None:
    """Taken for one another, yuan and euro would differ eightfold."""
    with pytest.raises(UnitError, match="is given in DKK, but the park's currency is CNY"):
        convert("1 DKK/kWh", "currency/MWh", CNY)
    assert convert("1 CNY/EUR", "1", CNY) == pytest.approx(1 / 7.8)


@pytest.mark.parametrize("text", ["12", "12 ", " 12"])
def test_a_number_without_unit_is_no_quantity(text: str) -> None:
    """Whether kW or MW was meant cannot be known."""
    with pytest.raises(UnitError, match="got the bare number 12"):
        convert(text, "MW")
    assert convert(text, "1") == 12.0


@pytest.mark.parametrize("text", ["nan", "inf MW", "0x10 MW", "1e400 MW", "１２ MW", "1_000 MW"])
def test_only_plain_finite_numbers_are_read(text: str) -> None:
    """What float() takes beyond decimal digits has no place in a park."""
    with pytest.raises(UnitError):
        convert(text, "MW")


@pytest.mark.parametrize(
    ("unit", "near"),
    [("MWp", "MW"), ("kwh", "kWh"), ("mw", "MW"), ("tons", "t"), ("€/MWh", "EUR"), ("hours", "h")],
)
def test_the_nearest_unit_is_offered(unit: str, near: str) -> None:
    """A message without it would send the reader to the table."""
    with pytest.raises(UnitError, match=f"did you mean {near}"):
        convert(f"1 {unit}", "m/s")


@pytest.mark.parametrize(
    ("text", "unit", "mend"),
    [
        ("10 MWh", "MW", "write 10 MW if a power was meant"),
        ("10 kWh", "MW", "write 10 kW if a power was meant"),
        ("10 MW", "MWh", "write 10 MWh if an energy was meant"),
        ("1 MW/h", "MW", "write 1 MW if a power was meant"),
        ("3 MW/h", "MWh", "write 3 MWh if an energy was meant"),
        ("3 GWh/a", "MWh", "write 3 GWh if an energy was meant"),
        ("3 GWh/year", "MWh", "write 3 GWh if an energy was meant"),
        ("60 kg/h", "MW", "give a power, such as 10 MW"),
        ("20 kt", "MW", "give a power, such as 10 MW"),
        ("4 EUR/kg", "currency/MWh", "give a price of energy, such as 10 EUR/MWh"),
        ("1500 sqm", "m**2", "give an area, such as 10 m2"),
        ("2 months", "h", "give a duration, such as 10 h"),
        ("5 weeks", "h", "write 5 week, if that is meant"),
        ("5 Gcal/a", "MWh", "give an energy, such as 10 MWh"),
        ("12 MWp", "MW", "write 12 MW"),
        ("12 ct/kWh", "currency/MWh", "write 0.12 EUR/kWh"),
        ("0.29 cents/kWh", "currency/MWh", "write 0.0029 EUR/kWh"),
        ("2 ct", "MW", "give a power, such as 10 MW"),
        ("2 degC", "K", "write 2 K if a temperature difference was meant"),
        ("80 C", "degC", "write 80 degC"),
        ("131 degF", "degC", "write 55 degC"),  # (131 - 32) / 1.8
        ("80 MW", "degC", "give a temperature, such as 10 degC"),
        ("1 h", "1", "give a plain number, such as 0.5"),
    ],
)
def test_a_mend_keeps_the_number_only_with_its_unit(text: str, unit: str, mend: str) -> None:
    """60 kg/h of hydrogen are 2 MW: told to write 60 MW, a beginner would do so.

    So would 3 GWh/a become 3 MWh, and a price of 12 ct a mass of 12 t.
    """
    with pytest.raises(UnitError) as caught:
        convert(text, unit, Money("EUR"))
    assert caught.value.mend == mend


def test_a_cent_belongs_to_the_currency_of_the_park() -> None:
    """12 ct are 0.12 USD in a park in USD; yuan have no cents, so there the euro's are meant."""
    for park, meant in (("USD", "USD"), ("CNY", "EUR")):
        with pytest.raises(UnitError, match=f"a cent is 0.01 {meant}") as caught:
            convert("12 ct/kWh", "currency/MWh", Money(park))
        assert caught.value.mend == f"write 0.12 {meant}/kWh"


def test_every_name_has_one_meaning() -> None:
    """A prefix that makes an existing name, as m + in = min, would redefine it without a word."""
    made = [p + unit for unit, prefixes in PREFIXED.items() for p in prefixes]
    names = [*made, *DERIVED]
    assert len(set(names)) == len(names)
    units = registry()
    for name in NAMES:
        if name != "degC":
            assert units.get_dimensionality(name) is not None, name


def test_a_text_is_read_back_as_written() -> None:
    """A resolved scenario must run to the same bits."""
    assert render(0.1 + 0.2, "MW") == "0.30000000000000004 MW"
    assert render(5.0, "MW") == "5 MW"
    assert render(0.5, "1") == 0.5
    assert render(50.0, "%") == "50 %"


@given(
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["MW", "t/h", "CNY/MWh", "K", "1/h", "W/(m2*K)", "%"]),
)
def test_rendering_loses_nothing(value: float, unit: str) -> None:
    """To the last bit, for every finite number."""
    assert convert(render(value, unit), unit, CNY) == value


@given(st.floats(1e-6, 1e6), st.sampled_from([("MW", "kW"), ("t/h", "kt/a"), ("MWh", "tce")]))
def test_there_and_back_is_the_same(value: float, units: tuple[str, str]) -> None:
    """A factor applied the wrong way round would come back squared."""
    one, other = units
    there = convert(render(value, one), other)
    assert math.isclose(convert(render(there, other), one), value, rel_tol=1e-12)


def test_phrases_say_what_a_unit_measures() -> None:
    """They are the words of the messages."""
    assert phrase("GWh") == "an energy"
    assert phrase("currency/t") == "a price of mass"
    assert phrase("W/m") == "a quantity in W/m"
    assert phrase("1") == "a plain number"
    assert compatible("kt/a", "t/h")
    assert not compatible("kt", "t/h")
    assert not compatible("nonsense", "t/h")
