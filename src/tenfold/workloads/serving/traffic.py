"""What is asked of a service: how long requests are, how many come or wait, how much of a prompt is known already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tenfold.quantities import Column


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Requests as a replica sees them. Every field broadcasts."""

    prompt_tokens: Column
    """Mean tokens of a prompt (ISL)."""
    output_tokens: Column
    """Mean tokens of an answer (OSL)."""
    prefix_share: Column = 0.0
    """Share of a prompt whose cache is there already: its prefill is skipped, its memory shared."""

    @property
    def new_tokens(self) -> Column:
        """Tokens of a prompt that have to be prefilled."""
        return self.prompt_tokens * (1.0 - self.prefix_share)

    @property
    def mean_context(self) -> Column:
        """Tokens that an output token attends to, on average over the answer."""
        return self.prompt_tokens + 0.5 * self.output_tokens
