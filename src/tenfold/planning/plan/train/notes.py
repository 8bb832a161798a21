"""What the cost of a plan holds and what the plan leaves out, for whoever signs it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tenfold.catalog import Catalog
from tenfold.planning.owner import usual_scope
from tenfold.quantities import format_share


def notes_of(catalog: Catalog, supplies: Sequence[str]) -> Iterator[str]:
    """Say what steps are left out, and what an owned hour holds where owning is offered."""
    low, high = (format_share(end) for end in catalog.assumption("planning.schedule_reserve_share").range)
    yield (
        f"The plan is for the final run alone; steps repeated after loss spikes, evaluation and trial runs commonly "
        f"add {low} to {high} (assumptions/planning.schedule_reserve_share)"
    )
    if "own" in supplies:
        yield f"{usual_scope()}; the network is that of the chips of each design"
