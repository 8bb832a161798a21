"""Launchers around a training tool: a Slurm batch script and a SkyPilot task.

SkyPilot keys as in skypilot-org/skypilot ``docs/source/reference/yaml-spec.rst`` (0048bbf6); ``resources`` is per node.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from tenfold.reports.exports.launch import Launch, comments
from tenfold.reports.exports.maxtext import write_maxtext
from tenfold.reports.exports.megatron import write_megatron
from tenfold.reports.exports.refusals import refuse
from tenfold.reports.exports.templates import render

MAXTEXT = "maxtext"
"""Label of software that is started with MaxText; any other is started with Megatron-LM."""
ACCELERATORS: Mapping[str, str] = {
    "a100-sxm-40gb": "A100",
    "a100-sxm-80gb": "A100-80GB",
    "h100-sxm": "H100",
    "h200-sxm": "H200",
    "b200": "B200",
    "b300": "B300",
    "gb200": "GB200",
    "gh200-96gb": "GH200",
    "mi300x": "MI300X",
    "l4": "L4",
    "l40s": "L40S",
    "v100-sxm-32gb": "V100-32GB",
}
"""Chip to its name in SkyPilot's catalog."""
NEEDED = {"pretrain.sh": ("DATA_PATH", "TOKENIZER_MODEL", "SAVE", "LR"), "tenfold.yml": ("BASE_OUTPUT_DIRECTORY",)}
"""Environment that a script asks for."""


def write_slurm(launch: Launch) -> Mapping[str, str]:
    """Write ``job.sbatch`` and the training tool's own file beside it."""
    inner = _inner(launch)
    head = comments(
        launch,
        "Slurm (sbatch)",
        ("account, partition and time limit: give them to sbatch", "how the nodes lie to each other in the network"),
    )
    values = _values(launch, inner)
    return {"job.sbatch": render("job.sbatch.j2", head=head, **values), **inner}


def write_skypilot(launch: Launch) -> Mapping[str, str]:
    """Write ``task.yaml`` and the training tool's own file beside it."""
    if launch.chip not in ACCELERATORS:
        known = ", ".join(ACCELERATORS)
        wrong = f"no accelerator of SkyPilot's catalog is known for {launch.chip}; it is for {known}"
        raise refuse("skypilot", wrong, "Use --to slurm, or plan with one of them")
    inner = _inner(launch)
    head = comments(launch, "SkyPilot (sky launch)", ("cloud, region and image: SkyPilot chooses, or give --infra",))
    accelerators = json.dumps(f"{ACCELERATORS[launch.chip]}:{min(launch.chips_per_node, launch.chips)}")
    spot = launch.supply == "spot"
    values = _values(launch, inner) | {"accelerators": accelerators, "spot": spot}
    return {"task.yaml": render("task.yaml.j2", head=head, **values), **inner}


def _inner(launch: Launch) -> Mapping[str, str]:
    return write_maxtext(launch) if MAXTEXT in launch.software_labels else write_megatron(launch)


def _values(launch: Launch, inner: Mapping[str, str]) -> dict[str, object]:
    script = next(iter(inner))
    return {
        "name": "tenfold-" + (re.sub(r"[^a-z0-9]+", "-", launch.model.lower())[-40:].strip("-") or "run"),
        "nodes": launch.nodes,
        "chips_per_node": min(launch.chips_per_node, launch.chips),
        "script": script,
        "needed": NEEDED[script],
    }
