"""Arrays of the race: single precision, the draws on the last axis, so that a world's number broadcasts over players.

NumPy's own types cannot say that an equation takes a number, a column or a cube alike, so they are not said here;
shapes stand in the docstrings.
"""

from __future__ import annotations

from typing import Any, TypeAlias

Array: TypeAlias = Any
"""Numbers, columns or cubes; single precision in the kernel, double in tests."""
Draws: TypeAlias = Any
"""An array in single precision."""
