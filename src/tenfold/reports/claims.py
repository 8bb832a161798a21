"""The report of statements: what was found for each, its verdict, and statements that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

from tenfold.claims import KINDS, VERDICTS, ClaimsAnswer, Judged
from tenfold.reports.cards import Card
from tenfold.reports.explain import Topic, Topics
from tenfold.reports.report import Report, Section, Table

WORDS = dict(zip(VERDICTS, ("supported", "contradicted", "depends", "not checkable here"), strict=True))
"""Verdicts as they are read."""
TOPICS: Topics = {
    "claims.*.found": Topic(unit="", words="what the calculation of the statement gives"),
    "claims.*.value": Topic(unit="", words="what the statement says"),
    "counts.*": Topic(unit="", words="statements with the verdict"),
}


def verdict(answer: ClaimsAnswer) -> str:
    """Answer in one sentence: the one statement's verdict, or how many have which."""
    if len(answer.claims) == 1:
        only = answer.claims[0]
        return f"{only.id} {_is(only.verdict)}: {only.reason}"
    told = ", ".join(f"{count:,} {WORDS[name]}" for name, count in answer.counts.items())
    return f"{len(answer.claims):,} statements: {told}"


def _is(name: str) -> str:
    return WORDS[name] if name == "depends" else f"is {WORDS[name]}"


def report(answer: ClaimsAnswer) -> Report:
    """Turn the answer into a report."""
    return Report(
        title="Tenfold claims",
        question="Which statements about AI compute hold?",
        verdict=verdict(answer),
        good=not answer.counts["contradicted"],
        made=answer.made,
        cards=tuple(
            Card(name=WORDS[name].capitalize(), value=f"{count:,}", path=f"counts.{name}")
            for name, count in answer.counts.items()
        ),
        sections=tuple(_sections(answer)),
        notes=answer.notes,
        assumptions=answer.assumptions,
        figures=answer.figures,
    )


def _sections(answer: ClaimsAnswer) -> Iterator[Section]:
    for kind in KINDS:
        rows = [claim for claim in answer.claims if claim.kind == kind]
        if rows:
            yield Section(title=f"{kind.capitalize()}: {len(rows)}", tables=(_table(rows),))
    pairs = list(_contradictions(answer))
    if pairs:
        lead = "Statements that cannot both hold, side by side"
        headers = ("Statement", "Verdict", "Against", "Verdict")
        yield Section(title="Against each other", lead=lead, tables=(Table(headers=headers, rows=tuple(pairs)),))
    yield Section(title="How each was calculated", tables=(_calculations(answer),), full=True)


def _table(claims: list[Judged]) -> Table:
    rows = tuple((claim.id, claim.says, WORDS[claim.verdict], claim.reason) for claim in claims)
    return Table(headers=("Name", "Statement", "Verdict", "Why"), rows=rows)


def _contradictions(answer: ClaimsAnswer) -> Iterator[tuple[str, ...]]:
    by_name = {claim.id: claim for claim in answer.claims}
    for claim in answer.claims:
        for name in claim.against:
            other = by_name.get(name)
            if other is not None:
                yield f"{claim.id}: {claim.says}", WORDS[claim.verdict], f"{name}: {other.says}", WORDS[other.verdict]


def _calculations(answer: ClaimsAnswer) -> Table:
    rows = tuple(
        (claim.id, finding.case, finding.calculation, finding.told or finding.reason, finding.asked)
        for claim in answer.claims
        for finding in claim.findings
    )
    return Table(headers=("Name", "Case", "Calculation", "Found", "Asked"), rows=rows)
