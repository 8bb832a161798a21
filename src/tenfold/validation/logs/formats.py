"""Which program wrote a log."""

from __future__ import annotations

import re
from pathlib import Path

from tenfold.validation.logs.console import CONSOLES
from tenfold.validation.logs.lines import log_error, log_lines
from tenfold.validation.logs.mlperf import MARK

LogFormat = str
"""Name of a kind of log, one of ``FORMATS``."""
FORMATS: tuple[LogFormat, ...] = ("megatron", "mllog", "nccl", *CONSOLES)
_MARKS: tuple[tuple[LogFormat, re.Pattern[str]], ...] = (
    ("mllog", re.compile(re.escape(MARK))),
    ("megatron", re.compile(r"elapsed time per iteration \(|-{3,} arguments -{3,}")),
    ("nccl", re.compile(r"#.*\balgbw\s+busbw\b|\"bus_bw\"\s*:|# (?:nccl|rccl)-tests\b")),
    *((name, re.compile(console.mark)) for name, console in CONSOLES.items()),
)


def format_of(path: Path) -> LogFormat:
    """The format of the first line that shows one; MLPerf's wins in a file that has it, since Megatron may run below.

    Raises ``InputError`` for a file that shows none.
    """
    seen: LogFormat | None = None
    for line in log_lines(path):
        for name, mark in _MARKS:
            if mark.search(line.text):
                if name == "mllog":
                    return name
                seen = seen or name
    if seen is None:
        remedy = f"Give a log of one of these, or say which with --format: {', '.join(FORMATS)}"
        raise log_error(str(path), None, "no line of a known kind of log", remedy)
    return seen
