"""The model of a goal: a key of the catalog, or the path of a HuggingFace ``config.json``."""

from __future__ import annotations

from pathlib import Path

from tenfold.catalog import Catalog, ModelRecord


def is_config_path(name: str) -> bool:
    """Tell whether a model is named by the path of a file: it ends in ``.json`` or holds a slash."""
    return name.endswith(".json") or "/" in name or "\\" in name


def find_model(catalog: Catalog, name: str) -> ModelRecord:
    """Give the model of the catalog with this name, or the one that the file at this path describes.

    Raises ``CatalogError`` with the nearest name for an unknown model, ``InputError`` for a file that cannot be used.
    """
    if not is_config_path(name):
        return catalog.model(name)
    from tenfold.workloads.huggingface import load_huggingface_config

    return load_huggingface_config(Path(name))
