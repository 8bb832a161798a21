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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from functools import lru_cache

import numpy as np

from tenfold.catalog import Software
from tenfold.performance.kernels import Kernels
from tenfold.quantities import Column, Flags, Indices, MissingFigureError, Problem

BY_WIDTH = ("matmul_efficiency", "grouped_efficiency")
IMMATURITY = {
    "matmul_efficiency": "all.matmul_immaturity",
    "wide_matmul_efficiency": "all.matmul_immaturity",
    "attention_efficiency": "all.attention_immaturity",
}
BY_RECIPE = ("matmul_efficiency",)
"""Kernel constants that differ between recipes of one width: scaling by tensor, by row or by block."""
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


def products_width(weight_bytes: float, frozen_bytes: float) -> str:
    """Name of the width that products run in, and of that which weights are held in where it is less.

    Such as "16bit-of-4bit-weights" for weights that are brought from 4 bits to 16 for every product.
    """
    products = width_name(weight_bytes)
    return f"{products}-of-{width_name(frozen_bytes)}-weights" if frozen_bytes < weight_bytes else products


def stacks_of(software: Software) -> tuple[str, ...]:
    """Keys of a stack and of the one whose kernels it was built from, if any."""
    return (software.key, software.kernels_of) if software.kernels_of else (software.key,)


def software_factor(constants: Mapping[str, float], factor: str, software: Software) -> float:
    """What a stack multiplies an efficiency by: its own, that of the stack it was built from, or 1."""
    return next((constants[key] for key in _factor_keys(factor, stacks_of(software)) if key in constants), 1.0)


def _factor_keys(factor: str, stacks: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"software.{stack}.{factor}" for stack in stacks)


def candidate_keys(name: str, family: str, weight_bytes: float, stacks: tuple[str, ...]) -> tuple[str, ...]:
    """Keys that may hold a kernel constant of a family, width and stack, the most specific first."""
    if name in BY_WIDTH:
        width = width_name(weight_bytes)
        return f"{family}.{name}.{width}", f"all.{name}.{width}"
    if name == "wide_matmul_efficiency":
        return f"{family}.matmul_efficiency.16bit", "all.matmul_efficiency.16bit"
    return f"{family}.{name}", *_factor_keys(name, stacks), f"all.{name}"


@dataclass(frozen=True, slots=True)
class KernelConstant:
    """Where one kernel constant is looked up."""

    name: str
    keys: tuple[str, ...]
    factor_keys: tuple[str, ...]
    """Keys of what a stack multiplies it by; the factor is 1 where none is held."""
    recipe_keys: tuple[str, ...]
    """The same of what a recipe of the width multiplies it by."""
    needed: bool
    """Whether it has no default."""


@lru_cache(maxsize=4096)
def kernel_constants(
    family: str, weight_bytes: float, stacks: tuple[str, ...], precision: str = ""
) -> tuple[KernelConstant, ...]:
    """Every kernel constant of a family, width, stack and recipe, with the keys it is looked up by."""
    recipe = (f"all.recipe_factor.{precision}",)
    return tuple(
        KernelConstant(
            name=each.name,
            keys=candidate_keys(each.name, family, weight_bytes, stacks),
            factor_keys=_factor_keys(FACTORED[each.name], stacks) if each.name in FACTORED else (),
            recipe_keys=recipe if each.name in BY_RECIPE else (),
            needed=each.default is MISSING,
        )
        for each in fields(Kernels)
    )


def maturity_factor(immaturity: Column, maturity_years: Column, age_years: Column) -> Column:
    """Share of an efficiency that software of this age over the chip reaches: exp(−immaturity · exp(−age / years))."""
    return np.exp(-immaturity * np.exp(-np.maximum(age_years, 0.0) / maturity_years))


def power_factor(watts_per_flop_per_s: Column, reference: Column, exponent: Column) -> Column:
    """Share of an efficiency left to a part with less power; 1 where its power or the family's reference is 0."""
    watts, base = np.asarray(watts_per_flop_per_s, dtype=np.float64), np.asarray(reference, dtype=np.float64)
    known = (watts > 0) & (base > 0)
    ratio = np.where(known, watts, 1.0) / np.where(known, base, 1.0)
    return np.power(np.minimum(ratio, 1.0), exponent)


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelKey:
    """What selects kernel constants."""

    family: str
    weight_bytes: float
    software: Software
    age_years: float
    watts_per_flop_per_s: float = 0.0
    """The chip's rated power over its 16-bit peak; 0 when unknown."""
    precision: str = ""
    """Name of the recipe, for factors of its own; empty for none."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the constants of several keys stand in a list of values: a row a kernel constant, a column a key.

    The last two places of the list hold 1 and 0, for factors and references that no calibration has.
    """

    names: tuple[str, ...]
    base: Indices
    factor: Indices
    recipe: Indices
    immaturity: Indices
    reference: Indices
    sustained: Flags


def _places(keys: tuple[KernelKey, ...], names: tuple[str, ...]) -> _Places:
    place = {name: number for number, name in enumerate(names)}
    one, zero = len(names), len(names) + 1
    columns = [kernel_constants(key.family, key.weight_bytes, stacks_of(key.software), key.precision) for key in keys]
    held = [each for number, each in enumerate(columns[0]) if _held(columns, number, place)]
    chosen = [number for number, each in enumerate(columns[0]) if each in held]

    def table(of: Callable[[KernelConstant], tuple[str, ...]], otherwise: int) -> Indices:
        return np.array(
            [[_first_place(of(column[number]), place, otherwise) for column in columns] for number in chosen]
        )

    return _Places(
        names=tuple(each.name for each in held),
        base=table(lambda each: each.keys, one),
        factor=table(lambda each: each.factor_keys, one),
        recipe=table(lambda each: each.recipe_keys, one),
        immaturity=np.array([[place.get(IMMATURITY.get(each.name, ""), zero)] for each in held]),
        reference=np.array([place.get(f"{key.family}.reference_w_per_flop_per_s", zero) for key in keys]),
        sustained=np.array([[each.name in SUSTAINED] for each in held]),
    )


def _held(columns: Sequence[tuple[KernelConstant, ...]], number: int, place: Mapping[str, int]) -> bool:
    """Whether every key finds a constant. Raises ``MissingFigureError`` where one that is needed is nowhere."""
    for column in columns:
        if not any(key in place for key in column[number].keys):
            if column[number].needed:
                raise _missing(column[number])
            return False
    return True


def _first_place(keys: tuple[str, ...], place: Mapping[str, int], otherwise: int) -> int:
    return next((place[key] for key in keys if key in place), otherwise)


_cached_places = lru_cache(maxsize=64)(_places)


def kernel_columns(constants: Mapping[str, float], keys: tuple[KernelKey, ...]) -> Kernels:
    """Kernel constants as columns: a place for each key.

    Raises ``MissingFigureError`` when neither the calibration nor a default holds a constant.
    """
    found = _cached_places(keys, tuple(constants))
    values = np.array([*constants.values(), 1.0, 0.0])
    ages, watts = np.array([key.age_years for key in keys]), np.array([key.watts_per_flop_per_s for key in keys])
    columns = values[found.base] * values[found.factor] * values[found.recipe]
    columns = columns * maturity_factor(values[found.immaturity], constants["all.maturity_years"], ages)
    power = power_factor(watts, values[found.reference], constants["all.power_exponent"])
    columns = columns * np.where(found.immaturity < len(values) - 1, power, 1.0)
    columns = columns * np.where(found.sustained, constants["all.sustained_share"], 1.0)
    traits = {name: np.array([float(of(key.software)) for key in keys]) for name, of in TRAITS.items()}
    return Kernels(**dict(zip(found.names, columns, strict=True)) | traits)


def kernels_for(
    constants: Mapping[str, float],
    *,
    family: str,
    weight_bytes: float,
    software: Software,
    age_years: float,
    watts_per_flop_per_s: float = 0.0,
    precision: str = "",
) -> Kernels:
    """Kernel constants for one chip family, width, recipe and stack, ``age_years`` after the chip came out.

    Raises ``MissingFigureError`` when neither the calibration nor a default holds a constant.
    """
    key = KernelKey(
        family=family,
        weight_bytes=weight_bytes,
        software=software,
        age_years=age_years,
        watts_per_flop_per_s=watts_per_flop_per_s,
        precision=precision,
    )
    columns = kernel_columns(constants, (key,))
    return Kernels(**{each.name: _number(getattr(columns, each.name)) for each in fields(Kernels)})


def _number(column: Column) -> float:
    return float(np.asarray(column).ravel()[0])


TRAITS: Mapping[str, Callable[[Software], float]] = {
    "gradient_bytes": lambda stack: stack.gradient_bytes,
    "gradient_copy_bytes": lambda stack: stack.gradient_copy_bytes,
    "reduce_passes": lambda stack: 2.0 if stack.gradient_all_reduce else 1.0,
    "buffer_bytes": lambda stack: stack.buffer_bytes,
    "logit_bytes": lambda stack: stack.logit_bytes,
    "gate_bytes": lambda stack: stack.gate_bytes,
    "pipeline_scatter": lambda stack: stack.pipeline_scatter,
    "sends_once": lambda stack: stack.sends_once,
    "kernels_per_expert": lambda stack: stack.kernels_per_expert,
    "graphed_experts": lambda stack: stack.graphed_experts,
    "batched_overlap": lambda stack: stack.batched_overlap,
    "graphed_attention": lambda stack: stack.graphed_attention,
    "optimizer_bytes": lambda stack: stack.optimizer_bytes,
    "pipeline_gathers_once": lambda stack: stack.pipeline_gathers_once,
    "selective_share": lambda stack: stack.selective_share,
}
"""Kernel constants that a stack's record states."""


def _missing(constant: KernelConstant) -> MissingFigureError:
    key = f"constants.{constant.keys[-1]}"
    remedy = f"Add constants.'{constant.keys[-1]}' to a calibration of topic 'training'"
    wrong = "the constant is in no calibration"
    return MissingFigureError(Problem(file="calibrations/training.toml", key=key, wrong=wrong, remedy=remedy))
