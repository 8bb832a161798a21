"""Kinds of arrays that equations take and give.

Equations are written once and broadcast, so an argument is a number or a column of them. Importing this module imports
numpy; code that only annotates with these names imports them under ``TYPE_CHECKING``.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
"""Numbers, of the shape the function states."""
Integers = npt.NDArray[np.int64]
"""Whole numbers."""
Indices = npt.NDArray[np.intp]
"""Places in another array."""
Flags = npt.NDArray[np.bool_]
"""One truth for each entry."""
Column = float | Floats
"""A number for one thing, or an array with one entry for each of many."""
