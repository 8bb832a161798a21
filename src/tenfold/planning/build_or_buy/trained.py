"""The tuning or training run of a way, as whoever prices runs is asked about it."""

from __future__ import annotations

from tenfold.catalog import Catalog
from tenfold.planning.build_or_buy.question import BuildOrBuyQuestion, Pretrained, Tuned
from tenfold.planning.run_asked import RunAsked

TUNING_CHIPS = "planning.self_serve_chips"
"""Most chips of a tuning run: what is had without a contract."""


def run_asked(question: BuildOrBuyQuestion, catalog: Catalog, asked: Tuned | Pretrained) -> RunAsked:
    """The run, on chips that the question may rent."""
    return RunAsked(
        model=asked.model,
        tokens=asked.tokens,
        sequence_length=asked.sequence_length,
        global_batch=asked.global_batch,
        deadline_s=asked.deadline_s,
        chips=question.chips,
        max_chips=asked.max_chips if isinstance(asked, Pretrained) else round(catalog.assumption(TUNING_CHIPS).value),
        supply=question.supply,
        site=question.site,
    )
