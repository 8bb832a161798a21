"""Configurations of other training tools, read into a layout, a job and the shape of the model.

* ``recipe``: what a configuration says, and ``layout_on``, its layout on a number of chips.
* ``megatron``: arguments of Megatron-LM, as a file of flags or a shell script.
* ``maxtext``: MaxText's YAML. ``deepspeed``: DeepSpeed's JSON.

Every reader takes a text and the name of its file, and raises ``InputError`` with everything wrong with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tenfold.performance.training.recipes.deepspeed import read_deepspeed
from tenfold.performance.training.recipes.maxtext import read_maxtext
from tenfold.performance.training.recipes.megatron import read_megatron
from tenfold.performance.training.recipes.recipe import Recipe, layout_on

READERS: Mapping[str, Callable[[str, str], Recipe]] = {
    "megatron": read_megatron,
    "maxtext": read_maxtext,
    "deepspeed": read_deepspeed,
}
"""Name of a format to its reader."""
FORMAT_OF_SUFFIX: Mapping[str, str] = {".json": "deepspeed", ".yml": "maxtext", ".yaml": "maxtext"}
"""Suffix of a file to its format; any other is taken for Megatron's arguments."""

__all__ = ["FORMAT_OF_SUFFIX", "READERS", "Recipe", "layout_on", "read_deepspeed", "read_maxtext", "read_megatron"]
