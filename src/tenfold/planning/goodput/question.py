"""What can be asked about goodput."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import Amount, Named, Whole
from tenfold.reliability import CHECKPOINTING, DETECTION, RECOVERY, USUAL
from tenfold.workloads import ModelName

LONGEST_S = 100 * 366 * 86_400.0
TIME = Amount("s", most=LONGEST_S)
SOME_TIME = Amount("s", above=0.0, most=LONGEST_S)
SOME_DAYS = Amount("1", above=0.0, most=LONGEST_S / 86_400.0)
SHARE = Amount("1", most=1.0)
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
    checkpointing: Annotated[str | None, CHECKPOINTING] = None
    """How saves are made; blocking where their time is given and asynchronous otherwise, when left out."""
    recovery: Annotated[str, RECOVERY] = USUAL.recovery
    """What takes the place of what failed."""
    detection: Annotated[str, DETECTION] = USUAL.detection
    """How a failure is seen."""
    chips_per_replica: Annotated[int | None, Whole()] = None
    """Chips of a data-parallel replica; the catalog's when left out."""
    spares: Annotated[int | None, Whole(least=0)] = None
    """Nodes (racks with rack-spares) that stand ready; the job waits when all are under repair. As many as needed."""
    spares_per_domain: Annotated[int | None, Whole(least=0)] = None
    """Chips of each scale-up domain that stand ready for it alone, such as 8 of 72, beside the chips asked about."""
    repair_s: Annotated[float | None, SOME_TIME] = None
    """Until a failed unit is a spare again, such as 1d; the catalog's, with its range, when left out."""
    automatic_repair_s: Annotated[float | None, TIME] = None
    """A first stage of repair without people, such as 20min for a reset and tests, before --repair."""
    manual_repair_share: Annotated[float | None, SHARE] = None
    """Share of failed units that the first stage does not mend, and that go on to --repair."""
    wrong_diagnosis_share: Annotated[float, Amount("1", most=0.95)] = 0.0
    """Share of repairs that take out a healthy unit, so that the faulty one stops the job again."""
    warm_standbys: Annotated[int | None, Whole(least=0)] = None
    """Nodes with the program loaded, with --recovery hot-standby; the next starts cold. As many as needed."""
    maintenance_s: Annotated[float, TIME] = 0.0
    """A planned stop, saving and restarting included, such as 2h."""
    maintenance_every_s: Annotated[float | None, SOME_TIME] = None
    """Time from one planned stop to the next, such as 30d."""
    common_failures_per_year: Annotated[float, RATE] = 0.0
    """Events that stop many nodes at once: power, cooling, the network of a hall."""
    common_failure_chips: Annotated[int | None, Whole()] = None
    """Chips that such an event stops; all of them when left out."""
    common_outage_s: Annotated[float, TIME] = 0.0
    """Time until they have power or network again, such as 4h, before the restart."""
    cluster_age_s: Annotated[float | None, TIME] = None
    """Age of the cluster at the start, such as 0d: a young one has infant mortality and lemon nodes; else settled."""
    days: Annotated[float, SOME_DAYS] = 90.0
    """Days the run is to take."""
    work_days: Annotated[float | None, SOME_DAYS] = None
    """Days of training it needs without failures; what fits the days at the goodput expected when left out."""
    replicas: Annotated[int, Whole(most=1_000_000)] = 2_000
    """Runs to simulate."""
