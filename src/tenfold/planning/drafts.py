"""Speculative decoding as a question states it: tokens that a step with drafts gives, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tenfold.catalog import assumption_named
from tenfold.performance.serving import NO_SPECULATION, Replica, Speculation
from tenfold.quantities import Amount, Problem, known, log_spread_of

if TYPE_CHECKING:
    from tenfold.catalog import Catalog
    from tenfold.quantities import NamedFigure

SPECULATIONS = ("none", "draft")
"""Nothing is proposed; two tokens are proposed for each step, by prediction layers of the model or by a small model."""
VERIFIED_TOKENS = 3.0
"""Tokens that a step with drafts verifies: the last one and two drafted."""
ACCEPTED = Amount("1", least=1.0, most=VERIFIED_TOKENS)
"""What a step with drafts may give: one token at least, all that it verifies at most."""
SPREAD = "serving.accepted_spread"


def problems_of_drafts(speculation: str, accepted: Sequence[float] | None, at: str = "") -> Iterator[Problem]:
    """What is accepted of drafts is one number, or two in order, and nothing where nothing is drafted."""
    if not known(speculation, accepted) or accepted is None:
        return
    key = f"{at}.accepted" if at else "accepted"
    if speculation == SPECULATIONS[0]:
        yield Problem(file="", key=key, wrong="nothing is drafted", remedy="Write speculation = 'draft'")
    if len(accepted) > 2 or list(accepted) != sorted(accepted):
        wrong = f"{', '.join(f'{each:g}' for each in accepted)} is no range"
        yield Problem(file="", key=key, wrong=wrong, remedy="Write one number, or P10 and P90 in this order")


def drafted(replica: Replica, speculation: str, accepted: Sequence[float] | None) -> Speculation:
    """Speculation on replicas; what a step gives is the middle of the range stated, or the calibration's."""
    if speculation == SPECULATIONS[0]:
        return NO_SPECULATION
    stated = None if accepted is None else math.sqrt(accepted[0] * accepted[-1])
    found = np.minimum(np.asarray(replica.constants.draft_yield), VERIFIED_TOKENS)
    return Speculation(
        verified=VERIFIED_TOKENS,
        accepted=found if stated is None else np.full_like(found, stated),
        cost=np.asarray(replica.constants.draft_cost),
    )


def accepted_spread(catalog: Catalog, speculation: str, accepted: Sequence[float] | None) -> float:
    """Log standard deviation of what a step gives: of the range stated, P10 to P90, or as models and texts differ."""
    if speculation == SPECULATIONS[0]:
        return 0.0
    if accepted is not None:
        return log_spread_of(accepted[0], accepted[-1])
    return log_spread_of(*spread_figure(catalog).figure.range)


def spread_figure(catalog: Catalog) -> NamedFigure:
    """How far apart what a step gives is between models and texts, over what calibrations say."""
    return assumption_named(catalog, SPREAD)
