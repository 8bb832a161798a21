"""A question that takes longer than a page may wait: a study of one answer, kept with what its page draws.

``python -m tenfold.interfaces.web.long KEY`` works on it, in a process that the server starts.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tenfold.catalog import load_catalog
from tenfold.interfaces.web.drawing import report_text
from tenfold.studies import heard_here, keep_report, kept_study, sweep


def answer_at_length(key: str) -> None:
    """Answer a study of one cell, unless it is answered."""
    study = kept_study(key).study

    def keep(answer: object) -> None:
        catalog = load_catalog([Path(each) for each in study.overlays])
        keep_report(key, report_text(study.name, study.tree, answer, catalog))

    sweep(study, heard_here(keep))


if __name__ == "__main__":
    answer_at_length(sys.argv[1])
