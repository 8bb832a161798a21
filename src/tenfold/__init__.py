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
    from tenfold.interfaces.old_python.estimate import TrainingAnswer, estimate_training
    from tenfold.interfaces.old_python.layouts import LayoutWish
    from tenfold.interfaces.old_python.rent_or_own import RentOrOwnAnswer, rent_or_own
    from tenfold.interfaces.old_python.rental import rental
    from tenfold.interfaces.old_python.search import SearchAnswer, search_training
    from tenfold.interfaces.python import (
        calibrate_prices,
        calibrate_training,
        contagion,
        goodput,
        goodput_fit,
        import_prices,
        multisite,
        plan,
        prices_show,
        procure,
        tco,
        validate_training,
    )
    from tenfold.planning.goodput import GoodputAnswer, GoodputQuestion
    from tenfold.planning.multisite import MultisiteAnswer, MultisiteQuestion
    from tenfold.planning.plan import Goal, Means, PlanAnswer, PlanQuestion
    from tenfold.planning.procurement import ProcureAnswer, ProcureQuestion
    from tenfold.planning.rental.rental import RentalAnswer
    from tenfold.planning.tco import TcoAnswer, TcoQuestion
    from tenfold.planning.contagion import ContagionAnswer, ContagionQuestion
    from tenfold.planning.prices import PricesShowAnswer, PricesShowQuestion
    from tenfold.validation.failures import GoodputFitAnswer, GoodputFitQuestion
    from tenfold.validation.prices import CalibratePricesAnswer, CalibratePricesQuestion
    from tenfold.validation.training.calibrate import CalibrateTrainingAnswer, CalibrateTrainingQuestion
    from tenfold.validation.training.validate import ValidateTrainingAnswer, ValidateTrainingQuestion
    from tenfold.quantities import (
        Figure,
        InputError,
        MissingFigureError,
        Percentiles,
        TenfoldError,
        to_data,
        to_json,
    )
    from tenfold.workloads.huggingface import load_huggingface_config

__all__ = [
    "CalibratePricesAnswer",
    "CalibratePricesQuestion",
    "CalibrateTrainingAnswer",
    "CalibrateTrainingQuestion",
    "Catalog",
    "ContagionAnswer",
    "ContagionQuestion",
    "Figure",
    "Goal",
    "GoodputAnswer",
    "GoodputFitAnswer",
    "GoodputFitQuestion",
    "GoodputQuestion",
    "InputError",
    "LayoutWish",
    "Means",
    "MissingFigureError",
    "MultisiteAnswer",
    "MultisiteQuestion",
    "Percentiles",
    "PlanAnswer",
    "PlanQuestion",
    "PricesShowAnswer",
    "PricesShowQuestion",
    "ProcureAnswer",
    "ProcureQuestion",
    "RentOrOwnAnswer",
    "RentalAnswer",
    "SearchAnswer",
    "TcoAnswer",
    "TcoQuestion",
    "TenfoldError",
    "TrainingAnswer",
    "ValidateTrainingAnswer",
    "ValidateTrainingQuestion",
    "__version__",
    "calibrate_prices",
    "calibrate_training",
    "contagion",
    "estimate_training",
    "goodput",
    "goodput_fit",
    "import_prices",
    "load_catalog",
    "load_huggingface_config",
    "multisite",
    "plan",
    "prices_show",
    "procure",
    "rent_or_own",
    "rental",
    "search_training",
    "tco",
    "to_data",
    "to_json",
    "validate_training",
]

_ROOMS = {
    "tenfold.interfaces.python": (
        "calibrate_prices",
        "calibrate_training",
        "contagion",
        "goodput",
        "goodput_fit",
        "import_prices",
        "multisite",
        "plan",
        "prices_show",
        "procure",
        "tco",
        "validate_training",
    ),
    "tenfold.planning.contagion": ("ContagionAnswer", "ContagionQuestion"),
    "tenfold.planning.prices": ("PricesShowAnswer", "PricesShowQuestion"),
    "tenfold.validation.failures": ("GoodputFitAnswer", "GoodputFitQuestion"),
    "tenfold.validation.prices": ("CalibratePricesAnswer", "CalibratePricesQuestion"),
    "tenfold.validation.training.calibrate": ("CalibrateTrainingAnswer", "CalibrateTrainingQuestion"),
    "tenfold.validation.training.validate": ("ValidateTrainingAnswer", "ValidateTrainingQuestion"),
    "tenfold.planning.goodput": ("GoodputAnswer", "GoodputQuestion"),
    "tenfold.planning.multisite": ("MultisiteAnswer", "MultisiteQuestion"),
    "tenfold.planning.tco": ("TcoAnswer", "TcoQuestion"),
    "tenfold.catalog": ("Catalog", "load_catalog"),
    "tenfold.interfaces.old_python.estimate": ("TrainingAnswer", "estimate_training"),
    "tenfold.interfaces.old_python.layouts": ("LayoutWish",),
    "tenfold.interfaces.old_python.rental": ("rental",),
    "tenfold.interfaces.old_python.rent_or_own": ("RentOrOwnAnswer", "rent_or_own"),
    "tenfold.interfaces.old_python.search": ("SearchAnswer", "search_training"),
    "tenfold.planning.plan": ("Goal", "Means", "PlanAnswer", "PlanQuestion"),
    "tenfold.planning.rental.rental": ("RentalAnswer",),
    "tenfold.planning.procurement": ("ProcureAnswer", "ProcureQuestion"),
    "tenfold.quantities": (
        "Figure",
        "InputError",
        "MissingFigureError",
        "Percentiles",
        "TenfoldError",
        "to_data",
        "to_json",
    ),
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
