"""What an answer becomes as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What an answer becomes with ``--out``: one file, or files in a folder."""

    folder: bool
    texts: Callable[[Any], Mapping[str, str | bytes]]
    """Texts of an answer by path in the folder; the one file has none, and may be no text."""
    joined: Callable[[str, str, str], str] | None
    """Path, text, and text that is there already → what the file becomes; None where it is written over."""
    asks: Mapping[str, object] = field(default_factory=dict)
    """What has to be asked so that there is something to write, by field."""
    suffix: str = ""
    """How the name of the one file ends; any way where empty."""
