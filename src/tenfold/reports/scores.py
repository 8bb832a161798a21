"""Scores of predictions as sections and topics: what validating and calibrating on measured runs share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tenfold.reports.cards import Card
from tenfold.reports.charts import dots
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Section, Table, Terms
from tenfold.reports.wording import share
from tenfold.validation import Score
from tenfold.validation.serving import AfterOnePoint, ScoredServing
from tenfold.validation.serving.validate import ValidateServingAnswer
from tenfold.validation.training import ScoredRuns
from tenfold.validation.training.validate import ValidateTrainingAnswer

HEADERS = ("", "runs", "median error", "mean", "P90", "bias", "in P10–P90")
MEASURES: Mapping[str, str] = {
    "median_ape": "median of |predicted ÷ measured − 1|",
    "mean_ape": "mean of |predicted ÷ measured − 1|",
    "p90_ape": "P90 of |predicted ÷ measured − 1|",
    "bias": "median of predicted ÷ measured − 1",
    "coverage_80": "share of measurements inside the predicted P10–P90; 80 % is right",
}


def score_topics(path: str = "") -> Topics:
    """How scores below a path come about."""
    places = (f"{path}overall", f"{path}average_over_sources", f"{path}by.*.*")
    shares = {name: Topic(unit="share", words=words) for name, words in MEASURES.items()}
    scores = {f"{place}.{name}": topic for place in places for name, topic in shares.items()}
    return {**scores, f"{path}skipped_rows": Topic(unit="", words="rows that cannot be scored", terms="skipped")}


def score_cards(overall: Score | None, path: str = "") -> tuple[Card, ...]:
    """Key numbers of all runs; none when no run was scored."""
    if overall is None:
        return ()
    shown = {"Median error": "median_ape", "P90 of errors": "p90_ape", "Bias": "bias", "Inside P10–P90": "coverage_80"}
    return tuple(
        Card(name=name, value=share(getattr(overall, field)), path=f"{path}overall.{field}")
        for name, field in shown.items()
    )


def over_sources(scores: ScoredRuns | ValidateTrainingAnswer) -> Iterator[Section]:
    """Scores of all runs beside those of sources that count the same; nothing where no run was scored."""
    if scores.overall is not None and scores.average_over_sources is not None and scores.coverage_range is not None:
        low, high = (share(end) for end in scores.coverage_range)
        both = {"all runs": scores.overall, "average over sources": scores.average_over_sources}
        lead = f"In P10–P90, drawing whole sources anew: {low} to {high}; the second row counts every source once"
        yield Section(title="Overall", lead=lead, tables=(_table(both),))


def score_sections(
    scores: ScoredRuns | ScoredServing | ValidateServingAnswer | ValidateTrainingAnswer,
) -> Iterator[Section]:
    """Scores by each key."""
    for key, groups in scores.by.items():
        words = key.replace("_", " ")
        medians = {name or "(empty)": group.median_ape for name, group in groups.items()}
        chart = dots(f"by-{key}".replace("_", "-"), f"Median error by {words}", medians, "share")
        yield Section(title=f"By {words}", tables=(_table(groups),), charts=(chart,))


def rival_sections(rivals: Mapping[str, Mapping[str, Score]], title: str) -> Iterator[Section]:
    """Scores of rivals that know less, by slice; nothing where they had nothing to learn from."""
    rows = {f"{name}, {part}": score for name, parts in rivals.items() for part, score in parts.items()}
    if rows:
        yield Section(
            title=title, lead="They give no range, so that none of their P10–P90 holds", tables=(_table(rows),)
        )


def skipped_section(skipped: Mapping[str, int]) -> Iterator[Section]:
    """Rows that were left out, by reason; nothing when none was."""
    if skipped:
        terms = Terms(title="", values=skipped, unit="1", headline="skipped_rows")
        yield Section(title="Skipped", lead="rows of the file that are left out", terms=(terms,))


def _table(groups: Mapping[str, Score]) -> Table:
    rows = tuple(
        (
            name or "(empty)",
            f"{group.n:,}",
            *(share(getattr(group, measure)) for measure in MEASURES),
        )
        for name, group in groups.items()
    )
    return Table(headers=HEADERS, rows=rows, numeric=" rrrrrr")


def one_point_sections(found: Mapping[str, AfterOnePoint]) -> Iterator[Section]:
    """Errors once one measurement is known, by quantity; nothing where no combination has two."""
    if found:
        rows = tuple(
            (name, f"{each.combinations:,}", share(each.median_ape), share(each.p90_ape))
            for name, each in found.items()
        )
        table = Table(headers=("", "combinations", "median error", "P90"), rows=rows, numeric=" rrr")
        lead = "the other measurements of a (model, engine, chip) once one of them is known"
        yield Section(title="After one point", lead=lead, tables=(table,))
