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
    from tenfold.interfaces.old_python.failure_rates import fit_failure_rates
    from tenfold.interfaces.old_python.prices import import_prices, show_prices
    from tenfold.interfaces.old_python.procure import procure
    from tenfold.interfaces.old_python.rent_or_own import RentOrOwnAnswer, rent_or_own
    from tenfold.interfaces.old_python.rental import rental
    from tenfold.interfaces.python import (
        estimate_config,
        estimate_training,
        goodput,
        plan,
        search_training,
        tco,
    )
    from tenfold.performance.training.wishes import LayoutWish
    from tenfold.planning.contagion.answer import ContagionAnswer
    from tenfold.planning.estimate import EstimateTrainingAnswer, EstimateTrainingQuestion
    from tenfold.planning.estimate_config import EstimateConfigAnswer, EstimateConfigQuestion
    from tenfold.planning.goodput import GoodputAnswer, GoodputQuestion
    from tenfold.planning.plan import Goal, Means, PlanAnswer, PlanQuestion
    from tenfold.planning.procurement.answer import ProcurementAnswer
    from tenfold.planning.rental.rental import RentalAnswer
    from tenfold.planning.search import SearchTrainingAnswer, SearchTrainingQuestion
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
    "EstimateConfigAnswer",
    "EstimateConfigQuestion",
    "EstimateTrainingAnswer",
    "EstimateTrainingQuestion",
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
    "PlanAnswer",
    "PlanQuestion",
    "PriceSeries",
    "ProcurementAnswer",
    "RentOrOwnAnswer",
    "RentalAnswer",
    "SearchTrainingAnswer",
    "SearchTrainingQuestion",
    "TcoAnswer",
    "TcoQuestion",
    "TenfoldError",
    "__version__",
    "contagion",
    "estimate_config",
    "estimate_training",
    "fit_failure_rates",
    "goodput",
    "import_prices",
    "load_catalog",
    "load_huggingface_config",
    "plan",
    "procure",
    "rent_or_own",
    "rental",
    "search_training",
    "show_prices",
    "tco",
    "to_data",
    "to_json",
]

_ROOMS = {
    "tenfold.interfaces.python": ("estimate_config", "estimate_training", "goodput", "plan", "search_training", "tco"),
    "tenfold.performance.training.wishes": ("LayoutWish",),
    "tenfold.planning.estimate": ("EstimateTrainingAnswer", "EstimateTrainingQuestion"),
    "tenfold.planning.estimate_config": ("EstimateConfigAnswer", "EstimateConfigQuestion"),
    "tenfold.planning.search": ("SearchTrainingAnswer", "SearchTrainingQuestion"),
    "tenfold.planning.goodput": ("GoodputAnswer", "GoodputQuestion"),
    "tenfold.planning.tco": ("TcoAnswer", "TcoQuestion"),
    "tenfold.catalog": ("Catalog", "load_catalog"),
    "tenfold.catalog.prices": ("PriceSeries",),
    "tenfold.interfaces.old_python.contagion": ("contagion",),
    "tenfold.interfaces.old_python.failure_rates": ("fit_failure_rates",),
    "tenfold.interfaces.old_python.rental": ("rental",),
    "tenfold.interfaces.old_python.prices": ("import_prices", "show_prices"),
    "tenfold.interfaces.old_python.rent_or_own": ("RentOrOwnAnswer", "rent_or_own"),
    "tenfold.planning.plan": ("Goal", "Means", "PlanAnswer", "PlanQuestion"),
    "tenfold.planning.contagion.answer": ("ContagionAnswer",),
    "tenfold.planning.rental.rental": ("RentalAnswer",),
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
