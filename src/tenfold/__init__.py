"""Tenfold plans AI compute, from the chip's roofline to the balance sheet.

    import tenfold

    plan = tenfold.plan("examples/llama3-405b.toml")
    answer = tenfold.estimate_training(model="llama-3.1-8b", chip="h100-sxm", chips=64, global_batch=512)

Everything in ``__all__`` is loaded when it is first asked for, so importing Tenfold takes no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.catalog import Catalog, load_catalog
    from tenfold.catalog.prices import PriceSeries
    from tenfold.interfaces.old_python.contagion import contagion
    from tenfold.interfaces.old_python.estimate import TrainingAnswer, estimate_training
    from tenfold.interfaces.old_python.failure_rates import fit_failure_rates
    from tenfold.interfaces.old_python.layouts import LayoutWish
    from tenfold.interfaces.old_python.planning import plan
    from tenfold.interfaces.old_python.prices import import_prices, show_prices
    from tenfold.interfaces.old_python.procure import procure
    from tenfold.interfaces.old_python.search import SearchAnswer, search_training
    from tenfold.interfaces.python import goodput, rent_or_own, rental, tco
    from tenfold.planning import Goal, Means, Plan, read_goal
    from tenfold.planning.contagion.answer import ContagionAnswer
    from tenfold.planning.goodput import GoodputAnswer, GoodputQuestion
    from tenfold.planning.procurement.answer import ProcurementAnswer
    from tenfold.planning.rent_or_own import RentOrOwnAnswer, RentOrOwnQuestion
    from tenfold.planning.rental import RentalAnswer, RentalQuestion
    from tenfold.planning.tco import TcoAnswer, TcoQuestion
    from tenfold.quantities import (
        Figure,
        InputError,
        MissingFigureError,
        Percentiles,
        TenfoldError,
        to_data,
        to_json,
    )
    from tenfold.validation.failure_rates import FailureFit
    from tenfold.workloads.huggingface import load_huggingface_config

__all__ = [
    "Catalog",
    "ContagionAnswer",
    "FailureFit",
    "Figure",
    "Goal",
    "GoodputAnswer",
    "GoodputQuestion",
    "InputError",
    "LayoutWish",
    "Means",
    "MissingFigureError",
    "Percentiles",
    "Plan",
    "PriceSeries",
    "ProcurementAnswer",
    "RentOrOwnAnswer",
    "RentOrOwnQuestion",
    "RentalAnswer",
    "RentalQuestion",
    "SearchAnswer",
    "TcoAnswer",
    "TcoQuestion",
    "TenfoldError",
    "TrainingAnswer",
    "__version__",
    "contagion",
    "estimate_training",
    "fit_failure_rates",
    "goodput",
    "import_prices",
    "load_catalog",
    "load_huggingface_config",
    "plan",
    "procure",
    "read_goal",
    "rent_or_own",
    "rental",
    "search_training",
    "show_prices",
    "tco",
    "to_data",
    "to_json",
]

_ROOMS = {
    "tenfold.interfaces.python": ("goodput", "rent_or_own", "rental", "tco"),
    "tenfold.planning.goodput": ("GoodputAnswer", "GoodputQuestion"),
    "tenfold.planning.rent_or_own": ("RentOrOwnAnswer", "RentOrOwnQuestion"),
    "tenfold.planning.rental": ("RentalAnswer", "RentalQuestion"),
    "tenfold.planning.tco": ("TcoAnswer", "TcoQuestion"),
    "tenfold.catalog": ("Catalog", "load_catalog"),
    "tenfold.catalog.prices": ("PriceSeries",),
    "tenfold.interfaces.old_python.contagion": ("contagion",),
    "tenfold.interfaces.old_python.estimate": ("TrainingAnswer", "estimate_training"),
    "tenfold.interfaces.old_python.failure_rates": ("fit_failure_rates",),
    "tenfold.interfaces.old_python.layouts": ("LayoutWish",),
    "tenfold.interfaces.old_python.planning": ("plan",),
    "tenfold.interfaces.old_python.prices": ("import_prices", "show_prices"),
    "tenfold.interfaces.old_python.search": ("SearchAnswer", "search_training"),
    "tenfold.planning": ("Goal", "Means", "Plan", "read_goal"),
    "tenfold.planning.contagion.answer": ("ContagionAnswer",),
    "tenfold.interfaces.old_python.procure": ("procure",),
    "tenfold.planning.procurement.answer": ("ProcurementAnswer",),
    "tenfold.quantities": (
        "Figure",
        "InputError",
        "MissingFigureError",
        "Percentiles",
        "TenfoldError",
        "to_data",
        "to_json",
    ),
    "tenfold.validation.failure_rates": ("FailureFit",),
    "tenfold.workloads.huggingface": ("load_huggingface_config",),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name == "__version__":
        from importlib.metadata import version

        return version("tenfold")
    if name not in _HOME:
        raise AttributeError(f"module 'tenfold' has no attribute '{name}'")
    from importlib import import_module

    found: object = getattr(import_module(_HOME[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
