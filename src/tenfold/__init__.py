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
    from tenfold.interfaces.python.estimate import TrainingAnswer, estimate_training
    from tenfold.interfaces.python.layouts import LayoutWish
    from tenfold.interfaces.python.planning import plan
    from tenfold.interfaces.python.procure import procure
    from tenfold.interfaces.python.search import SearchAnswer, search_training
    from tenfold.planning import Goal, Means, Plan, read_goal
    from tenfold.planning.procurement.answer import ProcurementAnswer
    from tenfold.quantities import Figure, InputError, MissingFigureError, Percentiles, TenfoldError
    from tenfold.reports import to_data, to_json
    from tenfold.workloads.huggingface import load_huggingface_config

__all__ = [
    "Catalog",
    "Figure",
    "Goal",
    "InputError",
    "LayoutWish",
    "Means",
    "MissingFigureError",
    "Percentiles",
    "Plan",
    "ProcurementAnswer",
    "SearchAnswer",
    "TenfoldError",
    "TrainingAnswer",
    "__version__",
    "estimate_training",
    "load_catalog",
    "load_huggingface_config",
    "plan",
    "procure",
    "read_goal",
    "search_training",
    "to_data",
    "to_json",
]

_ROOMS = {
    "tenfold.catalog": ("Catalog", "load_catalog"),
    "tenfold.interfaces.python.estimate": ("TrainingAnswer", "estimate_training"),
    "tenfold.interfaces.python.layouts": ("LayoutWish",),
    "tenfold.interfaces.python.planning": ("plan",),
    "tenfold.interfaces.python.procure": ("procure",),
    "tenfold.interfaces.python.search": ("SearchAnswer", "search_training"),
    "tenfold.planning": ("Goal", "Means", "Plan", "read_goal"),
    "tenfold.planning.procurement.answer": ("ProcurementAnswer",),
    "tenfold.quantities": ("Figure", "InputError", "MissingFigureError", "Percentiles", "TenfoldError"),
    "tenfold.reports": ("to_data", "to_json"),
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
