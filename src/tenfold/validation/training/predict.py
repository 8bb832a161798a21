"""Predictions for a table of measured runs: the fastest candidate layout that fits, for every case of every run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.performance import Kernels
from tenfold.performance.training import footprint, step_time
from tenfold.quantities import Floats, Indices, mixture_quantiles, normal_cdf
from tenfold.validation.scoring import Ranges
from tenfold.validation.training.table import RunTable

REGRET = "all.layout_regret"
"""Loss of a layout that was chosen among many, against the fastest of them."""
EXPERT_REGRET = "all.expert_layout_regret"
"""The same for models with experts."""


def predicted_tokens_per_s_per_chip(table: RunTable, constants: Mapping[str, float]) -> Floats:
    """Predicted throughput of every row of the table."""
    return tokens_per_s_per_chip(table, table.kernels(constants), regret_of(table, constants))


def tokens_per_s_per_chip(table: RunTable, kernels: Kernels, regret: Floats) -> Floats:
    """Throughput of every row under kernel constants and a regret of its own."""
    step = step_time(table.shape, table.job, table.layout, table.hardware, kernels).step_s
    return np.asarray(table.job.tokens_per_step / step / table.layout.chips * np.exp(-regret * table.openness))


def regret_of(table: RunTable, constants: Mapping[str, float]) -> Floats:
    """Regret of every row's layout, where it was chosen among many."""
    experts = np.asarray(table.shape.moe_layers) > 0
    return np.where(experts, constants[EXPERT_REGRET], constants[REGRET])


def memory_share(table: RunTable, constants: Mapping[str, float]) -> Floats:
    """Memory needed over memory there, of every row."""
    kernels = table.kernels(constants)
    return np.asarray(footprint(table.shape, table.job, table.layout, kernels).total / table.hardware.hbm_bytes)


def chosen_rows(table: RunTable, constants: Mapping[str, float]) -> Indices:
    """For each case the row of its fastest candidate that fits in memory; of its smallest when none fits."""
    speed = predicted_tokens_per_s_per_chip(table, constants)
    share = memory_share(table, constants)
    rank = np.where(share <= 1.0, -speed, share * 1e12)
    order = np.lexsort((rank, table.case_of_row))
    _, first = np.unique(table.case_of_row[order], return_index=True)
    return order[first]


def chosen_table(table: RunTable, constants: Mapping[str, float]) -> RunTable:
    """A row for each case of each run and each network it may have had, with the layout chosen for the case."""
    return table.rows(chosen_rows(table, constants)).with_networks()


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePredictions:
    """Predictions of runs in each of their cases: runs × cases, filled up with cases of weight 0."""

    weight: Floats
    log_speed: Floats
    """ln(tokens/s per chip)."""

    def ranges(self, log_spread: Floats) -> Ranges:
        """P10, P50, P90 of each run's mixture of lognormals, ``log_spread`` being of each run."""
        p10, p50, p90 = np.exp(mixture_quantiles((0.1, 0.5, 0.9), self.weight, self.log_speed, log_spread))
        return Ranges(p10=p10, p50=p50, p90=p90)

    def position(self, measured: Floats, log_spread: Floats) -> Floats:
        """Share of each run's mixture that is below its measurement."""
        z = (np.log(measured)[:, None] - self.log_speed) / log_spread[:, None]
        return np.asarray((self.weight * normal_cdf(z)).sum(axis=1))

    def given(self, measured: Floats) -> Floats:
        """Weights of the cases given the measurement: w · exp(−½ (ln(measured/predicted)/sd)²), scaled to add to 1."""
        z = (np.log(measured)[:, None] - self.log_speed) / CASE_SD
        likely = self.weight * np.exp(-0.5 * (z**2 - np.min(z**2, axis=1, keepdims=True)))
        return np.asarray(likely / likely.sum(axis=1, keepdims=True))

    def residuals(self, measured: Floats) -> Floats:
        """ln(predicted/measured) of each run in the case that is likeliest given what was measured."""
        best = self.given(measured).argmax(axis=1)
        return np.asarray(self.log_speed[np.arange(len(best)), best] - np.log(measured))


CASE_SD = 0.15
"""Error of a prediction whose case is known, by which the weights of cases given a measurement are judged."""


def by_run(run_of_row: Indices, weight: Floats, speed: Floats) -> CasePredictions:
    """Predictions of rows as those of runs; rows of a run stand together, in the order of the runs."""
    _, start, counts = np.unique(run_of_row, return_index=True, return_counts=True)
    row = np.repeat(np.arange(len(start)), counts)
    place = np.arange(len(run_of_row)) - start[row]
    weights = np.zeros((len(start), int(counts.max(initial=1))))
    logs = np.repeat(np.log(speed[start])[:, None], weights.shape[1], axis=1)
    weights[row, place], logs[row, place] = weight, np.log(speed)
    return CasePredictions(weight=weights, log_speed=logs)


def predict_cases(table: RunTable, constants: Mapping[str, float]) -> CasePredictions:
    """Predictions of every run of a table of candidates in each of its cases."""
    chosen = chosen_table(table, constants)
    return by_run(chosen.run_of_row, chosen.weight, predicted_tokens_per_s_per_chip(chosen, constants))
