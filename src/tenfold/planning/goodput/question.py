"""What can be asked about goodput."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import Amount, Named, OneOf, Whole
from tenfold.reliability import CHECKPOINTS, DETECTIONS, RECOVERIES
from tenfold.workloads import ModelName

LONGEST_S = 100 * 366 * 86_400.0
TIME = Amount("s", most=LONGEST_S)
SOME_TIME = Amount("s", above=0.0, most=LONGEST_S)
SOME_DAYS = Amount("1", above=0.0, most=LONGEST_S / 86_400.0)
RATE = Amount("1", most=1e6)
SOME_RATE = Amount("1", above=0.0, most=1e6)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodputQuestion:
    """What do failures do to a job: ETTR in closed form and simulated, losses by cause, interval, spares?"""

    chip: Annotated[str, Named("chips")]
    """Chip by key or alias."""
    chips: Annotated[int, Whole()]
    """How many chips."""
    model: Annotated[str | None, ModelName()] = None
    """Model that sizes the checkpoint, or path of a HuggingFace config.json; a usual size per chip when left out."""
    failures_per_1000_node_days: Annotated[float | None, SOME_RATE] = None
    """Failures of every cause, a node being eight chips; the catalog's, with its range, when left out."""
    job_failures_per_1000_node_days: Annotated[float | None, RATE] = None
    """Failures of the job itself (software, data, users), beside those of the hardware."""
    checkpoint_interval_s: Annotated[float | None, SOME_TIME] = None
    """Training between saves, such as 5min; the best when left out."""
    restart_s: Annotated[float | None, TIME] = None
    """From a failure of any cause to training again, such as 5min; the catalog's, with its range, when left out."""
    write_s: Annotated[float | None, TIME] = None
    """Time one save takes to reach storage, such as 40s; by size when left out."""
    checkpointing: Annotated[str | None, OneOf(tuple(CHECKPOINTS), "checkpointing")] = None
    """How saves are made; blocking where their time is given and asynchronous otherwise, when left out."""
    recovery: Annotated[str, OneOf(tuple(RECOVERIES), "recovery")] = "node-spares"
    """What takes the place of what failed."""
    detection: Annotated[str, OneOf(tuple(DETECTIONS), "detection")] = "heartbeat"
    """How a failure is seen."""
    chips_per_replica: Annotated[int | None, Whole()] = None
    """Chips of a data-parallel replica; the catalog's when left out."""
    spares: Annotated[int | None, Whole(least=0)] = None
    """Nodes (racks with rack-spares) that stand ready; the job waits when all are under repair. As many as needed."""
    cluster_age_s: Annotated[float | None, TIME] = None
    """Age of the cluster at the start, such as 0d: a young one has infant mortality and lemon nodes; else settled."""
    days: Annotated[float, SOME_DAYS] = 90.0
    """Days the run is to take."""
    work_days: Annotated[float | None, SOME_DAYS] = None
    """Days of training it needs without failures; what fits the days at the goodput expected when left out."""
    replicas: Annotated[int, Whole(most=1_000_000)] = 2_000
    """Runs to simulate."""
