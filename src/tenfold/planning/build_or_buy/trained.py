"""The tuning or training run of a way, as whoever prices runs is asked about it."""

from __future__ import annotations

from tenfold.catalog import SELF_SERVE_CHIPS, Catalog
from tenfold.planning.build_or_buy.question import BuildOrBuyQuestion, Pretrained, Tuned
from tenfold.planning.run_asked import RunAsked


def run_asked(question: BuildOrBuyQuestion, catalog: Catalog, asked: Tuned | Pretrained) -> RunAsked:
    """The run, on chips that the question may rent; a tuning run on no more than are had without a contract."""
    return RunAsked(
        model=asked.model,
        tokens=asked.tokens,
        sequence_length=asked.sequence_length,
        global_batch=asked.global_batch,
        deadline_s=asked.deadline_s,
        chips=question.chips,
        max_chips=asked.max_chips
        if isinstance(asked, Pretrained)
        else round(catalog.assumption(SELF_SERVE_CHIPS).value),
        supply=question.supply,
        site=question.site,
    )
