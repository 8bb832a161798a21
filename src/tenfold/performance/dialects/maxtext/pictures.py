"""The vision tower of a model in MaxText's YAML, which is built where ``use_multimodal`` is on."""

from __future__ import annotations

import re

from tenfold.performance.dialects.settings import Settings
from tenfold.workloads.huggingface import vision_parameters

SWITCH, BLOCK = "use_multimodal", "vision_encoder_block"
OF_TOWER = "_for_vit"
"""How settings of the tower end."""
OF_PICTURES = re.compile(r"_for_vit$|_for_audio$|^vision_|^image_|^audio_|^video_|^freeze_vision")
"""Settings of encoders."""
HUB_NAMES = {"num_hidden_layers": "depth", "num_attention_heads": "num_heads"}
"""Settings of a tower that its model's own configuration may call otherwise."""


def read_tower(settings: Settings, hidden: int) -> float:
    """Weights of the tower and of what joins it to a model so wide; 0 where none is built or nobody counted it.

    The settings of a tower that is counted are understood; those of others are left, to be reported.
    """
    if not settings.flag(SWITCH, False):
        return 0.0
    own = {name: value for name, value in settings.values.items() if name.endswith(OF_TOWER)}
    table = {name.removesuffix(OF_TOWER): value for name, value in own.items()}
    table |= {theirs: table[ours] for ours, theirs in HUB_NAMES.items() if ours in table}
    kind = settings.values.get(BLOCK)
    counted = vision_parameters({"model_type": kind, "vision_config": table}, float(hidden))
    if counted is not None:
        settings.asked |= {name for name in settings.values if OF_PICTURES.search(name)}
    return counted or 0.0
