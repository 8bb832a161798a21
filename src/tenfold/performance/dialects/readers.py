"""The reader of each tool's configuration by the name of its format, and what a file's suffix says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tenfold.performance.dialects.bridge import read_bridge
from tenfold.performance.dialects.deepspeed import read_deepspeed
from tenfold.performance.dialects.maxtext.run import read_maxtext
from tenfold.performance.dialects.megatron.run import read_megatron
from tenfold.performance.dialects.recipe import Recipe
from tenfold.performance.dialects.torchtitan import read_torchtitan

READERS: Mapping[str, Callable[[str, str], Recipe]] = {
    "megatron": read_megatron,
    "megatron-bridge": read_bridge,
    "maxtext": read_maxtext,
    "deepspeed": read_deepspeed,
    "torchtitan": read_torchtitan,
}
"""Name of a format to its reader."""
FORMAT_OF_SUFFIX: Mapping[str, str] = {
    ".json": "deepspeed",
    ".yml": "maxtext",
    ".yaml": "maxtext",
    ".py": "torchtitan",
}
"""Suffix of a file to its format; any other is taken for Megatron's arguments."""
