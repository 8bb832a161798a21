"""The Python interface: every question as a function. ``import tenfold`` re-exports it.

Each function takes a question as its record, a table of values, the path of a file, or the values themselves by the
names of its fields, which stand over the file; and ``catalog`` (the shipped one when left out), ``seed`` (the file's, or
0), ``progress`` (told the share done). Each raises one ``InputError`` with every problem, and ``MissingFigureError`` for
a figure nobody recorded. That nothing fits is an answer, not an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any, cast

from tenfold.quantities.asking import Progress
from tenfold.studies.ask import ask_about

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
    from tenfold.planning.goodput import GoodputAnswer, GoodputQuestion
    from tenfold.planning.multisite import MultisiteAnswer, MultisiteQuestion
    from tenfold.planning.plan import PlanAnswer, PlanQuestion
    from tenfold.planning.procurement import ProcureAnswer, ProcureQuestion
    from tenfold.planning.tco import TcoAnswer, TcoQuestion

File = str | PathLike[str]
Values = Mapping[str, Any]


def goodput(
    question: GoodputQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> GoodputAnswer:
    """Say what failures do to a job: MTTF, ETTR, losses by cause, best interval, spares, policies."""
    found = ask_about("goodput", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("GoodputAnswer", found)


def multisite(
    question: MultisiteQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> MultisiteAnswer:
    """Plan a run over several sites: algorithm, sync period, shares of the batch, finish, cost, power of each site."""
    found = ask_about("multisite", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("MultisiteAnswer", found)


def plan(
    question: PlanQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> PlanAnswer:
    """Plan a goal: ranked designs with finish, cost and energy, what was rejected and why, and the sources.

    That nothing meets the goal is a plan without a ``best``.
    """
    return cast("PlanAnswer", ask_about("plan", question, catalog=catalog, seed=seed, progress=progress, **values))


def procure(
    question: ProcureQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> ProcureAnswer:
    """Plan orders and rent by quarter under risk: cost and CVaR, frontier, shadow prices, regret."""
    found = ask_about("procure", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("ProcureAnswer", found)


def tco(
    question: TcoQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> TcoAnswer:
    """Say what a chip costs over its life at a site, by line and per hour, FLOP, run, million tokens and megawatt."""
    return cast("TcoAnswer", ask_about("tco", question, catalog=catalog, seed=seed, progress=progress, **values))
