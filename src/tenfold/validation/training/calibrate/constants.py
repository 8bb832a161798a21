"""The constants a calibration may move, each with the prior it is pulled towards.

Priors are the figures of ``calibrations/training-priors.toml`` with their P10 and P90. A family's constant is pulled
towards its own measured ceiling where one is published, else towards the value for all; a software stack's factors
towards those of the stack it was built from, else towards 1. Shares between 0 and 1 move on the logit scale,
everything else on the log scale, so one unit of any constant is one prior standard deviation.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from tenfold.catalog import Catalog, Software
from tenfold.performance import P10_TO_P90, KernelKey, width_name
from tenfold.quantities import Figure, Floats

SHARES = (
    "matmul_efficiency",
    "grouped_efficiency",
    "attention_efficiency",
    "memory_efficiency",
    "serial_share",
    "stream_share",
    "tensor_overlap",
    "context_overlap",
    "expert_overlap",
    "spread_share",
    "schedule_overlap",
    "pipeline_overlap",
    "data_overlap",
)
CEILINGS = {"scaleup_efficiency": 0.85 / 0.8, "scaleout_efficiency": 1.1}
"""Most that a constant may be, fitted on the logit scale below it: large messages reach 0.85 of a scale-up link at most
[nccl-tests: all-gather of 8 chips 0.76 to 0.80 of nominal], where fabrics state 0.8; a network its nominal rate."""
FIXED = ("all.reserve_bytes", "all.matmul_efficiency", "all.schedule_overlap")
"""Priors that step times say nothing of, or that only stand in for families without a measured ceiling."""
COMMUNITY = {"matmul_factor": "all.community_factor", "kernel_gap_s": "all.community_gap_s"}
"""What stacks not by the chip's vendor are drawn towards."""
RECIPES = "all.recipe_factor."
FAMILY_MEASURED_SD = 0.18
FAMILY_ASSUMED_SD = 0.36
FAMILY_ATTENTION_SD = 0.75
NEXT_FAMILY_ATTENTION_SD = 0.4
"""Of a family's attention about that of its vendor's generation before: kernels are carried over and tuned again."""
FAMILY_WAVE_SD = 0.3
SOFTWARE_SD = {
    "matmul_factor": 0.08,
    "attention_factor": 0.2,
    "grouped_factor": 0.15,
    "kernel_gap_s": 0.6,
    "activation_passes": 0.2,
    "permutation_passes": 0.3,
    "expert_bias_passes": 0.5,
}


CARRIED = ("matmul_factor", "attention_factor")
"""Factors that a stack takes over from the one it was built from; launching and kernels of experts are its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """One constant to fit: value = scale⁻¹(scale(base) + sd · x), x ~ N(0, 1)."""

    key: str
    base: str
    """Key of the constant it is pulled towards; its own key for a prior value; empty for a factor around 1."""
    scale: Literal["log", "logit"]
    sd: float
    ceiling: float = 1.0
    """Most that a value on the logit scale may be."""

    def at(self, x: float, constants: Mapping[str, float]) -> float:
        """Value at ``x`` prior standard deviations from the base."""
        base = constants[self.base] if self.base else 1.0
        if self.scale == "log":
            return base * math.exp(self.sd * x)
        return self.ceiling / (1.0 + math.exp(-(_logit(base / self.ceiling) + self.sd * x)))


def _logit(share: float) -> float:
    return math.log(share / (1.0 - share))


def constants_to_fit(priors: Mapping[str, Figure], keys: Iterable[KernelKey], catalog: Catalog) -> tuple[Constant, ...]:
    """Constants that the runs behind ``keys`` can tell something of, those for all first."""
    keys = tuple(keys)
    widths = sorted({(key.family, key.weight_bytes) for key in keys} | {(key.family, 2.0) for key in keys})
    return (
        *_for_all(priors, {key.precision for key in keys}),
        *(_matmul(priors, family, width_name(weight_bytes)) for family, weight_bytes in widths),
        *_for_families(by_generation({key.family for key in keys}, catalog)),
        *_for_software({key.software.key for key in keys}, priors, catalog.software),
    )


def _for_all(priors: Mapping[str, Figure], precisions: set[str]) -> Iterable[Constant]:
    for key, figure in priors.items():
        if not key.startswith("all.") or key.startswith(FIXED) or figure.low is None or figure.high is None:
            continue
        if key.startswith(RECIPES) and key.removeprefix(RECIPES) not in precisions:
            continue
        name = key.split(".")[1]
        top = CEILINGS.get(name, 1.0)
        share = name in SHARES or name in CEILINGS
        low, high = (
            (_logit(figure.low / top), _logit(figure.high / top))
            if share
            else (math.log(figure.low), math.log(figure.high))
        )
        yield Constant(key=key, base=key, scale="logit" if share else "log", sd=(high - low) / P10_TO_P90, ceiling=top)


def _matmul(priors: Mapping[str, Figure], family: str, width: str) -> Constant:
    key = f"{family}.matmul_efficiency.{width}"
    measured = key in priors
    return Constant(
        key=key,
        base=key if measured else f"all.matmul_efficiency.{width}",
        scale="logit",
        sd=FAMILY_MEASURED_SD if measured else FAMILY_ASSUMED_SD,
    )


def by_generation(families: set[str], catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """Chip families, each with that of its vendor's generation before among them (or nothing), the oldest first.

    Of several families that came out before it in the same year, the one with the most memory bandwidth.
    """
    chips = [chip for chip in catalog.chips.values() if chip.family in families and chip.year]
    first = {family: min(chip.year for chip in chips if chip.family == family) for family in {c.family for c in chips}}
    found = []
    for family in sorted(families, key=lambda name: (first.get(name, 0), name)):
        mine = next((chip.vendor for chip in chips if chip.family == family), "")
        older = [
            (first[chip.family], chip.hbm_bytes_per_s, chip.family)
            for chip in chips
            if chip.vendor == mine and first[chip.family] < first.get(family, 0)
        ]
        found.append((family, max(older, default=(0, 0.0, ""))[2]))
    return tuple(found)


def _for_families(families: Iterable[tuple[str, str]]) -> Iterable[Constant]:
    for family, before in families:
        yield Constant(
            key=f"{family}.attention_efficiency",
            base=f"{before}.attention_efficiency" if before else "all.attention_efficiency",
            scale="logit",
            sd=NEXT_FAMILY_ATTENTION_SD if before else FAMILY_ATTENTION_SD,
        )
        yield Constant(key=f"{family}.matmul_wave_area", base="all.matmul_wave_area", scale="log", sd=FAMILY_WAVE_SD)


def _for_software(
    stacks: set[str], priors: Mapping[str, Figure], software: Mapping[str, Software]
) -> Iterable[Constant]:
    """Stacks that others were built from come first, used by a run or not, so that the others lean on them.

    A factor with a prior of its own is drawn towards that.
    """
    for stack in _origins_first(stacks, software):
        origin = software[stack].kernels_of if stack in software else ""
        for name, sd in SOFTWARE_SD.items():
            key = f"software.{stack}.{name}"
            base = f"all.{name}" if f"all.{name}" in priors else ""
            if name in COMMUNITY and stack in software and software[stack].community:
                base = COMMUNITY[name]
            inherited = f"software.{origin}.{name}" if origin and name in CARRIED else base
            yield Constant(key=key, base=key if key in priors else inherited, scale="log", sd=sd)


def _origins_first(stacks: set[str], software: Mapping[str, Software]) -> tuple[str, ...]:
    found: dict[str, None] = {}

    def add(stack: str) -> None:
        if stack in software and software[stack].kernels_of:
            add(software[stack].kernels_of)
        found.setdefault(stack)

    for stack in sorted(stacks):
        add(stack)
    return tuple(found)


def values_at(x: Floats, to_fit: tuple[Constant, ...], priors: Mapping[str, float]) -> dict[str, float]:
    """All constants with those to fit at ``x``, in order, so that later ones may be based on earlier ones."""
    values = dict(priors)
    for constant, moved in zip(to_fit, x, strict=True):
        values[constant.key] = constant.at(float(moved), values)
    return values
