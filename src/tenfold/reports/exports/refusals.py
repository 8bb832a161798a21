"""What a tool cannot run at all, said as errors with what to type instead."""

from __future__ import annotations

from tenfold.quantities import InputError, Problem


def refuse(tool: str, wrong: str, remedy: str) -> InputError:
    """Make the error of an export that cannot be right."""
    return InputError(Problem(file=f"--to {tool}", key="", wrong=wrong, remedy=remedy))
