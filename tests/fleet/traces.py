"""Traces beside the project, and drawn jobs, for the tests of fleets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from tenfold.fleet import Jobs, make_jobs

TRACES = Path(__file__).parents[3] / "shared" / "traces"
REFERENCE = TRACES / "reference"


def needs(path: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not path.exists(), reason=f"{path.name} is not beside this checkout")


def drawn_jobs(most: int = 14, largest: int = 12) -> st.SearchStrategy[Jobs]:
    job = st.tuples(
        st.integers(0, 60), st.integers(1, 40), st.integers(1, largest), st.integers(0, 2), st.integers(1, 3)
    )
    return st.lists(job, min_size=1, max_size=most).map(jobs_of)


def jobs_of(rows: list[tuple[int, int, int, int, int]]) -> Jobs:
    """Jobs of (submitted, work, chips, tier, estimate over work)."""
    submit, work, chips, tier, over = (np.array(column) for column in zip(*rows, strict=True))
    return make_jobs(
        submit.astype(float),
        work.astype(float),
        chips,
        tier=tier,
        estimate_s=(work * over).astype(float),
        tenant_names=np.array([f"t{each}" for each in tier], dtype=object),
    )
