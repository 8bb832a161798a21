"""How quick jobs that name a model are on other kinds and numbers of chips, and across domains: by ``performance``.

A step of the fastest layout that fits is timed for each combination that a job may meet. Crossing a level leaves a
share of the network between nodes, which the user states; whatever is not stated is left whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from tenfold.catalog import Catalog
from tenfold.fleet import PREEMPTIONS, FleetAsked, Rules, Speed, Speeds, Stood, Trace
from tenfold.quantities import InputError, NamedFigure, Problem

if TYPE_CHECKING:
    from tenfold.planning.estimate.asked import Wished

NOTE = (
    "Jobs that name a model take as long elsewhere as the fastest layout that fits takes there against {chip}, the "
    "chip of the record, each in its usual system ({systems}); the network between domains has the share that is stated"
)
LINEAR = "Jobs that name no model do as much work per chip on fewer chips as on all of them"


@dataclass(frozen=True, slots=True)
class _Kind:
    """A model with its batch, asked for on so many chips."""

    model: str
    global_batch: int
    asked: int
    least: int
    takes: str
    """Kinds of chip, with ``|`` between them; any where it is empty."""


def with_speeds(
    asked: FleetAsked, catalog: Catalog, trace: Trace, rules: Rules
) -> tuple[Rules, tuple[NamedFigure, ...], tuple[str, ...]]:
    """Rules with speeds. Raises ``InputError`` for jobs that fit no chip of the record."""
    shrinks = PREEMPTIONS[asked.preemption].fewer
    kinds = sorted(set(_kinds(trace)), key=astuple)
    linear = (LINEAR,) if shrinks else ()
    if not kinds or not (shrinks or rules.domains is not None):
        return rules, (), linear
    if asked.chip is None:
        wrong, remedy = "is missing", "Name the chip that the trace was recorded on: jobs of it name models"
        raise InputError(Problem(file="", key="chip", wrong=wrong, remedy=remedy))
    timed = _Timed(catalog, asked.chip, asked.crossing)
    known = {
        stood: speed
        for each in kinds
        for stood, speed in timed.speeds(each, rules, (each.asked, each.least) if shrinks else (each.asked,))
    }
    note = NOTE.format(chip=asked.chip, systems=", ".join(timed.systems))
    return replace(rules, speeds=Speeds(known)), timed.figures(), (note, *linear)


def _kinds(trace: Trace) -> Iterator[_Kind]:
    wants, jobs = trace.jobs.wants, trace.jobs
    if wants is None or len(wants.models) == 1:
        return
    columns = (wants.model, wants.global_batch, jobs.chips, wants.least_chips, wants.kinds)
    for model, batch, chips, least, takes in zip(*(column.tolist() for column in columns), strict=True):
        if wants.models[model]:
            yield _Kind(wants.models[model], batch, chips, least, wants.kind_lists[takes])


class _Timed:
    """Steps that were timed."""

    def __init__(self, catalog: Catalog, recorded: str, crossing: Mapping[str, float]) -> None:
        self._catalog, self._recorded, self._crossing = catalog, recorded, crossing
        self._figures: dict[str, NamedFigure] = {}
        self.systems: dict[str, None] = {}
        """Systems that chips were timed in."""
        self.step_s = cache(self._step_s)

    def figures(self) -> tuple[NamedFigure, ...]:
        """Figures under all of them."""
        return tuple(self._figures.values())

    def speeds(self, kind: _Kind, rules: Rules, sizes: tuple[int, ...]) -> Iterator[tuple[Stood, Speed]]:
        """Speeds of a job wherever it may stand."""
        before_s = self.step_s(kind.model, kind.global_batch, self._recorded, kind.asked, 1.0) * kind.asked
        levels = ("", *(() if rules.domains is None else rules.domains.levels))
        there = dict.fromkeys(() if rules.domains is None else rules.domains.kinds) or {"": None}
        there = {name: None for name in there if not (name and kind.takes) or name in kind.takes.split("|")}
        for chips in sizes:
            for name in there:
                chip = self._catalog.key_of("chips", name) if name else self._recorded
                alone_s = self.step_s(kind.model, kind.global_batch, chip, chips, 1.0)
                for level in levels:
                    share = self._crossing.get(level, 1.0)
                    crossed_s = self.step_s(kind.model, kind.global_batch, chip, chips, share)
                    stood = Stood(
                        model=kind.model,
                        global_batch=kind.global_batch,
                        asked=kind.asked,
                        chips=chips,
                        kind=name,
                        crossed=level,
                    )
                    speed = Speed(alone=before_s / (alone_s * chips), crossing=min(1.0, alone_s / crossed_s))
                    yield stood, speed

    def _step_s(self, model: str, global_batch: int, chip: str, chips: int, share: float) -> float:
        """Time of a step of the fastest layout. Raises ``InputError`` where none fits."""
        wished = self._wished(model, global_batch, chip, chips)
        found = replace(wished, setup=wished.setup.with_network_share(share)).fastest()
        if math.isinf(found.step_s):
            wrong = f"a batch of {global_batch:,} sequences of {model} fits not on {chips:,} {chip}"
            remedy = "Mend global_batch, chips or least_chips of such jobs, or say which kinds they take"
            raise InputError(Problem(file="", key="trace", wrong=wrong, remedy=remedy))
        return float(found.step_s)

    def _wished(self, model: str, global_batch: int, chip: str, chips: int) -> Wished:
        from tenfold.performance.layout import LayoutWish  # loaded only where a job names a model
        from tenfold.planning.estimate.asked import Wished, setups_asked
        from tenfold.planning.estimate.cluster import Cluster

        cluster = Cluster(model=model, chip=chip, chips=chips, global_batch=global_batch)
        setup = setups_asked(self._catalog, cluster, {}).likeliest
        self._figures |= {name: NamedFigure(name=name, figure=figure) for name, figure in setup.figures}
        self.systems[setup.system.key] = None
        return Wished(setup=setup, chips=chips, wish=LayoutWish())
