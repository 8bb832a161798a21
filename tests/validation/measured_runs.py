"""Synthetic measured runs that the tests of validation share."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog, load_catalog
from tenfold.validation.training.calibrate.fitting import prior_figures
from tenfold.validation.training.completed import complete_runs
from tenfold.validation.training.predict import chosen_rows, predicted_tokens_per_s_per_chip
from tenfold.validation.training.runs import MeasuredRun
from tenfold.validation.training.table import run_table

CATALOG: Catalog = load_catalog()
SHARED_RUNS = Path(__file__).resolve().parents[3] / "shared" / "data" / "training_runs.csv"
PRIORS: Mapping[str, float] = {key: figure.value for key, figure in prior_figures(CATALOG).items()}


def run_of(**stated: object) -> MeasuredRun:
    """A run of Llama 2 7B on one node of H100 unless stated otherwise."""
    usual: dict[str, object] = {
        "id": "run-1", "model": "llama-2-7b", "chip": "h100-sxm", "n_chips": 8.0, "seq": 4096.0, "precision": "bf16",
        "global_batch": 128.0, "micro_batch": 1.0, "tp": 1.0, "pp": 1.0, "cp": 1.0, "dp": 8.0, "zero_stage": 1.0,
        "recompute": "none", "framework": "Megatron-LM", "source_date": "2024-06", "source_group": "ours",
        "source_title": "Our logs", "tokens_per_s_per_chip": 10000.0,
    }  # fmt: skip
    return MeasuredRun(**(usual | stated))  # type: ignore[arg-type]


def varied_runs() -> list[MeasuredRun]:
    """Thirty runs of two chips from three sources, dense and experts, with stated layouts."""
    found = []
    models = (("llama-2-7b", 1.0, 1.0), ("llama-2-13b", 2.0, 1.0), ("gpt3-20b", 4.0, 1.0), ("llama-2-70b", 8.0, 4.0),
              ("mixtral-8x7b", 1.0, 1.0))  # fmt: skip
    for number, (chip, source) in enumerate((("h100-sxm", "one"), ("h100-sxm", "two"), ("a100-sxm-80gb", "three"))):
        for model, tensor, stages in models:
            for scale in (1.0, 4.0):
                chips = 8.0 * tensor * stages * scale / min(tensor * stages, 8.0)
                data = chips / tensor / stages
                found.append(
                    run_of(
                        id=f"{source}-{model}-{int(scale)}", model=model, chip=chip, n_chips=chips, tp=tensor,
                        pp=stages, dp=data, ep=8.0 if model == "mixtral-8x7b" else None, source_group=source,
                        source_title=source,
                        global_batch=data * 16.0 * (1 + number % 2), recompute=("selective", "full")[number % 2],
                    )
                )  # fmt: skip
    return found


def measured_by_model(runs: Iterable[MeasuredRun], constants: Mapping[str, float]) -> list[MeasuredRun]:
    """The runs as if the model with ``constants`` were the world."""
    done, skipped = complete_runs(list(runs), CATALOG)
    assert not skipped
    table = run_table(done)
    found = predicted_tokens_per_s_per_chip(table.rows(chosen_rows(table, constants)), constants)
    return [replace(item.run, tokens_per_s_per_chip=float(value)) for item, value in zip(done, found, strict=True)]


def write_csv(path: Path, runs: Iterable[MeasuredRun]) -> Path:
    names = [field.name for field in fields(MeasuredRun)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for run in runs:
            writer.writerow(["" if getattr(run, name) is None else getattr(run, name) for name in names])
    return path


def errors(predicted: np.ndarray, measured: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(predicted / measured - 1.0))
