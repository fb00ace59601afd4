"""From a park to its network: lower every component, close every flow, check the whole."""

from __future__ import annotations

import calendar
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from models.base import Carrier, Flow, PhysicsError, Series, Store
from models.calendar import step_index, workdays
from models.carriers import STANDARD, SURROUNDINGS
from models.series import SeriesError, SeriesTooShort
from models.site import Setting
from models.streams import stream
from models.weather import WeatherError, WeatherWarning
from models.weather import load as load_weather
from twin.network.conserve import ALWAYS, Violation, close_flow, close_store
from twin.network.divert import divert
from twin.network.lint import lint
from twin.network.network import Network
from twin.network.policy import apply_policy
from twin.scenario.contracts import check_contracts
from twin.scenario.errors import Problem, ScenarioError, did_you_mean
from twin.scenario.park import Park

Plans = dict[str, dict[str, tuple[str, float, float]]]
"""By component and field: carrier of the surroundings, amount over the run, and in a year."""


@dataclass(frozen=True)
class Clock:
    """The steps of a run.

    Attributes
    ----------
    times : DatetimeIndex
        Start of each step in the site's time zone; steps are equal in elapsed time.
    step_s, horizon_s : int
        [s]; the horizon is a whole number of steps.
    """

    times: pd.DatetimeIndex
    step_s: int
    horizon_s: int


def make_clock(park: Park, start: str, horizon_s: int, step_s: int) -> Clock:
    """The steps from `start` (local time) over the horizon.

    Raises
    ------
    ValueError
        The step is not between 1 s and a day, or does not divide the horizon.
    """
    if not 1 <= step_s <= 86_400:
        raise ValueError(f"step is {step_s} s; it must lie between 1 s and 1 day")
    if horizon_s < step_s or horizon_s % step_s:
        raise ValueError(f"horizon of {horizon_s} s is not a whole number of {step_s} s steps")
    return Clock(step_index(start, horizon_s, step_s, park.site.time_zone), step_s, horizon_s)


def build(park: Park, clock: Clock, *, seed: int) -> Network:
    """Lower a park onto the steps of a run.

    Raises
    ------
    ScenarioError
        With every flow that does not conserve, every bus that dangles and every demand that no
        supply can reach, each at its line; or every event that does not fit the network, and every
        contract for what imports no electricity.
    """
    return build_with_plans(park, clock, seed=seed)[0]


def build_with_plans(park: Park, clock: Clock, *, seed: int) -> tuple[Network, Plans]:
    """The network of `build`, and what its components were planned to take over the run.

    A model may say so by a method `planned(setting)`, as that of `HeatPump`.
    """
    problems: list[Problem] = []
    buses = _all_buses(park, problems)
    try:
        setting = _setting(park, clock, buses, seed)
    except (WeatherError, SeriesError) as error:
        raise ScenarioError([*problems, *_of_file(park, "site", "weather", error)]) from None
    years: dict[int, Setting | None] = {}

    def year(number: int) -> Setting | None:
        if number not in years:
            years[number] = _year(park, number, buses, seed)
        return years[number]

    setting = replace(setting, year=year)
    flows: list[Flow] = []
    stores: list[Store] = []
    plans: Plans = {}
    buses = dict(buses)
    for name, component in sorted(park.components.items()):
        try:
            own = partial(_component_stream, seed, name)
            here = replace(setting, component=name, rng=own)
            lowered = component.spec.lower(here)
            if planned := component.spec.planned(here):
                plans[name] = planned
        except PhysicsError as error:
            problems.append(park.problem(name, error.key or None, str(error), mend=error.mend))
            continue
        except SeriesError as error:
            problems += _of_file(park, name, None, error)
            continue
        if not component.available:
            for flow in lowered.flows:
                flow.upper, flow.lower = 0.0, 0.0
        flows += lowered.flows
        stores += lowered.stores
        buses |= lowered.buses
    _raise(problems)

    violations, losses = _close(park, buses, flows, stores)
    violations += divert(flows, buses, {n: c.spec for n, c in park.components.items()})
    for store in stores:
        reason = apply_policy(store, flows, clock.times)
        if reason:
            violations.append(
                Violation(store.name, store.component, "policy", reason, "set another policy")
            )
    problems += [_positioned(park, v) for v in violations]
    _raise(problems)

    network = Network.of(
        buses,
        flows,
        stores,
        surroundings={**buses, **STANDARD, **SURROUNDINGS},
        losses=losses,
        n_steps=len(clock.times),
        step_s=clock.step_s,
    )
    _raise([_positioned(park, v) for v in lint(network)])
    _raise(_events(park, network))
    check_contracts(park, network.flows.values(), network.surroundings)
    return network, plans


def _events(park: Park, network: Network) -> list[Problem]:
    """Events that do not fit the network.

    All components that an event names are known; here its flows are looked for, and an actor that
    wants more says so in a method `check(network)`, which raises PhysicsError.
    """
    problems = []
    owners = {flow.component for flow in network.flows.values()}
    known = owners.union(park.components, network.flows, network.stores, network.buses)
    for name, event in sorted(park.events.items()):
        strange = {t: key for t, key in event.spec.targets().items() if t not in known}
        for target, key in sorted(strange.items()):
            near = sorted(f for f in network.flows if f.startswith(f"{target.split('.')[0]}."))
            problems.append(
                park.problem(
                    name,
                    key,
                    f"event '{name}' names '{target}', which is no flow of this park",
                    expected=f"Flows: {', '.join(near)}. {did_you_mean(target, near)}".rstrip()
                    if near
                    else "",
                    mend="name one of these, or the component" if near else "name the component",
                )
            )
        if strange:
            continue
        try:
            event.spec.check(network)
        except PhysicsError as error:
            message = f"event '{name}': {error}"
            problems.append(park.problem(name, error.key or None, message, mend=error.mend))
    return problems


def _setting(park: Park, clock: Clock, buses: Mapping[str, Carrier], seed: int) -> Setting:
    return Setting(
        component="",
        buses=buses,
        site=park.site,
        times=clock.times,
        step_s=clock.step_s,
        weather=load_weather(park.weather, park.site, clock.times, clock.step_s, seed=seed),
        workday=workdays(clock.times, park.country),
        rng=lambda name: stream(seed, name),
    )


def _year(park: Park, number: int, buses: Mapping[str, Carrier], seed: int) -> Setting | None:
    """The setting on the hours of a year; None where measured weather does not cover it."""
    hours = 8784 if calendar.isleap(number) else 8760
    clock = make_clock(park, f"{number}-01-01", hours * 3600, 3600)
    with warnings.catch_warnings():
        # What there is to say about the weather was said when the run's own was read.
        warnings.simplefilter("ignore", WeatherWarning)
        try:
            return _setting(park, clock, buses, seed)
        except SeriesTooShort:
            return None


def _component_stream(seed: int, component: str, name: str) -> np.random.Generator:
    return stream(seed, f"{component}/{name}")


def _all_buses(park: Park, problems: list[Problem]) -> Mapping[str, Carrier]:
    """The park's buses and those that components create, whose carriers may build on each other."""
    buses = dict(park.buses)
    pending = {
        name: outlets_on
        for name, component in sorted(park.components.items())
        if (outlets_on := getattr(component.spec, "outlets", None)) is not None
    }
    while pending:
        ready = []
        for name, outlets_on in pending.items():
            try:
                outlets = outlets_on(buses)
            except KeyError:
                continue
            except PhysicsError as error:
                problems.append(park.problem(name, error.key or None, str(error), mend=error.mend))
                ready.append(name)
                continue
            buses |= {f"{name}.{thing}": carrier for thing, carrier in outlets.items()}
            ready.append(name)
        if not ready:
            for name in pending:
                problems.append(
                    park.problem(
                        name,
                        None,
                        f"the materials of '{name}' cannot be worked out: they depend in a circle "
                        f"on {', '.join(sorted(pending))}",
                        mend="declare one of the carriers between them under 'carriers:'",
                    )
                )
            break
        for name in ready:
            del pending[name]
    return buses


def _close(
    park: Park, buses: Mapping[str, Carrier], flows: list[Flow], stores: list[Store]
) -> tuple[list[Violation], dict[str, dict[str, Series]]]:
    conserved = (*ALWAYS, *park.conserve)
    outside = {**buses, **STANDARD, **SURROUNDINGS}
    places = {**buses, **{store.name: store.carrier for store in stores}}
    violations: list[Violation] = []
    losses = {}
    for flow in flows:
        violations += close_flow(flow, places, outside, conserved)
    for store in stores:
        losses[store.name], found = close_store(store, outside, conserved)
        violations += found
    return violations, losses


def _positioned(park: Park, violation: Violation) -> Problem:
    if violation.component:
        return park.problem(violation.component, None, violation.message, mend=violation.mend)
    return park.problem(None, violation.flow, violation.message, mend=violation.mend)


def _of_file(park: Park, owner: str, key: str | None, error: ValueError) -> list[Problem]:
    """What is wrong with a file of weather or a series, a problem for each line."""
    lines = [line.partition(" To mend: ") for line in str(error).splitlines()]
    return [
        park.problem(owner, key, message.rstrip("."), mend=mend.rstrip("."))
        for message, _, mend in lines
    ]


def _raise(problems: list[Problem]) -> None:
    if problems:
        raise ScenarioError(problems)
