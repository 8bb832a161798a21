"""Time of a prompt: what it takes alone, and by how much it delays what decodes meanwhile. Pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tenfold.performance.serving.decode import activations_s, choosing_tokens, collectives_s, launches_s
from tenfold.performance.serving.replica import Replica, dense_product_s
from tenfold.workloads.serving import attended_tokens, busiest_share, touched_experts

if TYPE_CHECKING:
    from tenfold.quantities import Column

FLOOR_JOINING = 2.0
"""How the floor of launches joins the work of a prompt: mostly the longer of the two."""


def prefill_work_s(replica: Replica, tokens: Column, known_tokens: Column = 0.0) -> Column:
    """Products, attention, vectors between them and collectives of ``tokens`` new tokens of a prompt on each rank, s.

    (dense + experts)/(peak·u_p) + attention/(peak₁₆·u_a) + vectors/(BW·u_w) + all-reduces. Each token attends to what
    is known and half of what is new [Vaswani et al. 2017; causal mask]. The head is computed for the last token only.
    """
    counted, hardware, constants, layout = replica.counted, replica.hardware, replica.constants, replica.layout
    spread = busiest_share(layout.expert, tokens * layout.ranks * counted.top_k, constants.imbalance)
    projections = tokens * dense_product_s(replica)
    experts = tokens * counted.expert_flops * spread / (hardware.peak_flop_per_s * constants.expert_share)
    attended = attended_mean(replica, known_tokens + 0.5 * np.asarray(tokens))
    attention = tokens * counted.prefill_attention_flops * attended / hardware.attended_peak_flop_per_s
    work = (projections + experts) / constants.prefill_share + attention / constants.attention_share
    passed = activations_s(replica, tokens)
    return np.asarray((work + passed + collectives_s(replica, tokens)) * constants.prompt_pace)


def prefill_s(replica: Replica, tokens: Column, known_tokens: Column = 0.0, prompts: Column = 1.0) -> Column:
    """Time from the start of a prompt to its first token on an idle replica, s: work, weights and floor joined.

    Several ``prompts`` of ``tokens`` each share one reading of the weights and one floor: launches of a layer one by
    one, of which layers with experts, latent attention or a state have more, as in a step.
    """
    counted, constants = replica.counted, replica.constants
    choosing = choosing_tokens(replica, tokens * prompts * replica.layout.ranks)
    touched = touched_experts(counted.experts, counted.top_k, choosing)
    read = counted.dense_bytes + counted.expert_bytes * touched / np.maximum(counted.experts, 1.0)
    weights_s = read / (replica.hardware.memory_bytes_per_s * constants.weight_share)
    plain_layers = launches_s(replica) / constants.layer_s
    floor_s = plain_layers * constants.prefill_layer_s + constants.step_s
    work_s = prompts * prefill_work_s(replica, tokens, known_tokens)
    longer = np.maximum(weights_s, floor_s) * constants.prompt_pace
    return np.asarray((work_s**FLOOR_JOINING + longer**FLOOR_JOINING) ** (1.0 / FLOOR_JOINING))


def attended_mean(replica: Replica, context: Column) -> Column:
    """Tokens that a layer attends to at a context, on average over full, windowed and sparse layers."""
    counted = replica.counted
    full, windowed = np.asarray(counted.cache_bytes), np.asarray(counted.window_bytes)
    share = windowed / np.maximum(full + windowed, 1e-30)
    inside = np.minimum(context, np.maximum(counted.window, 1.0))
    return np.asarray((1.0 - share) * attended_tokens(counted, context) + share * inside)
