"""Measured kernels of a chip as constants of its family, each beside what the catalog has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tenfold.catalog import Catalog, Chip
from tenfold.performance import candidate_keys, peak_figure, width_name
from tenfold.performance.training import PRIORS
from tenfold.quantities import Figure, NamedFigure, Percentiles
from tenfold.validation.chip.answer import Constant
from tenfold.validation.chip.fits import (
    PRODUCT_SHAPE,
    Fitted,
    Products,
    backward_ratio,
    fit_attention,
    fit_products,
    fit_streams,
)
from tenfold.validation.chip.measured import Measured, Measurement
from tenfold.validation.chip.reached import attention_factor, product_factor
from tenfold.validation.chip.refusals import products_on, sustained_share
from tenfold.workloads import PRECISIONS

FEWEST_PRODUCTS = 5
"""Shapes that can tell the share of the peak, two half widths and a wave from each other, with one to spare."""
FEWEST_PASSES = 3
ATTENTION = ("attention_efficiency", "attention_half_tokens")
WIDE = "bf16"
"""Format that attention runs in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelFit:
    """What kernels teach: constants by key, and what could not be fitted."""

    constants: Mapping[str, Constant]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What measurements are fitted against."""

    measured: Measured
    chip: Chip
    catalog: Catalog
    before: Mapping[str, float]

    def constant(self, name: str, fitted: Fitted, value: Percentiles, weight_bytes: float) -> tuple[str, Constant]:
        """A constant under the family's key, beside what was looked up for it before."""
        keys = candidate_keys(name, self.chip.family, weight_bytes, ())
        held = next(self.before[key] for key in keys if key in self.before)
        return keys[0], Constant(measured=value, before=held, measurements=fitted.measurements, error=fitted.error)


def priors_of(catalog: Catalog) -> Mapping[str, Figure]:
    """Constants before any measurement, by key."""
    return catalog.calibration(PRIORS).constants


def prior_figures(catalog: Catalog) -> tuple[NamedFigure, ...]:
    """Those that measurements of a chip start from."""
    priors = priors_of(catalog)
    keys = [f"all.{name}" for name in (*PRODUCT_SHAPE, *ATTENTION)]
    return tuple(NamedFigure(name=f"calibrations/{PRIORS}/constants.{key}", figure=priors[key]) for key in keys)


def fitted_kernels(measured: Measured, chip: Chip, catalog: Catalog, before: Mapping[str, float]) -> KernelFit:
    """Fit every constant that the measurements can tell. Raises ``MissingFigureError`` for a figure of the chip."""
    known = _Known(measured=measured, chip=chip, catalog=catalog, before=before)
    found: dict[str, Constant] = {}
    notes: list[str] = []
    streams = fit_streams(measured.of("memory"), chip.hbm_bytes_per_s)
    if streams is None:
        notes.append("Memory streams do not tell a bandwidth: too few sizes, or times that do not grow with them")
    else:
        found |= [known.constant("memory_efficiency", streams, streams.constants["memory_efficiency"], 2.0)]
    share = streams.constants["memory_efficiency"].p50 if streams else before["all.memory_efficiency"]
    for constants, said in (_products(known, share * chip.hbm_bytes_per_s), _attention(known)):
        found |= constants
        notes += said
    return KernelFit(constants=found, notes=tuple(notes))


Part = tuple[Mapping[str, Constant], tuple[str, ...]]


def _products(known: _Known, memory_bytes_per_s: float) -> Part:
    """Constants of products, those of formats that the chip states a peak for."""
    usable = products_on(known.measured, known.chip)
    formats = sorted({each.format for each in usable})
    if len(usable) < FEWEST_PRODUCTS:
        return {}, (f"{len(usable)} products cannot tell the share of the peak: {FEWEST_PRODUCTS} are needed",)
    on = Products(
        peak_flop_per_s={name: peak_figure(known.chip, PRECISIONS[name]).value for name in formats},
        element_bytes={name: PRECISIONS[name].weight_bytes for name in formats},
        memory_bytes_per_s=memory_bytes_per_s,
        serial_share=known.before["all.serial_share"],
    )
    priors = priors_of(known.catalog)
    fitted = fit_products(usable, on, {
        **{name: priors[f"all.{name}"] for name in PRODUCT_SHAPE},
        **{name: priors[f"all.matmul_efficiency.{width_name(on.element_bytes[name])}"] for name in formats},
    })  # fmt: skip
    found = dict(known.constant(name, fitted, fitted.constants[name], 2.0) for name in PRODUCT_SHAPE)
    for name in formats:
        width = on.element_bytes[name]
        lasting = _lasting(known, name) / product_factor(
            known.before, known.catalog, known.chip, width, known.measured.machine.day
        )
        found |= [known.constant("matmul_efficiency", fitted, _times(fitted.constants[name], lasting), width)]
    return found, ()


def _lasting(known: _Known, format_name: str) -> float:
    """Share of a burst left over seconds: as measured in the format, else as the catalog has it."""
    runs = [each for each in known.measured.of("sustained") if each.format == format_name]
    return sustained_share(runs[0]) if runs else known.before["all.sustained_share"]


def _attention(known: _Known) -> Part:
    """Constants of fused attention."""
    forward, both = known.measured.of("attention"), known.measured.of("attention_both")
    if len(forward) < FEWEST_PASSES:
        return {}, (f"{len(forward)} attention passes cannot tell its speed: {FEWEST_PASSES} are needed",)
    priors = priors_of(known.catalog)
    peak = peak_figure(known.chip, PRECISIONS[WIDE]).value
    fitted = fit_attention(forward, peak, {name: priors[f"all.{name}"] for name in ATTENTION})
    divisor = attention_factor(known.before, known.catalog, known.chip, known.measured.machine.day)
    scale = {"attention_efficiency": 1.0 / divisor, "attention_half_tokens": 1.0}
    found = dict(known.constant(name, fitted, _times(fitted.constants[name], scale[name]), 2.0) for name in ATTENTION)
    return found | dict(_backward(known, forward, both)), ()


def _backward(
    known: _Known, forward: tuple[Measurement, ...], both: tuple[Measurement, ...]
) -> Iterator[tuple[str, Constant]]:
    ratio = backward_ratio(forward, both)
    if ratio is not None:
        name = "attention_backward_ratio"
        yield known.constant(name, ratio, ratio.constants[name], 2.0)


def _times(value: Percentiles, factor: float) -> Percentiles:
    return Percentiles(p10=value.p10 * factor, p50=value.p50 * factor, p90=value.p90 * factor)
