"""The report of constants fitted to measured training runs."""

from __future__ import annotations

from tenfold.reports.cards import Card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table
from tenfold.reports.scores import (
    over_sources,
    rival_sections,
    score_cards,
    score_sections,
    score_topics,
    skipped_section,
)
from tenfold.reports.wording import between, share
from tenfold.validation.training.calibrate import CalibrateTrainingAnswer

TOPICS: Topics = {
    "used": Topic(unit="", words="rows that the constants are fitted to"),
    "constants": Topic(unit="", words="maximum a posteriori over all runs used, drawn towards the priors"),
    "constant_ranges": Topic(unit="", words="posterior of the constant at the optimum"),
    "log_spread": Topic(unit="", words="standard deviation that puts 80 % of unseen runs of the regime inside P10–P90"),
    **score_topics("cross_validated."),
    "baselines": Topic(unit="", words="runs of the same folds by the median MFU of their kind, and by boosted trees"),
    "skipped_rows": Topic(unit="", words="rows that cannot be fitted to", terms="skipped"),
}


def verdict(answer: CalibrateTrainingAnswer) -> str:
    """Answer in one sentence."""
    fitted = f"{len(answer.constants):,} constants fitted to {answer.used:,} of {answer.rows:,} runs"
    found = answer.cross_validated.overall
    if found is None:
        return fitted
    unseen = f"cross-validated median error {share(found.median_ape)}, P90 {share(found.p90_ape)}"
    return f"{fitted}; {unseen}, {share(found.coverage_80)} inside P10–P90"


def report(answer: CalibrateTrainingAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold calibrate training",
        question=f"What do the runs of {answer.question.runs} teach the training model?",
        verdict=verdict(answer),
        good=True,
        made=answer.made,
        cards=(
            Card(name="Runs fitted to", value=f"{answer.used:,}", path="used"),
            *score_cards(answer.cross_validated.overall, "cross_validated."),
        ),
        sections=(
            Section(title="Cross-validated", lead="Every run below is predicted by a fit without its source or model."),
            *over_sources(answer.cross_validated),
            *rival_sections(answer.baselines, "Rivals on the same folds"),
            *score_sections(answer.cross_validated),
            *skipped_section(answer.skipped),
            _spreads(answer),
            _constants(answer),
        ),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
        next_steps=("tenfold calibrate training RUNS.csv --out my/calibrations/training.toml, then --catalog my",),
    )


def _spreads(answer: CalibrateTrainingAnswer) -> Section:
    rows = tuple((name, f"{spread:.3f}", f"{answer.spread_runs[name]:,}") for name, spread in answer.log_spread.items())
    table = Table(headers=("regime", "σ", "runs"), rows=rows, numeric=" rr")
    return Section(title="Spread of ln(measured ÷ predicted) by regime", tables=(table,))


def _constants(answer: CalibrateTrainingAnswer) -> Section:
    rows = tuple(
        (name, f"{found.p50:.4g}", between(f"{found.p10:.4g}", f"{found.p90:.4g}"))
        for name, found in answer.constant_ranges.items()
    )
    table = Table(headers=("key", "value", "P10–P90"), rows=rows, numeric=" rr")
    return Section(title="Constants", tables=(table,), full=True)
