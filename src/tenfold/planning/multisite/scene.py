"""What designs of a run over several sites are worked out from, the designs as columns, and what comes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tenfold.quantities import Flags, Floats, Indices
from tenfold.reliability import Practice
from tenfold.sites import SyncCost


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is the same for all designs."""

    parameters: float
    layers: float
    fragments: float
    tokens: float
    tokens_per_step: float
    chips: Floats
    """Of each campus, shape (sites,)."""
    ordered_chips: Floats
    """Of each campus, those that are paid for: whole units of what is handed out together."""
    bytes_per_s_inside: Floats
    """What the chips of each campus can send in all."""
    link_usd_per_hour: Floats
    """Shape (links,)."""
    term_days: Floats
    """That the chips of each campus are paid for at least."""
    premium: Floats
    """Power of ``big_and_soon`` in the price of each campus."""
    waits: Floats
    """1 for each campus whose chips are ordered and waited for, 0 where they are there."""
    s_per_km: float
    practice: Practice
    """Of each campus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Designs: algorithm × sync period × subset of the sites, as columns of equal length."""

    algorithm: Indices
    """Place in ``names``."""
    names: tuple[str, ...]
    sync_steps: Floats
    subset: Indices
    uses: Flags
    """Shape (designs, sites)."""
    share: Floats
    """Of the batch, shape (designs, sites); adds up to 1."""
    site_step_s: Floats
    """Shape (designs, sites); 0 where the site is not used."""
    replicas: Floats
    longest_km: Floats
    bytes_per_s: Floats
    """Of a hop of the ring, one way."""
    uses_link: Flags
    """Shape (designs, links)."""

    def __len__(self) -> int:
        return len(self.algorithm)

    def take(self, index: Indices) -> Columns:
        """The designs at ``index``."""
        kept = {name: getattr(self, name)[index] for name in Columns.__slots__ if name != "names"}
        return Columns(names=self.names, **kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """Shape (designs, points)."""

    step_s: Floats
    sync: SyncCost
    tokens_factor: Floats
    goodput: Floats
    waiting_days: Floats
    """From the order until the last site has its chips."""
    run_days: Floats
    finish_days: Floats
    cost_usd: Floats
    link_usd: Floats
    power_w: Floats
    """Rated power at the meter, shape (designs, sites, points)."""
    energy_j: Floats
    """Shape (designs, sites, points)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """What carbon and water of a run are worked out from, beside its energy and the grids."""

    pue: Sequence[float]
    """Of each campus."""
    wue_l_per_kwh: Sequence[float]
    embodied_kg_per_chip: float
    life_days: float
    off_site_l_per_kwh: float
