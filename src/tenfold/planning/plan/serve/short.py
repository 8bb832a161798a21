"""Why a chip carries no traffic within the latency: what binds, by how much, and the nearest that would do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from tenfold.planning.plan.serve.layouts import Space, Spreads, Table, chips_of
from tenfold.planning.plan.serve.pace import sure_z
from tenfold.planning.plan.serve.question import QUANTITIES, Service, tokens_of
from tenfold.planning.plan.serve.sized import Sized
from tenfold.planning.plan.verdicts import ANY_SITE, ANY_SUPPLY, Infeasible
from tenfold.quantities import Floats, Indices, Problem, Shortfall, format_enough, format_quantity, parse_quantity

BINDS = {"slo_ttft_s": "prefill saturation", "slo_tpot_s": "latency floor", "slo_e2e_s": "latency floor"}
"""What binds where no load at all keeps a limit, by the limit."""
CROWDED = "layout"
"""Kind of the shortfall of what needs more chips than there may be."""
TOGETHER = "latencies together"
"""What binds where each limit is kept at some load."""

ENOUGH = 1.25
"""What is left to the simulation over the closed form, in the latency that would do."""


def without_layout(sized: Sized, carried: Collection[int], confidence: float) -> Iterator[Infeasible]:
    """Say of every chip that carries with no engine what binds it with its best, that which misses by least first."""
    chip = chips_of(sized.space.machines)
    without = [place for place, own in enumerate(chip) if not np.isin(own, chip[list(carried)])]
    found = sorted(((*_short(sized, machine, confidence), machine) for machine in without), key=lambda each: each[0])
    told = set[int]()
    for _, setting, short, machine in found:
        if int(chip[machine]) in told:
            continue
        told.add(int(chip[machine]))
        key, chips = sized.space.machines[machine].chip.key, sized.space.chips(setting)
        yield Infeasible(chip=key, chips=chips, supply=ANY_SUPPLY, site=ANY_SITE, reasons=short)


def on_fewer(sized: Sized, short: Iterable[Infeasible], most_chips: int, confidence: float) -> Iterator[Infeasible]:
    """Of chips of which too many would be needed, the latency that as many as are allowed keep, in closed form."""
    table, space = sized.table, sized.space
    carried = table.rate_per_s * np.exp(-sized.spreads.at("throughput", table.machine) * sure_z(confidence))
    chips_of_one = np.array([space.chips(each) for each in range(len(space.settings))])[table.setting]
    with np.errstate(divide="ignore"):
        chips = np.ceil(sized.demand.peak_rate_per_s / carried) * chips_of_one
    within = (chips <= most_chips) & (table.breaks_at > -np.inf)
    crowded = {each.chip: each for each in short if any(reason.kind == CROWDED for reason in each.reasons)}
    for key, each in crowded.items():
        own = within & np.array([each.chip.key == key for each in space.machines])[table.machine]
        if own.any():
            reasons = _fewest_missed(sized, np.flatnonzero(own), f"on {most_chips:,} chips", confidence)
            yield replace(each, chips=most_chips, reasons=reasons)


def _fewest_missed(sized: Sized, rows: Indices, binds: str, confidence: float) -> tuple[Shortfall, ...]:
    """What is missed at the load that misses the fewest limits, by least."""
    service = sized.service
    sure = _sure_s(sized.table, sized.spreads, service, rows, confidence)
    factors = np.array([times / getattr(service, name) for name, times in sure.items()])
    place = int(np.lexsort([factors.max(axis=0), (factors > 1.0).sum(axis=0)])[0])
    least = {name: float(times[place]) for name, times in sure.items()}
    return tuple(
        missed_at(name, each, getattr(service, name), binds, confidence)
        for name, each in least.items()
        if each > getattr(service, name)
    )


def when_simulated(
    service: Service, least_s: Mapping[str, float], chips: int, chip: str, confidence: float
) -> Infeasible:
    """A chip whose layouts the simulation left nothing of, by the latencies that enough requests keep at no load."""
    over = {name: least / getattr(service, name) for name, least in least_s.items()}
    missed = [
        missed_at(name, least_s[name], getattr(service, name), BINDS[name], confidence)
        for name, factor in over.items()
        if factor > 1.0
    ]
    if not missed:
        name = max(over, key=lambda each: over[each])
        missed = [missed_at(name, least_s[name], getattr(service, name), TOGETHER, confidence)]
    return Infeasible(chip=chip, chips=chips, supply=ANY_SUPPLY, site=ANY_SITE, reasons=tuple(missed))


def lacking(refused: Mapping[str, Problem]) -> Iterator[Infeasible]:
    """Chips that lack a figure, by name."""
    for chip, problem in refused.items():
        reason = Shortfall(kind="figure", short=problem.wrong.rstrip("."), nearest=problem.remedy)
        yield Infeasible(chip=chip, chips=1, supply=ANY_SUPPLY, site=ANY_SITE, reasons=(reason,))


Missed = tuple[float, int, tuple[Shortfall, ...]]
"""Factor by which a limit is missed, infinite where no latency would do; the layout that misses it; and the words."""


def _short(sized: Sized, machine: int, confidence: float) -> Missed:
    space, service = sized.space, sized.service
    own = np.flatnonzero(space.machine == machine)
    if not np.any(space.room_bytes[own] > 0.0):
        return _weights(space, int(own[np.argmax(space.room_bytes[own])]))
    if not np.any(space.most[own] >= 1.0):
        widest = int(own[np.argmax(space.most[own])])
        most = float(space.most[widest])
        short = f"the cache has room for {most:.2f} of one request of {sum(tokens_of(service)):,.0f} tokens"
        nearest = "a chip with more memory, or shorter requests"
        return np.inf, widest, (Shortfall(kind="cache", short=short, nearest=nearest),)
    return _latency(sized.table, sized.spreads, service, machine, confidence)


def _weights(space: Space, setting: int) -> Missed:
    held, memory = (
        float(np.asarray(each).ravel()[setting])
        for each in (space.replica.counted.held_bytes, space.replica.hardware.memory_bytes)
    )
    chips = space.chips(setting)
    need, have = format_quantity(held, "B"), format_quantity(memory, "B")
    short = f"the weights do not fit: {need} a chip on the widest replica, {chips} chips, of {have}"
    nearest = "a chip with more memory, or a narrower precision"
    return np.inf, setting, (Shortfall(kind="weights", short=short, nearest=nearest),)


def _latency(table: Table, spreads: Spreads, service: Service, machine: int, confidence: float) -> Missed:
    """Every limit that is missed at the load that misses the worst of them by least: relaxed together they would do."""
    rows = np.flatnonzero((table.machine == machine) & (table.rate_per_s > 0.0))
    sure = _sure_s(table, spreads, service, rows, confidence)
    factor = np.max([times / getattr(service, name) for name, times in sure.items()], axis=0)
    place = int(np.argmin(factor))
    missed = [_missed(name, times, place, getattr(service, name), confidence) for name, times in sure.items()]
    return float(factor[place]), int(table.setting[rows[place]]), tuple(each for each in missed if each is not None)


def _sure_s(table: Table, spreads: Spreads, service: Service, rows: Indices, confidence: float) -> Mapping[str, Floats]:
    """Latencies asked for as rows keep them at a confidence, s."""
    z = sure_z(confidence)
    return {
        name: table.latency_s[name][rows] * np.exp(spreads.at(quantity, table.machine[rows]) * z)
        for name, quantity in QUANTITIES.items()
        if getattr(service, name) is not None
    }


def _missed(name: str, times: Floats, place: int, asked: float, confidence: float) -> Shortfall | None:
    """What is missed of one limit at a load; None where it is kept."""
    if times[place] <= asked:
        return None
    binds = BINDS[name] if float(times.min()) > asked else TOGETHER
    return missed_at(name, float(times[place]), asked, binds, confidence)


def missed_at(name: str, least_s: float, asked_s: float, binds: str, confidence: float) -> Shortfall:
    """A limit that is missed: the least that is kept as surely as asked, and what would do."""
    key, least = name.removesuffix("_s"), format_quantity(least_s, "s")
    kept = f"the least {key.removeprefix('slo_').upper()} kept at {confidence:.0%}"
    enough = format_enough(ENOUGH * least_s, "s")
    return Shortfall(
        kind="latency",
        short=f"{binds}: {kept} is {least}, {format_quantity(asked_s, 's')} asked",
        nearest=f"{key} = '{enough}'",
        times_over=least_s / asked_s,
        moves=((name, parse_quantity(enough, "s")),),
    )
