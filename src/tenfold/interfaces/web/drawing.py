"""An answer as a page draws it: its report as JSON, where its numbers stand, and the figures under it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tenfold.interfaces.web.forms import numbers_of
from tenfold.quantities import to_data
from tenfold.reports import Report, Section, figure_rows, report_of, term_rows, unique_figures
from tenfold.studies import record_of

if TYPE_CHECKING:
    from tenfold.catalog import Catalog


def report_text(name: str, tree: Mapping[str, Any], answer: object, catalog: Catalog) -> str:
    """Write an answer as a page draws it, with every figure and its source."""
    made, sources = report_of(answer), catalog.sources
    assumptions = figure_rows(made.assumptions, sources)
    figures, sections = figure_rows(unique_figures(made.figures), sources), [_section(each) for each in made.sections]
    return _text(name, tree, answer, made, sections, assumptions, figures)


def preview_text(name: str, tree: Mapping[str, Any], answer: object, seen: Collection[int] | None) -> str:
    """Write a rough answer as a page draws it, without its figures, which stay those of the whole one.

    ``seen`` are the places of the sections in sight, None for all; null stands for the others.
    """
    made = report_of(answer)
    places = range(len(made.sections))
    sections = [_section(made.sections[place]) if seen is None or place in seen else None for place in places]
    return _text(name, tree, answer, made, sections, [], [])


def _text(
    name: str,
    tree: Mapping[str, Any],
    answer: object,
    made: Report,
    sections: list[Any],
    assumptions: list[Any],
    figures: list[Any],
) -> str:
    """A report as JSON, without what only the terminal prints."""
    head: Any = to_data(replace(made, sections=(), assumptions=(), figures=(), next_steps=(), brief=None))
    data = {key: value for key, value in head.items() if key not in ("next_steps", "brief")}
    data |= {"sections": sections, "assumptions": assumptions, "figures": figures}
    data |= {"fits": bool(getattr(answer, "fits", True)), "numbers": numbers_of(record_of(name), tree)}
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _section(section: Section) -> Any:  # noqa: ANN401  (plain data)
    """A section as data, its terms as printed rows too."""
    plain: Any = to_data(section)
    for terms, each in zip(section.terms, plain["terms"], strict=True):
        each["rows"] = term_rows(terms.values, terms.unit)
    return plain
