"""The global batch that somebody states: a count of sequences, or tokens, of which whole sequences are made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tenfold.quantities import MOST, InputError, Place, Problem, Whole, format_quantity, parse_quantity, shown

TOLERANCE = 0.05
"""How far a batch given in tokens may be moved to a count of sequences that divides well."""
SEQUENCES = Whole(most=MOST, unit="sequences")


@dataclass(frozen=True, slots=True)
class GlobalBatch:
    """What a field that states a global batch may hold: a count of sequences, or text in tokens, kept as it is said."""

    def read(self, raw: Any, place: Place) -> int | str:  # noqa: ANN401  (any TOML value)
        """Count of sequences; of tokens the text, since what becomes of them depends on their sequences."""
        if unit_of(raw, place) == "sequences":
            return SEQUENCES.read(raw, place)
        parse_quantity(raw, "tokens", file=place.file, key=place.key)
        return str(raw)

    def schema(self) -> dict[str, Any]:
        """A count, or text with its unit."""
        return {"type": ["integer", "string"], "examples": ["16M tokens", "2048 sequences", 2048]}

    def words(self) -> tuple[str, ...]:
        """No list of words."""
        return ()


def global_batch_sequences(
    stated: str | int | float, sequence_length: int, *, file: str = "", key: str = ""
) -> tuple[int, str]:
    """Sequences of a batch given as sequences or as tokens, and a note when tokens had to be rounded.

    Tokens that are whole sequences are kept. Others become the count within 5 % that the largest power of two
    divides, because data-parallel replicas and micro-batches have to divide it: 16M tokens of 8,192 are 2,048.
    Raises ``InputError`` at ``file`` and ``key`` for what is no batch.
    """
    place = Place(file=file, key=key)
    if unit_of(stated, place) == "sequences":
        return SEQUENCES.read(stated, place), ""
    exact = parse_quantity(stated, "tokens", file=file, key=key) / sequence_length
    if not SEQUENCES.least <= round(exact) <= SEQUENCES.most:
        least, most = (format_quantity(end * sequence_length, "tokens") for end in (SEQUENCES.least, SEQUENCES.most))
        wrong = f"{shown(stated)} is too {'small' if exact < 1 else 'large'}"
        raise place.refusal(wrong, f"Write a value from {least} to {most}")
    if exact == round(exact):
        return int(exact), ""
    count = _divisible_near(exact)
    note = (
        f"global_batch: {shown(stated)} is not a whole number of sequences of {sequence_length:,} tokens; "
        f"planned with {count:,} sequences ({format_quantity(count * sequence_length, 'tokens')})"
    )
    return count, note


def unit_of(stated: object, place: Place) -> str:
    """Unit a batch is given in; plain numbers are sequences, "16M" could be either and is refused."""
    if not isinstance(stated, str) or stated.strip().replace(",", "").isdigit():
        return "sequences"
    for word, unit in (("tok", "tokens"), ("seq", "sequences")):
        if word in stated.lower():
            return unit
    wrong, remedy = f"{shown(stated)} has no unit", "Write it like '16M tokens' or '2048 sequences'"
    raise InputError(Problem(file=place.file, key=place.key, wrong=wrong, remedy=remedy))


def _divisible_near(exact: float) -> int:
    """Count within 5 % of ``exact`` that the largest power of two divides; the nearest whole number failing that."""
    power = 1 << int(exact).bit_length()
    while power > 1:
        count = round(exact / power) * power
        if count > 0 and abs(count / exact - 1.0) <= TOLERANCE:
            return count
        power //= 2
    return max(round(exact), 1)
