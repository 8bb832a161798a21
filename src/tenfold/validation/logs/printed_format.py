"""The number format of a run, from the arguments that its program printed at its start."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SAID = re.compile(
    r"(?<![A-Za-z])(fp4|fp8|nvfp4|mxfp8)(?:_format|_hybrid|_e4m3)?['\"]?\s*[=:]\s*['\"]?([A-Za-z0-9_]+)", re.IGNORECASE
)
_RECIPE = re.compile(r"(?:fp8_recipe|fp8_params|fp4_recipe)['\"]?\s*[=:]\s*['\"]?(mxfp8|nvfp4|mxfp4)", re.IGNORECASE)
_NO = frozenset(("false", "none", "null", "0", "no", "off", "bf16", "fp32"))
LONGEST = 200_000
"""Characters of a line that are looked at; a program prints all its arguments on one."""


@dataclass(slots=True)
class PrintedFormat:
    """What printed lines say; a format that is on anywhere counts, the narrowest first."""

    fp4: bool = False
    fp8: bool = False
    denied: bool = False
    recipe: str = ""

    def look(self, text: str) -> None:
        """Look at one line."""
        if "fp4" not in text and "fp8" not in text and "FP4" not in text and "FP8" not in text:
            return
        for name, value in _SAID.findall(text[:LONGEST]):
            on = value.casefold() not in _NO
            self.fp4 |= on and name.casefold().endswith("fp4")
            self.fp8 |= on and name.casefold().endswith("fp8")
            self.denied |= not on
            self.recipe = name.casefold() if on and name.casefold() in ("nvfp4", "mxfp8") else self.recipe
        if found := _RECIPE.search(text[:LONGEST]):
            self.recipe = found[1].casefold()

    @property
    def precision(self) -> str:
        """The format, or nothing where no line says one; 16 bits where all narrow ones are off."""
        if self.fp4:
            return "mxfp4" if self.recipe == "mxfp4" else "nvfp4"
        if self.fp8:
            return "mxfp8" if self.recipe == "mxfp8" else "fp8"
        return "bf16" if self.denied else ""
