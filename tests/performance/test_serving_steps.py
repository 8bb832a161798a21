"""A step of serving: what is counted against closed forms and brute force, and which way it may move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving_replicas import CATALOG, MODELS, faster_links, faster_memory, replica_of, replicas, traffics

from tenfold.performance.serving import (
    Replica,
    cache_room_bytes,
    cache_tokens,
    decode_terms,
    most_sequences,
    prefill_s,
    prefill_work_s,
)
from tenfold.performance.serving.constants import share_of_whole
from tenfold.performance.serving.decode import STEP_TERMS
from tenfold.performance.serving.setup import width_of
from tenfold.workloads.parameters import total_parameters
from tenfold.workloads.serving import (
    SERVED_FORMATS,
    ReplicaLayout,
    Traffic,
    busiest_reading,
    busiest_share,
    count,
    touched_experts,
    widths_of,
)
from tenfold.workloads.serving.activations import activation_bytes
from tenfold.workloads.serving.counts import cache_read_bytes

ROUNDING = 1.0 + 1e-9
BF16, FP8 = (widths_of(SERVED_FORMATS[name], experts=True) for name in ("bf16", "fp8"))


@pytest.mark.parametrize(("experts", "top_k", "tokens"), [(8, 2, 5), (128, 8, 40), (256, 8, 3), (32, 4, 200)])
def test_touched_experts_are_those_that_draws_reach(experts: int, top_k: int, tokens: int) -> None:
    uniform = np.random.default_rng(3).random((300, tokens, experts))
    chosen = uniform.argpartition(top_k - 1, axis=2)[:, :, :top_k].reshape(300, -1)
    touched = np.zeros((300, experts))
    np.put_along_axis(touched, chosen, 1.0, axis=1)
    drawn = touched.sum(axis=1)
    assert float(touched_experts(experts, top_k, tokens)) == pytest.approx(drawn.mean(), rel=0.02)


@given(st.integers(1, 512), st.integers(1, 16), st.floats(1.0, 1e5))
def test_touched_experts_lie_between_one_choice_and_all(experts: int, top_k: int, tokens: float) -> None:
    found = float(touched_experts(experts, min(top_k, experts), tokens))
    assert 0.0 <= found <= experts * ROUNDING
    assert found <= tokens * top_k * ROUNDING
    assert float(touched_experts(0, 0, tokens)) == 0.0


@given(st.sampled_from((1.0, 2.0, 8.0, 72.0)), st.floats(1.0, 1e6), st.floats(1.0, 2.0))
def test_the_busiest_rank_has_at_least_the_mean(ranks: float, choices: float, imbalance: float) -> None:
    assert float(busiest_share(ranks, choices, imbalance)) >= 1.0
    assert float(busiest_share(1.0, choices, imbalance)) == 1.0
    assert busiest_share(ranks, 4.0 * choices, imbalance) <= busiest_share(ranks, choices, imbalance) * ROUNDING


@given(st.sampled_from((8, 32, 128)), st.floats(1.0, 2000.0))
def test_a_rank_with_more_choices_reads_as_many_more_experts_as_they_reach(experts: int, tokens: float) -> None:
    more, share = 1.001, float(touched_experts(experts, 1, tokens)) / experts
    reached = float(touched_experts(experts, 1, more * tokens)) / experts / share
    assert float(busiest_reading(more, share)) == pytest.approx(reached, abs=2e-6)


@given(st.floats(1.0, 3.0), st.floats(0.0, 1.0))
def test_the_busiest_rank_reads_no_more_experts_than_it_has_choices(spread: float, share: float) -> None:
    found = float(busiest_reading(spread, share))
    assert found * ROUNDING >= 1.0
    assert found <= spread * ROUNDING
    assert float(busiest_reading(spread, 1.0)) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("model", ["deepseek-v3", "llama-3.1-70b", "gpt-oss-120b"])
def test_formats_move_bytes_and_peaks_but_no_products(model: str) -> None:
    shape = CATALOG.model(model).shape
    found = {}
    for name, form in SERVED_FORMATS.items():
        widths = widths_of(form, experts=float(shape.moe_layers) > 0)
        found[name] = count(shape, ReplicaLayout(), widths=widths, cache_bytes=2.0)
    wide = found["bf16"]
    assert float(wide.dense_flops) == 0.0
    for each in found.values():
        assert float(each.dense_flops + each.narrow_flops) == pytest.approx(float(wide.narrow_flops))
        assert float(each.dense_bytes) <= float(wide.dense_bytes)


def test_four_bits_of_latent_attention_leave_what_projects_in_wide() -> None:
    """Of DeepSeek-V3, 117 of 187 M weights of a layer project out; dense blocks and shared experts are narrow too."""
    shape = CATALOG.model("deepseek-v3").shape
    counted = count(shape, ReplicaLayout(), widths=widths_of(SERVED_FORMATS["fp4"], experts=True), cache_bytes=1.0)
    inward = 61 * (7168 * 1536 + 1536 * 128 * 192 + 7168 * 576 + 512 * 128 * 256) + 58 * 7168 * 256
    assert float(counted.dense_flops) == pytest.approx(2.0 * inward, rel=1e-3)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("chips", [1.0, 4.0])
def test_replicas_hold_every_weight_once(model: str, chips: float) -> None:
    shape = CATALOG.model(model).shape
    counted = count(shape, ReplicaLayout(tensor=chips), widths=BF16, cache_bytes=2.0)
    held = float(np.asarray(counted.held_bytes)) * chips
    assert held == pytest.approx(2.0 * float(total_parameters(shape)), rel=0.01)


def test_a_token_of_cache_is_what_the_literature_counts() -> None:
    """Llama 3.1 70B: 2 × 80 layers × 8 heads × 128 × 2 bytes; DeepSeek-V3: 61 × (512 + 64) × 2 bytes."""
    plain = count(CATALOG.model("llama-3.1-70b").shape, ReplicaLayout(), widths=BF16, cache_bytes=2)
    latent = count(CATALOG.model("deepseek-v3").shape, ReplicaLayout(), widths=FP8, cache_bytes=2)
    assert float(plain.cache_bytes) == 2 * 80 * 8 * 128 * 2
    assert float(latent.cache_bytes) == 61 * 576 * 2


def test_windows_and_indexers_bound_what_a_token_reads() -> None:
    window = replica_of("gemma-3-27b").counted
    sparse = replica_of("deepseek-v3.2").counted
    whole = replica_of("deepseek-v3").counted
    assert (
        float(cache_read_bytes(sparse, 1e5))
        == float(cache_read_bytes(sparse, 4096.0))
        < float(cache_read_bytes(whole, 1e5))
    )
    more = float(cache_read_bytes(window, 20_000.0)) - float(cache_read_bytes(window, 10_000.0))
    assert more == pytest.approx(10_000.0 * float(window.cache_bytes))


def test_copies_of_heads_take_memory_beyond_the_heads_there_are() -> None:
    shape = CATALOG.model("llama-3.1-70b").shape
    per_chip = [
        float(count(shape, ReplicaLayout(tensor=tp), widths=BF16, cache_bytes=2).cache_bytes) for tp in (1.0, 8.0, 16.0)
    ]
    assert per_chip[0] == 8 * per_chip[1] == 8 * per_chip[2]


@settings(max_examples=60)
@given(replicas(), traffics(), st.floats(1.0, 512.0), st.floats(1.01, 4.0))
def test_more_bandwidth_never_slows_a_step(replica: Replica, traffic: Traffic, batch: float, factor: float) -> None:
    context = traffic.mean_context
    step = float(np.asarray(decode_terms(replica, batch, context).step_s))
    for better in (faster_memory(replica, factor), faster_links(replica, factor)):
        assert float(np.asarray(decode_terms(better, batch, context).step_s)) <= step * ROUNDING
        quicker = prefill_s(better, traffic.new_tokens)
        assert float(np.asarray(quicker)) <= float(np.asarray(prefill_s(replica, traffic.new_tokens))) * ROUNDING


@settings(max_examples=60)
@given(replicas(), st.floats(1.0, 500.0), st.floats(1.0, 30_000.0), st.floats(1.0, 3.0))
def test_a_step_rises_with_batch_and_context_and_its_terms_add_up(
    replica: Replica, batch: float, context: float, factor: float
) -> None:
    terms = decode_terms(replica, batch, context)
    step = float(np.asarray(terms.step_s))
    assert step == pytest.approx(sum(float(np.asarray(getattr(terms, name))) for name in STEP_TERMS), rel=1e-12)
    assert all(float(np.asarray(getattr(terms, name))) >= -1e-15 for name in STEP_TERMS)
    assert float(np.asarray(decode_terms(replica, batch, context * factor).step_s)) >= step / ROUNDING
    assert float(np.asarray(decode_terms(replica, batch * factor, context).step_s)) >= step * 0.97


@settings(max_examples=40)
@given(replicas(), st.floats(32.0, 8_000.0), st.floats(1.1, 3.0))
def test_a_longer_prompt_takes_longer_and_a_known_prefix_does_not(
    replica: Replica, tokens: float, factor: float
) -> None:
    work = float(np.asarray(prefill_work_s(replica, tokens)))
    assert float(np.asarray(prefill_work_s(replica, tokens * factor))) >= work
    whole = float(np.asarray(prefill_work_s(replica, tokens * factor)))
    assert float(np.asarray(prefill_work_s(replica, tokens, tokens * (factor - 1.0)))) <= whole * ROUNDING
    assert float(np.asarray(prefill_s(replica, tokens))) >= work / ROUNDING


@settings(max_examples=40)
@given(replicas(), traffics())
def test_room_for_a_cache_shrinks_with_requests_and_grows_with_narrower_elements(
    replica: Replica, traffic: Traffic
) -> None:
    prompt, output = traffic.prompt_tokens, traffic.output_tokens
    most = float(np.asarray(most_sequences(replica, prompt, output, 0.0)))
    assert most >= 0.0
    assert float(np.asarray(most_sequences(replica, 2.0 * prompt, output, 0.0))) <= most * ROUNDING
    assert float(np.asarray(most_sequences(replica, prompt, output, 0.5))) >= most / ROUNDING
    half = replace(replica.counted, cache_bytes=replica.counted.cache_bytes * 0.5)
    assert float(np.asarray(cache_tokens(replace(replica, counted=half), prompt))) >= float(
        np.asarray(cache_tokens(replica, prompt))
    )


@given(st.floats(0.01, 20.0), st.floats(1.001, 2.0))
def test_no_share_is_more_than_the_whole_and_each_feels_its_factors(product: float, more: float) -> None:
    share = share_of_whole(product)
    rounding = 1.0 + 1e-12
    assert 0.0 < share <= min(product, 1.0) * rounding
    assert share_of_whole(product * more) * rounding >= share
    if product < 0.7:
        assert share == pytest.approx(product, rel=0.01)
    if product < 1.5:
        assert share_of_whole(product * 1.02) > share


def test_vectors_between_products_are_what_a_hand_counts() -> None:
    """Llama 3.1 8B, a layer on one chip: 6 × 4,096 around the blocks, 32 + 16 + 32 heads of 128, 3 × 14,336 inside."""
    shape = CATALOG.model("llama-3.1-8b").shape
    whole, split = activation_bytes(shape, ReplicaLayout()), activation_bytes(shape, ReplicaLayout(tensor=4.0))
    assert float(np.asarray(whole)) == 4 * 32 * (6 * 4096 + 80 * 128 + 3 * 14336)
    assert float(np.asarray(split)) == 4 * 32 * (6 * 4096 + (80 * 128 + 3 * 14336) / 4)


@pytest.mark.parametrize("batch", [1.0, 4.0, 64.0])
def test_a_router_with_habits_touches_fewer_experts(batch: float) -> None:
    even = replica_of("deepseek-v3", layout=ReplicaLayout(tensor=8.0))
    even = replace(even, constants=replace(even.constants, routing_share=1.0))
    biased = replace(even, constants=replace(even.constants, routing_share=0.5))
    read = [float(np.asarray(decode_terms(each, batch, 1024.0).weights_s)) for each in (biased, even)]
    assert read[0] < read[1] if batch > 1.0 else read[0] == read[1]


@settings(max_examples=30, deadline=None)
@given(replicas(), st.floats(1.0, 2048.0))
def test_a_host_that_plans_ahead_costs_no_more_than_one_that_waits(replica: Replica, batch: float) -> None:
    hosts = [
        float(np.asarray(decode_terms(replace(replica, overlaps_host=ahead), batch, 1024.0).host_s))
        for ahead in (True, False)
    ]
    assert 0.0 <= hosts[0] <= hosts[1] * ROUNDING


def test_a_share_of_free_memory_is_taken_after_the_weights() -> None:
    replica = replace(replica_of(), memory_share=1.0, free_share=1.0)
    room = float(np.asarray(cache_room_bytes(replica)))
    assert float(np.asarray(cache_room_bytes(replace(replica, free_share=0.9)))) == pytest.approx(0.9 * room)


def test_a_short_prompt_waits_for_the_launches_of_its_layers() -> None:
    """Plain layers take the time of one each, those with experts and latent attention as much more as in a step."""
    for model in ("llama-3.1-70b", "deepseek-v3"):
        replica = replica_of(model)
        constants, counted = replica.constants, replica.counted
        slow = replace(replica, constants=replace(constants, prefill_layer_s=1.0, prompt_pace=1.0))
        more = counted.moe_layers * constants.moe_layer_s + counted.latent_layers * constants.latent_layer_s
        expected = counted.layers + float(np.asarray(more)) / float(np.asarray(constants.layer_s))
        assert float(np.asarray(prefill_s(slow, 1.0))) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    ("chip", "precision", "name"),
    [
        ("b200", "fp4", "4bit"),
        ("h100-sxm", "mxfp4", "4bit-widened"),
        ("b200", "int4", "4bit-widened"),
        ("h100-sxm", "fp8", "8bit"),
        ("a100-sxm-80gb", "fp8", "8bit-widened"),
        ("a100-sxm-80gb", "bf16", "16bit"),
    ],
)
def test_numbers_that_a_chip_widens_first_are_a_width_of_their_own(chip: str, precision: str, name: str) -> None:
    assert width_of(CATALOG.chip(chip), SERVED_FORMATS[precision]) == name
