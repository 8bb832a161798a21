"""Figures changed on the page, as an overlay of the catalog: files of the user's data folder, named by content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tenfold.catalog.store import data_folder
from tenfold.quantities import InputError, Problem
from tenfold.studies import overlay_texts

if TYPE_CHECKING:
    from tenfold.catalog import Catalog

MOST = 50
"""Changes at once."""


def overlay_of(changes: Mapping[str, str], catalog: Catalog) -> Path:
    """Folder of the overlay, made where it is not there. Raises ``InputError`` with every change that cannot be."""
    if len(changes) > MOST:
        raise InputError(Problem(file="changes", key="", wrong="too many", remedy=f"Change {MOST} figures at most"))
    try:
        texts = overlay_texts(changes, catalog, "Changed on the page")
    except InputError as trouble:
        raise InputError(replace(each, file="changes") for each in trouble.problems) from None
    digest = hashlib.sha256(json.dumps(texts, sort_keys=True).encode()).hexdigest()[:12]
    folder = data_folder() / "changes" / digest
    for file, text in texts.items():
        place = folder / file
        if not place.exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
    return folder
