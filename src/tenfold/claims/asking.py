"""Questions asked for checks: each once, whatever number of statements rests on its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from tenfold.catalog import Catalog, load_catalog
from tenfold.claims.ledger import Asking, changed
from tenfold.quantities import NamedFigure, to_data, to_json
from tenfold.studies import Source, ask, example_of, overlay_texts, read_question, source_of

NOTE = "changed for a check of a statement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer as plain data, with the figures under it."""

    data: Mapping[str, Any]
    figures: tuple[NamedFigure, ...]
    """Those of the catalog; without those that were changed."""


@dataclass(slots=True)
class Answers:
    """Asks questions, and keeps every answer for the next check that asks the same."""

    catalog: Catalog
    seed: int
    folder: Path
    """Where overlays with changed figures are written."""
    tables: Mapping[str, Mapping[str, Any]]
    """What checks ask by name."""
    kept: dict[str, Answered] = field(default_factory=dict)
    """By question: as many as were worked out."""
    said: dict[str, Answered] = field(default_factory=dict)
    """The same by the words that asked, of which several may be one question."""
    catalogs: dict[str, Catalog] = field(default_factory=dict)

    def asked(self, asking: Asking) -> Mapping[str, Any]:
        """Give the table that a check asks; empty for the question's example."""
        return asking.asked if asking.table is None else self.tables[asking.table]

    def ask(self, name: str, asked: Mapping[str, Any], figures: Mapping[str, Any]) -> Answered:
        """Answer a question; ``asked`` is a table in the words of its file, its example where empty.

        ``figures`` of the catalog are changed for it. Raises ``TenfoldError`` as the question does.
        """
        words = repr((name, asked, figures))
        if words not in self.said:
            self.said[words] = self._read_and_asked(name, asked, figures)
        return self.said[words]

    def _read_and_asked(self, name: str, asked: Mapping[str, Any], figures: Mapping[str, Any]) -> Answered:
        """Answer what is said in these words for the first time; other words may have asked the same before."""
        example = source_of(name, example_of(name))
        source = Source(tree=dict(asked), folder=example.folder) if asked else example
        catalog = self.with_figures(figures)
        question = read_question(name, source, catalog, seed=self.seed)
        key = to_json({"name": name, "question": question.question, "figures": dict(figures)})
        if key not in self.kept:
            found = ask(question, catalog)
            recorded = tuple(each for each in found.figures if each.name not in figures)
            self.kept[key] = Answered(data=cast("Mapping[str, Any]", to_data(found)), figures=recorded)
        return self.kept[key]

    def after(self, name: str, asked: Mapping[str, Any], change: Mapping[str, Any]) -> Mapping[str, Any]:
        """Give what is asked after a change at dotted keys; of the question's example where nothing is asked before."""
        tree = asked or source_of(name, example_of(name)).tree
        return changed({key: value for key, value in tree.items() if key != "question"}, change)

    def with_figures(self, figures: Mapping[str, Any]) -> Catalog:
        """Catalog with other values of figures, by their names. Raises ``InputError`` for a name that is none."""
        if not figures:
            return self.catalog
        key = to_json(dict(figures))
        if key not in self.catalogs:
            place = self.folder / str(len(self.catalogs))
            for file, text in overlay_texts(figures, self.catalog, NOTE).items():
                (place / file).parent.mkdir(parents=True, exist_ok=True)
                (place / file).write_text(text, encoding="utf-8")
            self.catalogs[key] = load_catalog([*self.catalog.overlays, place])
        return self.catalogs[key]
