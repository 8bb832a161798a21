"""Parts of a model that no measured run had: they are counted, and what was fitted to others is used for them."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.catalog import ModelRecord, TransformerShape

COUNTED = "counted, but no measured run had {}: what was fitted to others is used, and the range is that of a new kind"


def unmeasured_in(shape: TransformerShape) -> Iterator[str]:
    """Names of such parts of a shape."""
    if float(shape.mamba_extra):
        yield "its recurrent layers"
    if float(shape.sparse_tokens):
        yield "its sparse attention"
    if float(shape.encoder_layers):
        yield "an encoder beside its decoder"
    elif float(shape.cross_layers):
        yield "its cross-attention"


def unmeasured_parts(model: ModelRecord) -> tuple[str, ...]:
    """What to say of a model's parts that were not measured, or not counted at all."""
    said = [COUNTED.format(part) for part in unmeasured_in(model.shape)]
    said += [f"left out: {part}" for part in model.uncounted]
    if float(model.shape.vision_parameters):
        said.append("left out: the time and memory of the encoder of pictures")
    if float(model.shape.head_dim) % 1.0:
        said.append("heads have the average of two widths: attention over long sequences takes more than said")
    if float(model.shape.encoder_layers):
        said.append("every token is taken through encoder and decoder, so a step takes less than said")
    return tuple(said)
