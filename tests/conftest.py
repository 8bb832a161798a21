"""Tests keep nothing in the user's own folder, and read nothing from it."""

from __future__ import annotations

import os
import tempfile

HOME = tempfile.TemporaryDirectory(prefix="tenfold-tests-", ignore_cleanup_errors=True)
os.environ["TENFOLD_HOME"] = HOME.name
