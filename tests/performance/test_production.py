"""Production runs against benchmarks: a share that is never above one, and less sure the less of it was measured."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenfold.catalog import load_catalog
from tenfold.performance import production_runs
from tenfold.performance.training import production_constants, setup_training
from tenfold.quantities import MissingFigureError

CATALOG = load_catalog()
SHIPPED = production_constants(CATALOG)
CHIPS = st.floats(1.0, 1e6)
SOURCE = st.tuples(st.floats(-0.5, 0.5), st.floats(0.02, 0.6), st.floats(8.0, 1e5))


def constants_of(sources: list[tuple[float, float, float]], between: float = 0.07) -> dict[str, float]:
    found = {"all.between": between, "all.doubling": 0.03}
    for number, (ratio, spread, chips) in enumerate(sources):
        found |= {f"s{number}.log_ratio": ratio, f"s{number}.log_spread": spread, f"s{number}.chips": chips}
    return found


@given(sources=st.lists(SOURCE, min_size=2, max_size=7), gone=st.integers(0, 6), chips=CHIPS)
@settings(max_examples=200, deadline=None)
def test_a_source_less_is_never_surer(sources: list[tuple[float, float, float]], gone: int, chips: float) -> None:
    constants = constants_of(sources)
    whole, part = (production_runs(constants, without=name) for name in ("", f"s{gone % len(sources)}"))
    assert float(part.log_spread_at(chips)) >= float(whole.log_spread_at(chips)) - 1e-12
    assert whole.log_share <= 0.0


@given(sources=st.lists(SOURCE, min_size=1, max_size=5), chips=CHIPS)
@settings(max_examples=100, deadline=None)
def test_farther_from_every_run_is_never_surer(sources: list[tuple[float, float, float]], chips: float) -> None:
    runs = production_runs(constants_of(sources))
    most = max(each for _, _, each in sources)
    beyond = max(chips, most)
    assert float(runs.log_spread_at(4.0 * beyond)) >= float(runs.log_spread_at(beyond))
    columns = np.asarray(runs.log_spread_at(np.array([chips, beyond])))
    assert columns.tolist() == [float(runs.log_spread_at(chips)), float(runs.log_spread_at(beyond))]


def test_equal_sources_give_their_mean_and_the_spread_of_the_formula() -> None:
    runs = production_runs(constants_of([(-0.2, 0.1, 64.0), (0.0, 0.1, 64.0)], between=0.05))
    assert runs.log_share == pytest.approx(-0.1)
    variance = (0.1**2 + 0.05**2) / 2 + 0.05**2 + 0.03**2 * 2
    assert float(runs.log_spread_at(256.0)) == pytest.approx(math.sqrt(variance) * 1.886 / 1.2816, rel=5e-3)


def test_nothing_known_is_a_missing_figure() -> None:
    with pytest.raises(MissingFigureError, match="no production run"):
        production_runs(constants_of([(-0.1, 0.1, 64.0)]), without="s0")


def test_a_setup_keeps_the_share_and_is_as_unsure_as_both_its_parts() -> None:
    setup = setup_training(
        CATALOG,
        chip="h100-sxm",
        model=CATALOG.model("llama-3.1-8b"),
        precision="bf16",
        sequence_length=8192,
        global_batch=512,
    )
    share = math.exp(production_runs(SHIPPED).log_share)
    assert float(setup.setup.kernels.production_loss) == pytest.approx(1.0 / share - 1.0)
    assert 0.7 < share < 1.0
    for chips in (8.0, 2048.0, 65_536.0):
        assert setup.spread(chips).log_spread > float(production_runs(SHIPPED).log_spread_at(chips))
