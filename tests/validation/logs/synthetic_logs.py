"""Logs made up in the formats their programs document."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from tenfold.quantities import InputError, Problem

T = TypeVar("T")

LLAMA_8B: Mapping[str, object] = {
    "bf16": True,
    "context_parallel_size": 2,
    "data_parallel_size": 8,
    "ffn_hidden_size": 14336,
    "fp16": False,
    "fp8": None,
    "global_batch_size": 128,
    "group_query_attention": True,
    "hidden_size": 4096,
    "kv_channels": 128,
    "micro_batch_size": 1,
    "num_attention_heads": 32,
    "num_experts": None,
    "num_layers": 32,
    "num_query_groups": 8,
    "padded_vocab_size": 128256,
    "pipeline_model_parallel_size": 2,
    "recompute_granularity": None,
    "seq_length": 8192,
    "swiglu": True,
    "tensor_model_parallel_size": 2,
    "use_distributed_optimizer": True,
    "virtual_pipeline_model_parallel_size": 4,
    "world_size": 64,
}


def dump(arguments: Mapping[str, object], prefix: str = "") -> list[str]:
    """The dump of arguments: dots to column 48, none for longer names."""
    lines = [f"{prefix}  {name} {'.' * (48 - len(name))} {value}" for name, value in sorted(arguments.items())]
    head, tail = "-" * 24 + " arguments " + "-" * 24, "-" * 20 + " end of arguments " + "-" * 21
    return [prefix + head, *lines, prefix + tail]


def iteration(number: int, ms: float | str, batch: int = 128, prefix: str = "") -> str:
    return (
        f"{prefix} [2026-03-01 12:00:00.123456] iteration {number:8d}/{500000:8d} | consumed samples: {number:12d} | "
        f"elapsed time per iteration (ms): {ms} | throughput per GPU (TFLOP/s/GPU): 402.1 | "
        f"learning rate: 1.000000E-04 | global batch size: {batch:5d} | lm loss: 1.04E+01 | loss scale: 1.0 |"
    )


def megatron(
    times_ms: Iterable[float], arguments: Mapping[str, object] = LLAMA_8B, prefix: str = "", first: int = 1
) -> str:
    lines = [*dump(arguments, prefix)] if arguments else []
    lines += [iteration(number, f"{ms:.1f}", prefix=prefix) for number, ms in enumerate(times_ms, start=first)]
    return "\n".join(lines) + "\n"


def event(key: str, value: object = None, ms: float = 1745926251617, **metadata: object) -> str:
    record = {"namespace": "", "time_ms": ms, "event_type": "POINT_IN_TIME", "key": key, "value": value}
    return f"0: :::MLLOG {json.dumps(record | {'metadata': metadata})}"


def mlperf(block_s: Sequence[float], *, batch: int = 8, samples: int = 384, extra: Sequence[str] = ()) -> str:
    """Blocks of so many seconds each, with an evaluation of 5 s after each."""
    lines = [
        event("submission_benchmark", "llama2_70b_lora"),
        event("submission_platform", "1xMI325X"),
        event("global_batch_size", batch),
        *extra,
        "loss 1.3",
    ]
    now, done = 1745926251617.0, 0
    for seconds in block_s:
        lines.append(event("block_start", None, now, samples_count=done))
        now, done = now + 1e3 * seconds, done + samples
        lines.append(event("tracked_stats", {"throughput": 99.0}, now, step=done))
        lines.append(event("block_stop", None, now, samples_count=done))
        now += 5e3
    return "\n".join(lines) + "\n"


SIZES = [1024 * 4**power for power in range(12)]


def hosts(ranks: int, nodes: int) -> list[str]:
    return [
        f"#  Rank {rank:2d} Group  0 Pid {900 + rank:6d} on {f'host{rank * nodes // ranks}':>10s} device {rank % 8:2d} "
        f"[0000:{rank:02x}:00] NVIDIA H100 80GB HBM3"
        for rank in range(ranks)
    ]


def nccl_text(
    times_s: Sequence[float],
    *,
    sizes: Sequence[int] = SIZES,
    ranks: int = 8,
    nodes: int = 1,
    program: str = "all_reduce_perf",
    factor: float = 1.75,
    wrong: str = "0",
) -> str:
    lines = [f"# Collective test starting: {program}", "#", "# Using devices", *hosts(ranks, nodes), "#"]
    lines += ["#       size         count      type   redop    root     time   algbw   busbw  #wrong"]
    for size, time in zip(sizes, times_s, strict=True):
        algbw = size / time / 1e9
        half = f"  {time * 1e6:.6f}  {algbw:6.2f}  {algbw * factor:6.2f}  {wrong}"
        lines.append(f"{size:12d}  {size // 4:12d}     float     sum      -1{half}{half}")
    return "\n".join([*lines, "# Out of bounds values : 0 OK", "# Avg bus bandwidth    : 1", "#"]) + "\n"


def nccl_json(times_s: Sequence[float], *, sizes: Sequence[int] = SIZES, processes: int = 1, ngpus: int = 8) -> str:
    """As written with ``-J``: one device of each process is listed."""
    results: list[dict[str, Any]] = []
    for size, time in zip(sizes, times_s, strict=True):
        half = {"time": time * 1e6, "alg_bw": size / time / 1e9, "bus_bw": size / time / 1e9 * 1.75, "nwrong": 0.0}
        results.append({"size": size, "count": size // 4, "type": "float", "redop": "sum", "root": "    -1"})
        results[-1] |= {"out_of_place": half, "in_place": half, "actual_iterations": 20}
    devices = [{"rank": p * ngpus, "group": 0, "hostname": f"host{p}", "device": 0} for p in range(processes)]
    config = {"nthreads": 1, "ngpus": ngpus, "devices": devices}
    return json.dumps({"version": 2, "args": ["./all_reduce_perf", "-J", "o"], "config": config, "results": results})


def file_in(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def attempt(reader: Callable[[Path], tuple[T, ...]], path: Path) -> tuple[tuple[T, ...], tuple[Problem, ...]]:
    """What a reader reads, or the problems it refuses a file for."""
    try:
        return reader(path), ()
    except InputError as error:
        return (), error.problems
