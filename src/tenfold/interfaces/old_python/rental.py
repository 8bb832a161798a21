"""Rental: the file of a GPU cloud becomes its books, its returns and the points at which its covenants break."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike

from tenfold.catalog import Catalog
from tenfold.planning.rental.file import read_rental
from tenfold.planning.rental.rental import RentalAnswer, judge_rental
from tenfold.quantities import tenfold_version


def rental(
    file: str | PathLike[str],
    *,
    catalog: Catalog | None = None,
    seed: int | None = None,
    progress: Callable[[float], None] | None = None,
) -> RentalAnswer:
    """Judge a GPU cloud: break-even price, ROE, IRR, margin, covenants, books by quarter, each with P10/P50/P90.

    ``file`` is the path of a rental file (see ``tenfold schema rental``). ``seed`` overrides the file's; the same file,
    catalog and seed give the same answer. ``progress`` is told the share done. Raises ``InputError`` with every problem
    of the file. That a covenant breaks or the cash runs out is an answer, not an error.
    """
    from tenfold.catalog import load_catalog

    known = catalog or load_catalog()
    case = read_rental(str(file), known)
    return judge_rental(
        case,
        seed=case.seed if seed is None else seed,
        catalog_version=known.version,
        tenfold_version=tenfold_version(),
        progress=progress,
    )
