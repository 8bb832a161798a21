"""What a task of one device runs: a function without arguments that does the operation once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch.nn import functional

from tenfold.validation.chip.measured import Measurement
from tenfold.validation.chip.measuring.device import DTYPES, Device
from tenfold.validation.chip.measuring.transformer import decode, train_step

Run = Callable[[], object]


class NotOnThisDeviceError(RuntimeError):
    """Why an operation means nothing on a device."""


def product(device: Device, task: Measurement) -> Run:
    """A product of m × k by k × n into 16 bits."""
    m, n, k = (round(task.sizes[name]) for name in ("m", "n", "k"))
    a, b = device.numbers(m, k), device.numbers(n, k).t()
    if task.format == "bf16":
        out = torch.empty(m, n, device=device.device, dtype=torch.bfloat16)
        return lambda: torch.mm(a, b, out=out)
    narrow = DTYPES[task.format]
    one = torch.ones((), device=device.device)
    left, right = a.to(narrow), b.to(narrow)
    return lambda: torch._scaled_mm(left, right, scale_a=one, scale_b=one, out_dtype=torch.bfloat16)


def attention(device: Device, task: Measurement) -> Run:
    """Causal attention forward."""
    q, k, v = _heads(device, task)

    def run() -> object:
        with torch.no_grad():
            return functional.scaled_dot_product_attention(q, k, v, is_causal=True)

    return run


def attention_both(device: Device, task: Measurement) -> Run:
    """The same forward and backward."""
    q, k, v = (each.requires_grad_() for each in _heads(device, task))
    gradient = torch.ones_like(q)

    def run() -> object:
        out = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        return torch.autograd.grad(out, (q, k, v), gradient)

    return run


def _heads(device: Device, task: Measurement) -> tuple[torch.Tensor, ...]:
    shape = [round(task.sizes[name]) for name in ("batch", "heads", "tokens", "width")]
    return tuple(device.numbers(*shape) for _ in range(3))


def memory(device: Device, task: Measurement) -> Run:
    """A copy within the memory: half of the bytes are read, half written."""
    there = torch.zeros(round(task.sizes["bytes"]) // 4, device=device.device, dtype=torch.bfloat16)
    other = torch.empty_like(there)
    return lambda: other.copy_(there)


def launch(device: Device, task: Measurement) -> Run:
    """The smallest operation there is."""
    del task
    few = torch.zeros(8, device=device.device)
    return lambda: few.add_(1.0)


def copy_in(device: Device, task: Measurement) -> Run:
    """A copy from the host."""
    there, here = _both_sides(device, task)
    return lambda: there.copy_(here, non_blocking=True)


def copy_out(device: Device, task: Measurement) -> Run:
    """A copy to the host."""
    there, here = _both_sides(device, task)
    return lambda: here.copy_(there, non_blocking=True)


def _both_sides(device: Device, task: Measurement) -> tuple[torch.Tensor, torch.Tensor]:
    """Memory of the device, and of the host that the device can read by itself."""
    if device.is_host:
        raise NotOnThisDeviceError("the device is the host")
    elements = round(task.sizes["bytes"]) // 2
    here = torch.zeros(elements, dtype=torch.bfloat16, pin_memory=True)
    return torch.empty(elements, device=device.device, dtype=torch.bfloat16), here


MAKERS: Mapping[str, Callable[[Device, Measurement], Run]] = {
    "matmul": product,
    "sustained": product,
    "attention": attention,
    "attention_both": attention_both,
    "memory": memory,
    "launch": launch,
    "copy_in": copy_in,
    "copy_out": copy_out,
    "train_step": train_step,
    "decode": decode,
}
