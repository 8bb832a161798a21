"""Many logs at once: training logs as runs of the catalog's chips and models, tests of collectives as fits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tenfold.catalog import Catalog, System
from tenfold.quantities import CatalogError, InputError, Problem, shown
from tenfold.validation.logs.console import CONSOLES, reader_of
from tenfold.validation.logs.fabric_overlay import FabricFigures, fabric_figures
from tenfold.validation.logs.formats import LogFormat, format_of
from tenfold.validation.logs.latency_bandwidth import LatencyBandwidth, fit_latency_bandwidth
from tenfold.validation.logs.megatron import read_megatron
from tenfold.validation.logs.mlperf import read_mlperf
from tenfold.validation.logs.nccl_tests import NcclMeasurement, read_nccl
from tenfold.validation.logs.reading import SOURCE_GROUP, ReadRun, problems_of, stated_columns, with_stated

RUN_READERS: Mapping[str, Callable[[Path], tuple[ReadRun, ...]]] = {
    "megatron": read_megatron,
    "mllog": read_mlperf,
    **{name: reader_of(name) for name in CONSOLES},
}
"""Readers of training logs, by format."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectiveTests:
    """Tests of collectives, fitted; figures of fabrics where a system is known."""

    measurements: int
    fits: tuple[LatencyBandwidth, ...]
    figures: tuple[FabricFigures, ...]


def formats_of(paths: Sequence[Path]) -> tuple[LogFormat, ...]:
    """Formats of the files. Raises ``InputError`` for files of no known kind, and for training logs beside tests."""
    problems: list[Problem] = []
    found: list[LogFormat] = []
    for path in paths:
        try:
            found.append(format_of(path))
        except InputError as error:
            problems += error.problems
    kinds = {name in RUN_READERS for name in found}
    if not problems and len(kinds) > 1:
        wrong = "training logs and tests of collectives together"
        problems.append(Problem(file="", key="", wrong=wrong, remedy="Read them with one command each"))
    if problems:
        raise InputError(problems)
    return tuple(found)


def read_runs_of_logs(
    paths: Sequence[Path],
    formats: Sequence[LogFormat],
    catalog: Catalog,
    stated: Mapping[str, str],
    *,
    source: str = SOURCE_GROUP,
) -> tuple[ReadRun, ...]:
    """Runs of training logs, each with what the user states by column, ready to be scored.

    Raises ``InputError`` with every problem of every log, and everything a log does not say that is needed;
    ``CatalogError`` for a stated chip or model that the catalog does not hold.
    """
    columns = _of_catalog(stated_columns(stated), catalog)
    problems: list[Problem] = []
    runs: list[ReadRun] = []
    for path, name in zip(paths, formats, strict=True):
        try:
            runs += (
                _known(with_stated(found, columns), catalog, source, problems) for found in RUN_READERS[name](path)
            )
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return tuple(runs)


def _of_catalog(columns: dict[str, str | float], catalog: Catalog) -> dict[str, str | float]:
    """Stated columns with chip and model by the catalog's keys."""
    if "chip" in columns:
        columns["chip"] = catalog.chip(str(columns["chip"])).key
    if "model" in columns:
        columns["model"] = catalog.model(str(columns["model"])).key
    return columns


def _known(found: ReadRun, catalog: Catalog, source: str, problems: list[Problem]) -> ReadRun:
    """The run with its chip by the catalog's key; what is missing or unknown is added to ``problems``."""
    problems += problems_of(found)
    if not found.run.chip:
        return found
    try:
        chip = catalog.chip(found.run.chip).key
    except CatalogError:
        wrong = f"the catalog has no chip {shown(found.run.chip)}"
        problems.append(Problem(file=found.file, key="", wrong=wrong, remedy="Give --chip, such as --chip h100-sxm"))
        return found
    return replace(found, run=replace(found.run, chip=chip, source_group=source))


def read_collective_tests(
    paths: Sequence[Path],
    catalog: Catalog,
    system: System | None,
    *,
    collective: str = "",
    ranks: int = 0,
    nodes: int = 0,
) -> CollectiveTests:
    """Measurements of nccl-tests, fitted for each collective and set of ranks, and over the fabrics of ``system``.

    ``collective``, ``ranks`` and ``nodes`` stand in for what a file does not say. Raises ``InputError`` with every
    problem of every file.
    """
    problems: list[Problem] = []
    groups: dict[tuple[str, int, int], list[NcclMeasurement]] = {}
    for path in paths:
        try:
            for each in read_nccl(path, collective=collective, ranks=ranks, nodes=nodes):
                groups.setdefault((each.collective, each.ranks, each.nodes), []).append(each)
        except InputError as error:
            problems += error.problems
    fits: list[LatencyBandwidth] = []
    for group in groups.values() if not problems else ():
        try:
            fits.append(fit_latency_bandwidth(group))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return CollectiveTests(
        measurements=sum(len(group) for group in groups.values()),
        fits=tuple(fits),
        figures=fabric_figures(fits, system, catalog) if system is not None else (),
    )
