"""Variants of a row's inputs side by side: block by block what each variant gives alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.quantities import Floats, Points

POINTS = 4
DRAWS = Points(
    values={
        "price": np.arange(1.0, 13.0).reshape(3, POINTS),
        "restart": np.linspace(0.5, 2.0, POINTS).reshape(1, POINTS),
        "step": np.geomspace(1.0, 2.0, 2 * POINTS).reshape(2, POINTS),
    },
    axes={"price": "offer", "restart": "all", "step": "run"},
    count=POINTS,
)


def bill(points: Points, index: dict[str, np.ndarray]) -> Floats:
    """Something that is worked out from all inputs, point by point."""
    price, restart, step = (points.of(key, index) for key in ("price", "restart", "step"))
    return np.asarray(price * np.exp(restart) + np.maximum(step, price) / restart)


@settings(max_examples=25, deadline=None)
@given(
    offer=st.integers(0, 2),
    run=st.integers(0, 1),
    changes=st.lists(
        st.dictionaries(st.sampled_from(["price", "restart", "step"]), st.floats(0.1, 9.0)), min_size=1, max_size=5
    ),
)
def test_every_variant_is_as_it_is_alone(offer: int, run: int, changes: list[dict[str, float]]) -> None:
    index = {"offer": np.array([offer]), "run": np.array([run])}
    variants = [{key: DRAWS.of(key, index) * factor for key, factor in each.items()} for each in changes]
    together = bill(DRAWS.side_by_side(index, variants), {}).reshape(len(variants), POINTS)
    for found, variant in zip(together, variants, strict=True):
        own = {key: DRAWS.of(key, index) for key in DRAWS.values} | variant
        alone = Points(values=own, axes=dict.fromkeys(own, "all"), count=POINTS)
        assert found.tolist() == bill(alone, {})[0].tolist()


def test_a_known_value_holds_in_all_points() -> None:
    index = {"offer": np.array([1]), "run": np.array([0])}
    points = DRAWS.side_by_side(index, [{}, {"restart": 7.0}])
    assert points.count == 2 * POINTS
    assert points.of("restart", {})[0].tolist() == [*DRAWS.values["restart"][0].tolist(), *[7.0] * POINTS]
    assert points.of("price", {})[0].tolist() == 2 * DRAWS.values["price"][1].tolist()
