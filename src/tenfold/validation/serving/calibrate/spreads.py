"""Spread of residuals by group of scores, so that about 80 % of unseen measurements fall between P10 and P90.

Each evidence has the range of unseen rows with that evidence. Where a combination of model, chip and engine was not
measured, rows predicted without their source and rows predicted without their combination are both inside: the wider of
the two. Where it was, rows of another source and rows at other settings count the same, and the range is never wider
than without. Rows and combinations count half each.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from tenfold.quantities import Z90, Floats
from tenfold.validation.folds import Fold
from tenfold.validation.serving.combinations import combination_of
from tenfold.validation.serving.held_out import HeldOut
from tenfold.validation.serving.scenarios import QUANTITY_GROUPS
from tenfold.validation.serving.table import Case

FEWEST_ROWS = 10
"""Fewer rows of a group say nothing of its spread."""
COMBINATION_FOLDS = 6
SETTING_FOLDS = 2
NARROWEST = 0.05


def combination_folds(cases: Sequence[Case]) -> Iterator[Fold]:
    """Combinations of model, chip and engine dealt to a few folds in turn, by name."""
    names = [(case.model, case.chip, case.engine.engine) for case in cases]
    place = {name: index % COMBINATION_FOLDS for index, name in enumerate(sorted(set(names)))}
    yield from _dealt("combinations", [place[name] for name in names], COMBINATION_FOLDS)


def setting_folds(cases: Sequence[Case]) -> Iterator[Fold]:
    """Settings of each combination dealt to two folds in turn, by lengths and load."""
    settings: dict[str, set[tuple[float, ...]]] = defaultdict(set)
    for case in cases:
        settings[combination_of(case)].add(_setting(case))
    order = {name: sorted(each) for name, each in settings.items()}
    number = [order[combination_of(case)].index(_setting(case)) % SETTING_FOLDS for case in cases]
    yield from _dealt("settings", number, SETTING_FOLDS)


def _setting(case: Case) -> tuple[float, ...]:
    return (case.run.isl or 0.0, case.run.osl or 0.0, case.load, case.replicas)


def _dealt(name: str, numbers: Sequence[int], folds: int) -> Iterator[Fold]:
    number = np.array(numbers)
    for fold in range(folds):
        judged = number == fold
        if judged.any() and not judged.all():
            yield Fold(name=f"{name} {fold}", judged=judged, fitted=~judged)


def spreads_of(
    cases: Sequence[Case], by_source: HeldOut, by_combination: HeldOut, by_setting: HeldOut, measured: Floats
) -> dict[str, float]:
    """Spreads by ``spread.<group or quantity>.<evidence>``, each from unseen rows with that evidence.

    Rows whose combination had been seen, in another source or at other settings, are those of ``combination``; of the
    others, without their source or their combination, each kind is inside by itself, so that the wider is ``measured``.
    """
    kinds = [_by_group(cases, (_where(each, known=False),), measured) for each in (by_source, by_combination)]
    far = {name: max(each.get(name, 0.0) for each in kinds) for name in kinds[0] | kinds[1]}
    near = _by_group(cases, (_where(by_source, known=True), _where(by_setting, known=True)), measured)
    found = {f"spread.{name}.measured": value for name, value in far.items()}
    found |= {f"spread.{name}.combination": min(value, far[name]) for name, value in near.items() if name in far}
    return dict(sorted(found.items()))


def _where(rows: HeldOut, *, known: bool) -> Floats:
    """Predictions of rows whose combination had been seen, or had not; no number for the others."""
    return np.where(rows.known == known, rows.predicted, np.nan)


def _by_group(cases: Sequence[Case], unseen: Sequence[Floats], measured: Floats) -> dict[str, float]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero(np.any(np.isfinite(unseen), axis=0)).tolist():
        rows[cases[row].meaning.group].append(row)
        for quantity, groups in QUANTITY_GROUPS.items():
            if cases[row].meaning.group in groups:
                rows[quantity].append(row)
    return {name: _spread(cases, [each[index] for each in unseen], measured[index], index)
            for name, index in ((name, np.array(each)) for name, each in rows.items())
            if len(index) >= FEWEST_ROWS}  # fmt: skip


def _spread(cases: Sequence[Case], unseen: Sequence[Floats], measured: Floats, index: np.ndarray) -> float:
    """Log standard deviation that puts 80 % inside P10–P90, by rows and by combinations alike."""
    names = [(cases[row].model, cases[row].chip, cases[row].engine.engine) for row in index]
    counts = Counter(names)
    weight = np.array([0.5 / len(index) + 0.5 / (counts[name] * len(counts)) for name in names])
    errors = np.concatenate([np.abs(np.log(each / measured)) for each in unseen])
    weights = np.tile(weight, len(unseen))
    keep = np.isfinite(errors)
    order = np.argsort(errors[keep])
    total = np.cumsum(weights[keep][order])
    place = int(np.searchsorted(total, 0.8 * total[-1]))
    return max(float(errors[keep][order][min(place, len(order) - 1)]) / Z90, NARROWEST)


def evidence_of_rows(cases: Sequence[Case]) -> Mapping[str, float]:
    """Rows by ``rows.<family>.<engine>``."""
    counts = Counter(case.setting.labels.pair for case in cases)
    return {f"rows.{pair}": float(count) for pair, count in sorted(counts.items())}
