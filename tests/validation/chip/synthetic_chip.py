"""Measurements as a chip of known constants would give them, by the equations that are fitted."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.performance.compute import fused_attention_s, matmul_s
from tenfold.validation.chip.measured import Machine, Measured, Measurement

PEAK_FLOP_PER_S = {"bf16": 989.4e12, "fp8": 1979e12}
MEMORY_BYTES_PER_S = 3.35e12
ELEMENT_BYTES = {"bf16": 2.0, "fp8": 1.0}
DAY = datetime.date(2026, 11, 27)
SQUARES = tuple(2**power for power in range(10, 15))
SKINNY = ((128, 8192, 8192), (512, 4096, 14336), (8192, 8192, 256), (4096, 1024, 4096), (16384, 1024, 1024))
SAMPLES = 7
ALL_REDUCE_RANKS = 8
ALL_REDUCE_BYTES_PER_S = 0.72 * 450e9
STEP_S = 9e-6


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Constants that the chip really has."""

    efficiency: Mapping[str, float]
    half_width: float = 64.0
    half_depth: float = 150.0
    wave_area: float = 1e6
    attention: float = 0.55
    half_tokens: float = 200.0
    backward: float = 2.9
    memory: float = 0.88
    serial_share: float = 0.1
    sustained: float = 0.9
    noise: float = 0.01


def measured_by(truth: Truth, seed: int = 0, **machine: object) -> Measured:
    """Every kind of measurement, each with seven noisy samples."""
    rng = np.random.default_rng(seed)
    found = list(_measurements(truth, rng))
    known = {
        "device": "a chip that was made up",
        "torch": "0.0",
        "devices": ALL_REDUCE_RANKS,
        "day": DAY,
        "probe_flop_per_s": 5e14,
        "probe_bytes_per_s": 2e12,
        "memory_bytes": 80e9,
        "others_share": 0.01,
    }
    return Measured(machine=Machine(**(known | machine)), timed=tuple(found))  # type: ignore[arg-type]


def _measurements(truth: Truth, rng: np.random.Generator) -> Iterator[Measurement]:
    def taken(kind: str, form: str, time_s: float, **sizes: float) -> Measurement:
        noise = np.exp(truth.noise * rng.standard_normal(SAMPLES))
        seconds = tuple(float(f"{each:.6g}") for each in time_s * noise)
        return Measurement(kind=kind, format=form, sizes=sizes, seconds=seconds)

    for form in truth.efficiency:
        for m, n, k in (*((side, side, side) for side in SQUARES), *SKINNY):
            yield taken("matmul", form, product_s(truth, form, m, n, k), m=m, n=n, k=k)
    m = SQUARES[-1]
    burst_s = product_s(truth, "bf16", m, m, m)
    slowed = np.repeat([1.0, 1.0 / truth.sustained], 20)
    seconds = tuple(float(f"{each:.6g}") for each in burst_s * slowed)
    yield Measurement(kind="sustained", format="bf16", sizes={"m": m, "n": m, "k": m}, seconds=seconds)
    for tokens, width in ((1024, 128), (2048, 128), (4096, 128), (8192, 128), (4096, 64)):
        sizes = {"batch": 4.0, "heads": 16.0, "tokens": float(tokens), "width": float(width)}
        forward_s = attention_s(truth, **sizes)
        yield taken("attention", "bf16", forward_s, **sizes)
        yield taken("attention_both", "bf16", forward_s * (1.0 + truth.backward), **sizes)
    for power in range(27, 33):
        moved = float(2**power)
        yield taken("memory", "bf16", 4e-6 + moved / (MEMORY_BYTES_PER_S * truth.memory), bytes=moved)
    yield taken("launch", "bf16", 5e-6)
    for kind in ("copy_in", "copy_out"):
        yield taken(kind, "bf16", 2**28 / 50e9, bytes=float(2**28))
    ranks = ALL_REDUCE_RANKS
    for power in range(14, 32, 2):
        sent = 2.0 * (ranks - 1) / ranks * 2**power / ALL_REDUCE_BYTES_PER_S
        took = 2.0 * np.log2(ranks) * STEP_S + sent
        yield taken("all_reduce", "bf16", float(took), bytes=float(2**power), ranks=float(ranks))


def product_s(truth: Truth, form: str, m: float, n: float, k: float) -> float:
    found = matmul_s(
        m,
        n,
        k,
        peak_flop_per_s=PEAK_FLOP_PER_S[form],
        efficiency=truth.efficiency[form],
        half_width=truth.half_width,
        half_depth=truth.half_depth,
        wave_area=truth.wave_area,
        bytes_per_element=ELEMENT_BYTES[form],
        memory_bytes_per_s=MEMORY_BYTES_PER_S * truth.memory,
        serial_share=truth.serial_share,
    )
    return float(found)


def attention_s(truth: Truth, *, batch: float, heads: float, tokens: float, width: float) -> float:
    found = fused_attention_s(
        4.0 * batch * heads * tokens**2 * width,
        tokens,
        width,
        peak_flop_per_s=PEAK_FLOP_PER_S["bf16"],
        efficiency=truth.attention,
        half_tokens=truth.half_tokens,
    )
    return float(found)
