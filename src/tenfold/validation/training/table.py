"""A table of measured runs as columns: every candidate layout of every run, ready for one broadcast prediction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TypeVar

import numpy as np

from tenfold.catalog import (
    TransformerShape,
)
from tenfold.performance import (
    Hardware,
    KernelKey,
    Kernels,
    kernel_columns,
)
from tenfold.performance.layout import Layout, take_columns
from tenfold.quantities import Floats, Indices
from tenfold.validation.training.completed import CompletedRun
from tenfold.workloads import TrainingJob

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTable:
    """Columns over all candidate layouts of all cases of all completed runs."""

    runs: tuple[CompletedRun, ...]
    run_of_row: Indices
    case_of_row: Indices
    """Numbered over all runs."""
    weight: Floats
    """Of the row's case; of case and network once ``with_networks``."""
    openness: Floats
    """How open the layout of the row's case is, see ``openness``."""
    keys: tuple[KernelKey, ...]
    key_of_row: Indices
    shape: TransformerShape
    job: TrainingJob
    layout: Layout
    hardware: Hardware

    @property
    def measured(self) -> Floats:
        """Measured tokens/s per chip of each run."""
        return np.array([done.measured_tokens_per_s_per_chip for done in self.runs])

    def kernels(self, constants: Mapping[str, float]) -> Kernels:
        """Kernel constants of every row."""
        return gather_kernels(self.keys, self.key_of_row, constants)

    def rows(self, index: Indices) -> RunTable:
        """The table with only the rows at ``index``, as often as they are named."""
        return replace(
            self,
            run_of_row=self.run_of_row[index],
            case_of_row=self.case_of_row[index],
            weight=self.weight[index],
            openness=self.openness[index],
            key_of_row=self.key_of_row[index],
            shape=take_columns(self.shape, index),
            job=take_columns(self.job, index),
            layout=take_columns(self.layout, index),
            hardware=take_columns(self.hardware, index),
        )

    def with_networks(self) -> RunTable:
        """Every row once for each bandwidth between domains that its run may have had."""
        networks = [self.runs[run].networks for run in self.run_of_row]
        wide = self.rows(np.repeat(np.arange(len(networks)), [len(each) for each in networks]))
        share, weight = np.array([pair for each in networks for pair in each]).T
        bandwidth = np.asarray(wide.hardware.scaleout_bytes_per_s) * share
        hardware = replace(wide.hardware, scaleout_bytes_per_s=bandwidth)
        return replace(wide, hardware=hardware, weight=wide.weight * weight)


def gather_kernels(keys: tuple[KernelKey, ...], index: Indices, constants: Mapping[str, float]) -> Kernels:
    """Columns of kernel constants: one look-up per key, gathered to rows."""
    return take_columns(kernel_columns(constants, keys), index)


def stack(records: Sequence[T]) -> T:
    """Records of numbers as one record of columns."""
    columns = {
        field.name: np.array([float(getattr(record, field.name)) for record in records])
        for field in fields(records[0])  # type: ignore[arg-type]
    }
    return type(records[0])(**columns)


def joined(records: Sequence[T], lengths: Sequence[int]) -> T:
    """Records of numbers or columns, one under the other; a number stands in every one of its record's rows."""
    columns = {
        field.name: np.concatenate(
            [
                np.broadcast_to(np.asarray(getattr(record, field.name), dtype=np.float64), length)
                for record, length in zip(records, lengths, strict=True)
            ]
        )
        for field in fields(records[0])  # type: ignore[arg-type]
    }
    return type(records[0])(**columns)


def openness(layouts: Floats) -> Floats:
    """From 0 for the one layout that is stated to 1 for a hundred that it may be: ln n / ln 100, at most 1."""
    return np.asarray(np.minimum(np.log(layouts) / np.log(100.0), 1.0))


def run_table(runs: Sequence[CompletedRun]) -> RunTable:
    """Columns over every candidate layout of every case of ``runs``, which must not be empty."""
    cases = [(number, case) for number, done in enumerate(runs) for case in done.cases]
    keys = tuple(dict.fromkeys(case.key for _, case in cases))
    index = {key: number for number, key in enumerate(keys)}
    lengths = [case.open_layouts for _, case in cases]
    case_of_row = np.repeat(np.arange(len(cases)), lengths)
    run_of_row = np.array([number for number, _ in cases])[case_of_row]
    return RunTable(
        runs=tuple(runs),
        run_of_row=run_of_row,
        case_of_row=case_of_row,
        weight=np.array([case.weight for _, case in cases])[case_of_row],
        openness=openness(np.array(lengths, dtype=np.float64))[case_of_row],
        keys=keys,
        key_of_row=np.array([index[case.key] for _, case in cases])[case_of_row],
        shape=take_columns(stack([done.shape for done in runs]), run_of_row),
        job=joined([case.job for _, case in cases], lengths),
        layout=joined([case.layouts for _, case in cases], lengths),
        hardware=take_columns(stack([case.hardware for _, case in cases]), case_of_row),
    )
