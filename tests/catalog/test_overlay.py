"""Overlays: what they add and override is merged, reported, and refused when it is wrong."""

from importlib.metadata import version
from pathlib import Path

import pytest

from tenfold.catalog import Catalog, Override, load_catalog
from tenfold.catalog.reading import FOLDERS, Layer
from tenfold.quantities import CatalogError, Made

SHIPPED = {
    "sources/all.toml": '[sheet]\ntitle = "Sheet"\ndate = "2023"\n',
    "chips/one.toml": 'name = "One"\nvendor = "V"\nfamily = "f"\nkind = "gpu"\nyear = 2022\n[peak]\n'
    'bf16 = { value = "1 TFLOP/s", kind = "spec", source = "sheet", as_of = "2023", note = "dense" }\n'
    'fp16 = { value = "1 TFLOP/s", kind = "spec", source = "sheet", as_of = "2023" }\n',
    "assumptions/power.toml": '[share]\nvalue = 0.9\nkind = "assumption"\nas_of = "2024"\nnote = "x"\n',
    "prices/rental.csv": "chip,provider,region,term,usd_per_chip_hour,as_of,kind,source,note\n"
    "one,A,us,spot,1,2024,listing,s,\none,B,us,spot,2,2025,listing,s,\none,A,us,on-demand,3,2024,listing,s,\n",
}
OVERLAY = {
    "sources/mine.toml": '[mine]\ntitle = "My own"\ndate = "2026-02"\n',
    "chips/one.toml": '[peak]\nbf16 = { value = "2 TFLOP/s", kind = "measured", source = "mine", as_of = "2026" }\n',
    "assumptions/mine.toml": '[share]\nvalue = 0.5\nkind = "assumption"\nas_of = "2026"\nnote = "y"\n',
    "assumptions/power.toml": '[share]\nvalue = 0.7\nkind = "assumption"\nas_of = "2026"\nnote = "y"\n',
    "prices/rental.csv": "chip,provider,region,term,usd_per_chip_hour,as_of,kind,source,note\n"
    "one,Mine,us,spot,0.5,2026,contract,s,\none,Mine,us,reserved-1y,1.5,2026,contract,s,\n",
}


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    shipped = write(tmp_path / "shipped", SHIPPED)
    return Catalog([Layer(shipped, "data"), Layer(write(tmp_path / "mine", OVERLAY), "mine")])


def test_an_overlay_changes_what_it_holds_and_no_more(catalog: Catalog) -> None:
    chip = catalog.chip("one")
    assert chip.peak_flop_per_s("bf16") == 2e12
    assert chip.peak("bf16").note == ""
    assert chip.peak_flop_per_s("fp16") == 1e12
    assert chip.vendor == "V"
    assert catalog.assumption("power.share").value == 0.7
    assert catalog.assumption("mine.share").value == 0.5


def test_prices_of_an_overlay_replace_those_of_the_same_chip_and_term(catalog: Catalog) -> None:
    assert [(row.provider, row.usd_per_chip_hour) for row in catalog.rental_prices("one", "spot")] == [("Mine", 0.5)]
    assert [row.usd_per_chip_hour for row in catalog.rental_prices("one", "on-demand")] == [3.0]


def test_every_change_is_reported(catalog: Catalog) -> None:
    assert catalog.overrides == (
        Override(kind="source", key="mine", file="mine/sources/mine.toml", replaces=False),
        Override(kind="chip", key="one", file="mine/chips/one.toml", replaces=True),
        Override(kind="assumption", key="power.share", file="mine/assumptions/power.toml", replaces=True),
        Override(kind="assumption", key="mine.share", file="mine/assumptions/mine.toml", replaces=False),
        Override(kind="rental price", key="one, spot", file="mine/prices/rental.csv", replaces=True),
        Override(kind="rental price", key="one, reserved-1y", file="mine/prices/rental.csv", replaces=False),
    )
    assert [str(override) for override in catalog.overrides[:2]] == [
        "mine/sources/mine.toml adds source 'mine'",
        "mine/chips/one.toml overrides chip 'one'",
    ]


def test_a_missing_figure_names_the_overlay_that_gave_the_thing_last(catalog: Catalog) -> None:
    with pytest.raises(CatalogError, match=r"Add \[peak.fp8\] with a source to mine/chips/one.toml or your overlay"):
        catalog.chip("one").peak("fp8")


def test_a_problem_names_the_layer_that_holds_the_key(tmp_path: Path) -> None:
    shipped = write(
        tmp_path / "shipped", SHIPPED | {"chips/one.toml": SHIPPED["chips/one.toml"].replace("2022", "'x'")}
    )
    broken = {"chips/one.toml": OVERLAY["chips/one.toml"].replace("2 TFLOP/s", "2 W")}
    layers = [Layer(shipped, "data"), Layer(write(tmp_path / "mine", OVERLAY | broken), "mine")]
    with pytest.raises(CatalogError) as caught:
        Catalog(layers).check("chips")
    assert [(problem.file, problem.key) for problem in caught.value.problems] == [
        ("data/chips/one.toml", "year"),
        ("mine/chips/one.toml", "peak.bf16"),
    ]


def test_shipped_catalog_alone_has_no_overrides() -> None:
    assert load_catalog().overrides == ()


def test_what_made_an_answer_names_version_overrides_and_seed(tmp_path: Path) -> None:
    shipped = load_catalog()
    assert shipped.made(7) == Made(tenfold=version("tenfold"), catalog=shipped.version, overrides=(), seed=7)
    (tmp_path / "sites").mkdir()
    (tmp_path / "sites" / "nordics.toml").write_text('notes = ["ours"]\n')
    made = load_catalog([tmp_path]).made(7)
    assert made.catalog != shipped.version
    assert [words.endswith("overrides site 'nordics'") for words in made.overrides] == [True]


def test_an_overlay_over_the_shipped_catalog(tmp_path: Path) -> None:
    site = {"sites/my-hall.toml": 'name = "My hall"\ncountry = "DE"\n'}
    plain, catalog = load_catalog(), load_catalog([write(tmp_path, site)])
    assert catalog.site("my hall").country == "DE"
    assert catalog.version != plain.version
    assert [(item.kind, item.key, item.replaces) for item in catalog.overrides] == [("site", "my-hall", False)]


def test_a_wrong_overlay_is_refused_when_opened(tmp_path: Path) -> None:
    files = {
        "sites/a.toml": 'name = "A"\ncountry = "DE"\npower = 3\n',
        "sites/b.toml": 'name = "B"\n',
        "chip/x.toml": "",
        "stray.toml": "",
    }
    root = write(tmp_path / "mine", files)
    with pytest.raises(CatalogError) as caught:
        load_catalog([root, tmp_path / "nowhere"])
    found = [str(problem).replace(f"{tmp_path.as_posix()}/", "") for problem in caught.value.problems]
    assert found == [
        f"mine/chip: unknown folder. Did you mean 'chips'? Known: {', '.join(FOLDERS)}",
        "mine/stray.toml: a data file outside the folders. Put it in chips/ or the like",
        f"nowhere: no such folder. Give a folder with {', '.join(FOLDERS)} inside",
        "mine/sites/a.toml: power: '3' is not a table. Write [power] and keys below it",
        "mine/sites/b.toml: country: is missing. Add it: ISO 3166-1 alpha-2",
    ]
