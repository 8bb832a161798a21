"""A fit to measured serving as a file of a catalog: ``calibrations/*.toml``."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from tenfold.performance.serving import TOPIC
from tenfold.validation.serving.calibrate.answer import CalibrateServingAnswer

SOURCE = "measured-serving-runs"
DIGITS = 5


def calibration_toml(answer: CalibrateServingAnswer, as_of: datetime.date) -> str:
    """Every fitted constant as a measured figure with its posterior P10 and P90; the spreads and their evidence."""
    lines = [
        f'topic = "{TOPIC}"',
        f'notes = ["Fitted to {answer.used} measured numbers by: tenfold calibrate serving RUNS --out FILE"]',
        "rows = [",
        *(f'    "{each}",' for each in answer.ids),
        "]",
        "",
        "[constants]",
        *(f"{_key(key)} = {{ {_values(key, answer)}, {_measured(as_of)} }}" for key in answer.constants),
        *_beside(answer, as_of),
    ]
    return "\n".join(lines) + "\n"


def _beside(answer: CalibrateServingAnswer, as_of: datetime.date) -> Iterator[str]:
    """Spreads of errors, and the rows that stand behind the constants."""
    for values, digits in ((answer.log_spread, 4), (answer.evidence, 8)):
        for key, value in sorted(values.items()):
            yield f"{_key(key)} = {{ value = {value:.{digits}g}, {_measured(as_of)} }}"


def _values(key: str, answer: CalibrateServingAnswer) -> str:
    found, seconds = answer.constant_ranges[key], key.startswith("all.") and key.endswith("_s")
    parts = {"value": found.p50, "low": found.p10, "high": found.p90}
    return ", ".join(f"{part} = {_number(value, seconds)}" for part, value in parts.items())


def _number(value: float, seconds: bool) -> str:
    text = f"{value:.{DIGITS}g}"
    return f'"{text} s"' if seconds else text


def _measured(as_of: datetime.date) -> str:
    return f'kind = "measured", source = "{SOURCE}", as_of = "{as_of}"'


def _key(dotted: str) -> str:
    return ".".join(part if _bare(part) else f'"{part}"' for part in dotted.split("."))


def _bare(part: str) -> bool:
    return part.replace("-", "").replace("_", "").isalnum() and part.isascii() and not part[:1].isdigit()
