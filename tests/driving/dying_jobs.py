"""Jobs whose worker dies the first time."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path


def once(job: tuple[int, int]) -> int:
    """Give the number of a job; the third ends its worker when it is first tried."""
    number, owner = job
    mark = Path(tempfile.gettempdir()) / f"tenfold-died-{owner}"
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 5:
        mark.unlink(missing_ok=True)
    return number
