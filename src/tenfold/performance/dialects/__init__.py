"""Configurations of other training tools, both ways: read into a layout and a job, and written from them.

One file a tool holds its names for the axes of parallelism as data: ``megatron``, ``bridge``, ``maxtext``,
``deepspeed``, ``torchtitan``; ``megatron_model`` and ``maxtext_model`` hold those of a model's sizes.

* ``recipe``: what a configuration says, and ``layout_on``, its layout on a number of chips.
* ``names``, ``settings``, ``shell``, ``mesh``: how tables of names are used, values checked, flags and meshes made.

Every reader takes a text and the name of its file, and raises ``InputError`` with everything wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tenfold.performance.dialects.bridge import read_bridge
from tenfold.performance.dialects.deepspeed import read_deepspeed
from tenfold.performance.dialects.maxtext import read_maxtext
from tenfold.performance.dialects.megatron import read_megatron
from tenfold.performance.dialects.recipe import Recipe, layout_on
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

__all__ = ["FORMAT_OF_SUFFIX", "READERS", "Recipe", "layout_on", "read_deepspeed", "read_maxtext", "read_megatron"]
