"""Training over several sites: a file becomes an answer."""

from __future__ import annotations

from collections.abc import Callable
from os import PathLike

from tenfold.catalog import Catalog
from tenfold.planning.multisite.file import read_multisite
from tenfold.planning.multisite.goal import MultisiteRun
from tenfold.planning.multisite.inputs import problems_in
from tenfold.planning.multisite.multisite import plan_multisite
from tenfold.planning.multisite.plan import MultisiteAnswer
from tenfold.quantities import InputError


def multisite(
    run: MultisiteRun | str | PathLike[str],
    *,
    catalog: Catalog | None = None,
    progress: Callable[[float], None] | None = None,
) -> MultisiteAnswer:
    """Plan training over several sites: algorithm, sync period, shares of the batch, finish, cost, power of each site.

    ``run`` is a ``MultisiteRun`` or the path of a file. ``progress`` is told the share done. Raises ``InputError``
    with every problem of the file. That no site has the power is an answer without a ``best``, not an error.
    """
    from tenfold.catalog import load_catalog

    known = catalog or load_catalog()
    if isinstance(run, MultisiteRun):
        return plan_multisite(run, known, progress=progress)
    try:
        return plan_multisite(read_multisite(str(run), known), known, progress=progress)
    except InputError as trouble:
        raise problems_in(str(run), trouble) from None
