"""Tests keep nothing in the user's own folder, read nothing from it, use a core each, and compile what starts once."""

from __future__ import annotations

import gc
import os
import sys
import tempfile

from hypothesis import HealthCheck, settings

HOME = tempfile.TemporaryDirectory(prefix="tenfold-tests-", ignore_cleanup_errors=True)
os.environ["TENFOLD_HOME"] = HOME.name
# Compiled modules are kept, as they are wherever this is installed: a process that a test starts compiles nothing.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
# Before numpy is there: workers share the cores, and threads of several would wait for one another.
os.environ["OPENBLAS_NUM_THREADS"] = "1"
# As the command line does: circles are few, and what tests and the catalog hold is not walked again and again for them.
gc.set_threshold(50_000, 20, 100)
# The first number that is drawn in a fresh clone waits until every module was read for constants: no property's fault.
settings.register_profile("patient", parent=settings(), suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
