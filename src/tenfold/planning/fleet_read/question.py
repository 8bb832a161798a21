"""What can be asked about a trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import DataFile


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetReadQuestion:
    """What does a trace of jobs hold, and which of its rows are damaged?"""

    trace: Annotated[str, DataFile("a trace of jobs")]
    """Trace of jobs: Parquet, CSV, SWF, output of sacct -P, squeue --json, or kubectl get workloads -o json."""
