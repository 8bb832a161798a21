"""Predictions for a table of measured runs: the fastest candidate layout that fits, for every run at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenfold.performance.training import footprint, step_time
from tenfold.quantities import Floats, Indices
from tenfold.validation.training.table import RunTable


def predicted_tokens_per_s_per_chip(table: RunTable, constants: Mapping[str, float]) -> Floats:
    """Predicted throughput of every row of the table."""
    kernels = table.kernels(constants)
    step = step_time(table.shape, table.job, table.layout, table.hardware, kernels).step_s
    return np.asarray(table.job.tokens_per_step / step / table.layout.chips)


def memory_share(table: RunTable, constants: Mapping[str, float]) -> Floats:
    """Memory needed over memory there, of every row."""
    kernels = table.kernels(constants)
    return np.asarray(footprint(table.shape, table.job, table.layout, kernels).total / table.hardware.hbm_bytes)


def chosen_rows(table: RunTable, constants: Mapping[str, float]) -> Indices:
    """For each run the row of its fastest candidate that fits in memory; of its smallest when none fits."""
    speed = predicted_tokens_per_s_per_chip(table, constants)
    share = memory_share(table, constants)
    rank = np.where(share <= 1.0, -speed, share * 1e12)
    order = np.lexsort((rank, table.run_of_row))
    _, first = np.unique(table.run_of_row[order], return_index=True)
    return order[first]
