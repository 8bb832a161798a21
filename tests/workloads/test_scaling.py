"""The law of compute: its optimum against a brute search, published points, and shapes scaled to a size."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalog import Catalog, load_catalog
from tenfold.quantities import InputError
from tenfold.workloads import (
    can_scale,
    find_model,
    loss_nats,
    optimal_parameters,
    scaled_name,
    scaled_shape,
    scaling_law,
    tokens_for,
    tokens_for_loss,
    total_parameters,
    turned,
)

CATALOG = load_catalog()
LAW = scaling_law(CATALOG)


@given(st.floats(18.0, 28.0))
def test_no_other_size_has_a_lower_loss_for_the_compute(exponent: float) -> None:
    flops = 10.0**exponent
    best = float(optimal_parameters(LAW, flops))
    others = best * np.geomspace(0.1, 10.0, 401)
    losses = loss_nats(LAW, others, tokens_for(flops, others))
    assert others[int(np.argmin(losses))] == pytest.approx(best, rel=0.01)
    assert float(optimal_parameters(LAW, flops * 1.01)) > best


def test_the_compute_of_chinchilla_gives_its_size() -> None:
    """70B parameters on 1.4T tokens, 5.76e23 FLOP (Hoffmann et al. 2022, table A3); the exponent 0.5126 as refitted."""
    assert float(optimal_parameters(LAW, 5.76e23)) == pytest.approx(70e9, rel=0.1)
    slope = np.log(float(optimal_parameters(LAW, 1e25)) / float(optimal_parameters(LAW, 1e24))) / np.log(10.0)
    assert slope == pytest.approx(0.5126, abs=2e-4)


@given(st.floats(1e8, 1e12), st.floats(1e9, 1e13))
def test_tokens_for_a_loss_give_that_loss(parameters: float, tokens: float) -> None:
    reached = float(loss_nats(LAW, parameters, tokens))
    assert float(tokens_for_loss(LAW, parameters, reached)) == pytest.approx(tokens, rel=1e-4)
    assert float(tokens_for_loss(LAW, parameters, float(loss_nats(LAW, parameters, np.inf)))) == np.inf


def test_a_turned_law_stays_where_it_was_measured() -> None:
    other = turned(LAW, 0.37, 0.34, 1e9, 5e10)
    assert float(loss_nats(other, 1e9, 5e10)) == pytest.approx(float(loss_nats(LAW, 1e9, 5e10)), rel=1e-12)
    assert float(loss_nats(other, 1e11, 5e10)) < float(loss_nats(LAW, 1e11, 5e10))


@pytest.mark.parametrize("key", sorted(key for key, model in CATALOG.models.items() if can_scale(model.shape)))
def test_a_model_scaled_to_its_own_size_is_itself(key: str) -> None:
    shape = CATALOG.models[key].shape
    found = scaled_shape(shape, float(total_parameters(shape)))
    assert float(total_parameters(found)) == pytest.approx(float(total_parameters(shape)), rel=0.25)
    assert float(found.head_dim) == float(shape.head_dim)


@given(st.floats(9.3, 12.7))
def test_a_scaled_model_has_the_parameters_asked_for_and_the_shape_of_the_known_one(exponent: float) -> None:
    known, wanted = CATALOG.model("llama-3.1-8b").shape, 10.0**exponent
    found = scaled_shape(known, wanted)
    assert float(total_parameters(found)) == pytest.approx(wanted, rel=0.13)
    assert float(found.heads) * float(found.head_dim) == float(found.hidden)
    assert float(found.heads) % float(found.kv_heads) == 0
    assert 0.4 < float(found.hidden) / float(found.layers) / 128.0 < 2.6


def test_scaled_names_are_found_and_others_refused() -> None:
    catalog: Catalog = CATALOG
    name = scaled_name("llama-3.1-8b", 7.1234e10)
    assert name == "llama-3.1-8b@71.23B"
    assert float(total_parameters(find_model(catalog, name).shape)) == pytest.approx(71.23e9, rel=0.05)
    for wrong in ("llama-3.1-8b@many", "llama-3.1-8b@1", "mixtral-8x7b@70B"):
        with pytest.raises(InputError):
            find_model(catalog, wrong)
