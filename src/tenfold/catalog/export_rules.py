"""Export rules: thresholds as data, and what they say about a chip.

TPP = max over formats of (dense peak, TOP/s) × (bits of the format); an operation of a multiply-add counts as two.
Performance density = TPP / area of the logic dies, mm², dies on planar processes left out.
Source: ECCN 3A090, technical notes, Commerce Control List (the regulation writes TPP = 2 × MacTOPS × bits). A rule of
this form needs a licence at TPP ≥ a, or at TPP ≥ b with performance density ≥ c. Peaks of the catalog are dense.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated

from tenfold.catalog.countries import Country
from tenfold.catalog.figure_files import FigureIn
from tenfold.catalog.figured import Figured, Own, missing_figure
from tenfold.catalog.records import Chip, Name
from tenfold.quantities import Day, Figure, Key, MissingFigureError

BITS: Mapping[str, int] = {
    "fp64": 64,
    "fp32": 32,
    "tf32": 19,
    "bf16": 16,
    "fp16": 16,
    "fp8": 8,
    "int8": 8,
    "fp6": 6,
    "fp4": 4,
    "int4": 4,
}
"""Bits of a format, as an operation of it works on; TF32 has 19."""
_TERA = 1e12
_M2_PER_MM2 = 1e-6
LICENCE, FREE = "licence", "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRule(Figured):
    """Thresholds above which a chip needs a licence."""

    key: Own = ""
    name: Name
    aliases: tuple[Name, ...] = ()
    notes: tuple[str, ...] = ()
    file: Own = ""
    made_in: Annotated[str, Country()] = "US"
    """Country that makes the rule; it binds chips made there."""
    countries: tuple[Annotated[str, Country()], ...] = ()
    """Where a licence is needed, ISO 3166-1 alpha-2."""
    presumed_against: tuple[Annotated[str, Country()], ...] = ()
    """Makers' countries whose chips above the thresholds are presumed to be made in breach of the rules: whoever keeps
    them may use such a chip nowhere without a licence."""
    presumed_since: Annotated[datetime.date, Day()] = datetime.date.min
    since: Annotated[datetime.date, Day()] = datetime.date.min
    until: Annotated[datetime.date, Day()] = datetime.date.max
    tpp_threshold: Annotated[Figure | None, FigureIn("1"), Key("thresholds.tpp")] = None
    tpp_when_dense_threshold: Annotated[Figure | None, FigureIn("1"), Key("thresholds.tpp_when_dense")] = None
    performance_density_threshold: Annotated[Figure | None, FigureIn("1"), Key("thresholds.performance_density")] = None
    """TPP per mm²."""
    largest_process: Annotated[Figure | None, FigureIn("m"), Key("thresholds.largest_process")] = None
    """Largest node whose dies count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportStatus:
    """What a rule says about a chip."""

    chip: str
    rule: str
    status: str
    """``licence`` or ``free``."""
    tpp: float
    tpp_format: str
    performance_density: float | None
    """TPP per mm²; None where the rule is decided without it and its figures are not recorded."""
    reason: str


def rules_in_force(rules: Iterable[ExportRule], chip: Chip, country: str, day: datetime.date) -> tuple[ExportRule, ...]:
    """Rules that bind a chip on its way to a country on a day: of its maker's country, unless it stays there."""
    return tuple(
        rule
        for rule in rules
        if country in rule.countries and rule.made_in == chip.made_in != country and rule.since <= day <= rule.until
    )


def export_licence(rules: Iterable[ExportRule], chip: Chip, country: str, day: datetime.date) -> ExportStatus | None:
    """Give the status of the first rule by which a chip needs a licence to a country on a day; None where none does.

    Raises ``MissingFigureError`` naming what a rule in force has to know of the chip.
    """
    judged = (export_status(chip, rule) for rule in rules_in_force(rules, chip, country, day))
    return next((status for status in judged if status.status == LICENCE), None)


def presumed_breach(rules: Iterable[ExportRule], chip: Chip, day: datetime.date) -> ExportRule | None:
    """Give the first rule that a chip is presumed to be made in breach of; None without one, or without its figures."""
    for rule in rules:
        if chip.made_in in rule.presumed_against and rule.presumed_since <= day <= rule.until:
            try:
                licence = export_status(chip, rule).status == LICENCE
            except MissingFigureError:
                continue
            if licence:
                return rule
    return None


def total_processing_performance(chip: Chip) -> tuple[float, str]:
    """Give TPP of a chip and the format it is reached in. Raises ``MissingFigureError`` without any dense peak."""
    by_format = {name: chip.peaks[name].value / _TERA * bits for name, bits in BITS.items() if name in chip.peaks}
    if not by_format:
        raise missing_figure(chip, "dense peak in any format, which TPP needs", "peak.bf16", tuple(chip.figures))
    best = max(by_format, key=lambda name: by_format[name])
    return by_format[best], best


def performance_density(chip: Chip, rule: ExportRule) -> float:
    """Give TPP per mm² of counted dies, 0 on a planar process.

    Raises ``MissingFigureError`` naming the area or the process when it is not recorded.
    """
    if chip.process_m > rule.figure("thresholds.largest_process").value:
        return 0.0
    return _density_at_most(chip)


def export_status(chip: Chip, rule: ExportRule) -> ExportStatus:
    """Judge a chip by a rule.

    Area and process are asked for only where they decide. Raises ``MissingFigureError`` naming what is missing.
    """
    tpp, best = total_processing_performance(chip)
    most, least = rule.figure("thresholds.tpp").value, rule.figure("thresholds.tpp_when_dense").value
    dense = rule.figure("thresholds.performance_density").value
    density = performance_density(chip, rule) if "die.area" in chip.figures and "die.process" in chip.figures else None
    if tpp >= most:
        return _status(chip, rule, LICENCE, tpp, best, density, f"TPP {tpp:,.0f} ≥ {most:,.0f}")
    if tpp < least:
        return _status(chip, rule, FREE, tpp, best, density, f"TPP {tpp:,.0f} < {least:,.0f}")
    if density is None and _density_at_most(chip) < dense:
        reason = f"TPP {tpp:,.0f} < {most:,.0f}, performance density {_density_at_most(chip):.2f} at most < {dense}"
        return _status(chip, rule, FREE, tpp, best, None, reason)
    density = performance_density(chip, rule) if density is None else density
    status, sign = (LICENCE, "≥") if density >= dense else (FREE, "<")
    reason = f"TPP {tpp:,.0f} from {least:,.0f} to {most:,.0f}, performance density {density:.2f} {sign} {dense}"
    return _status(chip, rule, status, tpp, best, density, reason)


def _density_at_most(chip: Chip) -> float:
    """Performance density if all dies count."""
    return total_processing_performance(chip)[0] / (chip.die_area_m2 / _M2_PER_MM2)


def _status(
    chip: Chip, rule: ExportRule, status: str, tpp: float, best: str, density: float | None, reason: str
) -> ExportStatus:
    return ExportStatus(
        chip=chip.key,
        rule=rule.key,
        status=status,
        tpp=tpp,
        tpp_format=best,
        performance_density=density,
        reason=reason,
    )
