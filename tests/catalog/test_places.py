"""Sites with what is known of their place, links, and topologies that differ by data alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.hardware_of import hardware_of
from tenfold.quantities import CatalogError

SITE = """
name = "A campus"
country = "US"
[power]
contracted = { value = "300 MW", kind = "estimate", source = "assumption-sites", as_of = "2026-11" }
queue = { value = "1500 days", kind = "estimate", source = "assumption-sites", as_of = "2026-11" }
[power.stages]
"2028" = { value = "300 MW", kind = "estimate", source = "assumption-sites", as_of = "2026-11" }
"2027-06" = { value = "80 MW", kind = "estimate", source = "assumption-sites", as_of = "2026-11" }
[cooling.pue]
air = { value = 1.4, kind = "estimate", source = "assumption-sites", as_of = "2026-11" }
liquid = { value = 1.1, kind = "estimate", source = "assumption-sites", as_of = "2026-11" }
[cooling.wue]
air = { value = "1.8 L/kWh", kind = "estimate", source = "assumption-sites", as_of = "2026-11" }
[build]
time = { value = "540 days", kind = "estimate", source = "assumption-sites", as_of = "2026-11" }
[hours]
price = { relative = [1,1,1,1,1,1,2,2,2,2,2,2,2,2,2,2,2,2,2,2,1,1,1,1], source = "assumption-sites" }
[location]
latitude = 40.1
longitude = -82.9
source = "geonames"
"""


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return load_catalog()


def overlay(folder: Path, text: str) -> Catalog:
    (folder / "sites").mkdir()
    (folder / "sites" / "campus.toml").write_text(text)
    return load_catalog([folder])


def test_everything_a_site_may_say_is_read(tmp_path: Path) -> None:
    site = overlay(tmp_path, SITE).site("campus")
    assert [(stage.date.isoformat(), stage.power.value) for stage in site.stages] == [
        ("2027-06-01", 80e6),
        ("2028-01-01", 300e6),
    ]
    assert site.cooling_pue["air"].value / site.cooling_pue["liquid"].value == pytest.approx(1.27, abs=0.005)
    assert site.figure("power.contracted").value == 300e6
    assert site.figure("cooling.wue.air").unit == "L/kWh"
    assert site.figure("build.time").value == 540 * 86_400
    assert site.price_by_hour is not None
    assert len(site.price_by_hour.relative) == 24


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("latitude = 40.1", "latitude = 140.1", "location.latitude"),
        ('source = "geonames"', 'source = "nowhere"', "unknown source 'nowhere'"),
        ('"2027-06" =', '"soon" =', "power.stages.soon"),
        ("2,1,1,1,1]", "2,1]", "hours.price.relative"),
    ],
)
def test_what_is_wrong_with_a_site_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CatalogError, match=said):
        overlay(tmp_path, SITE.replace(old, new))


def test_every_shipped_site_has_a_place_of_its_own(shipped: Catalog) -> None:
    places = [site.location for site in shipped.sites.values()]
    assert None not in places
    assert len({(place.latitude, place.longitude) for place in places if place}) == len(places)


def test_links_state_the_latency_of_fibre(shipped: Catalog) -> None:
    for link in shipped.links.values():
        assert link.latency_s_per_km == pytest.approx(4.9e-6)
        assert 0.9 < link.availability < 1.0
        assert link.route_factor > 1.0
    assert shipped.link("long-haul-fibre").bytes_per_s_per_pair_one_way == pytest.approx(121.6e12 / 8)


def test_topologies_of_the_field_are_data(shipped: Catalog) -> None:
    topologies = {fabric.topology for fabric in shipped.fabrics.values()}
    assert {"fat-tree", "rail", "torus", "switched", "dragonfly"} <= topologies
    assert [fabric.key for fabric in shipped.fabrics.values() if fabric.optical_switches] == ["ici-3d-torus"]


def test_a_tpu_pod_and_a_rack_of_72_differ_by_data_alone(shipped: Catalog) -> None:
    made = {}
    for chip in ("tpu-v4", "tpu-v5p", "tpu-v7", "gb200"):
        record = shipped.chip(chip)
        made[chip] = hardware_of(shipped, record, shipped.system_of(record), "bf16")
    domains = {chip: float(hardware.domain_chips) for chip, hardware in made.items()}
    assert domains == {"tpu-v4": 4096, "tpu-v5p": 8960, "tpu-v7": 9216, "gb200": 72}
    assert {type(hardware) for hardware in made.values()} == {type(made["gb200"])}
    assert made["tpu-v7"].scaleup_torus_dimensions == 3
    assert made["gb200"].scaleup_torus_dimensions == 0
