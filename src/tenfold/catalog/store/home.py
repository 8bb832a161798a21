"""Where Tenfold keeps what a user gives it: the folder ``TENFOLD_HOME`` names, or the system's place for user data."""

from __future__ import annotations

import os
from pathlib import Path

VARIABLE = "TENFOLD_HOME"


def data_folder() -> Path:
    """Folder of the user's data; it may not exist yet. Nothing is written."""
    named = os.environ.get(VARIABLE, "")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("tenfold", appauthor=False)
