"""The writer of a serving plan's files by the tool's name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tenfold.reports.exports.llm_d import TOOL as LLM_D
from tenfold.reports.exports.llm_d import llm_d_files
from tenfold.reports.exports.serve_files import engine_files, kubernetes_files, skypilot_files, slurm_files
from tenfold.reports.exports.serve_flags import STARTERS
from tenfold.reports.exports.served import Files, Served

SERVERS: Mapping[str, Callable[[Served], Files]] = {
    **{tool: engine_files(tool) for tool in STARTERS},
    "kubernetes": kubernetes_files,
    LLM_D: llm_d_files,
    "skypilot": skypilot_files,
    "slurm": slurm_files,
}
"""Name of a tool to what writes its files of a serving plan."""
