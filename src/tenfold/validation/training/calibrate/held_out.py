"""Runs predicted by fits that had not seen them: which groups are left out, what is new of a run then, its range.

Ranges are judged as honestly as predictions: those of a source's runs are from components of variance estimated
without that source.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenfold.catalog import Catalog
from tenfold.performance import OPEN_LAYOUTS, Seen, newest, stacks_of
from tenfold.quantities import Flags, Floats
from tenfold.validation.folds import Fold, folds, group_folds
from tenfold.validation.scoring import Ranges
from tenfold.validation.training.calibrate.spreads import (
    ARCHS,
    FEWEST_SOURCES,
    Components,
    Spreads,
    Unseen,
    constants_of_components,
    equal_weights,
    fit_components,
    fit_factor,
    halved_weights,
    largest_of,
    least_factor,
    prior_components,
    regime_of,
    rows_of,
    stacks_on,
)
from tenfold.validation.training.completed import CompletedRun
from tenfold.validation.training.predict import CasePredictions

SOURCES = "source"
Plans = Mapping[str, list[Fold]]
"""Folds by what they leave out."""
Judged = Mapping[str, list[tuple[Fold, CasePredictions]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Every run predicted without its source."""

    ranges: Ranges
    novelty: tuple[str, ...]
    """What was new of each run to the fit that predicted it."""


def plans_of(runs: Sequence[CompletedRun], catalog: Catalog) -> Plans:
    """Folds that leave out sources (or models), chip families, stacks, and number widths of families."""
    chips = [catalog.chip(done.run.chip).key for done in runs]
    by_source = folds([done.run.source for done in runs], chips, [done.run.model for done in runs])
    return {
        SOURCES: list(by_source),
        "chip": list(group_folds([done.key.family for done in runs])),
        "software": list(group_folds([done.key.software.key for done in runs])),
        "width": list(group_folds([f"{done.key.family}/{done.width}" for done in runs])),
    }


def judge_ranges(
    runs: Sequence[CompletedRun], judged: Judged, measured: Floats, priors: Mapping[str, float]
) -> tuple[HeldOut, Spreads]:
    """Ranges of all runs by components estimated without their sources; and the components of all of them."""
    source = np.array([done.run.source for done in runs])
    parts = [_unseen(runs, fold, cases, measured) for plan in judged.values() for fold, cases in plan]
    owners = np.concatenate([source[fold.judged] for plan in judged.values() for fold, _ in plan])
    everything = _joined(parts)
    own, cases, order = _by_source(runs, judged[SOURCES], measured)
    named = source[order]
    everything = replace(everything, weight=_plan_weights(judged, runs))

    def components_without(name: str | None) -> tuple[Components, Flags]:
        kept = owners != name if name is not None else np.ones(len(owners), dtype=bool)
        here = named != name if name is not None else np.ones(len(order), dtype=bool)
        if len(set(named[here])) < FEWEST_SOURCES:
            return prior_components(priors), here
        found = fit_components(everything.rows(kept), priors)
        inside = fit_factor(found, own.rows(here), _cases_at(cases, here), measured[order][here], priors)
        return replace(found, factor=least_factor(inside, halved_weights(list(named[here])))), here

    spread = np.zeros(len(order))
    for name in sorted(set(source)):
        found, others = components_without(str(name))
        spread[~others] = found.log_spread(own.rows(~others), priors)
    ranges = cases.ranges(spread)
    back = np.argsort(order)
    whole, _ = components_without(None)
    novelty = _novelty(own)
    return (
        HeldOut(ranges=ranges.at(back), novelty=tuple(novelty[place] for place in back)),
        _spreads(runs, whole),
    )


def _spreads(runs: Sequence[CompletedRun], components: Components) -> Spreads:
    found = constants_of_components(components)
    counts = {arch: sum(regime_of(done) == arch for done in runs) for arch in ARCHS}
    return Spreads(
        log_spread=found,
        runs={key: counts[key.split(".")[1]] for key in found},
        rows={**rows_of(runs), **stacks_on(runs)},
        largest=largest_of(runs),
    )


def _unseen(runs: Sequence[CompletedRun], fold: Fold, cases: CasePredictions, measured: Floats) -> Unseen:
    """The judged runs of a fold with what the fit had seen near them."""
    fitted = [done for done, seen in zip(runs, fold.fitted, strict=True) if seen]
    here = [done for done, seen in zip(runs, fold.judged, strict=True) if seen]
    return Unseen(
        arch=np.array([float(ARCHS.index(regime_of(done))) for done in here]),
        seen=seen_by(fitted, here),
        chips=np.array([float(done.run.n_chips or 1.0) for done in here]),
        residual=cases.residuals(measured[fold.judged]),
        weight=np.ones(len(here)),
    )


def seen_by(fitted: Sequence[CompletedRun], runs: Sequence[CompletedRun]) -> Seen:
    """What a fit has seen near each of some runs."""
    rows, largest, on = rows_of(fitted), largest_of(fitted), stacks_on(fitted)
    stacks = {key for done in fitted for key in stacks_of(done.key.software)}
    known: dict[str, int] = {}
    for key, count in rows.items():
        _, family, arch, width = key.split(".")
        for part in (f"{family}", f"{family}.{arch}", f"{family}..{width}"):
            known[part] = known.get(part, 0) + count
    families = [done.key.family for done in runs]
    archs = [regime_of(done) for done in runs]
    widths = [done.width for done in runs]

    def counts(parts: list[str]) -> Floats:
        return np.array([float(known.get(part, 0)) for part in parts])

    return Seen(
        of_family=counts(families),
        of_kind=counts([f"{f}.{a}" for f, a in zip(families, archs, strict=True)]),
        of_width=counts([f"{f}..{w}" for f, w in zip(families, widths, strict=True)]),
        largest_chips=np.array([largest.get(f"largest.{f}.{a}", 0.0) for f, a in zip(families, archs, strict=True)]),
        of_stack=np.array([float(_of_stack(on, done)) for done in runs]),
        known_software=np.array([float(bool(stacks & {*stacks_of(done.key.software)})) for done in runs]),
        free_layout=np.array([float(done.open_layouts > OPEN_LAYOUTS) for done in runs]),
        years_ahead=np.zeros(len(runs)),
    )


def _of_stack(on: Mapping[str, int], done: CompletedRun) -> int:
    """Runs of a run's stack, or of the one it was built from, on its chip family."""
    return sum(on.get(f"stacks.{done.key.family}.{stack}", 0) for stack in stacks_of(done.key.software))


def _plan_weights(judged: Judged, runs: Sequence[CompletedRun]) -> Floats:
    """Sources count the same in every plan."""

    def weights(plan: list[tuple[Fold, CasePredictions]]) -> Floats:
        order = np.concatenate([np.flatnonzero(fold.judged) for fold, _ in plan])
        return equal_weights([runs[number].run.source for number in order])

    return np.concatenate([weights(plan) for plan in judged.values()])


def _joined(parts: Sequence[Unseen]) -> Unseen:
    seen = Seen(**{name: np.concatenate([getattr(part.seen, name) for part in parts]) for name in Seen.__slots__})
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts]) for name in Unseen.__slots__ if name != "seen"
    }
    return Unseen(seen=seen, **columns)


def _by_source(
    runs: Sequence[CompletedRun], plan: list[tuple[Fold, CasePredictions]], measured: Floats
) -> tuple[Unseen, CasePredictions, Floats]:
    """Runs judged without their sources: as columns, their cases, and the number of each run."""
    own = _joined([_unseen(runs, fold, cases, measured) for fold, cases in plan])
    order = np.concatenate([np.flatnonzero(fold.judged) for fold, _ in plan])
    most = max(cases.weight.shape[1] for _, cases in plan)
    weight = np.concatenate([_padded(cases.weight, most, 0.0) for _, cases in plan])
    logs = np.concatenate([_padded(cases.log_speed, most, None) for _, cases in plan])
    return own, CasePredictions(weight=weight, log_speed=logs), order


def _padded(columns: Floats, most: int, value: float | None) -> Floats:
    """Columns filled up to ``most``, with a value or with the first column."""
    missing = most - columns.shape[1]
    more = np.repeat(columns[:, :1], missing, axis=1) if value is None else np.full((len(columns), missing), value)
    return np.concatenate([columns, more], axis=1)


def _cases_at(cases: CasePredictions, here: Flags) -> CasePredictions:
    return CasePredictions(weight=cases.weight[here], log_speed=cases.log_speed[here])


def _novelty(own: Unseen) -> list[str]:
    """The most telling thing that is new of each run beside its source."""
    return [newest(own.rows(np.array([row])).seen) for row in range(len(own.residual))]
