"""An answer as a page draws it: its report as JSON, where its numbers stand, and the figures under it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tenfold.interfaces.web.forms import numbers_of
from tenfold.quantities import to_data
from tenfold.reports import Report, figure_rows, report_of, term_rows, unique_figures
from tenfold.studies import record_of

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


def report_text(name: str, tree: Mapping[str, Any], answer: object, catalog: Catalog) -> str:
    """Write an answer as a page draws it, with every figure and its source."""
    made, sources = report_of(answer), catalog.sources
    assumptions = figure_rows(made.assumptions, sources)
    return _text(name, tree, answer, made, assumptions, figure_rows(unique_figures(made.figures), sources))


def preview_text(name: str, tree: Mapping[str, Any], answer: object) -> str:
    """Write a rough answer as a page draws it, without its figures, which stay those of the whole one."""
    return _text(name, tree, answer, report_of(answer), [], [])


def _text(
    name: str, tree: Mapping[str, Any], answer: object, made: Report, assumptions: list[Any], figures: list[Any]
) -> str:
    fits, numbers = bool(getattr(answer, "fits", True)), numbers_of(record_of(name), tree)
    data = {**_drawn(made), "fits": fits, "assumptions": assumptions, "figures": figures, "numbers": numbers}
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _drawn(made: Report) -> dict[str, Any]:
    """A report without its figures, its terms as printed rows."""
    data: Any = to_data(replace(made, figures=(), assumptions=()))
    for section, plain in zip(made.sections, data["sections"], strict=True):
        for terms, each in zip(section.terms, plain["terms"], strict=True):
            each["rows"] = term_rows(terms.values, terms.unit)
    return {key: value for key, value in data.items() if key not in ("figures", "assumptions", "next_steps")}
