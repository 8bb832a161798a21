"""Arrays of the race: single precision, the draws on the last axis, so that a world's number broadcasts over players."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
"""Numbers in single precision in the kernel, in double precision in tests."""
Draws = npt.NDArray[np.float32]
