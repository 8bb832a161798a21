"""The writer of each tool's files by the tool's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tenfold.reports.exports.bridge import write_bridge
from tenfold.reports.exports.cluster import write_skypilot, write_slurm
from tenfold.reports.exports.deepspeed import write_deepspeed
from tenfold.reports.exports.launch import Launch
from tenfold.reports.exports.maxtext import write_maxtext
from tenfold.reports.exports.megatron import write_megatron
from tenfold.reports.exports.torchtitan import write_torchtitan

Writer = Callable[[Launch], Mapping[str, str]]

WRITERS: Mapping[str, Writer] = {
    "megatron": write_megatron,
    "megatron-bridge": write_bridge,
    "torchtitan": write_torchtitan,
    "maxtext": write_maxtext,
    "deepspeed": write_deepspeed,
    "slurm": write_slurm,
    "skypilot": write_skypilot,
}
"""Name of a tool to what writes its files."""
