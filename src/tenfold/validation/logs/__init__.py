"""Logs as measurements: training logs become runs, tests of collectives become figures of fabrics."""

from __future__ import annotations

from tenfold.validation.logs.fabric_overlay import (
    SOURCES_FILE,
    FabricFigures,
    fabric_figures,
    fabric_toml,
    sources_toml,
)
from tenfold.validation.logs.folder import FileVerdict, FoundRuns, runs_in, stated_in
from tenfold.validation.logs.formats import FORMATS, LogFormat, format_of
from tenfold.validation.logs.latency_bandwidth import Estimate, LatencyBandwidth, fit_latency_bandwidth
from tenfold.validation.logs.megatron import read_megatron
from tenfold.validation.logs.mlperf import read_mlperf
from tenfold.validation.logs.nccl_tests import NcclMeasurement, read_nccl
from tenfold.validation.logs.read import (
    RUN_READERS,
    CollectiveTests,
    formats_of,
    read_collective_tests,
    read_runs_of_logs,
)
from tenfold.validation.logs.reading import ReadRun
from tenfold.validation.logs.rows import merged_csv

__all__ = [
    "FORMATS",
    "RUN_READERS",
    "SOURCES_FILE",
    "CollectiveTests",
    "Estimate",
    "FabricFigures",
    "FileVerdict",
    "FoundRuns",
    "LatencyBandwidth",
    "LogFormat",
    "NcclMeasurement",
    "ReadRun",
    "fabric_figures",
    "fabric_toml",
    "fit_latency_bandwidth",
    "format_of",
    "formats_of",
    "merged_csv",
    "read_collective_tests",
    "read_megatron",
    "read_mlperf",
    "read_nccl",
    "read_runs_of_logs",
    "runs_in",
    "sources_toml",
    "stated_in",
]
