"""Why a chip carries no traffic within the latency: what binds, by how much, and the nearest that would do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from tenfold.planning.plan.serve.layouts import Space, Spreads, Table, chips_of
from tenfold.planning.plan.serve.question import QUANTITIES, Service, tokens_of
from tenfold.planning.plan.serve.sized import Sized
from tenfold.planning.plan.verdicts import ANY_SITE, ANY_SUPPLY, Infeasible
from tenfold.quantities import Floats, Problem, Shortfall, format_enough, format_quantity, parse_quantity

BINDS = {"slo_ttft_s": "prefill saturation", "slo_tpot_s": "latency floor", "slo_e2e_s": "latency floor"}
"""What binds where no load at all keeps a limit, by the limit."""


ENOUGH = 1.25
"""What is left to the simulation over the closed form, in the latency that would do."""


def without_layout(sized: Sized, carried: Collection[int], z: float) -> Iterator[Infeasible]:
    """Say of every chip that carries with no engine what binds it with its best, that which misses by least first."""
    chip = chips_of(sized.space.machines)
    without = [place for place, own in enumerate(chip) if not np.isin(own, chip[list(carried)])]
    found = sorted(((*_short(sized, machine, z), machine) for machine in without), key=lambda each: each[0])
    told = set[int]()
    for _, short, machine in found:
        if int(chip[machine]) in told:
            continue
        told.add(int(chip[machine]))
        least = min(sized.space.chips(each) for each in np.flatnonzero(sized.space.machine == machine).tolist())
        key = sized.space.machines[machine].chip.key
        yield Infeasible(chip=key, chips=least, supply=ANY_SUPPLY, site=ANY_SITE, reasons=short)


def lacking(refused: Mapping[str, Problem]) -> Iterator[Infeasible]:
    """Chips that lack a figure, by name."""
    for chip, problem in refused.items():
        reason = Shortfall(kind="figure", short=problem.wrong.rstrip("."), nearest=problem.remedy)
        yield Infeasible(chip=chip, chips=1, supply=ANY_SUPPLY, site=ANY_SITE, reasons=(reason,))


Missed = tuple[float, tuple[Shortfall, ...]]
"""Factor by which a limit is missed, infinite where no latency would do; and the words."""


def _short(sized: Sized, machine: int, z: float) -> Missed:
    space, service = sized.space, sized.service
    own = np.flatnonzero(space.machine == machine)
    if not np.any(space.room_bytes[own] > 0.0):
        return _weights(space, own[np.argmax(space.room_bytes[own])])
    if not np.any(space.most[own] >= 1.0):
        most = float(space.most[own].max())
        short = f"the cache has room for {most:.2f} of one request of {sum(tokens_of(service)):,.0f} tokens"
        return np.inf, (Shortfall(kind="cache", short=short, nearest="a chip with more memory, or shorter requests"),)
    return _latency(sized.table, sized.spreads, service, machine, z)


def _weights(space: Space, setting: int) -> Missed:
    held, memory = (
        float(np.asarray(each).ravel()[setting])
        for each in (space.replica.counted.held_bytes, space.replica.hardware.memory_bytes)
    )
    chips = space.chips(setting)
    need, have = format_quantity(held, "B"), format_quantity(memory, "B")
    short = f"the weights do not fit: {need} a chip on the widest replica, {chips} chips, of {have}"
    return np.inf, (Shortfall(kind="weights", short=short, nearest="a chip with more memory, or a narrower precision"),)


def _latency(table: Table, spreads: Spreads, service: Service, machine: int, z: float) -> Missed:
    """Every limit that is missed at the load that misses the worst of them by least: relaxed together they would do."""
    own = (table.machine == machine) & (table.rate_per_s > 0.0)
    sure = {
        name: table.latency_s[name][own] * np.exp(float(spreads.of[quantity][machine]) * z)
        for name, quantity in QUANTITIES.items()
        if getattr(service, name) is not None
    }
    factor = np.max([times / getattr(service, name) for name, times in sure.items()], axis=0)
    place = int(np.argmin(factor))
    missed = [_missed(name, times, place, getattr(service, name)) for name, times in sure.items()]
    return float(factor[place]), tuple(each for each in missed if each is not None)


def _missed(name: str, times: Floats, place: int, asked: float) -> Shortfall | None:
    """What is missed of one limit at a load; None where it is kept."""
    if times[place] <= asked:
        return None
    binds = BINDS[name] if float(times.min()) > asked else "latencies together"
    key, least = name.removesuffix("_s"), format_quantity(float(times[place]), "s")
    short = f"{binds}: the least {key.removeprefix('slo_').upper()} is {least}, {format_quantity(asked, 's')} asked"
    enough = format_enough(ENOUGH * float(times[place]), "s")
    return Shortfall(
        kind="latency",
        short=short,
        nearest=f"{key} = '{enough}'",
        times_over=float(times[place]) / asked,
        moves=((name, parse_quantity(enough, "s")),),
    )
