"""No number on a page contradicts another: random goals, their JSON, their pages and their first screens."""

from __future__ import annotations

import pytest
from random_goals import contradictions_in, random_question

from tenfold.catalog import Catalog
from tenfold.planning.plan.plan import answer


@pytest.mark.parametrize("seed", range(8))
def test_no_number_contradicts_another(catalog: Catalog, seed: int) -> None:
    found = list(contradictions_in(answer(random_question(seed), catalog), catalog))
    assert not found, found
