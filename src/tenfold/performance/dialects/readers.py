"""The reader of each tool's configuration by the name of its format, and what a file's suffix says of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Protocol

from tenfold.performance.dialects.automodel import read_automodel
from tenfold.performance.dialects.bridge import read_bridge
from tenfold.performance.dialects.deepspeed import read_deepspeed
from tenfold.performance.dialects.foundry.run import read_foundry
from tenfold.performance.dialects.maxtext.run import read_maxtext
from tenfold.performance.dialects.megatron.reading import read_megatron
from tenfold.performance.dialects.nemo import read_nemo
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.stated import NOTHING, Stated
from tenfold.performance.dialects.torchtitan import read_torchtitan


class Reader(Protocol):
    """Reads the text of a file of this name, with what is stated beside it."""

    def __call__(self, text: str, file: str, stated: Stated = NOTHING) -> Recipe:
        """Raise ``InputError`` with everything wrong."""
        ...


READERS: Mapping[str, Reader] = {
    "megatron": read_megatron,
    "megatron-bridge": read_bridge,
    "nemo": read_nemo,
    "maxtext": read_maxtext,
    "deepspeed": read_deepspeed,
    "llm-foundry": read_foundry,
    "torchtitan": read_torchtitan,
    "automodel": read_automodel,
}
"""Name of a format to its reader."""
FORMAT_OF_SUFFIX: Mapping[str, str] = {
    ".json": "deepspeed",
    ".yml": "maxtext",
    ".yaml": "maxtext",
    ".py": "torchtitan",
    ".toml": "torchtitan",
}
"""Suffix of a file to its format; any other is taken for Megatron's arguments."""
USUAL_FORMAT = "megatron"
_BRIDGE_PYTHON = re.compile(r"^\s*(?:from|import) megatron\.bridge\b", re.MULTILINE)
_NEMO_PYTHON = re.compile(r"^\s*(?:from|import) (?:nemo|nemo_run)\b", re.MULTILINE)
_FOUNDRY_YAML = re.compile(r"^\s+name\s*:\s*['\"]?(?:mpt_causal_lm|mosaic_gpt|hf_causal_lm|hf_t5)\b", re.MULTILINE)
_AUTOMODEL_YAML = re.compile(r"^\s*_target_\s*:\s*['\"]?nemo_automodel\.", re.MULTILINE)
_MEGATRON_YAML = re.compile(r"^MODEL_ARGS\s*:", re.MULTILINE)


def format_of(file: str, text: str) -> str:
    """Format of a file by its suffix, and of a YAML or a module of Python by what it holds."""
    if PurePath(file).suffix.lower() == ".py" and _BRIDGE_PYTHON.search(text):
        return "megatron-bridge"
    if PurePath(file).suffix.lower() == ".py" and _NEMO_PYTHON.search(text):
        return "nemo"
    if _MEGATRON_YAML.search(text):
        return USUAL_FORMAT
    if PurePath(file).suffix.lower() in (".yml", ".yaml"):
        if _AUTOMODEL_YAML.search(text):
            return "automodel"
        if _FOUNDRY_YAML.search(text):
            return "llm-foundry"
    return FORMAT_OF_SUFFIX.get(PurePath(file).suffix.lower(), USUAL_FORMAT)
