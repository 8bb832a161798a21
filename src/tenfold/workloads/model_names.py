"""The model somebody names: a key of the catalog, or the path of a HuggingFace ``config.json``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tenfold.quantities import CatalogError, InputError, Named, Place, Problem, parse_quantity, shown
from tenfold.workloads.scaled import SCALED, scaled_model

if TYPE_CHECKING:
    from tenfold.catalog import Catalog, ModelRecord


def is_config_path(name: str) -> bool:
    """Tell whether a model is named by the path of a file: it ends in ``.json`` or holds a slash."""
    return name.endswith(".json") or "/" in name or "\\" in name


def find_model(catalog: Catalog, name: str) -> ModelRecord:
    """Give the model of the catalog with this name, scaled where it says so, or the one that the file here describes.

    Raises ``CatalogError`` with the nearest name for an unknown model, ``InputError`` for a file that cannot be used.
    """
    if not is_config_path(name):
        base, scaled, size = name.partition(SCALED)
        return scaled_model(catalog.model(base), size, "model") if scaled else catalog.model(base)
    from tenfold.workloads.huggingface import load_huggingface_config

    return load_huggingface_config(Path(name))


HUB_STARTS = ("meta-", "nvidia-")
"""Makers that write their own name before that of a model of theirs [huggingface.co/meta-llama, /nvidia, 2026-11]."""
HUB_ENDINGS = ("-instruct", "-chat", "-base", "-hf", "-it", "-pt", "-bf16", "-fp8", "-nvfp4")
"""How hubs end the names of models that were tuned, or kept in a format, and have the shape of the model itself."""


def model_on_hub(catalog: Catalog, name: str) -> ModelRecord | None:
    """Give the model that is called so on a hub, whoever keeps it there; None where the catalog has none."""
    wanted = name.rpartition("/")[2].casefold()
    for start in HUB_STARTS:
        wanted = wanted.removeprefix(start)
    while wanted:
        try:
            return catalog.model(wanted)
        except CatalogError:
            ending = next((each for each in HUB_ENDINGS if wanted.endswith(each)), "")
            wanted = wanted.removesuffix(ending) if ending else ""
    return None


USUAL_SEQUENCE = 8192


def usual_sequence_length(model: ModelRecord) -> int:
    """Tokens per sequence where nobody states them: the model's own, 8,192 at most."""
    return min(model.max_sequence or USUAL_SEQUENCE, USUAL_SEQUENCE)


@dataclass(frozen=True, slots=True)
class ModelName:
    """What a field that names a model may hold; a path is kept as it is found from here."""

    folder: str = "models"

    def read(self, raw: Any, place: Place) -> str:  # noqa: ANN401  (any TOML value)
        """Key of the model, or the path of its configuration, which is read once to see that it can be."""
        name = Named(self.folder).read(raw, Place(file=place.file, key=place.key))
        if SCALED in name and not is_config_path(name):
            return self._scaled(name, place)
        if not is_config_path(name):
            return Named(self.folder).read(raw, place)
        if "\0" in name:
            raise InputError(
                Problem(
                    file=place.file, key=place.key, wrong=f"{shown(name)} is no path", remedy="Write config.json's path"
                )
            )
        path = (place.folder / name).as_posix()
        from tenfold.workloads.huggingface import load_huggingface_config

        load_huggingface_config(Path(path))
        return path

    def _scaled(self, name: str, place: Place) -> str:
        """A model scaled to a size, such as llama-3.1-8b@70B."""
        base, _, size = name.partition(SCALED)
        parse_quantity(size, "parameters", file=place.file, key=place.key)
        return f"{Named(self.folder).read(base, place)}{SCALED}{size}"

    def schema(self) -> dict[str, Any]:
        """Text."""
        return {"type": "string", "minLength": 1, "catalog": self.folder}

    def words(self) -> tuple[str, ...]:
        """Completed from the catalog's own files."""
        return ()
