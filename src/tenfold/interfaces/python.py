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
    from tenfold.planning.rent_or_own import RentOrOwnAnswer, RentOrOwnQuestion
    from tenfold.planning.rental import RentalAnswer, RentalQuestion
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


def rent_or_own(
    question: RentOrOwnQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> RentOrOwnAnswer:
    """Compare renting by the hour, reserving, spot, colocation and owning: cost, crossover, payback, sharing."""
    found = ask_about("rent-or-own", question, catalog=catalog, seed=seed, progress=progress, **values)
    return cast("RentOrOwnAnswer", found)


def rental(
    question: RentalQuestion | File | Values | None = None,
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
    **values: object,
) -> RentalAnswer:
    """Judge a GPU cloud: break-even price, ROE, IRR, margin, covenants, books by quarter, each with P10/P50/P90."""
    return cast("RentalAnswer", ask_about("rental", question, catalog=catalog, seed=seed, progress=progress, **values))


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
