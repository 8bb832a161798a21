"""How far a log has come: steps with their times, whatever tool wrote it."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from tenfold.quantities import whole_of
from tenfold.validation.logs.lines import log_error, log_lines

STEP = re.compile(
    r"(?:\biteration|\bglobal_step|completed step|\bstep)[\s:=]+([0-9]{1,15})"
    r"|\[batch=([0-9]{1,15})/|\b([0-9]{1,15})/[0-9]{1,15} \["
)
TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-9]{2}:[0-9]{2}:[0-9]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """First and last step that a log shows, and when."""

    first_step: int
    last_step: int
    first: datetime.datetime | None
    last: datetime.datetime | None

    @property
    def elapsed_s(self) -> float | None:
        """Seconds between them; None where the lines have no time."""
        if self.first is None or self.last is None or self.last <= self.first:
            return None
        return (self.last - self.first).total_seconds()


def progress_of(path: Path) -> Progress:
    """Progress of a log. Raises ``InputError`` for one that shows no step."""
    steps: list[int] = []
    times: list[datetime.datetime] = []
    for line in log_lines(path):
        found = STEP.search(line.text[:4_000])
        number = whole_of(found[1] or found[2] or found[3]) if found is not None else None
        if number is None:
            continue
        steps = [steps[0], max(steps[-1], number)] if steps else [number, number]
        moment = _time_in(line.text[:4_000])
        if moment is not None:
            times = [times[0], moment] if times else [moment, moment]
    if not steps:
        raise log_error(str(path), None, "no line shows a step", "Give the output of a training run")
    return Progress(
        first_step=steps[0],
        last_step=steps[1],
        first=times[0] if times else None,
        last=times[1] if times else None,
    )


def _time_in(text: str) -> datetime.datetime | None:
    found = TIME.search(text)
    if found is None:
        return None
    try:
        return datetime.datetime.fromisoformat(f"{found[1]}T{found[2]}")
    except ValueError:
        return None
