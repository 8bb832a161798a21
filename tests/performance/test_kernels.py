"""Kernels: the parts of a chip's time, against rooflines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.performance.compute import blend_s, fused_attention_s, matmul_s, streaming_s, unfused_attention_s

SIZES = st.floats(1.0, 1e5)
SHARES = st.floats(0.05, 1.0)
SECONDS = st.floats(0.0, 1e3)
PEAK, MEMORY = 1e15, 3e12


def product_s(
    m: float, n: float, k: float, *, width: float = 64.0, depth: float = 150.0, area: float = 1e6,
    efficiency: float = 0.8, serial: float = 0.1,
) -> float:  # fmt: skip
    return float(
        matmul_s(
            m, n, k, peak_flop_per_s=PEAK, efficiency=efficiency, half_width=width, half_depth=depth, wave_area=area,
            bytes_per_element=2.0, memory_bytes_per_s=MEMORY, serial_share=serial,
        )
    )  # fmt: skip


@given(first=SECONDS, second=SECONDS, serial=st.floats(0.0, 1.0))
def test_two_resources_take_between_the_slower_and_the_sum(first: float, second: float, serial: float) -> None:
    found = float(blend_s(first, second, serial))
    assert max(first, second) <= found <= (first + second) * (1 + 1e-12)
    assert blend_s(first, second, 0.0) == max(first, second)
    assert blend_s(first, second, 1.0) == pytest.approx(first + second)


@given(m=SIZES, n=SIZES, k=SIZES)
def test_an_ideal_product_is_the_roofline(m: float, n: float, k: float) -> None:
    found = product_s(m, n, k, width=0.0, depth=0.0, area=0.0, efficiency=1.0, serial=0.0)
    compute, memory = 2.0 * m * n * k / PEAK, 2.0 * (m * k + k * n + m * n) / MEMORY
    assert found == pytest.approx(max(compute, memory), rel=1e-9)


@given(m=SIZES, n=SIZES, k=SIZES, efficiency=SHARES)
def test_a_product_never_beats_its_roofline(m: float, n: float, k: float, efficiency: float) -> None:
    assert product_s(m, n, k, efficiency=efficiency) >= 2.0 * m * n * k / (PEAK * efficiency) * (1 - 1e-12)


@given(m=SIZES, n=SIZES, k=SIZES, larger=st.floats(1.0, 8.0))
def test_larger_products_take_longer_but_run_more_efficiently(m: float, n: float, k: float, larger: float) -> None:
    small, large = product_s(m, n, k), product_s(m * larger, n, k)
    assert small <= large * (1 + 1e-12)
    assert large <= small * larger * (1 + 1e-12)


@given(m=SIZES, n=SIZES, k=SIZES)
def test_a_product_and_its_transpose_take_the_same(m: float, n: float, k: float) -> None:
    assert product_s(m, n, k) == pytest.approx(product_s(n, m, k), rel=1e-12)


@given(flops=st.floats(1e6, 1e18), tokens=SIZES, head=st.sampled_from((64.0, 128.0, 256.0)), efficiency=SHARES)
def test_fused_attention_does_half_of_the_square_and_never_beats_the_peak(
    flops: float, tokens: float, head: float, efficiency: float
) -> None:
    found = fused_attention_s(flops, tokens, head, peak_flop_per_s=PEAK, efficiency=efficiency, half_tokens=150.0)
    assert found >= 0.5 * flops / PEAK * (1 - 1e-12)
    if head <= 128.0:
        assert found >= 0.5 * flops / (PEAK * efficiency) * (1 - 1e-12)
    ideal = fused_attention_s(flops, tokens, 128.0, peak_flop_per_s=PEAK, efficiency=1.0, half_tokens=0.0)
    assert ideal == pytest.approx(0.5 * flops / PEAK, rel=1e-12)


def test_narrow_heads_run_slower_as_published() -> None:
    """Shah et al. 2024, figure 5: about 400 TFLOP/s at width 64 against 650 at 128."""
    wide, narrow = (
        fused_attention_s(1e15, 16384.0, head, peak_flop_per_s=PEAK, efficiency=0.7, half_tokens=0.0)
        for head in (128.0, 64.0)
    )
    assert wide / narrow == pytest.approx(400.0 / 650.0, rel=0.35)
    assert narrow > wide


@given(flops=st.floats(1e9, 1e18), head=st.sampled_from((64.0, 128.0, 256.0)))
def test_unfused_attention_is_never_faster(flops: float, head: float) -> None:
    fused = fused_attention_s(flops, 4096.0, head, peak_flop_per_s=PEAK, efficiency=1.0, half_tokens=0.0)
    unfused = unfused_attention_s(
        flops, head, peak_flop_per_s=PEAK, efficiency=1.0, memory_bytes_per_s=MEMORY, serial_share=0.0
    )
    assert unfused >= fused


def test_streaming_is_bytes_over_bandwidth() -> None:
    assert streaming_s(6e12, 3e12) == 2.0
