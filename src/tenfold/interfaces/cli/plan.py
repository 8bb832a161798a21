"""Seeds of the commands that are not yet made from their record; goes with the last of them."""

from __future__ import annotations

LARGEST_SEED = 2**63 - 1


def check_seed(seed: int | None) -> None:
    """Raise ``InputError`` for a seed that is none."""
    from tenfold.quantities import InputError, Problem, shown

    if seed is not None and not 0 <= seed <= LARGEST_SEED:
        remedy = f"Give a whole number from 0 to {LARGEST_SEED:,}"
        raise InputError(Problem(file="--seed", key="", wrong=f"{shown(seed)} is no seed", remedy=remedy))
