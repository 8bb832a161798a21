"""The command line: ``tenfold``.

* ``app``: the commands and how they are joined. One file for each command or group of commands beside it.
* ``options``: options that commands share, and what a shell completes them with.
* ``failures``: exceptions to lines on stderr and exit codes: 2 for broken input, 130 for Ctrl-C.
* ``output``: JSON and tables to stdout, progress to stderr. ``files``: whole files or none.

A command imports the rooms it calls inside its function, so that ``tenfold --help`` starts in no time.
"""

from __future__ import annotations

import gc
import os
import sys

ONE_THREAD = "OPENBLAS_NUM_THREADS"
"""Matrices are small: threads of the linear algebra wait for one another longer than they work, and the last digits of
a sum hang on how many there are. What the user sets holds."""
COLLECTED_AFTER = (50_000, 20, 100)
"""Objects that are new, and rounds, before the collector looks for circles: an answer is records and arrays, which have
none, and walking the catalog for them again and again takes a twentieth of a plan."""


def main() -> None:
    """Run the command line on the arguments of the process, and exit."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")
    os.environ.setdefault(ONE_THREAD, "1")
    gc.set_threshold(*COLLECTED_AFTER)
    try:
        from tenfold.interfaces.cli.app import app

        app()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing was written\n")
        sys.exit(130)
