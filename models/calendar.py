"""Civil time: the steps of a run, working days and the Spring Festival."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from difflib import get_close_matches

import numpy as np
import pandas as pd

DEFAULT_START = "2025-01-01"
"""Local start of a run that names none: the first of January of a common year."""


def step_index(start_local: str, horizon_s: int, step_s: int, time_zone: str) -> pd.DatetimeIndex:
    """Starts of the steps of a run, evenly spaced in elapsed time.

    Parameters
    ----------
    start_local : str
        Year-month-day, and a time if it is not midnight, in the site's time zone; an explicit
        offset is honoured.
    horizon_s, step_s : int
        Length of the run and of a step [s] of elapsed time, so that the day on which clocks go
        forward has 23 h and every 29 February is there.
    time_zone : str
        IANA name.

    Returns
    -------
    DatetimeIndex, shape (horizon_s / step_s,)
        Aware of `time_zone`.

    Raises
    ------
    ValueError
        Unknown time zone; a start that is not written year-month-day, does not exist or occurs
        twice as clocks change, or lies between two seconds; a step that does not divide the
        horizon.
    """
    if step_s <= 0 or horizon_s <= 0 or step_s != int(step_s) or horizon_s != int(horizon_s):
        raise ValueError(f"horizon and step must be whole seconds > 0, got {horizon_s}, {step_s}")
    if horizon_s % step_s:
        fits = horizon_s // step_s * step_s
        raise ValueError(
            f"a horizon of {horizon_s} s is not a whole number of steps of {step_s} s. To mend: "
            f"use a horizon of {fits or step_s} s or {fits + step_s} s, or a step that divides it."
        )
    zone = _zone(time_zone)
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(start_local)):
        # pandas would read 01.02.2025 as the second of January.
        raise ValueError(
            f"start '{start_local}' is not a date written year-month-day. To mend: write "
            "2025-01-31 or 2025-01-31 06:00."
        )
    try:
        given = pd.Timestamp(start_local)
    except ValueError as error:
        raise ValueError(
            f"start '{start_local}' is not a date or time. To mend: write 2025-01-01 or "
            "2025-01-01 06:00."
        ) from error
    if not 1900 <= given.year <= 2200:
        raise ValueError(f"start '{start_local}' is not a date between 1900 and 2200")
    if given != given.floor("s"):
        raise ValueError(f"start '{start_local}' is not on a whole second")
    start = _localised(given, zone) if given.tz is None else given.tz_convert(zone)
    utc = start.tz_convert("UTC").as_unit("s")
    seconds = int(utc.timestamp()) + np.arange(horizon_s // step_s, dtype=np.int64) * step_s
    return pd.DatetimeIndex(seconds.view("M8[s]"), tz="UTC").tz_convert(zone)


def workdays(times: pd.DatetimeIndex, country: str, subdivision: str | None = None) -> np.ndarray:
    """Whether each time falls on a working day.

    False on the country's weekend and public holidays, true on make-up workdays such as those of
    China (调休), which are known for the years whose notice has been published.

    Parameters
    ----------
    times : DatetimeIndex, shape (n,)
        In the site's time zone.
    country : str
        ISO 3166 alpha-2 code, such as "DK" or "CN".
    subdivision : str, optional
        ISO 3166-2 code without the country, such as "BE" in Germany for Berlin.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    ValueError
        Country or subdivision unknown; the message gives the nearest.

    Notes
    -----
    Dates come from the `holidays` library; for China it follows the yearly notices of the General
    Office of the State Council.
    """
    import holidays

    known = holidays.list_supported_countries()
    if country not in known:
        raise ValueError(f"unknown country '{country}'.{_nearest(country, known)}")
    if subdivision is not None and subdivision not in known[country]:
        hint = _nearest(subdivision, known[country])
        raise ValueError(f"unknown subdivision '{subdivision}' of {country}.{hint}")
    if len(times) == 0:
        return np.zeros(0, dtype=bool)
    first, last = times.min().date(), times.max().date()
    years = range(first.year, last.year + 1)
    calendar = holidays.country_holidays(country, subdiv=subdivision, years=years)
    n_days = (last - first).days + 1
    works = [calendar.is_working_day(first + dt.timedelta(days=i)) for i in range(n_days)]
    day = (times.tz_localize(None).normalize() - pd.Timestamp(first)).days
    return np.asarray(np.array(works, dtype=bool)[np.asarray(day)])


def spring_festival(year: int) -> dt.date:
    """First day of the Chinese New Year, by the lunisolar calendar in `holidays` (1950-2100)."""
    import holidays

    calendar = holidays.country_holidays("CN", years=year, language="en_US")
    days = [day for day in calendar if "(Spring Festival)" in calendar[day]]
    if not days:
        raise ValueError(f"no Spring Festival is known for {year}; years 1950 to 2100 are")
    return min(days)


def _zone(name: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        hint = _nearest(name, zoneinfo.available_timezones())
        raise ValueError(f"unknown time zone '{name}'.{hint}") from error


def _localised(given: pd.Timestamp, zone: zoneinfo.ZoneInfo) -> pd.Timestamp:
    both = [given.to_pydatetime().replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    offsets = [moment.utcoffset() or dt.timedelta() for moment in both]
    if offsets[0] == offsets[1]:
        return pd.Timestamp(given.tz_localize(zone))
    fault = "occurs twice" if offsets[0] > offsets[1] else "does not exist"
    raise ValueError(
        f"local time {given} {fault} in {zone.key}, as clocks change. "
        f"To mend: start at another hour, or give the offset, as in {given.isoformat()}"
        f"{pd.Timestamp(given, tz='UTC').tz_convert(zone).strftime('%z')}."
    )


def _nearest(name: str, known: object) -> str:
    near = get_close_matches(name, sorted(known), n=1)  # type: ignore[call-overload]
    return f" Did you mean {near[0]}?" if near else ""
