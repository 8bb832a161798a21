"""Fit failure rates: logs of failures become rates with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from tenfold.catalog import Catalog
from tenfold.validation.failures.rates import CHIPS_PER_CATALOG_NODE, FailureFit, fit_failure_logs


def fit_failure_rates(
    logs: Sequence[str | PathLike[str]] | str | PathLike[str],
    *,
    chip: str = "",
    chips_per_node: float | None = None,
    nodes: float | None = None,
    days: float | None = None,
    causes: Sequence[str] = (),
    catalog: Catalog | None = None,
) -> FailureFit:
    """Fit failure rates per 1,000 node-days of eight chips to logs, with P10 to P90, lemon nodes and downtimes.

    ``logs`` are output of ``sacct -P``, or CSVs of events that ``nodes`` watched for ``days`` give the exposure of.
    ``chips_per_node`` is that of the chip's system unless given, eight without a chip. ``causes`` choose what the one
    rate counts: failures of nodes in jobs, every cause in events, unless given. Raises ``InputError`` with every
    problem of every file.
    """
    paths = [logs] if isinstance(logs, str | PathLike) else logs
    return fit_failure_logs(
        [Path(path) for path in paths],
        chips_per_node=_width(chip, catalog) if chips_per_node is None else chips_per_node,
        nodes=nodes,
        days=days,
        causes=causes,
    )


def _width(chip: str, catalog: Catalog | None) -> float:
    """Chips of a node of the chip's system; eight without a chip."""
    if not chip:
        return CHIPS_PER_CATALOG_NODE
    from tenfold.catalog import load_catalog

    return float((catalog or load_catalog()).system_of(chip).chips_per_node)
