"""Every statement of a ledger judged by what is calculated for it; the answer put together."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

from tenfold.catalog import Catalog
from tenfold.claims.answer import ClaimsAnswer, Judged
from tenfold.claims.asking import Answers
from tenfold.claims.judging import NOT_CHECKABLE, finding_of, verdict_of
from tenfold.claims.ledger import VERDICTS, Claim
from tenfold.claims.question import ClaimsQuestion, ledger_of
from tenfold.quantities import NamedFigure, Progress, assumptions_of


def answer(
    question: ClaimsQuestion, catalog: Catalog, *, seed: int = 0, progress: Progress | None = None
) -> ClaimsAnswer:
    """Judge the statements asked about; ``progress`` is told the share of them judged."""
    claims = _chosen(question)
    figures: dict[str, NamedFigure] = {}
    judged: list[Judged] = []
    with tempfile.TemporaryDirectory() as folder:
        answers = Answers(catalog=catalog, seed=seed, folder=Path(folder))
        for place, claim in enumerate(claims):
            found, under = _judged(claim, answers)
            judged.append(found)
            figures |= {each.name: each for each in under}
            if progress is not None:
                progress((place + 1) / len(claims))
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


def _chosen(question: ClaimsQuestion) -> tuple[Claim, ...]:
    kinds, ids = frozenset(question.kinds), frozenset(question.ids)
    return tuple(
        claim for claim in ledger_of(question) if (not ids or claim.id in ids) and (not kinds or claim.kind in kinds)
    )


def _judged(claim: Claim, answers: Answers) -> tuple[Judged, tuple[NamedFigure, ...]]:
    found = [finding_of(check, answers) for check in claim.checks]
    findings = tuple(finding for finding, _ in found)
    verdict, deciding = verdict_of(findings) if findings else (NOT_CHECKABLE, None)
    cases = "; ".join(f"{each.case}: {each.verdict}" for each in findings if each.case)
    reason = deciding.reason if deciding is not None else claim.unchecked or ""
    judged = Judged(
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
        reason=f"{reason}; {cases}" if cases else reason,
        sources=tuple(sorted({source for each in findings for source in each.sources})),
        findings=findings,
        against=claim.against,
    )
    return judged, tuple(figure for _, figures in found for figure in figures)
