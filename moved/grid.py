"""The grid of questions whose answers are watched: what one types, without ``--json``.

Models × chips × counts × layouts × precisions, failures, ownership, several sites, and the examples, with draws few
enough to be quick: a draw that moves is a number that moves. A question that some code refuses belongs here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

Question = tuple[str, ...]

SEARCHED_MODELS = (("llama-3.1-8b", 64, 256), ("llama-3.1-70b", 256, 512), ("mixtral-8x7b", 128, 512),
                   ("deepseek-v3", 1024, 4096), ("llama-3.1-405b", 4096, 2048))  # fmt: skip
"""Model, chips, sequences of 4,096 a step; the layout is left to Tenfold."""
SEARCHED_CHIPS = ("a100-sxm-80gb", "h100-sxm", "h200-sxm", "b200", "gb200", "mi300x", "mi355x", "tpu-v5p", "tpu-v6e",
                  "trainium2", "gaudi3", "ascend-910c")  # fmt: skip
FIXED_CHIPS = ("a100-sxm-80gb", "h100-sxm", "gb200", "mi300x", "tpu-v5p", "trainium2")
DENSE = ("gpt3-175b", "llama-2-70b", "gemma-3-27b")
DENSE_LAYOUTS = (
    "--tp 8 --pp 4 --vpp 2 --cp 1 --micro-batch 1 --zero 1 --recompute none --schedule 1f1b",
    "--tp 1 --pp 1 --vpp 1 --cp 1 --micro-batch 1 --zero 3 --recompute full --schedule 1f1b",
    "--tp 4 --pp 1 --vpp 1 --cp 4 --micro-batch 2 --zero 1 --recompute selective --schedule 1f1b",
    "--tp 2 --pp 8 --vpp 1 --cp 1 --micro-batch 1 --zero 1 --recompute none --schedule zero-bubble",
)
EXPERTS = ("mixtral-8x7b", "gpt-oss-120b", "nemotron-3-nano")
EXPERTS_LAYOUTS = (
    "--tp 1 --pp 1 --vpp 1 --cp 1 --ep 8 --micro-batch 1 --zero 1 --recompute full --schedule 1f1b",
    "--tp 4 --pp 1 --vpp 1 --cp 4 --ep 8 --micro-batch 2 --zero 1 --recompute selective --schedule 1f1b",
    "--tp 2 --pp 2 --vpp 1 --cp 1 --ep 4 --micro-batch 1 --zero 2 --recompute none --schedule zero-bubble",
)
FIXED = (*product(DENSE, DENSE_LAYOUTS), *product(EXPERTS, EXPERTS_LAYOUTS))
"""Model and a whole layout of it, for 512 chips."""
FIXED_CHIPS_FP8 = ("h100-sxm", "gb200", "mi300x", "gaudi3")
NARROW = ("fp8", "nvfp4", "int8")
NARROW_CHIPS = ("h100-sxm", "gb200", "mi355x", "tpu-v6e", "gaudi3")
LISTED = (("llama-3.1-8b", "mi300x", 64, 256), ("llama-3.1-70b", "h100-sxm", 256, 512),
          ("deepseek-v3", "gb200", 1024, 4096))  # fmt: skip
"""Model, chip, chips and sequences a step of a whole search."""
FAILING_CHIPS = ("h100-sxm", "b200", "mi300x", "tpu-v5p", "ascend-910c")
FAILING_COUNTS = (512, 16384, 131072)
POLICIES = (
    "--checkpointing in-memory --recovery hot-standby",
    "--checkpointing multi-tier --recovery elastic --chips-per-replica 256",
    "--checkpointing blocking --write 40s --recovery reschedule --checkpoint-interval 30min",
    "--recovery rack-spares --detection telemetry --cluster-age 0d",
)
OWNED_CHIPS = ("a100-sxm-80gb", "h100-sxm", "b200", "gb200", "mi300x", "mi355x", "gaudi3", "tpu-v5p")
OWNED_AT = ("us-texas", "france", "singapore")
FILES = (
    "multisite examples/multisite-40km.toml",
    "multisite examples/multisite-500km.toml",
    "rental examples/rental-h100.toml",
    "rental examples/rental-cloud.toml",
    "rent-or-own examples/rent-or-own.toml",
    "procure examples/procure.toml",
    "contagion examples/contagion.toml",
    "plan examples/7b-64-chips.toml",
    "plan examples/amd-startup.toml",
    "plan examples/tpu-startup.toml",
    "plan examples/llama3-405b.toml",
    "plan examples/moe-deepseek-v3.toml",
)


def questions() -> Iterator[Question]:
    """Every question of the grid."""
    for line in (*_steps(), *_failures(), *_ownership(), *FILES):
        yield tuple(line.split())


def _steps() -> Iterator[str]:
    asked = "training --model {} --chip {} --chips {} --global-batch {} --seq 4096"
    for (model, chips, batch), chip in product(SEARCHED_MODELS, SEARCHED_CHIPS):
        yield f"estimate {asked.format(model, chip, chips, batch)}"
    for (model, layout), chip in product(FIXED, FIXED_CHIPS):
        yield f"estimate {asked.format(model, chip, 512, 1024)} {layout}"
    for (model, layout), chip in product(FIXED, FIXED_CHIPS_FP8):
        yield f"estimate {asked.format(model, chip, 512, 1024)} {layout} --precision fp8"
    for precision, chip in product(NARROW, NARROW_CHIPS):
        yield f"estimate {asked.format('llama-3.1-70b', chip, 256, 512)} --precision {precision}"
    for listed in LISTED:
        yield f"search {asked.format(*listed)}"


def _failures() -> Iterator[str]:
    for chip, chips in product(FAILING_CHIPS, FAILING_COUNTS):
        yield f"goodput --chip {chip} --chips {chips} --replicas 20"
    for policy in POLICIES:
        yield f"goodput --chip h100-sxm --chips 16384 --replicas 20 {policy}"


def _ownership() -> Iterator[str]:
    for chip, site in product(OWNED_CHIPS, OWNED_AT):
        yield f"tco --chip {chip} --site {site} --mfu 0.4 --tokens-per-s-per-chip 1000 --days 90"
    yield "tco --chip h100-sxm --site us-texas --chips 16384 --debt-share 0.7 --installation 500 --taxes-per-year 1e5"
