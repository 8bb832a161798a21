"""A small decoder as functions of its weights: a real training step of it, and a step of decoding.

RMSNorm, rotary positions, fused causal attention, gated feed-forward, head and table apart: the shape that ``steps``
describes. Weights are in 32 bits and products in 16 (automatic mixed precision), AdamW is fused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.nn import functional

from tenfold.validation.chip.measured import Measurement
from tenfold.validation.chip.measuring.device import Device

Weights = Mapping[str, Any]
DEVIATION = 0.02
ROTARY_BASE = 10_000.0


def weights_of(device: Device, sizes: Mapping[str, float], dtype: torch.dtype) -> dict[str, Any]:
    """Random weights of a decoder."""
    hidden, ffn, vocab = (round(sizes[name]) for name in ("hidden", "ffn", "vocab"))
    shapes = {"table": (vocab, hidden), "head": (vocab, hidden), "norm": (hidden,)}
    for layer in range(round(sizes["layers"])):
        shapes |= {
            f"{layer}.mixer_norm": (hidden,),
            f"{layer}.qkv": (3 * hidden, hidden),
            f"{layer}.out": (hidden, hidden),
            f"{layer}.mlp_norm": (hidden,),
            f"{layer}.gate_up": (2 * ffn, hidden),
            f"{layer}.down": (hidden, ffn),
        }
    return {
        name: torch.randn(*shape, device=device.device, dtype=dtype).mul_(DEVIATION) for name, shape in shapes.items()
    }


def angles_of(device: Device, positions: int, width: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Cosine and sine of the rotary angles, by position and half of a head's width."""
    rates = ROTARY_BASE ** (-torch.arange(0, width, 2, device=device.device).float() / width)
    angles = torch.arange(positions, device=device.device).float()[:, None] * rates
    return angles.cos().bfloat16(), angles.sin().bfloat16()


def turned(x: torch.Tensor, cosine: torch.Tensor, sine: torch.Tensor) -> torch.Tensor:
    """Heads turned by their positions [Su et al. 2021]."""
    first, second = x.chunk(2, dim=-1)
    return torch.cat((first * cosine - second * sine, first * sine + second * cosine), dim=-1)


def heads_of(projected: torch.Tensor, heads: int) -> tuple[torch.Tensor, ...]:
    """Queries, keys and values as (batch, heads, tokens, width)."""
    batch, tokens, _ = projected.shape
    return tuple(each.view(batch, tokens, heads, -1).transpose(1, 2) for each in projected.chunk(3, dim=-1))


def feed_forward(x: torch.Tensor, weights: Weights, layer: int) -> torch.Tensor:
    """Gated feed-forward block with its residual."""
    normed = functional.rms_norm(x, x.shape[-1:], weights[f"{layer}.mlp_norm"].to(x.dtype))
    gate, up = functional.linear(normed, weights[f"{layer}.gate_up"]).chunk(2, dim=-1)
    return x + functional.linear(functional.silu(gate) * up, weights[f"{layer}.down"])


def mixer(x: torch.Tensor, weights: Weights, layer: int, heads: int, attend: Callable[..., Any]) -> torch.Tensor:
    """Attention with its residual; ``attend`` is given queries, keys and values."""
    normed = functional.rms_norm(x, x.shape[-1:], weights[f"{layer}.mixer_norm"].to(x.dtype))
    mixed = attend(*heads_of(functional.linear(normed, weights[f"{layer}.qkv"]), heads))
    return x + functional.linear(mixed.transpose(1, 2).reshape(x.shape), weights[f"{layer}.out"])


def train_step(device: Device, task: Measurement) -> Callable[[], object]:
    """One step: forward, loss, backward, optimizer."""
    size = task.sizes
    weights = weights_of(device, size, torch.float32)
    parameters = [each.requires_grad_() for each in weights.values()]
    optimizer = torch.optim.AdamW(parameters, lr=1e-4, fused=True)
    batch, tokens, heads = (round(size[name]) for name in ("batch", "tokens", "heads"))
    read = torch.randint(round(size["vocab"]), (batch, tokens + 1), device=device.device)
    cosine, sine = angles_of(device, tokens, round(size["hidden"]) // heads)

    def attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
        q, k = turned(q, cosine, sine), turned(k, cosine, sine)
        return functional.scaled_dot_product_attention(q, k, v, is_causal=True)

    def run() -> object:
        with torch.autocast(device.device.type, dtype=torch.bfloat16):
            x = functional.embedding(read[:, :-1], weights["table"]).bfloat16()
            for layer in range(round(size["layers"])):
                x = feed_forward(mixer(x, weights, layer, heads, attend), weights, layer)
            x = functional.rms_norm(x, x.shape[-1:], weights["norm"].bfloat16())
            logits = functional.linear(x, weights["head"])
        loss = functional.cross_entropy(logits.flatten(0, 1).float(), read[:, 1:].flatten())
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return float(loss.detach())

    return run


def decode(device: Device, task: Measurement) -> Callable[[], object]:
    """One step of decoding a batch: every sequence's next token, after as many tokens as the task says."""
    size = task.sizes
    weights = weights_of(device, size, torch.bfloat16)
    batch, tokens, heads = (round(size[name]) for name in ("batch", "tokens", "heads"))
    width, layers = round(size["hidden"]) // heads, round(size["layers"])
    caches = [(device.numbers(batch, heads, tokens, width), device.numbers(batch, heads, tokens, width))
              for _ in range(layers)]  # fmt: skip
    cosine, sine = (each[-1:] for each in angles_of(device, tokens, width))
    last = torch.zeros(batch, 1, dtype=torch.long, device=device.device)

    def attend_in(layer: int) -> Callable[..., torch.Tensor]:
        keys, values = caches[layer]

        def attend(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
            keys[:, :, -1:], values[:, :, -1:] = turned(k, cosine, sine), v
            return functional.scaled_dot_product_attention(turned(q, cosine, sine), keys, values)

        return attend

    def run() -> object:
        with torch.no_grad():
            x = functional.embedding(last, weights["table"])
            for layer in range(layers):
                x = feed_forward(mixer(x, weights, layer, heads, attend_in(layer)), weights, layer)
            x = functional.rms_norm(x, x.shape[-1:], weights["norm"])
            last.copy_(functional.linear(x, weights["head"]).argmax(dim=-1))
        return last

    return run
