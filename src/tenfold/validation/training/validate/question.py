"""What can be asked about predictions and measured training runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from tenfold.quantities import DataFile, Key


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidateTrainingQuestion:
    """How far are predictions from measured training runs: overall, by chip, source, kind of model and mode?"""

    runs: Annotated[str, DataFile("measured runs")]
    """Measured runs: a CSV (`tenfold schema runs` lists the columns), a log of a run, or a folder of logs."""
    stated: Annotated[tuple[str, ...], Key("set")] = ()
    """What logs do not say, COLUMN=VALUE: chip=h100-sxm, n_chips=64, model=llama-3.1-8b, seq=8192."""
