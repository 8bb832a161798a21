"""Output of serving benchmarks as measured runs: vLLM, SGLang, TensorRT-LLM and GenAI-Perf, as JSON or printed.

Labels are those of ``vllm bench serve``, ``sglang.bench_serving`` and ``trtllm-bench`` (2025 to 2026); JSON keys those
of ``--save-result`` and ``--output-file``. What the output does not say (model, chip, layout) is asked beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tenfold.quantities import InputError, Problem, json_tree, read_text
from tenfold.validation.serving.runs import ServingRun

LABELS: Mapping[str, tuple[str, ...]] = {
    "requests": ("successful requests", "number of requests"),
    "input_tokens": ("total input tokens",),
    "output_tokens": ("total generated tokens", "total output tokens"),
    "isl": ("average input length (tokens)",),
    "osl": ("average output length (tokens)",),
    "concurrency": ("maximum request concurrency", "max request concurrency", "number of concurrent requests"),
    "rate": ("request rate configured (rps)", "traffic request rate"),
    "output_tok_s_total": ("output token throughput (tok/s)", "total output throughput (tokens/sec)"),
    "ttft_ms_mean": ("mean ttft (ms)", "average time-to-first-token [ttft] (ms)"),
    "ttft_ms_p50": ("median ttft (ms)",),
    "ttft_ms_p99": ("p99 ttft (ms)",),
    "tpot_ms_mean": ("mean tpot (ms)", "average time-per-output-token [tpot] (ms)"),
    "tpot_ms_p50": ("median tpot (ms)",),
    "e2e_latency_ms_mean": ("mean e2el (ms)", "mean e2e latency (ms)", "average request latency (ms)"),
}
"""What a benchmark prints, in lower case, by what it means."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "requests": ("completed", "request_info.num_requests"),
    "input_tokens": ("total_input_tokens",),
    "output_tokens": ("total_output_tokens",),
    "isl": ("request_info.avg_input_length", "input_sequence_length.avg"),
    "osl": ("request_info.avg_output_length", "output_sequence_length.avg"),
    "concurrency": (
        "max_concurrency", "request_info.avg_num_concurrent_requests", "input_config.concurrency",
        "input_config.perf_analyzer.stimulus.concurrency", "input_config.loadgen.concurrency",
    ),
    "rate": ("request_rate",),
    "output_tok_s_total": (
        "output_throughput", "performance.system_output_throughput_tok_s", "output_token_throughput.avg",
    ),
    "ttft_ms_mean": ("mean_ttft_ms", "time_to_first_token.avg"),
    "ttft_ms_p50": ("median_ttft_ms", "time_to_first_token.p50"),
    "ttft_ms_p99": ("p99_ttft_ms", "time_to_first_token.p99"),
    "tpot_ms_mean": ("mean_tpot_ms", "inter_token_latency.avg"),
    "tpot_ms_p50": ("median_tpot_ms", "inter_token_latency.p50"),
    "e2e_latency_ms_mean": (
        "mean_e2el_ms", "mean_e2e_latency_ms", "performance.avg_request_latency_ms", "request_latency.avg",
    ),
}  # fmt: skip
"""Keys of a benchmark's JSON by what they mean; a dot stands between a table and a key in it."""
AT_ONCE = ("successful requests", "completed")
"""Label and key of benchmarks that send all requests at once unless they say a concurrency or a rate."""
LONGEST_LINE = 500
"""Characters of a line with a label and its number."""
METRICS = tuple(name for name in LABELS if "_ms_" in name or name == "output_tok_s_total")


def benchmark_runs(path: Path, about: Mapping[str, Any]) -> list[ServingRun]:
    """Runs of one benchmark's output, a metric each; ``about`` has the fields that it does not say.

    Raises ``InputError`` for what is no benchmark, or says no lengths or no load.
    """
    text = read_text(path, "Give the benchmark's output as text or JSON")
    values = _from_json(text) if text.lstrip().startswith("{") else _from_text(text)
    metrics = {name: values[name] for name in METRICS if values.get(name)}
    if not metrics:
        remedy = "Give what vllm bench serve, sglang.bench_serving or trtllm-bench print or save"
        raise _refusal(path, "no latency and no throughput of a serving benchmark is in it", remedy)
    isl, osl = values.get("isl") or _mean(values, "input_tokens"), values.get("osl") or _mean(values, "output_tokens")
    if not isl or not osl:
        raise _refusal(path, "it does not say the tokens of its requests", "Give the whole output")
    clients, rate = values.get("concurrency"), values.get("rate")
    at_once = values.get("requests") if AT_ONCE[0] in text.lower() or f'"{AT_ONCE[1]}"' in text else None
    if not clients and not rate and not at_once:
        raise _refusal(path, "it says neither a concurrency nor a rate", "Run it with --max-concurrency")
    scenario = "fixed concurrency agg" if clients else "online poisson" if rate else "burst"
    return [
        ServingRun(
            **{
                **about,
                "id": f"{path.stem}-{name}",
                "metric": name,
                "value": value,
                "scenario": scenario,
                "isl": isl,
                "osl": osl,
                "concurrency_or_batch": clients or (None if rate else at_once),
                "request_rate_per_s": None if clients else rate,
                "source_title": path.name,
            }
        )
        for name, value in metrics.items()
    ]


def _mean(values: Mapping[str, float], name: str) -> float | None:
    total, requests = values.get(name), values.get("requests")
    return total / requests if total and requests else None


def _from_json(text: str) -> dict[str, float]:
    """Numbers of a benchmark's JSON; of several lines of it the last."""
    try:
        found: Any = json_tree(text, "", "")
    except InputError:
        found = _last_line(text)
    known = found if isinstance(found, dict) else {}
    return dict(_numbers(known))


def _last_line(text: str) -> object:
    lines = [line for line in text.splitlines() if line.strip()]
    try:
        return json_tree(lines[-1], "", "")
    except InputError:
        return None


def _numbers(known: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    for name, keys in KEYS.items():
        for key in keys:
            value = _at(known, key)
            if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value < float("inf"):
                yield name, float(value)


def _at(known: Mapping[str, Any], key: str) -> object:
    """Value under a dotted key; None where there is none."""
    found: object = known
    for part in key.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _from_text(text: str) -> dict[str, float]:
    """Numbers that a benchmark prints behind its labels."""
    found: dict[str, float] = {}
    for line in text.splitlines():
        if len(line) > LONGEST_LINE:
            continue
        match = re.match(r"\s*(.+?):?\s{1,}([0-9][0-9,]*\.?[0-9]*(?:e[+-]?\d+)?)\s*$", line, flags=re.IGNORECASE)
        if match is None:
            continue
        label = match[1].strip().rstrip(":").lower()
        for name, labels in LABELS.items():
            if label in labels:
                found[name] = float(match[2].replace(",", ""))
    return found


def _refusal(path: Path, wrong: str, remedy: str) -> InputError:
    return InputError(Problem(file=str(path), key="", wrong=wrong, remedy=remedy))
