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
    from tenfold.planning.estimate import EstimateTrainingAnswer, EstimateTrainingQuestion
    from tenfold.planning.estimate_config import EstimateConfigAnswer, EstimateConfigQuestion
    from tenfold.planning.goodput import GoodputAnswer, GoodputQuestion
    from tenfold.planning.plan import PlanAnswer, PlanQuestion
    from tenfold.planning.search import SearchTrainingAnswer, SearchTrainingQuestion
    from tenfold.planning.tco import TcoAnswer, TcoQuestion

File = str | PathLike[str]
Values = Mapping[str, Any]


def estimate_training(
    question: EstimateTrainingQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> EstimateTrainingAnswer:
    """Estimate one training step: time, throughput, utilisation and memory per chip, with P10, P50 and P90.

    What is given of the layout, one by one (``tp=8``) or as ``layout=LayoutWish(tp=8)``, is held; the rest is chosen.
    """
    found = ask_about("estimate training", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("EstimateTrainingAnswer", found)


def estimate_config(
    question: EstimateConfigQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> EstimateConfigAnswer:
    """Estimate one training step of another tool's configuration, which may be named in place of a question."""
    found = ask_about("estimate config", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("EstimateConfigAnswer", found)


def search_training(
    question: SearchTrainingQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> SearchTrainingAnswer:
    """Search every layout of a model on a cluster: the fastest that fit, and the front of time and memory."""
    found = ask_about("search training", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("SearchTrainingAnswer", found)


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
