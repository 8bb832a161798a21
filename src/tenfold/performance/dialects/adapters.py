"""Adapters beside frozen weights, as configurations of libraries of adapters say them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tenfold.performance.dialects.settings import Settings
from tenfold.workloads import FULL, LORA, QLORA

OF_LORA = re.compile(r"(?:^|[._])lora(?:[._]|$)")
"""Kind of adapter, or the path of its class, in small letters."""


@dataclass(frozen=True, slots=True)
class AdapterKeys:
    """Settings of a tool: the kind of adapter, and whether the weights beside it are held in 4 or in 8 bits."""

    kind: str
    in_4_bits: str
    in_8_bits: str


def tuning_in(settings: Settings, keys: AdapterKeys, *, adapters: bool) -> str:
    """What is trained, where the file sets up ``adapters`` or not. Reports what is not known here."""
    narrow = settings.flag(keys.in_4_bits, False)
    if adapters and not OF_LORA.search(settings.text(keys.kind, LORA).casefold()):
        settings.report(keys.kind, "adapters other than LoRA's are not known here", "Take it out")
    if settings.flag(keys.in_8_bits, False):
        wrong = "weights in 8 bits beside adapters are not known here"
        settings.report(keys.in_8_bits, wrong, "Load them in 4 bits or in 16")
    if narrow and not adapters:
        settings.report(keys.in_4_bits, "weights in 4 bits cannot be trained themselves", "Train adapters beside them")
    return QLORA if narrow else LORA if adapters else FULL
