"""What is timed on a device: sizes that it does in the time there is, chosen from how fast two probes ran."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tenfold.validation.chip.measured import COLLECTIVES, Machine, Measurement
from tenfold.validation.chip.steps import shape_of
from tenfold.workloads import total_parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long measuring may take."""

    samples: int
    """Of one operation."""
    least_sample_s: float
    """Operations are repeated until a sample is as long: clocks and launches blur shorter ones."""
    most_operation_s: float
    """Sizes whose one operation takes longer are left out."""
    sustained_s: float
    """For which the largest product is repeated."""
    budget_s: float
    """After which nothing more is begun."""


QUICK = Effort(samples=7, least_sample_s=0.02, most_operation_s=0.25, sustained_s=10.0, budget_s=240.0)
"""Done in under five minutes: what is begun when the budget ends takes seconds."""
THOROUGH = Effort(samples=15, least_sample_s=0.1, most_operation_s=1.0, sustained_s=60.0, budget_s=1800.0)
FORMATS = ("bf16", "fp8")
WIDE = "bf16"
SQUARES = tuple(2**power for power in range(6, 15))
SKINNY = ((0.125, 1, 1), (1, 1, 0.125), (1, 0.25, 1), (2, 0.125, 0.5), (0.5, 1, 3.5))
"""Sides of other products, relative to a square: few rows, shallow, narrow, tall, a feed-forward block."""
LEAST_OPERATION_S = 20e-6
"""Products faster than this measure the launch and not the product."""
TOKENS = tuple(2**power for power in range(6, 15))
WIDTHS = (128, 64)
BATCHED_TOKENS = 16384
MOST_HEADS = 16
STREAMS = 6
STREAM_BYTES = tuple(float(2**power) for power in range(20, 34))
COPIES = (2.0**24, 2.0**28)
COLLECTIVE_BYTES = tuple(float(2**power) for power in range(12, 31, 2))
MODELS = (
    {"hidden": 128, "layers": 2, "heads": 2, "ffn": 384, "vocab": 1024, "tokens": 64, "batch": 2},
    {"hidden": 256, "layers": 4, "heads": 4, "ffn": 704, "vocab": 8192, "tokens": 256, "batch": 2},
    {"hidden": 768, "layers": 12, "heads": 12, "ffn": 2048, "vocab": 32768, "tokens": 1024, "batch": 4},
    {"hidden": 1024, "layers": 24, "heads": 16, "ffn": 2816, "vocab": 32768, "tokens": 2048, "batch": 4},
    {"hidden": 2048, "layers": 24, "heads": 16, "ffn": 5632, "vocab": 32768, "tokens": 2048, "batch": 4},
)
"""Small transformers, the smallest first."""
TRAINED = 3
"""Of those that fit, the largest."""
STEP_OPERATIONS = 8.0
"""A training step may take so many times what one operation may."""
STEP_SHARE = 0.25
"""Share of the probe's speed that a step is taken to reach when its time is guessed."""
TRAINING_BYTES = 20.0
"""A parameter, its gradient and the optimizer's two moments in 32 bits, a copy in 16, and some room."""
ACTIVATION_BYTES = 60.0
"""A token and unit of width in a layer of such a model, everything kept: 34 and attention [Korthikanti et al. 2022]."""
MEMORY_SHARE = 0.4
"""Share of the free memory that an operation may use."""


def tasks_of(machine: Machine, effort: Effort, ranks: int) -> tuple[Measurement, ...]:
    """List what is to be timed, as measurements without samples; what says most comes first."""
    products = [_products(machine, effort, name) for name in FORMATS]
    last = products[0][-1:]
    return (
        *products[0],
        *_streams(machine, effort),
        *_attention(machine, effort),
        *(Measurement(kind="sustained", format=each.format, sizes=each.sizes) for each in last),
        *itertools.chain(*products[1:]),
        *_models(machine, effort),
        Measurement(kind="launch", format=WIDE),
        *_copies(machine),
        *_collectives(machine, ranks),
    )


def _products(machine: Machine, effort: Effort, name: str) -> list[Measurement]:
    """Squares and other shapes that take neither too long nor too short, the largest square last."""
    fitting = [side for side in SQUARES if _product_fits(machine, effort, (side, side, side))]
    around = fitting[len(fitting) // 2] if fitting else 0
    others = [tuple(round(around * part) for part in parts) for parts in SKINNY]
    shapes = [shape for shape in others if around and _product_fits(machine, effort, shape)]
    shapes += [(side, side, side) for side in fitting]
    return [
        Measurement(kind="matmul", format=name, sizes=dict(zip("mnk", map(float, each), strict=True)))
        for each in shapes
    ]


def _product_fits(machine: Machine, effort: Effort, shape: tuple[int, ...]) -> bool:
    m, n, k = shape
    took_s = 2.0 * m * n * k / machine.probe_flop_per_s
    held = 2.0 * (m * k + k * n + m * n)
    return LEAST_OPERATION_S <= took_s <= effort.most_operation_s and held <= MEMORY_SHARE * machine.memory_bytes


def _attention(machine: Machine, effort: Effort) -> Iterator[Measurement]:
    """Forward, and forward with backward, over lengths and widths of heads."""
    for width, tokens in itertools.product(WIDTHS, TOKENS):
        sizes = _attention_sizes(machine, effort, tokens, width)
        if sizes:
            yield Measurement(kind="attention", format=WIDE, sizes=sizes)
            yield Measurement(kind="attention_both", format=WIDE, sizes=sizes)


def _attention_sizes(machine: Machine, effort: Effort, tokens: int, width: int) -> Mapping[str, float]:
    """The most heads and sequences that can be done in the time; none where one head of one takes too long."""
    heads, batch = MOST_HEADS, max(BATCHED_TOKENS // tokens, 1)
    while heads * batch > 1 and _attention_s(machine, batch * heads, tokens, width) > effort.most_operation_s:
        heads, batch = (heads, batch // 2) if batch > 1 else (heads // 2, batch)
    took_s = _attention_s(machine, batch * heads, tokens, width)
    if not LEAST_OPERATION_S <= took_s <= effort.most_operation_s:
        return {}
    return {"batch": float(batch), "heads": float(heads), "tokens": float(tokens), "width": float(width)}


def _attention_s(machine: Machine, sequences: int, tokens: int, width: int) -> float:
    """Guess the time of a causal pass and its backward at the speed of the probe, s."""
    return 7.0 * sequences * tokens**2 * width / machine.probe_flop_per_s


def _streams(machine: Machine, effort: Effort) -> list[Measurement]:
    most = min(MEMORY_SHARE * machine.memory_bytes, effort.most_operation_s * machine.probe_bytes_per_s)
    sizes = [size for size in STREAM_BYTES if size <= most][-STREAMS:]
    return [Measurement(kind="memory", format=WIDE, sizes={"bytes": size}) for size in sizes]


def _copies(machine: Machine) -> Iterator[Measurement]:
    for size in COPIES:
        if size <= MEMORY_SHARE * machine.memory_bytes:
            yield Measurement(kind="copy_in", format=WIDE, sizes={"bytes": size})
            yield Measurement(kind="copy_out", format=WIDE, sizes={"bytes": size})


def _collectives(machine: Machine, ranks: int) -> Iterator[Measurement]:
    if ranks > 1:
        for kind, size in itertools.product(COLLECTIVES, COLLECTIVE_BYTES):
            if size * ranks <= MEMORY_SHARE * machine.memory_bytes:
                yield Measurement(kind=kind, format=WIDE, sizes={"bytes": size, "ranks": float(ranks)})


def _models(machine: Machine, effort: Effort) -> Iterator[Measurement]:
    """A training step and a step of decoding of the largest models that fit the time and the memory."""
    sizes = [{name: float(value) for name, value in model.items()} for model in MODELS]
    fitting = [size for size in sizes if _model_fits(machine, effort, size)]
    for size in fitting[-TRAINED:]:
        yield Measurement(kind="train_step", format=WIDE, sizes=size)
        yield Measurement(kind="decode", format=WIDE, sizes=size)


def _model_fits(machine: Machine, effort: Effort, size: Mapping[str, float]) -> bool:
    parameters = float(total_parameters(shape_of(Measurement(kind="train_step", format=WIDE, sizes=size))))
    tokens = size["tokens"] * size["batch"]
    took_s = 6.0 * parameters * tokens / (STEP_SHARE * machine.probe_flop_per_s)
    kept = ACTIVATION_BYTES * size["hidden"] * size["layers"] + 10.0 * size["vocab"]
    fits = TRAINING_BYTES * parameters + kept * tokens <= MEMORY_SHARE * machine.memory_bytes
    return fits and took_s <= STEP_OPERATIONS * effort.most_operation_s
