"""Loading: every problem at once with its file, key and remedy; names; versions; the shipped data."""

import contextlib
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenfold.catalog import RENTAL_TERMS, Catalog, check_catalog, json_schema, load_catalog
from tenfold.catalog.loader import SHIPPED
from tenfold.catalog.reading import FOLDERS, ROW_FOLDERS, Layer
from tenfold.catalog.schema import KINDS
from tenfold.quantities import CatalogError, InputError, MissingFigureError

SOURCES = """
[sheet]
title = "A data sheet"
url = "https://example.org/sheet"
date = "2023-03"
"""

CHIP = """
name = "Maker One"
vendor = "Maker"
family = "one"
kind = "gpu"
year = 2022
system = "one-box"
aliases = ["One SXM", "ONE"]
[peak]
bf16 = { value = "989.4 TFLOP/s", kind = "spec", source = "sheet", as_of = "2023-03", note = "dense" }
int8 = { value = "1979 TOPS", kind = "spec", source = "sheet", as_of = "2023-03" }
[memory]
capacity = { value = "80 GB", kind = "spec", source = "sheet", as_of = "2023-03", checked = "sheet" }
[memory.bandwidth]
value = "3.35 TB/s"
low = "3.2 TB/s"
high = "3.4 TB/s"
kind = "spec"
source = "sheet"
as_of = 2023-03-01
conflicts = [{ value = "3 TB/s", source = "sheet" }]
[power]
tdp = { value = "700 W", kind = "spec", source = "sheet", as_of = "2023-03" }
"""

SYSTEM = """
name = "One in a box"
chip = "one"
chips_per_node = 8
[scaleup]
fabric = "wire"
domain_chips = { value = 8, kind = "spec", source = "sheet", as_of = "2023" }
bandwidth_per_chip_one_way = { value = "450 GB/s", kind = "spec", source = "sheet", as_of = "2023" }
"""

FABRIC = """
name = "Wire"
topology = "switched"
latency = { value = "3 us", kind = "assumption", note = "of this kind", as_of = "2023" }
"""

SITE = """
name = "Northern Virginia"
country = "US"
[power]
price = { value = "$89.2/MWh", kind = "filing", source = "sheet", as_of = "2024" }
"""

MODEL = """
name = "Small"
family = "small"
source = "sheet"
[shape]
hidden = 64
vocab = 100
attention_layers = 2
dense_mlp_layers = 2
heads = 4
kv_heads = 4
head_dim = 16
value_head_dim = 16
ffn = 256
[published]
parameters = { value = "0.2M", kind = "spec", source = "sheet", as_of = "2024" }
"""

RENTAL = """chip,provider,region,term,usd_per_chip_hour,as_of,kind,source,note
one,Cloud,us,on-demand,2.5,2024-05,listing,https://example.org,
one,Cloud,us,on-demand,1.99,2025-05,listing,https://example.org,"cheap, now"
One SXM,Cloud,us,spot,0.9,2025-05,transaction,https://example.org,
"""

PURCHASE = """chip,usd_per_chip,low,high,as_of,kind,source,note
one,30000,25000,40000,2024-01,estimate,https://example.org,
one,25000,,,2025-01,estimate,https://example.org,
"""

ASSUMPTION = """
[restart_time]
value = "5 min"
kind = "assumption"
as_of = "2024"
note = "as heard"
"""

BF16 = 'kind = "spec", source = "sheet", as_of = "2023-03", note'

FILES = {
    "sources/all.toml": SOURCES,
    "chips/one.toml": CHIP,
    "systems/one-box.toml": SYSTEM,
    "fabrics/wire.toml": FABRIC,
    "sites/virginia.toml": SITE,
    "models/small.toml": MODEL,
    "prices/rental.csv": RENTAL,
    "prices/purchase.csv": PURCHASE,
    "assumptions/reliability.toml": ASSUMPTION,
    "calibrations/one.toml": 'family = "one"\ntopic = "training"\nrows = ["a", "b"]\n[constants.gemm]\n'
    'share = { value = 0.8, kind = "measured", source = "sheet", as_of = "2024" }\n',
}


def write(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def opened(root: Path, **changed: str) -> Catalog:
    """Open the sample catalog with some files changed: ``chips_one="…"`` stands for chips/one.toml."""
    files = FILES | {next(name for name in FILES if name.startswith(key.replace("_", "/"))): text
                     for key, text in changed.items()}  # fmt: skip
    return Catalog([Layer(write(root, files), "data")])


def message(action: Callable[[], Any], kind: type[InputError] = CatalogError) -> str:
    with pytest.raises(kind) as caught:
        action()
    return str(caught.value)


def test_reads_every_kind(tmp_path: Path) -> None:
    catalog = opened(tmp_path)
    check_catalog(catalog)
    chip = catalog.chip("ONE-sxm")
    assert (chip.key, chip.file, chip.hbm_bytes, chip.tdp_w) == ("one", "data/chips/one.toml", 80e9, 700.0)
    assert chip.peak_flop_per_s("bf16") == 989.4e12
    bandwidth = chip.figure("memory.bandwidth")
    assert bandwidth.range == (3.2e12, 3.4e12)
    assert [(conflict.value, conflict.source) for conflict in bandwidth.conflicts] == [(3e12, "sheet")]
    assert catalog.system_of("one").scaleup_domain_chips == 8
    assert catalog.fabric("wire").latency_s == 3e-6
    assert catalog.site("Northern Virginia").power_price_usd_per_kwh == 0.0892
    model = catalog.model("small")
    assert model.shape.hidden == 64
    assert model.parameters is not None
    assert model.parameters.value == 200_000
    assert catalog.assumption("reliability.restart_time", "s").value == 300.0
    assert catalog.calibration("one").constant("gemm.share") == 0.8
    assert catalog.sources["sheet"].url == "https://example.org/sheet"


def test_a_read_catalog_can_be_sent_to_another_process(tmp_path: Path) -> None:
    catalog = opened(tmp_path)
    check_catalog(catalog)
    copy = pickle.loads(pickle.dumps(catalog))
    assert copy.chips == catalog.chips
    assert copy.version == catalog.version


def test_prices_by_chip_and_term(tmp_path: Path) -> None:
    catalog = opened(tmp_path)
    assert [row.usd_per_chip_hour for row in catalog.rental_prices("one", "on-demand")] == [1.99, 2.5]
    assert [row.figure.kind for row in catalog.rental_prices("one")] == ["quote", "measured", "quote"]
    assert catalog.rental_prices("one", "reserved-1y") == ()
    assert catalog.purchase_price("one").usd_per_chip == 25_000
    assert message(lambda: catalog.rental_prices("one", "weekly")) == (
        f"unknown rental term 'weekly'. Use one of {', '.join(RENTAL_TERMS)}"
    )


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("chips/one/peak.bf16", 989.4e12),
        ("systems/one-box/scaleup.domain_chips", 8),
        ("sites/virginia/power.price", 0.0892),
        ("models/small/published.parameters", 200_000),
        ("assumptions/reliability.restart_time", 300),
        ("calibrations/one/constants.gemm.share", 0.8),
    ],
)
def test_finds_figures_by_path(tmp_path: Path, path: str, value: float) -> None:
    assert opened(tmp_path).figure_of(path).value == value


def test_a_path_that_leads_nowhere(tmp_path: Path) -> None:
    assert message(lambda: opened(tmp_path).figure_of("moons/one")) == (
        "no figure at 'moons/one'. Write folder/key/figure, such as chips/h100-sxm/peak.bf16"
    )


def test_missing_figures_say_what_to_add(tmp_path: Path) -> None:
    catalog = opened(tmp_path, prices_purchase=PURCHASE.splitlines()[0], chips_one=CHIP.replace("system =", "#"))
    chip = catalog.chip("one")
    assert message(lambda: chip.peak_flop_per_s("fp8"), MissingFigureError) == (
        "one has no 'fp8' peak. Known: bf16, int8. "
        "Add [peak.fp8] with a source to data/chips/one.toml or your overlay, or use --precision bf16"
    )
    assert message(lambda: chip.die_area_m2, MissingFigureError) == (
        "one has no 'die.area'. Known: peak.bf16, peak.int8, memory.capacity, memory.bandwidth, power.tdp. "
        "Add [die.area] with a source to data/chips/one.toml or your overlay"
    )
    assert message(lambda: catalog.purchase_price("one"), MissingFigureError) == (
        "one has no purchase price. Add a row with a source to prices/purchase.csv of your overlay"
    )
    assert message(lambda: catalog.system_of("one"), MissingFigureError) == (
        "one has no default system. Add system = '…' to data/chips/one.toml or your overlay, or name a system"
    )


def test_unknown_names_are_answered_with_the_nearest(tmp_path: Path) -> None:
    catalog = opened(tmp_path)
    assert message(lambda: catalog.chip("onee")) == "unknown chip 'onee': did you mean 'one'?"
    assert message(lambda: catalog.system("one-box-72")) == "unknown system 'one-box-72': did you mean 'one-box'?"
    assert message(lambda: catalog.chip("xyz")) == "unknown chip 'xyz'. Known: one. Add one to chips/ of an overlay"
    assert message(lambda: catalog.assumption("reliability.restart")) == (
        "unknown assumption 'reliability.restart': did you mean 'reliability.restart_time'?"
    )
    assert message(lambda: catalog.assumption("reliability.restart_time", "W")) == (
        "assumption 'reliability.restart_time' is in s. Write it in W"
    )


WRONG = [
    ("not TOML", "chips_one", "[peak", "data/chips/one.toml: not TOML"),
    ("unknown key", "chips_one", CHIP + 'tdpp = "x"\n',
     "data/chips/one.toml: power.tdpp: unknown key. Did you mean 'tdp'? Known: tdp"),
    ("missing key", "chips_one", CHIP.replace('vendor = "Maker"', ""),
     "data/chips/one.toml: vendor: is missing. Add it"),
    ("wrong type", "chips_one", CHIP.replace("2022", "[2022]"),
     "data/chips/one.toml: year: '[2022]' is not a whole number. Write a whole number without quotes"),
    ("wrong kind", "chips_one", CHIP.replace('kind = "gpu"', 'kind = "tpu"'),
     "data/chips/one.toml: kind: unknown 'tpu': did you mean 'gpu'?"),
    ("unknown unit", "chips_one", CHIP.replace("80 GB", "80 GX"),
     "data/chips/one.toml: memory.capacity: '80 GX' has an unknown unit 'GX'. Units are EB, PB, TB, GB, MB, KB, "
     "bytes. Write it like '80 GB'"),
    ("wrong unit", "chips_one", CHIP.replace("700 W", "700 GB"),
     "data/chips/one.toml: power.tdp: '700 GB' is not a quantity in W. Write it like '700 W'"),
    ("bare number", "chips_one", CHIP.replace('"700 W"', "700"),
     "data/chips/one.toml: power.tdp: '700' has no unit. Write it like '700 W'"),
    ("bad date", "chips_one", CHIP.replace(BF16, BF16.replace("2023-03", "2023-13")),
     "data/chips/one.toml: peak.bf16.as_of: '2023-13' is not a date. "
     "Write '2026-03-01', '2026-03', '2026Q3' or '2026'"),
    ("wrong source", "chips_one", CHIP.replace(BF16, BF16.replace("sheet", "leaf")),
     "data/chips/one.toml: peak.bf16.source: unknown source 'leaf'. "
     "Add [leaf] with title, url and date to a file of sources/"),
    ("no source", "chips_one", CHIP.replace(BF16, BF16.replace('source = "sheet", ', "")),
     "data/chips/one.toml: peak.bf16.source: is missing. Add the key of a table in sources/"),
    ("wrong figure kind", "chips_one", CHIP.replace(BF16, BF16.replace("spec", "guess")),
     "data/chips/one.toml: peak.bf16.kind: unknown 'guess'. "
     "Use one of spec, measured, quote, filing, estimate, assumption"),
    ("wrong precision", "chips_one", CHIP.replace("bf16 =", "bf17 ="),
     "data/chips/one.toml: peak.bf17: unknown 'bf17': did you mean 'bf16'?"),
    ("range", "chips_one", CHIP.replace('low = "3.2 TB/s"', 'low = "3.5 TB/s"').replace('"3.4 TB/s"', '"3.6 TB/s"'),
     "data/chips/one.toml: memory.bandwidth.low, high: the range 3.5e+12 … 3.6e+12 does not hold the value 3.35e+12. "
     "Order them low ≤ value ≤ high"),
    ("assumption without note", "fabrics_wire", FABRIC.replace('note = "of this kind", ', ""),
     "data/fabrics/wire.toml: latency.note: an assumption without a reason. Say why in a note"),
    ("unknown shape", "models_small", MODEL.replace("ffn = 256", "ffn = 256\nhiden = 3"),
     "data/models/small.toml: shape.hiden: unknown key. Did you mean 'hidden'? Known: hidden, vocab"),
    ("wrong model source", "models_small", MODEL.replace('source = "sheet"\n[shape]', 'source = "leaf"\n[shape]'),
     "data/models/small.toml: source: unknown source 'leaf'. "
     "Add [leaf] with title, url and date to a file of sources/"),
    ("unknown system", "chips_one", CHIP.replace("one-box", "one-boy"),
     "data/chips/one.toml: system: unknown system 'one-boy': did you mean 'one-box'?"),
    ("unknown fabric", "systems_one-box", SYSTEM.replace('"wire"', '"wirre"'),
     "data/systems/one-box.toml: scaleup.fabric: unknown fabric 'wirre': did you mean 'wire'?"),
    ("assumption not a table", "assumptions_reliability", "x = 3",
     "data/assumptions/reliability.toml: x: '3' is not a table. "
     "Write a table, such as { value = …, kind = …, source = …, as_of = … }"),
    ("ambiguous unit", "assumptions_reliability", ASSUMPTION.replace("5 min", "5B"),
     "data/assumptions/reliability.toml: restart_time: '5B' may mean 1 or B. Name the unit in full. "
     "Write it like '3.35 TB/s'"),
    ("source without title", "sources_all", SOURCES.replace("title", "titel"),
     "data/sources/all.toml: sheet.title: is missing. Add it"),
    ("price not a number", "prices_rental", RENTAL.replace("1.99", "$1.99"),
     "data/prices/rental.csv: row 3: usd_per_chip_hour: '$1.99' is not a number. Write dollars such as 1.99"),
    ("price term", "prices_rental", RENTAL.replace("spot", "weekly"),
     "data/prices/rental.csv: row 4: term: 'weekly' is no term of a price. "
     f"Use one of {', '.join(RENTAL_TERMS)}"),
    ("price cells", "prices_rental", RENTAL + "one,two\n",
     "data/prices/rental.csv: row 5: 2 cells where the header has 9. Quote cells with commas"),
    ("price header", "prices_purchase", "chip,usd\n",
     "data/prices/purchase.csv: row 1: the header is not that of the file. "
     "Write chip,usd_per_chip,low,high,as_of,kind,source,note"),
    ("price chip", "prices_purchase", PURCHASE.replace("\none", "\nonee"),
     "data/prices/purchase.csv: chip: unknown chip 'onee': did you mean 'one'?"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "text", "said"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_each_problem_names_file_key_and_remedy(tmp_path: Path, file: str, text: str, said: str) -> None:
    assert said in message(lambda: check_catalog(opened(tmp_path, **{file: text})))


def test_all_problems_of_all_files_are_raised_together(tmp_path: Path) -> None:
    broken = CHIP.replace("80 GB", "80 W").replace("700 W", "700 B").replace('vendor = "Maker"', "maker = 1")
    text = message(lambda: check_catalog(opened(tmp_path, chips_one=broken, sites_virginia=SITE.replace("US", "usa"))))
    for said in ("vendor: is missing", "maker: unknown key", "memory.capacity: ", "power.tdp: ", "country: 'usa'"):
        assert said in text


def test_two_things_cannot_share_a_name(tmp_path: Path) -> None:
    write(tmp_path, {"chips/two.toml": CHIP.replace("Maker One", "Maker Two").replace('"One SXM", ', "")})
    assert message(lambda: opened(tmp_path).index("chips")) == (
        "data/chips/two.toml: aliases: 'ONE' already names chip 'one'. Give it to one of them"
    )


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder not in ROW_FOLDERS])
def test_every_shipped_name_is_that_of_one_thing(folder: str) -> None:
    assert load_catalog().index(folder).keys


def test_a_key_is_found_and_its_file_alone_is_read(tmp_path: Path) -> None:
    write(tmp_path, {"chips/two.toml": "not TOML"})
    catalog = opened(tmp_path)
    assert catalog.chip("one").key == "one"
    assert "two.toml" in message(lambda: catalog.chip("Maker One"))


def test_one_key_in_two_files(tmp_path: Path) -> None:
    write(tmp_path, {"sources/more.toml": SOURCES})
    assert message(lambda: opened(tmp_path).sources) == (
        "data/sources/more.toml: sheet: 'sheet' is also in data/sources/all.toml. Keep one of them"
    )


def test_version_is_that_of_the_content(tmp_path: Path) -> None:
    first = opened(tmp_path / "a")
    second = opened(tmp_path / "b")
    third = opened(tmp_path / "c", chips_one=CHIP + "\n")
    assert first.version == second.version != third.version
    assert len(first.version) == 12


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder not in ROW_FOLDERS])
def test_every_kind_has_a_schema(folder: str) -> None:
    schema = json_schema(FOLDERS[folder])
    assert schema == json_schema(folder)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["type"] == "object"


def test_schema_says_units_and_refuses_other_kinds() -> None:
    assert json_schema("chip")["properties"]["memory"]["properties"]["bandwidth"]["unit"] == "B/s"
    assert message(lambda: json_schema("moon"), InputError) == (
        f"no kind of file is called 'moon'. Use one of {', '.join(KINDS)}"
    )


def test_import_leaves_pydantic_alone() -> None:
    code = "import sys, tenfold.catalog; sys.exit('pydantic' in sys.modules or 'scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("folder", FOLDERS)
def test_shipped_data_is_sound(folder: str) -> None:
    needed = {"prices": "chips", "systems": "chips"}.get(folder, folder)
    if not (SHIPPED.root / needed).is_dir():
        pytest.skip(f"no {needed} shipped")
    check_catalog(load_catalog(), [folder])


def test_a_figure_is_the_one_among_all_figures_of_its_record() -> None:
    catalog = load_catalog()
    for records in (catalog.chips, catalog.systems, catalog.calibrations, catalog.sites, catalog.hazards):
        for record in list(records.values()):
            for key, figure in record.figures.items():
                assert record.figure(key) is figure, (record.key, key)


FUZZ = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
plain = st.text(max_size=6) | st.integers() | st.floats() | st.booleans() | st.dates() | st.just("80 GB")
keys = st.sampled_from(
    [
        "name",
        "value",
        "kind",
        "source",
        "as_of",
        "peak",
        "bf16",
        "memory",
        "capacity",
        "shape",
        "conflicts",
        "constants",
    ]
) | st.text(max_size=4)
trees = st.recursive(
    plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5), max_leaves=12
)


def refusals_only(root: Path) -> None:
    catalog = Catalog([Layer(root, "data")])
    with contextlib.suppress(CatalogError):
        check_catalog(catalog)


def toml(value: object) -> str:
    """Write any tree of the fuzzer as an inline TOML value."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(key)} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(char):08x}" if not 0xD800 <= ord(char) < 0xE000 else "?" for char in value) + '"'
    return str(value).lower() if isinstance(value, bool) else str(value)


@FUZZ
@given(content=st.binary(max_size=60), folder=st.sampled_from(list(FOLDERS)))
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes, folder: str) -> None:
    name = "rental.csv" if folder in ROW_FOLDERS else "x.toml"
    (tmp_path / folder).mkdir(exist_ok=True)
    (tmp_path / folder / name).write_bytes(content)
    refusals_only(tmp_path)


@FUZZ
@given(
    tree=st.dictionaries(keys, trees, max_size=6), folder=st.sampled_from([f for f in FOLDERS if f not in ROW_FOLDERS])
)
def test_any_tree_is_read_or_refused(tmp_path: Path, tree: dict[str, Any], folder: str) -> None:
    (tmp_path / folder).mkdir(exist_ok=True)
    text = "\n".join(f"{toml(key)} = {toml(value)}" for key, value in tree.items())
    (tmp_path / folder / "x.toml").write_text(text, encoding="utf-8")
    refusals_only(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "x = " + "[" * 5000,
        ".".join(["a"] * 3000) + " = 1",
        "year = 0x" + "f" * 9000,
        "year = " + "9" * 5000,
        "a = 1e9999",
    ],
)
def test_hostile_files_are_refused(tmp_path: Path, text: str) -> None:
    for folder in FOLDERS:
        write(tmp_path, {f"{folder}/x.toml": text})
    assert message(lambda: check_catalog(Catalog([Layer(tmp_path, "data")])))


@FUZZ
@given(text=st.text(max_size=80), header=st.booleans())
def test_any_rows_are_read_or_refused(tmp_path: Path, text: str, header: bool) -> None:
    lead = RENTAL.splitlines()[0] + "\n" if header else ""
    (tmp_path / "prices").mkdir(exist_ok=True)
    (tmp_path / "prices" / "rental.csv").write_bytes((lead + text).encode("utf-8", "replace"))
    refusals_only(tmp_path)
