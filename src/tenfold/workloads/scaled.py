"""A model of another size in the shape of one that is known: width and depth grow by the same ratio.

Loss depends little on the shape at a given size: 40 times the ratio of width to depth costs under 3 % of it (Kaplan
et al. 2020, arXiv:2001.08361, section 3.1 and figure 5), so the ratio of the known model is kept. Heads keep their
width, and are multiples of the key-value heads, which stay as many; the feed-forward block keeps its share of
the width.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from tenfold.quantities import InputError, Problem, format_quantity, parse_quantity

if TYPE_CHECKING:
    from tenfold.catalog import ModelRecord, TransformerShape

SCALED = "@"
"""Between the name of a model and the parameters that it is scaled to, as in ``llama-3.1-8b@70B``."""
LAYERS_STEP = 4
"""Layers are dealt to stages of a pipeline: a multiple of this many."""
FFN_STEP = 256
LEAST, MOST = 1e6, 1e15
"""Parameters."""


def can_scale(shape: TransformerShape) -> bool:
    """Whether a shape is a plain dense decoder, of which every layer is alike."""
    others = (shape.moe_layers, shape.mamba_layers, shape.encoder_layers, shape.cross_layers, shape.mtp_layers)
    alike = float(shape.attention_layers) == float(shape.dense_mlp_layers)
    return alike and not any(float(each) for each in (*others, shape.windowed_layers, shape.vision_parameters))


def scaled_shape(shape: TransformerShape, parameters: float) -> TransformerShape:
    """The shape with so many parameters, as near as whole layers and heads come. For shapes that ``can_scale``.

    hidden ∝ layers ∝ N^(1/3) without the tables: the width in whole groups of heads, then the layers.
    """
    ratio = float(shape.hidden) / float(shape.layers)
    found = (_of_width(shape, width, parameters) for width in _widths(shape, parameters))
    return min(found, key=lambda each: abs(math.log(float(each.hidden) / float(each.layers) / ratio)))


def scaled_name(name: str, parameters: float) -> str:
    """How a model scaled to so many parameters is called."""
    return f"{name}{SCALED}{format_quantity(parameters, 'parameters', 4).removesuffix(' parameters')}"


def scaled_model(record: ModelRecord, size: str, key: str) -> ModelRecord:
    """The record of a model in the shape of ``record`` with the parameters that ``size`` states, such as ``70B``.

    Raises ``InputError`` for what is no size, or a model whose layers are not all alike and dense.
    """
    parameters = parse_quantity(size, "parameters", key=key)
    if not LEAST <= parameters <= MOST:
        raise InputError(Problem(file="", key=key, wrong=f"'{size}' is no size", remedy="Write one from 1M to 1000T"))
    if not can_scale(record.shape):
        wrong = f"{record.key} is not a dense model of equal layers, and cannot be scaled"
        raise InputError(Problem(file="", key=key, wrong=wrong, remedy="Use one such as llama-3.1-8b"))
    return replace(
        record,
        key=f"{record.key}{SCALED}{size}",
        name=f"{record.name} scaled to {size}",
        shape=scaled_shape(record.shape, parameters),
        parameters=None,
        aliases=(),
    )


def _widths(shape: TransformerShape, parameters: float) -> tuple[float, ...]:
    """Widths about the one at which width and depth grow alike."""
    from tenfold.workloads.parameters import embedding_parameters, total_parameters

    body = float(total_parameters(shape)) - float(embedding_parameters(shape))
    unit = float(shape.head_dim) * float(shape.kv_heads)
    ideal = float(shape.hidden) * (parameters / body) ** (1.0 / 3.0) / unit
    return tuple(unit * max(round(ideal) + step, 1) for step in (-1, 0, 1))


def _of_width(shape: TransformerShape, hidden: float, parameters: float) -> TransformerShape:
    """The shape of a width, with the layers that bring it nearest to the parameters."""
    from tenfold.workloads.parameters import total_parameters

    ratio = hidden / float(shape.hidden)
    wide = replace(
        shape,
        hidden=hidden,
        heads=max(round(float(shape.heads) * ratio), 1.0),
        ffn=max(round(float(shape.ffn) * ratio / FFN_STEP), 1) * float(FFN_STEP),
    )
    none, one = (float(total_parameters(_deep(wide, layers))) for layers in (0.0, 1.0))
    layers = (parameters - none) / (one - none)
    return _deep(wide, max(round(layers / LAYERS_STEP) * LAYERS_STEP, 1))


def _deep(shape: TransformerShape, layers: float) -> TransformerShape:
    return replace(shape, attention_layers=float(layers), dense_mlp_layers=float(layers))
