"""The device that PyTorch finds: any accelerator it knows, else the host. Its name, memory, clock and formats."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

PROBE_S = 0.002
"""A probe is made larger until it takes as long."""
PROBE_GAIN = 1.5
"""And until twice the side gives less than so much more speed."""
PROBE_BYTES = 2**26
SIDES = tuple(2**power for power in range(7, 15))
DTYPES = {"bf16": torch.bfloat16, "fp8": torch.float8_e4m3fn}
MOST_REPEATS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device and how to wait for it."""

    device: Any
    module: Any
    """Of PyTorch, for this kind of device."""

    @property
    def is_host(self) -> bool:
        """Whether it is the host's own processor."""
        return bool(self.device.type == "cpu")

    @property
    def count(self) -> int:
        """Devices of this kind; the host is one."""
        return 1 if self.is_host else int(self.module.device_count())

    @property
    def name(self) -> str:
        """As the driver names it."""
        named = getattr(self.module, "get_device_name", None)
        return str(named(0)) if named is not None else f"{self.device.type} of the host"

    def wait(self) -> None:
        """Until all that was begun is done."""
        if not self.is_host:
            torch.accelerator.synchronize()

    def clear(self) -> None:
        """Give memory back that is held for later."""
        empty = getattr(self.module, "empty_cache", None)
        if empty is not None:
            empty()

    def numbers(self, *shape: int) -> Any:  # noqa: ANN401  (a tensor)
        """Random numbers in 16 bits."""
        return torch.randn(*shape, device=self.device, dtype=torch.bfloat16)

    def free_bytes(self) -> float:
        """Memory that can be had now."""
        if self.is_host:
            return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES"))
        return float(self.module.mem_get_info()[0])

    def others_share(self) -> float:
        """Share that others use: of a device's memory, of the host's cores."""
        if self.is_host:
            return min(os.getloadavg()[0] / (os.cpu_count() or 1), 1.0)
        free, total = self.module.mem_get_info()
        return 1.0 - float(free) / float(total)


def found_device() -> Device:
    """The accelerator there is, or the host."""
    there = torch.accelerator.is_available()
    device = torch.accelerator.current_accelerator() if there else torch.device("cpu")
    return Device(device=device, module=torch.get_device_module(device))


def timed_s(device: Device, run: Callable[[], object], repeats: int) -> float:
    """Time of one of some repeats, s, the device waited for before and after."""
    device.wait()
    begun = time.perf_counter()
    for _ in range(repeats):
        run()
    device.wait()
    return (time.perf_counter() - begun) / repeats


def repeats_of(device: Device, run: Callable[[], object], least_s: float) -> int:
    """How often an operation is repeated so that a sample is long enough; it has run twice then."""
    timed_s(device, run, 1)
    once_s = timed_s(device, run, 1)
    return max(1, min(round(least_s / max(once_s, 1e-9)), MOST_REPEATS))


def probe_flop_per_s(device: Device) -> float:
    """Speed of square products that take a while, made larger until they run no faster."""
    best = 0.0
    for side in SIDES:
        a, b = device.numbers(side, side), device.numbers(side, side)
        timed_s(device, lambda a=a, b=b: a @ b, 1)  # type: ignore[misc]
        took_s = timed_s(device, lambda a=a, b=b: a @ b, 3)  # type: ignore[misc]
        speed = 2.0 * side**3 / took_s
        if took_s > PROBE_S and speed < PROBE_GAIN * best:
            break
        best = max(best, speed)
    return best


def probe_bytes_per_s(device: Device) -> float:
    """Speed of a first stream, read and written."""
    a = torch.zeros(PROBE_BYTES // 2, device=device.device, dtype=torch.bfloat16)
    b = torch.empty_like(a)
    timed_s(device, lambda: b.copy_(a), 1)
    return 2.0 * PROBE_BYTES / timed_s(device, lambda: b.copy_(a), 5)
