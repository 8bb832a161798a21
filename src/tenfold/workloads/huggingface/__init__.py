"""Models from Hugging Face ``config.json`` files.

``load_huggingface_config``  a file becomes a ``ModelRecord``
``model_from_huggingface``   so does a configuration already read
``FAMILIES``                 the families that can be read, as data: adding one is adding a row

``reader`` reads single values and collects what is wrong with them; ``parts`` turns groups of values (experts,
latent attention, windows, hybrids) into fields of a shape; ``families`` says which names and parts a family has.
"""

from tenfold.workloads.huggingface.config import load_huggingface_config, model_from_huggingface
from tenfold.workloads.huggingface.families import FAMILIES
from tenfold.workloads.huggingface.family import Family
from tenfold.workloads.huggingface.mixers import gated_delta
from tenfold.workloads.huggingface.parts import averaged_heads
from tenfold.workloads.huggingface.towers import vision_parameters

__all__ = [
    "FAMILIES",
    "Family",
    "averaged_heads",
    "gated_delta",
    "load_huggingface_config",
    "model_from_huggingface",
    "vision_parameters",
]
