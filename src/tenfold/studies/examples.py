"""The example files: beside ``src`` in a checkout, inside the package where it is installed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import tenfold
from tenfold.studies.ask import data_field
from tenfold.studies.questions import QUESTIONS, address_of


def examples_folder() -> Path:
    """Folder of the examples."""
    installed = Path(tenfold.__file__).parent / "examples"
    return installed if installed.is_dir() else Path(tenfold.__file__).parents[2] / "examples"


def example_of(name: str) -> Path:
    """File that shows how to ask a question."""
    return examples_folder() / QUESTIONS[name].example


def example_files(name: str) -> tuple[str, dict[str, str]]:
    """Text of the file to start from, which says what it asks, and the data it names, by their path beside it."""
    path = example_of(name)
    text = path.read_text(encoding="utf-8")
    tree = tomllib.loads(text)
    if "question" not in tree:
        text = f'question = "{address_of(name)}"\n{text}'
    field = data_field(name)
    named = tree.get(field.key) if field is not None else None
    data = {named: (path.parent / named).read_text(encoding="utf-8")} if isinstance(named, str) else {}
    return text, data
