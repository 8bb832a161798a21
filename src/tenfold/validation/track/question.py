"""What can be asked about a running job and its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import DataFile, Key, Whole


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackQuestion:
    """When does a running job end, by its log so far and its plan, and what made it late?"""

    log: Annotated[str, DataFile("the log of the run")]
    """Log of the run so far, of any tool that `tenfold measurements read` reads."""
    plan: Annotated[str, DataFile("a plan: tenfold plan GOAL.toml --json > plan.json")]
    """The plan it runs by: the answer of `tenfold plan GOAL.toml --json`."""
    total_steps: Annotated[int | None, Whole()] = None
    """Optimizer steps of the whole run; the plan's tokens over those of a step when left out."""
    stated: Annotated[tuple[str, ...], Key("set")] = ()
    """What the log does not say, COLUMN=VALUE: global_batch=512, seq=8192, n_chips=64."""
