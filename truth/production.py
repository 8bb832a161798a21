"""What production runs lose against benchmarks: ``uv run python truth/production.py [--write]``.

Takes the rows of ``truth/training.csv`` that say they are of production runs, predicts each as a benchmark with the
shipped constants, and prints (or writes) ``calibrations/production.toml``: a source counts once. Nothing here fits the
constants that predict; whoever judges one of these rows leaves its source out.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tenfold.catalog import Catalog, load_catalog
from tenfold.validation.training.runs import MeasuredRun, read_runs
from tenfold.validation.training.validate.validate import benchmarks_of

HERE = Path(__file__).resolve().parent
FILE = HERE.parent / "src" / "tenfold" / "catalog" / "data" / "calibrations" / "production.toml"
ROUNDS = 50
NOTES = (
    "Written by truth/production.py from the rows of truth/training.csv that are of production runs, each predicted as "
    "a benchmark",
    "between: operators differ by as much as they lose on average, as a loss does of which nothing else is known "
    "(exponential), or by more where the sources say so",
    "doubling: over as many doublings of the chips as the sources span the loss is in doubt once more",
)
TOLD = 'kind = "measured", source = "measured-production-runs", as_of = "2026-11-27"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Production runs of one source."""

    log_ratio: float
    log_spread: float
    chips: float
    rows: tuple[str, ...]


def sources_of(runs: Sequence[MeasuredRun], catalog: Catalog) -> Mapping[str, Source]:
    """Mean of ln(measured ÷ predicted) of each source, with its prediction's spread and the chips."""
    found: dict[str, list[tuple[str, float, float, float]]] = {}
    marked = [run for run in runs if run.of_production]
    for run, measured, predicted, spread in benchmarks_of(marked, catalog):
        row = (run.id, float(np.log(measured / predicted)), spread, float(run.n_chips or 1.0))
        found.setdefault(run.source, []).append(row)
    return {
        source: Source(
            log_ratio=float(np.mean([ratio for _, ratio, _, _ in rows])),
            log_spread=float(np.mean([spread for _, _, spread, _ in rows])),
            chips=float(np.exp(np.mean([np.log(chips) for *_, chips in rows]))),
            rows=tuple(name for name, *_ in rows),
        )
        for source, rows in sorted(found.items())
    }


def between_of(sources: Mapping[str, Source]) -> float:
    """Standard deviation between operators: of random effects [DerSimonian and Laird 1986], at least the mean loss."""
    ratio = np.array([each.log_ratio for each in sources.values()])
    variance = np.array([each.log_spread for each in sources.values()]) ** 2
    weight = 1.0 / variance
    scatter = float(np.sum(weight * (ratio - np.average(ratio, weights=weight)) ** 2))
    spare = weight.sum() - np.sum(weight**2) / weight.sum()
    between = float(np.sqrt(max((scatter - len(ratio) + 1.0) / spare, 0.0)))
    for _ in range(ROUNDS):
        mean = float(np.average(ratio, weights=1.0 / (variance + between**2)))
        between = max(between, -mean)
    return between


def text_of(sources: Mapping[str, Source]) -> str:
    """The calibration as a file."""
    between = between_of(sources)
    chips = [each.chips for each in sources.values()]
    span = float(np.log2(max(chips) / min(chips)))
    values = {"all": {"between": between, "doubling": between / float(np.sqrt(span))}}
    values |= {
        name: {"log_ratio": each.log_ratio, "log_spread": each.log_spread, "chips": each.chips}
        for name, each in sources.items()
    }
    rows = ", ".join(f'"{row}"' for each in sources.values() for row in each.rows)
    tables = (
        f"\n[constants.{name}]\n" + "".join(_line(key, value) for key, value in table.items())
        for name, table in values.items()
    )
    notes = "".join(f'    "{note}",\n' for note in NOTES)
    return f'topic = "production"\nnotes = [\n{notes}]\nrows = [{rows}]\n' + "".join(tables)


def _line(key: str, value: float) -> str:
    return f"{key} = {{ value = {value:.4g}, {TOLD} }}\n"


def main() -> int:
    """Print the file, or write it."""
    catalog = load_catalog()
    text = text_of(sources_of(read_runs(HERE / "training.csv"), catalog))
    if "--write" in sys.argv:
        FILE.write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
