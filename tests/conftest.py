"""Tests keep nothing in the user's own folder, read nothing from it, and use a core each."""

from __future__ import annotations

import os
import tempfile

HOME = tempfile.TemporaryDirectory(prefix="tenfold-tests-", ignore_cleanup_errors=True)
os.environ["TENFOLD_HOME"] = HOME.name
# Before numpy is there: workers share the cores, and threads of several would wait for one another.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
