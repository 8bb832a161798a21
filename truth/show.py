"""How wrong Tenfold is: ``uv run python truth/show.py [--write] [--quick]``.

Compares predictions with ``truth/training.csv`` and ``truth/memory.csv`` and, where the larger table of published runs
is beside the project, with that: with the shipped calibration (which has seen those rows), and with every run predicted
by a fit that has not seen its source. ``--write`` regenerates ``docs/explanation/accuracy.md``; ``--quick`` leaves the
cross-validation out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from published_memory import SHORT, MemoryRow, errors, layouts_that_ran, memory_rows

import tenfold
from tenfold.catalog import Catalog, load_catalog
from tenfold.validation.scoring import Score
from tenfold.validation.training.calibrate.calibrate import cross_validated
from tenfold.validation.training.calibrate.fitting import calibrate
from tenfold.validation.training.runs import read_runs
from tenfold.validation.training.scored import ScoredRuns
from tenfold.validation.training.validate import ValidateTrainingAnswer

HERE = Path(__file__).resolve().parent
TRAINING, MEMORY = HERE / "training.csv", HERE / "memory.csv"
SHARED = HERE.parents[1] / "shared" / "data" / "training_runs.csv"
PAGE = HERE.parent / "docs" / "explanation" / "accuracy.md"
SLICES = ("dense-pretrain", "moe-pretrain", "lora-sft")
IN_CALIBRATION = ("seqsel", "mpt-readme", "bloom-final")
"""Sources of ``training.csv`` whose rows the shipped calibration has seen too."""

INTRODUCTION = """# How wrong the predictions are

*Written by `uv run python truth/show.py --write`; do not edit by hand.*

Errors are of tokens/s per chip: APE = |predicted/measured − 1|, bias = median of predicted/measured − 1, coverage =
share of measurements inside the predicted P10–P90, which should be 80 %. A layout that the source leaves open is chosen
by the model: the fastest that fits in memory, less what such choices lose on average. A number format, a stack or a
network that the source leaves open is a few cases with weights; the prediction is their mixture
([Uncertainty](uncertainty.md)). Names of software are matched to the stacks of the catalog, whose flags (overlap,
sharding, fused attention and experts, gradients) every prediction obeys, here as in `estimate` and `plan`. What a run
recomputed, where its source does not say, is taken from the recipes that its stack publishes.
"""
MISSING = """## What is missing

- Layouts that sources leave open lose the same share to the fastest everywhere; a run that chose far worse reads as an
  error of the model.
- Power limits, clocks and cooling are one constant per chip family; two sites with the same chip read the same.
- Network contention of shared clusters, storage and input pipelines are in the scale loss and the step overhead only.
- Software is dated by stack and year; a release, a patch or an environment flag inside a year is not seen.
- Routing of experts is one imbalance for all models; token dropping and capacity factors are not modelled.
- Hybrids with experts run slower than the graphs of their recipes would make them; their kernels are timed as those
  that the host launches.
- Peak memory leaves fragmentation, and buffers but those of DeepSpeed, to one reserve for all software.
- Chips without a measured run predict from priors of all families; their range is that of families left out whole.
"""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table with aligned columns."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    written = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |" for line in lines
    ]
    rule = "|" + "|".join("-" * (width + 2) for width in widths) + "|"
    return "\n".join([written[0], rule, *written[1:]]) + "\n"


def percent(share: float) -> str:
    """A share with one decimal."""
    return f"{100 * share:.1f} %"


def scored(groups: Mapping[str, Score], names: Iterable[str] | None = None, *, ranged: bool = True) -> str:
    """Scores by group, the largest groups first unless named; without coverage where there are no ranges."""
    order = names or sorted(groups, key=lambda name: (-groups[name].n, name))
    head = ("", "runs", "median APE", "mean APE", "P90 APE", "bias", *(("coverage",) if ranged else ()))
    return table(head, (
        (name, str(found.n), percent(found.median_ape), percent(found.mean_ape), percent(found.p90_ape),
         f"{100 * found.bias:+.1f} %", *((percent(found.coverage_80),) if ranged else ()))
        for name in order if (found := groups.get(name)) is not None
    ))  # fmt: skip


def sections(title: str, report: ScoredRuns | ValidateTrainingAnswer) -> str:
    """Scores of a report by slice, chip and source."""
    parts = [f"### {title}\n\n{report.scored} of {report.rows} rows scored.\n"]
    if report.overall is not None:
        slices = {**report.by["slice"], "all": report.overall}
        average = {"average over sources": report.average_over_sources} if report.average_over_sources else {}
        parts.append(scored(slices | average, (*SLICES, "all", *average)))
        if report.coverage_range is not None:
            low, high = report.coverage_range
            parts.append(f"Drawing whole sources anew, {percent(low)} to {percent(high)} of the rows are inside.\n")
        parts.append(f"By what is new to the fit:\n\n{scored(report.by['novelty'])}")
        parts += [
            f"By {words}:\n\n{scored(report.by[label])}"
            for label, words in (("chip", "chip"), ("source_group", "source"))
        ]
    return "\n".join(parts)


def own_table(catalog: Catalog) -> str:
    """The compiled table: what the calibration has seen apart from what it has not."""
    report = tenfold.validate_training(TRAINING, catalog=catalog)
    ratios = [run.predicted / run.measured for run in report.runs if run.source_group not in IN_CALIBRATION]
    unseen = np.abs(np.array(ratios) - 1.0)
    rows = (
        (run.id, run.model, run.chip, f"{run.measured:.4g}", f"{run.predicted:.4g}",
         f"{100 * (run.predicted / run.measured - 1):+.1f} %", "" if run.source_group in IN_CALIBRATION else "yes")
        for run in report.runs
    )  # fmt: skip
    return (
        f"## Published runs in `truth/training.csv`\n\n{report.scored} of {report.rows} rows scored. On the "
        f"{len(unseen)} rows of sources that the calibration has not seen: median {percent(float(np.median(unseen)))}, "
        f"P90 {percent(float(np.quantile(unseen, 0.9)))}.\n\n{scored(report.by['source_group'])}\n"
        + table(("run", "model", "chip", "measured", "predicted", "error", "unseen source"), rows)
    )


def shared_tables(catalog: Catalog, quick: bool) -> str:
    """The larger table: in-sample, cross-validated, and a constant MFU on the same folds."""
    if not SHARED.exists():
        return "## The table of published runs\n\nNot beside the project: nothing to show.\n"
    parts = [
        "## The table of published runs\n",
        sections(
            "With the shipped calibration (has seen these rows)", tenfold.validate_training(SHARED, catalog=catalog)
        ),
    ]
    if not quick:
        fitted = calibrate(read_runs(SHARED), catalog)
        parts.append(
            sections("Cross-validated (every run by a fit without its source, or its model)", cross_validated(fitted))
        )
        parts += [
            f"### {name.capitalize()} on the same folds\n\n{scored(found, SLICES, ranged=False)}"
            for name, found in fitted.baselines.items()
        ]
    return "\n".join(parts)


def _gib(found: float) -> str:
    return f"{found / 2**30:.1f}"


def memory_tables(catalog: Catalog) -> str:
    """Published peaks against ours, and whether layouts that ran fit."""
    rows = memory_rows(MEMORY, catalog)
    off, short = errors(rows), [row for row in rows if row.kind == SHORT]
    refused_too = sum(row.ours_bytes > row.capacity_bytes for row in short)
    stated, refused = layouts_that_ran(TRAINING, catalog)
    named = f": {', '.join(refused)}" if refused else ""
    parts = [
        f"## Memory\n\nPeak per chip, {len(off)} published peaks: median {percent(float(np.median(off)))}, "
        f"P90 {percent(float(np.quantile(off, 0.9)))}. Allocator peaks are compared without our reserve. Of "
        f"{len(short)} layouts known to run out of memory, {refused_too} are refused. Of {stated} runs in "
        f"`truth/training.csv` with a whole layout stated, {len(refused)} would be refused{named}.\n",
        table(("run", "model", "chip", "kind", "published, GiB", "ours, GiB", "error"), map(_memory_cells, rows)),
    ]
    if SHARED.exists():
        count, wrong = layouts_that_ran(SHARED, catalog)
        parts.append(
            f"Of {count} runs of the larger table with a whole layout stated, {len(wrong)} would be refused.\n"
        )
    return "\n".join(parts)


def _memory_cells(row: MemoryRow) -> tuple[str, ...]:
    error = ("refused" if row.ours_bytes > row.capacity_bytes else "fits") if row.kind == SHORT else (
        f"{100 * (row.ratio - 1):+.1f} %"
    )  # fmt: skip
    published = "over " + _gib(row.published_bytes) if row.kind == SHORT else _gib(row.published_bytes)
    return row.id, row.model, row.chip, row.kind, published, _gib(row.ours_bytes), error


def main() -> None:
    """Print, and write the page when asked."""
    catalog = load_catalog()
    quick = "--quick" in sys.argv
    page = "\n".join([INTRODUCTION, shared_tables(catalog, quick), own_table(catalog), memory_tables(catalog), MISSING])
    print(page)
    if "--write" in sys.argv:
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
