"""Spread of residuals by group of scores, so that about 80 % of unseen measurements fall between P10 and P90.

Two kinds of unseen rows count the same: rows predicted without their source, and rows predicted without their
combination of model, chip and engine. So a range is a little wide for a benchmark like those that were fitted, and a
little narrow for one like none of them. Rows and combinations count half each. Where a combination was measured at
other settings, its range is that of rows predicted with half of the settings of theirs; never wider than without.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from tenfold.quantities import Z90, Flags, Floats
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


def spreads_of(cases: Sequence[Case], unseen: Sequence[Floats], near: HeldOut, measured: Floats) -> dict[str, float]:
    """Spreads by ``spread.<group or quantity>.<evidence>``, from predictions of unseen rows.

    ``near`` is of rows whose combination had been seen at other settings: the evidence ``combination``.
    """
    far = _by_group(cases, unseen, measured, np.ones(len(cases), dtype=np.bool_))
    known = _by_group(cases, [near.predicted], measured, near.known)
    found = {f"spread.{name}.measured": value for name, value in far.items()}
    found |= {f"spread.{name}.combination": min(value, far[name]) for name, value in known.items()}
    return dict(sorted(found.items()))


def _by_group(cases: Sequence[Case], unseen: Sequence[Floats], measured: Floats, among: Flags) -> dict[str, float]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row in np.flatnonzero(among).tolist():
        case = cases[row]
        rows[case.meaning.group].append(row)
        for quantity, groups in QUANTITY_GROUPS.items():
            if case.meaning.group in groups:
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
