"""What jobs ask for beside a number of chips: a domain to stay in, kinds of chip, how few chips they can run on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from tenfold.quantities import Floats, Indices, Integers

Words = np.ndarray[tuple[int], np.dtype[np.object_]]
ANYWHERE = ""
"""Level of a job that may stand anywhere, kinds of one that takes any, and model of one that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """Columns, one entry a job; words are places in the names beside them, of which the first is none."""

    within: Integers
    levels: tuple[str, ...]
    """Levels of the tree of domains, of which a gang stays in one domain."""
    relax_s: Floats
    """Wait after which a job takes any place; infinite where its level is hard."""
    kinds: Integers
    kind_lists: tuple[str, ...]
    """Kinds of chip that a job takes, the best first, with ``|`` between them."""
    model: Integers
    models: tuple[str, ...]
    """What is trained, where its speed is worked out."""
    global_batch: Integers
    """Sequences per optimizer step of a job that names a model; 0 for others."""
    least_chips: Integers
    """Chips on which it can still run; all of them where nothing is said."""

    def take(self, rows: Indices) -> Wants:
        """Give those of some jobs."""
        return replace(self, **{name: getattr(self, name)[rows] for name in COLUMNS})


def joined(first: Wants, second: Wants) -> Wants:
    """Those of some jobs, then those of others; names of the second are looked up among those of the first."""
    names: dict[str, Any] = {}
    for column, listed in (("within", "levels"), ("kinds", "kind_lists"), ("model", "models")):
        known = list(dict.fromkeys((*getattr(first, listed), *getattr(second, listed))))
        moved = np.array([known.index(name) for name in getattr(second, listed)], dtype=np.int64)
        names[listed] = tuple(known)
        names[column] = np.concatenate([getattr(first, column), moved[getattr(second, column)]])
    rest = [name for name in COLUMNS if name not in names]
    names |= {name: np.concatenate([getattr(each, name) for each in (first, second)]) for name in rest}
    return Wants(**names)


COLUMNS = tuple(each.name for each in fields(Wants) if each.name not in ("levels", "kind_lists", "models"))


def make_wants(
    chips: Integers,
    *,
    within: Words | None = None,
    relax_s: Floats | None = None,
    kinds: Words | None = None,
    model: Words | None = None,
    global_batch: Integers | None = None,
    least_chips: Integers | None = None,
) -> Wants:
    """Fill in what is not said: any place, any kind, no model, all chips."""
    count = len(chips)
    levels, level = coded(within, (ANYWHERE,), count)
    kind_lists, kind = coded(kinds, (ANYWHERE,), count)
    models, what = coded(model, (ANYWHERE,), count)
    return Wants(
        within=level,
        levels=levels,
        relax_s=np.full(count, np.inf) if relax_s is None else relax_s,
        kinds=kind,
        kind_lists=kind_lists,
        model=what,
        models=models,
        global_batch=np.zeros(count, dtype=np.int64) if global_batch is None else global_batch,
        least_chips=chips if least_chips is None else least_chips,
    )


def coded(names: Words | None, first: Sequence[str] = (), count: int = 0) -> tuple[tuple[str, ...], Integers]:
    """Names in order of appearance after ``first``, and each entry's place among them; the first for nothing said."""
    if names is None:
        return tuple(first), np.zeros(count, dtype=np.int64)
    places: dict[str, int] = {name: place for place, name in enumerate(first)}
    codes = np.fromiter((places.setdefault(name, len(places)) for name in names.tolist()), np.int64, len(names))
    return tuple(str(name) for name in places), codes
