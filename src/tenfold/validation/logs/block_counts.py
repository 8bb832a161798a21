"""Steps of a block of an MLPerf log, from whichever counter its events have.

Submissions count differently: the step itself; samples since the run began, at the start of a block too or, there, in
steps; samples of the block alone; tokens under the name of epochs. No counter is believed alone: a start that does not
go on where the block before stopped is left out, and a counter that is the same at both ends is the block's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tenfold.quantities import finite_of

STEP_KEYS = ("step", "step_num", "iteration_num", "iter_num")
SAMPLE_KEYS = ("samples_count", "sample_count", "num_samples")
LARGEST = 1e18
Metadata = Mapping[str, Any]


def number_of(value: object) -> float | None:
    """A number of JSON, or a number in text, as some submissions write it."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = finite_of(value) if isinstance(value, str) else float(value)
    except OverflowError:
        return None
    return number if number is not None and abs(number) < LARGEST else None


def _first(metadata: Metadata, keys: tuple[str, ...]) -> float | None:
    return next((found for key in keys if (found := number_of(metadata.get(key))) is not None), None)


def steps_of(before: Metadata, start: Metadata, stop: Metadata, batch: float, seq: float) -> float | None:
    """Steps between a block's start and stop; ``before`` is the stop of the block before it, empty for the first.

    None where no counter tells; 0 or less where one goes backwards.
    """
    begun, ended = _first(start, STEP_KEYS), _first(stop, STEP_KEYS)
    begun = _first(before, STEP_KEYS) if begun is None else begun
    if begun is not None and ended is not None:
        return ended - begun
    samples = _samples(*(_first(each, SAMPLE_KEYS) for each in (before, start, stop)))
    return samples / batch if samples is not None else _of_tokens(start, stop, batch, seq)


def _samples(before: float | None, start: float | None, stop: float | None) -> float | None:
    """Samples of a block from what is counted at the stop before it, at its start and at its stop."""
    if stop is None:
        return None
    if start is not None and start == stop:
        return stop
    if before is None:
        return None if start is None else stop - start
    if stop > before:
        return stop - before
    return stop if start is None or start > stop else stop - start


def _of_tokens(start: Metadata, stop: Metadata, batch: float, seq: float) -> float | None:
    """Steps of ``epoch_count`` where it counts tokens: a whole number of batches of sequences."""
    count = number_of(stop.get("epoch_count"))
    count = number_of(start.get("epoch_count")) if count is None else count
    tokens = batch * seq
    if count is None or tokens <= 0.0 or count < tokens or (count / tokens) % 1.0:
        return None
    return count / tokens
