"""One task after another, each kept when it is done: what a kill leaves is whole, and the next call goes on from it."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tenfold.quantities import InputError, Problem, Progress
from tenfold.validation.chip.measured import COLLECTIVES, Machine, Measured, Measurement
from tenfold.validation.chip.measuring.tasks import Effort, tasks_of

if TYPE_CHECKING:
    from tenfold.validation.chip.measuring.device import Device

Keep = Callable[[Measured], None]
LONGEST_REASON = 200
FEWEST_SAMPLES = 3
SAMPLING_S = 2.0
"""After which an operation gets no more samples than it has to."""


def measure(
    effort: Effort, keep: Keep, *, before: Measured | None = None, ranks: int | None = None, progress: Progress | None
) -> Measured:
    """Time what the device can do in the time; ``before`` is what an earlier call kept, and is not done again.

    ``ranks`` take part in collectives, the devices there are when None. Raises ``InputError`` where PyTorch is not
    installed, and where the device is another one than before.
    """
    device = _device()
    measured = _begun(device) if before is None else _continued(before, device)
    keep(measured)
    taking = device.count if ranks is None else ranks
    tasks = [task for task in tasks_of(measured.machine, effort, taking) if task.key not in _keys(measured)]
    begun = time.monotonic()
    for done, found in enumerate(_results(device, tasks, effort, taking, begun), start=1):
        measured = replace(measured, timed=(*measured.timed, *found))
        keep(measured)
        if progress is not None:
            progress(done / len(tasks))
    return measured


def _device() -> Device:
    try:
        from tenfold.validation.chip.measuring.device import found_device
    except ModuleNotFoundError:
        wrong, remedy = "PyTorch is not installed", "Install the extra: pip install 'tenfold[measure]'"
        raise InputError(Problem(file="", key="measure", wrong=wrong, remedy=remedy)) from None
    return found_device()


def _begun(device: Device) -> Measured:
    """Describe the machine, before anything is on the device."""
    import torch

    from tenfold.validation.chip.measuring.device import probe_bytes_per_s, probe_flop_per_s

    others, free = device.others_share(), device.free_bytes()
    return Measured(
        machine=Machine(
            device=device.name,
            torch=str(torch.__version__),
            devices=device.count,
            day=datetime.date.today(),  # noqa: DTZ011  (the user's own calendar day is meant)
            probe_flop_per_s=probe_flop_per_s(device),
            probe_bytes_per_s=probe_bytes_per_s(device),
            memory_bytes=free,
            others_share=others,
        )
    )


def _continued(before: Measured, device: Device) -> Measured:
    """What was kept, where this is the same machine. Raises ``InputError`` where it is not."""
    was, now = (before.machine.device, before.machine.devices), (device.name, device.count)
    if was != now:
        wrong = f"{was[1]} × '{was[0]}' was being measured there, and this is {now[1]} × '{now[0]}'"
        raise InputError(Problem(file="", key="out", wrong=wrong, remedy="Name another folder with --out"))
    return before


def _keys(measured: Measured) -> frozenset[str]:
    return frozenset(each.key for each in measured.timed)


def _results(
    device: Device, tasks: Sequence[Measurement], effort: Effort, ranks: int, begun: float
) -> Iterator[tuple[Measurement, ...]]:
    """Results of each task, and of all collectives together; what is left when the time is up is not begun."""
    alone = [task for task in tasks if task.kind not in COLLECTIVES]
    together = [task for task in tasks if task.kind in COLLECTIVES]
    for task in alone:
        if time.monotonic() - begun > effort.budget_s:
            return
        yield (_result(device, task, effort),)
    if together and time.monotonic() - begun <= effort.budget_s:
        from tenfold.validation.chip.measuring.collectives import measured_collectives

        found = measured_collectives(device, together, effort, ranks)
        yield tuple(replace(task, seconds=found[task.key][0], refused=_reason(found[task.key][1])) for task in together)


def _result(device: Device, task: Measurement, effort: Effort) -> Measurement:
    """Time one task; what PyTorch or the device will not do is a result too."""
    from tenfold.validation.chip.measuring.kernels import MAKERS

    try:
        run = MAKERS[task.kind](device, task)
        taken = _lasting if task.kind == "sustained" else _samples
        return replace(task, seconds=taken(device, run, effort))
    except (RuntimeError, NotImplementedError, ValueError) as trouble:
        return replace(task, refused=_reason(str(trouble)) or type(trouble).__name__)
    finally:
        device.clear()


def _reason(text: str) -> str:
    """First line of what went wrong, without what a terminal would act on."""
    line = next(iter(text.splitlines()), "")
    return "".join(letter for letter in line if letter.isprintable())[:LONGEST_REASON]


def _samples(device: Device, run: Callable[[], object], effort: Effort) -> tuple[float, ...]:
    """Samples of one operation, s; fewer where each takes long."""
    from tenfold.validation.chip.measuring.device import repeats_of, timed_s

    repeats, begun = repeats_of(device, run, effort.least_sample_s), time.monotonic()
    taken: list[float] = []
    while len(taken) < effort.samples:
        taken.append(timed_s(device, run, repeats))
        if len(taken) >= FEWEST_SAMPLES and time.monotonic() - begun > SAMPLING_S:
            break
    return tuple(taken)


def _lasting(device: Device, run: Callable[[], object], effort: Effort) -> tuple[float, ...]:
    """Samples of one operation without a pause, s, for as long as the effort says."""
    from tenfold.validation.chip.measuring.device import repeats_of, timed_s

    repeats, begun = repeats_of(device, run, effort.least_sample_s), time.monotonic()
    taken: list[float] = []
    while len(taken) < FEWEST_SAMPLES or time.monotonic() - begun < effort.sustained_s:
        taken.append(timed_s(device, run, repeats))
    return tuple(taken)
