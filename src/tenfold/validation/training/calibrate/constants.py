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

from tenfold.catalog import Software
from tenfold.performance import P10_TO_P90, width_name
from tenfold.quantities import Figure, Floats
from tenfold.validation.training.table import KernelKey

SHARES = (
    "matmul_efficiency",
    "grouped_efficiency",
    "attention_efficiency",
    "memory_efficiency",
    "serial_share",
    "tensor_overlap",
    "context_overlap",
    "expert_overlap",
    "pipeline_overlap",
    "data_overlap",
)
FIXED = ("all.reserve_bytes", "all.matmul_efficiency")
"""Priors that step times say nothing of, or that only stand in for families without a measured ceiling."""
FAMILY_MEASURED_SD = 0.18
FAMILY_ASSUMED_SD = 0.36
FAMILY_ATTENTION_SD = 0.75
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """One constant to fit: value = scale⁻¹(scale(base) + sd · x), x ~ N(0, 1)."""

    key: str
    base: str
    """Key of the constant it is pulled towards; its own key for a prior value; empty for a factor around 1."""
    scale: Literal["log", "logit"]
    sd: float

    def at(self, x: float, constants: Mapping[str, float]) -> float:
        """Value at ``x`` prior standard deviations from the base."""
        base = constants[self.base] if self.base else 1.0
        if self.scale == "log":
            return base * math.exp(self.sd * x)
        return 1.0 / (1.0 + math.exp(-(_logit(base) + self.sd * x)))


def _logit(share: float) -> float:
    return math.log(share / (1.0 - share))


def constants_to_fit(priors: Mapping[str, Figure], keys: Iterable[KernelKey]) -> tuple[Constant, ...]:
    """Constants that the runs behind ``keys`` can tell something of, those for all first."""
    keys = tuple(keys)
    widths = sorted({(key.family, key.weight_bytes) for key in keys} | {(key.family, 2.0) for key in keys})
    return (
        *_for_all(priors),
        *(_matmul(priors, family, width_name(weight_bytes)) for family, weight_bytes in widths),
        *_for_families(sorted({key.family for key in keys})),
        *_for_software({key.software for key in keys}, priors),
    )


def _for_all(priors: Mapping[str, Figure]) -> Iterable[Constant]:
    for key, figure in priors.items():
        if not key.startswith("all.") or key.startswith(FIXED) or figure.low is None or figure.high is None:
            continue
        share = key.split(".")[1] in SHARES
        low, high = (
            (_logit(figure.low), _logit(figure.high)) if share else (math.log(figure.low), math.log(figure.high))
        )
        yield Constant(key=key, base=key, scale="logit" if share else "log", sd=(high - low) / P10_TO_P90)


def _matmul(priors: Mapping[str, Figure], family: str, width: str) -> Constant:
    key = f"{family}.matmul_efficiency.{width}"
    measured = key in priors
    return Constant(
        key=key,
        base=key if measured else f"all.matmul_efficiency.{width}",
        scale="logit",
        sd=FAMILY_MEASURED_SD if measured else FAMILY_ASSUMED_SD,
    )


def _for_families(families: Iterable[str]) -> Iterable[Constant]:
    for family in families:
        yield Constant(
            key=f"{family}.attention_efficiency", base="all.attention_efficiency", scale="logit", sd=FAMILY_ATTENTION_SD
        )
        yield Constant(key=f"{family}.matmul_wave_area", base="all.matmul_wave_area", scale="log", sd=FAMILY_WAVE_SD)


def _for_software(stacks: Iterable[Software], priors: Mapping[str, Figure]) -> Iterable[Constant]:
    """Stacks that others were built from come first, used by a run or not, so that the others lean on them."""
    built_from = {stack.key: stack.kernels_of for stack in stacks}
    origins = set(built_from.values()) - {""}
    for stack in (*sorted(origins), *sorted(set(built_from) - origins)):
        origin = built_from.get(stack, "")
        for name, sd in SOFTWARE_SD.items():
            base = f"all.{name}" if f"all.{name}" in priors else ""
            inherited = f"software.{origin}.{name}" if origin else base
            yield Constant(key=f"software.{stack}.{name}", base=inherited, scale="log", sd=sd)


def values_at(x: Floats, to_fit: tuple[Constant, ...], priors: Mapping[str, float]) -> dict[str, float]:
    """All constants with those to fit at ``x``, in order, so that later ones may be based on earlier ones."""
    values = dict(priors)
    for constant, moved in zip(to_fit, x, strict=True):
        values[constant.key] = constant.at(float(moved), values)
    return values
