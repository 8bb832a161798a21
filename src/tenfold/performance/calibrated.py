"""Kernel constants of a chip family, a number width and a software stack, looked up in a calibration.

A calibration holds constants under dotted keys, and the most specific one counts:

    hopper.matmul_efficiency.8bit      a family at a width
    hopper.attention_efficiency        a family
    software.fsdp-2023.tensor_overlap  a software stack
    all.memory_efficiency              everything else

``software.<key>.matmul_factor`` and ``attention_factor`` multiply the family's efficiencies, so that a stack's own
loss is learned on one chip and carried to another. Software that came soon after a chip has not been tuned for it:
efficiencies fall by exp(−immaturity · exp(−age / maturity_years)), with the age of the stack over the chip. The
efficiency of a family is what one large product reaches in a burst; ``all.sustained_share`` of it is left when power
limits lower the clock over a long run. A part of a family that gets fewer watts per peak FLOP/s than the part the
family was measured on (``<family>.reference_w_per_flop_per_s``) runs slower by the ratio to ``all.power_exponent``:
power grows with the clock and the square of the voltage, so the clock follows power with an exponent of a third to one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, fields

from tenfold.catalog import Software
from tenfold.performance.kernels import Kernels
from tenfold.quantities import MissingFigureError, Problem

BY_WIDTH = ("matmul_efficiency", "grouped_efficiency")
IMMATURITY = {
    "matmul_efficiency": "all.matmul_immaturity",
    "wide_matmul_efficiency": "all.matmul_immaturity",
    "attention_efficiency": "all.attention_immaturity",
}
SUSTAINED = ("matmul_efficiency", "wide_matmul_efficiency")
FACTORED = {
    "matmul_efficiency": "matmul_factor",
    "wide_matmul_efficiency": "matmul_factor",
    "attention_efficiency": "attention_factor",
    "grouped_efficiency": "grouped_factor",
}
"""Kernel constants that a software stack multiplies, and the name of its factor."""


def width_name(weight_bytes: float) -> str:
    """Name of a number width in calibration keys, such as "8bit"."""
    return f"{round(8 * weight_bytes)}bit"


def stacks_of(software: Software) -> tuple[str, ...]:
    """Keys of a stack and of the one whose kernels it was built from, if any."""
    return (software.key, software.kernels_of) if software.kernels_of else (software.key,)


def software_factor(constants: Mapping[str, float], factor: str, software: Software) -> float:
    """What a stack multiplies an efficiency by: its own, that of the stack it was built from, or 1."""
    keys = (f"software.{stack}.{factor}" for stack in stacks_of(software))
    return next((constants[key] for key in keys if key in constants), 1.0)


def candidate_keys(name: str, family: str, weight_bytes: float, software: Software) -> tuple[str, ...]:
    """Keys that may hold a kernel constant, the most specific first."""
    if name in BY_WIDTH:
        width = width_name(weight_bytes)
        return f"{family}.{name}.{width}", f"all.{name}.{width}"
    if name == "wide_matmul_efficiency":
        return f"{family}.matmul_efficiency.16bit", "all.matmul_efficiency.16bit"
    stacks = (f"software.{stack}.{name}" for stack in stacks_of(software))
    return f"{family}.{name}", *stacks, f"all.{name}"


def maturity_factor(constants: Mapping[str, float], name: str, age_years: float) -> float:
    """Share of an efficiency that software of this age over the chip reaches; 1 for constants that do not age."""
    if name not in IMMATURITY:
        return 1.0
    young = math.exp(-max(age_years, 0.0) / constants["all.maturity_years"])
    return math.exp(-constants[IMMATURITY[name]] * young)


def power_factor(constants: Mapping[str, float], name: str, family: str, watts_per_flop_per_s: float) -> float:
    """Share of an efficiency left to a part with less power; 1 where its power or the family's reference is unknown."""
    reference = constants.get(f"{family}.reference_w_per_flop_per_s", 0.0)
    if name not in IMMATURITY or not reference or not watts_per_flop_per_s:
        return 1.0
    return math.pow(min(1.0, watts_per_flop_per_s / reference), constants["all.power_exponent"])


def kernels_for(
    constants: Mapping[str, float],
    *,
    family: str,
    weight_bytes: float,
    software: Software,
    age_years: float,
    watts_per_flop_per_s: float = 0.0,
) -> Kernels:
    """Kernel constants for one chip family, width and stack, ``age_years`` after the chip came out.

    ``watts_per_flop_per_s`` is the chip's rated power over its 16-bit peak; 0 when unknown.

    Raises ``MissingFigureError`` when neither the calibration nor a default holds a constant.
    """
    values: dict[str, float] = {}
    for field in fields(Kernels):
        keys = candidate_keys(field.name, family, weight_bytes, software)
        found = next((constants[key] for key in keys if key in constants), None)
        if found is None:
            if field.default is MISSING:
                raise MissingFigureError(
                    Problem(
                        file="calibrations/training.toml",
                        key=f"constants.{keys[-1]}",
                        wrong="the constant is in no calibration",
                        remedy=f"Add constants.'{keys[-1]}' to a calibration of topic 'training'",
                    )
                )
            continue
        factor = FACTORED.get(field.name)
        tuned = maturity_factor(constants, field.name, age_years)
        tuned *= power_factor(constants, field.name, family, watts_per_flop_per_s)
        tuned *= constants["all.sustained_share"] if field.name in SUSTAINED else 1.0
        values[field.name] = found * tuned * (software_factor(constants, factor, software) if factor else 1.0)
    traits = {
        "gradient_bytes": software.gradient_bytes,
        "gradient_copy_bytes": software.gradient_copy_bytes,
        "reduce_passes": 2.0 if software.gradient_all_reduce else 1.0,
        "buffer_bytes": software.buffer_bytes,
        "logit_bytes": software.logit_bytes,
        "pipeline_scatter": float(software.pipeline_scatter),
    }
    return Kernels(**values | traits)
