"""Ask what a chip costs its owner."""

from __future__ import annotations

from tenfold.catalog import Catalog
from tenfold.planning.tco import TcoAnswer, TcoAsked, make_tco, require_names


def tco(asked: TcoAsked, *, catalog: Catalog | None = None) -> TcoAnswer:
    """Say what a chip costs over its life at a site, by line and per hour, FLOP, run, million tokens and megawatt.

    Raises ``InputError`` for unknown names and numbers nobody can mean, ``MissingFigureError`` for a chip that has no
    purchase price.
    """
    from tenfold.catalog import load_catalog

    known = catalog or load_catalog()
    require_names(asked, known)
    return make_tco(asked, known)
