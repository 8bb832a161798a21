"""The shape of a measured run's model: from the catalog, from the row, or from both."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from tenfold.catalog import Catalog, ModelRecord, TransformerShape
from tenfold.quantities import CatalogError
from tenfold.validation.training.runs import MeasuredRun

DEFAULT_VOCABULARY = 51200.0
"""GPT-2's vocabulary padded for tensor parallelism, used where a GPT-like row states none."""
DEFAULT_HEAD_DIM = 128.0
PLAIN_WIDTH = 4.0
"""Inner over hidden width of a plain feed-forward block; any other ratio is taken for a gated one."""


def shape_of_run(run: MeasuredRun, catalog: Catalog) -> TransformerShape | None:
    """Shape of the run's model; None when neither the catalog nor the row tells it.

    A catalog model whose name starts the row's name gives the traits a row cannot state (latent attention, shared
    experts, windows); sizes the row states win.
    """
    known = catalog_model(run.model, catalog)
    if known is not None:
        return _resized(known.shape, run)
    return _from_row(run)


def catalog_model(label: str, catalog: Catalog) -> ModelRecord | None:
    """The model of the catalog that a row's name means, be it a proxy with fewer layers; None where it is not there."""
    if not label:
        return None
    for name in dict.fromkeys((label, re.sub(r"(-L\d+|-proxy)$", "", label))):
        try:
            return catalog.model(name)
        except CatalogError:
            continue
    return None


def _resized(known: TransformerShape, run: MeasuredRun) -> TransformerShape:
    """A catalog shape with the row's layer count and vocabulary.

    A truncated proxy keeps a layer of each kind, the rest of experts, and no layer of multi-token prediction, which
    stands behind the last [SimuMax, B200 release v1.2: four layers of DeepSeek-V3, one of them dense].
    """
    sized = known if not run.vocab else replace(known, vocab=run.vocab)
    layers = float(known.layers)
    if not run.layers or run.layers == layers or known.mamba_layers:
        return sized
    truncated = run.layers < layers
    kept = min(float(known.dense_mlp_layers), 1.0 if run.layers > 1.0 else 0.0)
    dense = kept if known.moe_layers else run.layers
    windowed = float(known.windowed_layers) * run.layers / layers
    return replace(
        sized,
        attention_layers=run.layers,
        dense_mlp_layers=dense,
        moe_layers=run.layers - dense,
        mtp_layers=0.0 if truncated else known.mtp_layers,
        windowed_layers=windowed,
    )


def _layers_from_parameters(run: MeasuredRun, hidden: float, ffn: float, vocab: float) -> float | None:
    """Layers of a plain model of known width and size: (N − v·h) / (4h² + 2·h·ffn)."""
    if not run.params_b:
        return None
    return float(np.round((run.params_b * 1e9 - vocab * hidden) / (4 * hidden**2 + 2 * hidden * ffn)))


def _from_row(run: MeasuredRun) -> TransformerShape | None:
    if not run.hidden:
        return None
    hidden, vocab = run.hidden, run.vocab or DEFAULT_VOCABULARY
    ffn = run.ffn or PLAIN_WIDTH * hidden
    layers = run.layers or _layers_from_parameters(run, hidden, ffn, vocab)
    if not layers or layers < 1:
        return None
    heads = run.heads or float(np.ceil(hidden / DEFAULT_HEAD_DIM))
    gated = float(ffn != PLAIN_WIDTH * hidden)
    experts = run.experts or 0.0
    return TransformerShape(
        hidden=hidden,
        vocab=vocab,
        attention_layers=layers,
        dense_mlp_layers=0.0 if experts else layers,
        heads=heads,
        kv_heads=run.kv_heads or heads,
        head_dim=hidden / heads,
        value_head_dim=hidden / heads,
        ffn=0.0 if experts else ffn,
        gated_mlp=gated,
        tied_embeddings=1.0 - gated,
        moe_layers=layers if experts else 0.0,
        experts=experts,
        top_k=run.top_k or 0.0,
        expert_ffn=ffn if experts else 0.0,
    )
