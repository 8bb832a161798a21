"""What somebody says beside a configuration: what it leaves to a launcher, a tokenizer, a script's arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tenfold.quantities import InputError, Problem, shown, visible

OPTION = "--set"
OWN_SIZES = "the model is the one named: the file's own sizes are left out of account"
"""Assumed where a file has sizes of its own and a model is named beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """Stands over what a file says."""

    settings: Mapping[str, str] = field(default_factory=dict)
    """Variables of a script, or settings by the tool's own names."""
    micro_batch: int | None = None
    global_batch: int | None = None
    precision: str | None = None
    model: bool = False
    """Whether the model is named, so that the file's own is not needed."""


NOTHING = Stated()


def settings_in(pairs: tuple[str, ...]) -> dict[str, str]:
    """Settings given as ``NAME=VALUE``. Raises ``InputError`` for every one that is none."""
    split = [pair.partition("=") for pair in pairs]
    bad = [name for name, sign, _ in split if not sign or not name.strip()]
    if bad:
        remedy = f"Write {OPTION} NAME=VALUE, such as {OPTION} TP=2"
        raise InputError(
            Problem(file="", key="set", wrong=f"{shown(name)} is no setting with its value", remedy=remedy)
            for name in bad
        )
    return {name.strip(): value for name, _, value in split}


def how_to_give(names: tuple[str, ...]) -> str:
    """Say how to give what nobody sets."""
    return "Give " + " ".join(f"{OPTION} {visible(name)}=…" for name in names[:4])
