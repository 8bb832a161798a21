"""Which program wrote a log."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal, get_args

from tenfold.validation.logs.lines import log_error, log_lines
from tenfold.validation.logs.mlperf import MARK

LogFormat = Literal["megatron", "mllog", "nccl"]
FORMATS: tuple[str, ...] = get_args(LogFormat)
_MARKS: tuple[tuple[LogFormat, re.Pattern[str]], ...] = (
    ("mllog", re.compile(re.escape(MARK))),
    ("megatron", re.compile(r"elapsed time per iteration \(|-{3,} arguments -{3,}")),
    ("nccl", re.compile(r"#.*\balgbw\s+busbw\b|\"bus_bw\"\s*:|# (?:nccl|rccl)-tests\b")),
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
        remedy = f"Give a log of Megatron-LM, MLPerf or nccl-tests, or --format, one of {', '.join(FORMATS)}"
        raise log_error(str(path), None, "no line of a known kind of log", remedy)
    return seen
