"""Procure: what to order now and what can wait, under risk."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike
from typing import TYPE_CHECKING

from tenfold.catalog import Catalog, overrides_in_words
from tenfold.quantities import tenfold_version

if TYPE_CHECKING:
    from tenfold.planning.procurement.answer import ProcurementAnswer


def procure(
    file: str | PathLike[str],
    *,
    exact: bool = False,
    gap: float = 0.005,
    time_limit_s: float = float("inf"),
    plan_only: bool = False,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> ProcurementAnswer:
    """Plan the procurement that a file describes: orders by quarter, cost and CVaR, frontier, shadow prices, regret.

    Orders are made whole from the linear relaxation, with the gap to it; ``exact`` solves the integer programme to a
    relative ``gap`` or until ``time_limit_s``; ``plan_only`` leaves out frontier, regret and the cost of waiting.
    ``seed`` overrides the file's. ``progress`` is told the share done.
    Raises ``InputError`` with every problem of the file. No plan that fits is an answer with ``shortages``.
    """
    from tenfold.catalog import load_catalog
    from tenfold.planning.procurement.file import read_procurement
    from tenfold.planning.procurement.procure import Versions, Wish
    from tenfold.planning.procurement.procure import procure as answer

    known = catalog or load_catalog()
    read = read_procurement(str(file), known)
    chosen = read.seed if seed is None else seed
    wish = Wish(exact=exact, gap=gap, time_limit_s=time_limit_s, seed=chosen, plan_only=plan_only)
    versions = Versions(catalog=known.version, overrides=overrides_in_words(known.overrides), tenfold=tenfold_version())
    return answer(read, wish, versions, progress=progress)
