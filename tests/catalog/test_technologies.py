"""Technologies that people name: each acts through things that are there, or says why it acts through none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenfold.catalog import Catalog, load_catalog
from tenfold.quantities import CatalogError
from tenfold.reliability import CHECKPOINTS
from tenfold.reliability.recoveries import DETECTIONS, RECOVERIES

CATALOG = load_catalog()
POLICIES = {"checkpointing": CHECKPOINTS, "recovery": RECOVERIES, "detection": DETECTIONS}


def is_there(catalog: Catalog, name: str) -> bool:
    folder, _, rest = name.partition("/")
    if folder == "policies":
        part, _, policy = rest.partition("/")
        return policy in POLICIES[part]
    if "/" in rest or folder == "assumptions":
        return catalog.figure_of(name) is not None
    return rest in catalog.known(folder)


@pytest.mark.parametrize("key", sorted(CATALOG.technologies))
def test_what_a_technology_acts_through_is_there(key: str) -> None:
    technology = CATALOG.technologies[key]
    assert all(is_there(CATALOG, name) for name in technology.acts_through)
    assert bool(technology.acts_through) != bool(technology.acts_not)


NAMED = (
    "Borg, Singularity, Pathways, MegaScaler, DCGM, BaseCommand, Jupiter, OCS, ICI, NVLink, Spectrum-X, InfiniBand, "
    "Triton, JAX/XLA, Neuron, ROCm, CANN, MX v1.0, CUDA"
)


@pytest.mark.parametrize("name", NAMED.split(", "))
def test_names_of_the_field_resolve(name: str) -> None:
    assert CATALOG.key_of("technologies", name) in CATALOG.technologies


def test_one_that_says_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "technologies").mkdir()
    (tmp_path / "technologies" / "x.toml").write_text('name = "X"\nkind = "software"\nwhat = "Something."\n')
    with pytest.raises(CatalogError, match="acts_through"):
        load_catalog([tmp_path])
