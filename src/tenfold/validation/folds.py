"""Cross-validation folds: predictions are only judged on runs that the fit has not seen.

Whole sources are left out where another source covers the chip; where one source alone covers it, whole models.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tenfold.quantities import Flags


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Runs judged and runs fitted on."""

    name: str
    judged: Flags
    fitted: Flags


def folds(sources: Sequence[str], chips: Sequence[str], models: Sequence[str]) -> Iterator[Fold]:
    """One fold per source, and one per model of each chip that a single source covers.

    Each sequence has one entry per run; ``chips`` are keys of the catalog, so that two names of a chip count as one.
    """
    source, chip, model = np.array(sources), np.array(chips), np.array(models)
    covered = {key: len(set(source[chip == key])) > 1 for key in set(chips)}
    shared = np.array([covered[key] for key in chips])
    for name in sorted(set(source)):
        here = source == name
        if (here & shared).any():
            yield Fold(name=str(name), judged=here & shared, fitted=~here)
        for key, label in sorted(set(zip(chip[here & ~shared], model[here & ~shared], strict=True))):
            yield Fold(
                name=f"{name}/{key}/{label}",
                judged=here & (chip == key) & (model == label),
                fitted=~(here & (model == label)),
            )


def group_folds(labels: Sequence[str]) -> Iterator[Fold]:
    """One fold per label, left out whole: what is lost when nothing about such a group has been measured."""
    label = np.array(labels)
    for name in sorted(set(labels)):
        yield Fold(name=str(name), judged=label == name, fitted=label != name)
