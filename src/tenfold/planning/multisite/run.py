"""A run over several sites with everything looked up that a question leaves out."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from tenfold.quantities import Figure, NamedFigure
from tenfold.reliability import Policy
from tenfold.sites import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Campus:
    """A site with its chips."""

    name: str
    site: str
    """Catalog key."""
    chip: str
    """Catalog key."""
    chips: int
    stages: tuple[Stage, ...]
    """By date; empty where nothing limits the power."""
    latitude: float | None
    longitude: float | None
    price: Figure | None
    """USD/h for a chip; None for the market's."""
    cooling: str = ""
    """Alternative of the site whose PUE counts; empty for the site's own."""
    clean_power_share: float = 0.0
    """Of its power, covered by contracts with carbon-free supply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fibre:
    """A link between two campuses."""

    first: int
    """Place of the campus in the run."""
    second: int
    kind: str
    """Catalog key of its class."""
    distance_km: float
    """Of the fibre."""
    bytes_per_s: float
    """One way."""
    cost_usd_per_hour: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MultisiteRun:
    """Train this model on that many tokens over these campuses."""

    model: str
    tokens: float
    sequence_length: int
    global_batch: int
    """Sequences per optimizer step."""
    precision: str
    start: datetime.date
    objective: str
    """``fastest`` or ``cheapest``."""
    supply: str
    owner_country: str | None = None
    """Whom export rules ask about beside the sites."""
    algorithms: tuple[str, ...]
    sync_steps: tuple[int, ...]
    campuses: tuple[Campus, ...]
    fibres: tuple[Fibre, ...]
    seed: int
    policy: Policy
    step_ratio: NamedFigure | None = None
    """Step over that in the likeliest case of what is not stated; as the calibration has it where None."""
    notes: tuple[str, ...] = ()
    """What was decided for the user while reading."""
