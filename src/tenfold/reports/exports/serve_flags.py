"""Commands that start one replica: vLLM, SGLang, TensorRT-LLM, with the flags of the plan.

Flags as in vllm-project/vllm ``vllm/config`` and its engine arguments, sgl-project/sglang ``server_args.py`` (0.5.23:
``--attn-dp-size`` in place of ``--dp-size`` with ``--enable-dp-attention``), NVIDIA/TensorRT-LLM
``tensorrt_llm/commands/serve.py``, all as read in 2026-11.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tenfold.planning.plan.serve import VERIFIED_TOKENS
from tenfold.reports.exports.refusals import refuse
from tenfold.reports.exports.served import Replicas, Served

MODEL = '"$MODEL"'
"""Weights to serve: a name of Hugging Face or a folder, which no plan holds."""
PORT = 8000
DRAFTED = round(VERIFIED_TOKENS) - 1
"""Tokens that are drafted for each step."""
NIXL = '{"kv_connector":"NixlConnector","kv_role":"kv_both"}'
MTP = {"method": "mtp", "num_speculative_tokens": DRAFTED}
QUANTISED = ("fp8", "int8", "fp4", "mxfp4", "int4")
"""Formats that the weights must come in, but for fp8, which vLLM and SGLang make of wider ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """What starts a replica on every one of its nodes."""

    words: tuple[str, ...]
    """The command, then one flag with its value each."""
    files: Mapping[str, str]
    """Files beside it, by name."""
    nodes: tuple[str, ...]
    """Flags of a replica over several nodes, after ``$NODES``, ``$NODE_RANK`` and ``$HEAD``; none where it has none."""


Starter = Callable[[Served, Replicas], Command]


def vllm(served: Served, part: Replicas) -> Command:
    """``vllm serve``."""
    words = [
        f"vllm serve {MODEL}",
        f"--port {PORT}",
        f"--tensor-parallel-size {part.tp}",
        *([f"--pipeline-parallel-size {part.pp}"] if part.pp > 1 else []),
        *([f"--data-parallel-size {part.dp}"] if part.dp > 1 else []),
        *(["--enable-expert-parallel"] if part.ep > 1 else []),
        *([f"--quantization {served.precision}"] if served.precision == "fp8" else []),
        f"--kv-cache-dtype {'fp8' if served.kv_precision == 'fp8' else 'auto'}",
        *_share("--gpu-memory-utilization", served, "vllm", served.engine.memory_share),
        f"--max-num-seqs {max(part.max_sequences // part.dp, 1)}",
        f"--max-num-batched-tokens {part.token_budget}",
        *(["--enable-prefix-caching"] if served.prefix_share > 0 else []),
        *([f"--speculative-config '{json.dumps(MTP)}'"] if served.drafts else []),
        *([f"--kv-transfer-config '{NIXL}'"] if served.apart else []),
    ]
    return Command(words=tuple(words), files={}, nodes=_vllm_nodes(served, part))


def _share(flag: str, served: Served, engine: str, share: float) -> list[str]:
    """A share of memory, as the engine of the plan divides it; another engine divides otherwise and keeps its own."""
    return [f"{flag} {share:g}"] if served.engine.engine == engine else []


def _vllm_nodes(served: Served, part: Replicas) -> tuple[str, ...]:
    """Flags of a replica over several nodes: its attention ranks are dealt to them, or else its layers are split."""
    if part.dp == 1:
        return ("--nnodes $NODES", "--node-rank $NODE_RANK", "--master-addr $HEAD")
    local = max(served.chips_per_node // (part.tp * part.pp), 1)
    return (
        f"--data-parallel-size-local {local}",
        f"--data-parallel-start-rank $((NODE_RANK * {local}))",
        "--data-parallel-address $HEAD",
        '$([ "$NODE_RANK" = 0 ] || echo --headless)',
    )


def sglang(served: Served, part: Replicas) -> Command:
    """``sglang.launch_server``; its ``--tp-size`` counts all chips of a stage, those of attention ranks among them."""
    words = [
        "python3 -m sglang.launch_server",
        f"--model-path {MODEL}",
        f"--port {PORT}",
        f"--tp-size {part.tp * part.dp}",
        *([f"--pp-size {part.pp}"] if part.pp > 1 else []),
        *([f"--attn-dp-size {part.dp}"] if part.dp > 1 else []),
        *([f"--ep-size {part.ep}"] if part.ep > 1 else []),
        *([f"--quantization {served.precision}"] if served.precision == "fp8" else []),
        f"--kv-cache-dtype {'fp8_e4m3' if served.kv_precision == 'fp8' else 'auto'}",
        *_share("--mem-fraction-static", served, "sglang", served.engine.memory_share),
        f"--max-running-requests {part.max_sequences}",
        f"--chunked-prefill-size {part.token_budget}",
        *(_sglang_drafts() if served.drafts else []),
        *([f"--disaggregation-mode {part.role}"] if served.apart else []),
    ]
    nodes = ("--nnodes $NODES", "--node-rank $NODE_RANK", "--dist-init-addr $HEAD:5000")
    return Command(words=tuple(words), files={}, nodes=nodes)


def _sglang_drafts() -> tuple[str, ...]:
    return (
        "--speculative-algorithm EAGLE",
        f"--speculative-num-steps {DRAFTED}",
        "--speculative-eagle-topk 1",
        f"--speculative-num-draft-tokens {DRAFTED + 1}",
    )


def tensorrt_llm(served: Served, part: Replicas) -> Command:
    """``trtllm-serve`` and its YAML; its ``--tp_size`` counts attention ranks too."""
    file = f"{part.role}.yaml"
    lines = [
        "kv_cache_config:",
        f"  dtype: {'fp8' if served.kv_precision == 'fp8' else 'auto'}",
        f"  enable_block_reuse: {'true' if served.prefix_share > 0 else 'false'}",
        f"enable_attention_dp: {'true' if part.dp > 1 else 'false'}",
        *(
            ["speculative_config:", "  decoding_type: MTP", f"  num_nextn_predict_layers: {DRAFTED}"]
            if served.drafts
            else []
        ),
    ]
    words = [
        f"trtllm-serve {MODEL}",
        f"--port {PORT}",
        f"--tp_size {part.tp * part.dp}",
        *([f"--pp_size {part.pp}"] if part.pp > 1 else []),
        *([f"--ep_size {part.ep}"] if part.ep > 1 else []),
        f"--max_batch_size {max(part.max_sequences // part.dp, 1)}",
        f"--max_num_tokens {part.token_budget}",
        *_share("--kv_cache_free_gpu_memory_fraction", served, "tensorrt-llm", served.engine.free_share),
        f"--config {file}",
    ]
    return Command(words=tuple(words), files={file: "\n".join(lines) + "\n"}, nodes=())


STARTERS: Mapping[str, Starter] = {"vllm": vllm, "sglang": sglang, "tensorrt-llm": tensorrt_llm}
"""By the name of an engine in the catalog, whatever its vintage."""


def starter_of(served: Served, tool: str) -> Starter:
    """What starts the engine that the plan was made for. Raises ``InputError`` for one without."""
    if served.engine.engine not in STARTERS:
        wrong = f"nothing is known that starts {served.engine.name}"
        raise refuse(tool, wrong, f"Plan with engine = one of {', '.join(STARTERS)}, or export --to one of them")
    return STARTERS[served.engine.engine]


def unexpressed(served: Served, tool: str) -> list[str]:
    """What the plan says and the commands cannot."""
    lines = ["the weights: give MODEL, a name of Hugging Face or a folder"]
    if served.precision in QUANTISED and (served.precision != "fp8" or tool == "tensorrt-llm"):
        lines.append(f"weights in {served.precision}: MODEL must be a checkpoint in that format")
    if served.kv_precision not in ("bf16", "fp16", "fp8"):
        lines.append(f"a cache in {served.kv_precision}: the engine's own is taken")
    if tool in STARTERS and tool != served.engine.engine:
        lines.append(f"the latencies: the plan was made for {served.engine.name}")
    if served.waits:
        lines.append(f"caches that wait on {' and '.join(served.waits)}: switch the engine's offloading on, as large")
    if served.apart:
        lines.append("the router before both kinds of replicas")
    return lines
