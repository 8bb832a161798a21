"""Every statement of a ledger judged by what is calculated for it; the answer put together."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tenfold.catalog import Catalog
from tenfold.claims.answer import ClaimsAnswer, Finding, Judged
from tenfold.claims.asking import Answers
from tenfold.claims.found import WrongPathError
from tenfold.claims.judging import NOT_CHECKABLE, finding_of, verdict_of
from tenfold.claims.ledger import VERDICTS, Claim
from tenfold.claims.question import ClaimsQuestion, id_called, ledger_of
from tenfold.quantities import InputError, NamedFigure, Problem, Progress, assumptions_of

NAMED_BY = {"figure": "figure", "record": "holds"}
"""Field of a check that names what has to be there; a path in all others."""


def answer(
    question: ClaimsQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> ClaimsAnswer:
    """Judge the statements asked about; ``progress`` is told the share of them judged.

    Raises one ``InputError`` with every check whose path its answer has no place for.
    """
    ledger = ledger_of(question)
    claims = _chosen(question, ledger.claims)
    figures: dict[str, NamedFigure] = {}
    judged: list[Judged] = []
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory() as folder:
        answers = Answers(catalog=catalog, seed=seed, folder=Path(folder), tables=ledger.tables)
        for place, claim in enumerate(claims):
            findings = tuple(_findings(claim, answers, problems))
            judged.append(_judged(claim, tuple(finding for finding, _ in findings)))
            under = [figure for _, each in findings for figure in each]
            figures |= {each.name: each for each in under}
            if progress is not None:
                progress((place + 1) / len(claims))
    if problems:
        raise InputError(problems)
    counts = Counter(each.verdict for each in judged)
    named = tuple(figures[name] for name in sorted(figures))
    return ClaimsAnswer(
        question=question,
        made=catalog.made(seed),
        claims=tuple(judged),
        counts={verdict: counts[verdict] for verdict in VERDICTS},
        answers=len(answers.kept),
        notes=(),
        assumptions=assumptions_of(named),
        figures=named,
    )


def _chosen(question: ClaimsQuestion, claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    kinds, there = frozenset(question.kinds), [claim.id for claim in claims]
    ids = {id_called(name, there) for name in question.ids}
    return tuple(claim for claim in claims if (not ids or claim.id in ids) and (not kinds or claim.kind in kinds))


def _findings(
    claim: Claim, answers: Answers, problems: list[Problem]
) -> Iterator[tuple[Finding, tuple[NamedFigure, ...]]]:
    """Findings of the checks of a statement with the figures under them; paths that lead nowhere are added up."""
    for row, check in enumerate(claim.checks):
        try:
            yield finding_of(check, answers)
        except WrongPathError as trouble:
            key = f"{claim.id}.checks.{row}.{NAMED_BY.get(check.kind, 'path')}"
            problems += [replace(each, key=key) for each in trouble.problems]


def _judged(claim: Claim, findings: tuple[Finding, ...]) -> Judged:
    """A statement with its verdict, from its findings."""
    verdict, deciding = verdict_of(findings) if findings else (NOT_CHECKABLE, None)
    return Judged(
        id=claim.id,
        kind=claim.kind,
        by=claim.by,
        says=claim.says,
        value=claim.value,
        unit=claim.unit,
        as_of=claim.as_of,
        verdict=verdict,
        found=None if deciding is None else deciding.found,
        range=None if deciding is None else deciding.range,
        reason=_reason(findings, deciding, claim.unchecked or ""),
        sources=tuple(sorted({source for each in findings for source in each.sources})),
        findings=findings,
        against=claim.against,
    )


def _reason(findings: tuple[Finding, ...], deciding: Finding | None, unchecked: str) -> str:
    """Why a statement has its verdict: where its checks differ, what each of them found."""
    if deciding is None:
        return unchecked
    if len({each.verdict for each in findings}) > 1:
        return "; ".join(f"{each.case or each.calculation}: {each.verdict} ({each.reason})" for each in findings)
    cases = "; ".join(f"{each.case}: {each.verdict}" for each in findings if each.case)
    return f"{deciding.reason}; {cases}" if cases else deciding.reason
