"""Why a chip carries no traffic within the latency: what binds, by how much, and the nearest that would do."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from tenfold.planning.plan.serve.question import Service
from tenfold.planning.plan.serve.space import Space
from tenfold.planning.plan.serve.table import QUANTITIES, Spreads, Table
from tenfold.planning.plan.verdicts import ANY_SITE, ANY_SUPPLY, Infeasible
from tenfold.quantities import Flags, Floats, Problem, Shortfall, format_quantity

if TYPE_CHECKING:
    from tenfold.planning.plan.serve.sized import Sized

BINDS = {"slo_ttft_s": "prefill saturation", "slo_tpot_s": "latency floor", "slo_e2e_s": "latency floor"}
"""What binds where no load at all keeps a limit, by the limit."""


def without_layout(sized: Sized, carried: Collection[int], z: float) -> Iterator[Infeasible]:
    """Say of every machine that is not among ``carried`` what binds it."""
    for machine in sorted(set(range(len(sized.space.machines))) - set(carried)):
        short = _short(sized, machine, z)
        chip = sized.space.machines[machine].chip.key
        least = min(sized.space.chips(each) for each in np.flatnonzero(sized.space.machine == machine).tolist())
        yield Infeasible(chip=chip, chips=least, supply=ANY_SUPPLY, site=ANY_SITE, reasons=(short,))


def lacking(refused: Mapping[str, Problem]) -> Iterator[Infeasible]:
    """Chips that lack a figure, by name."""
    for chip, problem in refused.items():
        reason = Shortfall(kind="figure", short=problem.wrong.rstrip("."), nearest=problem.remedy)
        yield Infeasible(chip=chip, chips=1, supply=ANY_SUPPLY, site=ANY_SITE, reasons=(reason,))


def _short(sized: Sized, machine: int, z: float) -> Shortfall:
    space, service = sized.space, sized.service
    own = np.flatnonzero(space.machine == machine)
    if not np.any(space.room_bytes[own] > 0.0):
        return _weights(space, own[np.argmax(space.room_bytes[own])])
    if not np.any(space.most[own] >= 1.0):
        most = float(space.most[own].max())
        short = f"the cache has room for {most:.2f} of one request of {service.isl + service.osl:,} tokens"
        return Shortfall(kind="cache", short=short, nearest="a chip with more memory, or shorter requests")
    return _latency(sized.table, sized.spreads, service, machine, z)


def _weights(space: Space, setting: int) -> Shortfall:
    held, memory = (
        float(np.asarray(each).ravel()[setting])
        for each in (space.replica.counted.held_bytes, space.replica.hardware.memory_bytes)
    )
    chips = space.chips(setting)
    need, have = format_quantity(held, "B"), format_quantity(memory, "B")
    short = f"the weights do not fit: {need} a chip on the widest replica, {chips} chips, of {have}"
    return Shortfall(kind="weights", short=short, nearest="a chip with more memory, or a narrower precision")


def _latency(table: Table, spreads: Spreads, service: Service, machine: int, z: float) -> Shortfall:
    """The limit that no load keeps; where each is kept by some, the one whose relaxing would do for the others."""
    own = (table.machine == machine) & (table.rate_per_s > 0.0)
    sure = {
        name: table.latency_s[name][own] * np.exp(float(spreads.of[quantity][machine]) * z)
        for name, quantity in QUANTITIES.items()
        if getattr(service, name) is not None
    }
    for name, times in sure.items():
        if float(times.min()) > getattr(service, name):
            return _missed(name, times, getattr(service, name), BINDS[name])
    name = max(sure, key=lambda each: _least_beside(sure, service, each) / getattr(service, each))
    return _missed(name, _beside(sure, service, name), getattr(service, name), "latencies together")


def _missed(name: str, times: Floats, asked: float, binds: str) -> Shortfall:
    least, key = float(times.min()), name.removesuffix("_s")
    what = key.removeprefix("slo_").upper()
    short = f"{binds}: the least {what} is {format_quantity(least, 's')}, {format_quantity(asked, 's')} asked"
    return Shortfall(kind="latency", short=short, nearest=f"{key} = '{format_quantity(1.01 * least, 's')}'")


def _beside(sure: Mapping[str, Floats], service: Service, name: str) -> Floats:
    """Times of one limit at loads at which the others are kept; all of them where there is none such."""
    kept: Flags = np.ones(len(sure[name]), dtype=np.bool_)
    for other, times in sure.items():
        if other != name:
            kept &= times <= getattr(service, other)
    return sure[name][kept] if kept.any() else sure[name]


def _least_beside(sure: Mapping[str, Floats], service: Service, name: str) -> float:
    return float(_beside(sure, service, name).min())
