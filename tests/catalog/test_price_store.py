"""The price store: lists of each format in, months out; nothing twice, nothing half, clear refusals."""

import datetime
import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tenfold.catalog import Catalog, load_catalog, rental_figure
from tenfold.catalog.prices import Stated, import_prices, price_series, store
from tenfold.catalog.prices.files import match_names
from tenfold.quantities import Figure, InputError

DAY = datetime.date(2026, 3, 5)
STATED = Stated(date=DAY, provider="aws")
H100_INFO = (
    "\"{'Gpus': [{'Name': 'H100', 'Manufacturer': 'NVIDIA', 'Count': 8.0, 'MemoryInfo': {'SizeInMiB': 81559}}]}\""
)
MACHINE, SIZE = "InstanceType,AcceleratorName,AcceleratorCount,", "vCPUs,MemoryGiB"
HEADERS = {
    "v5": f"{MACHINE}{SIZE},GpuInfo,Price,SpotPrice,Region,Generation",
    "v6": f"{MACHINE}{SIZE},Price,Region,GpuInfo,SpotPrice",
    "v7": f"InstanceType,{SIZE},AcceleratorName,AcceleratorCount,GpuInfo,Region,AvailabilityZone,Price,SpotPrice",
    "v8": f"{MACHINE}{SIZE},GpuInfo,Price,SpotPrice,Region,AvailabilityZone,Arch",
}
H100_ROW = {
    "InstanceType": "p5.48xlarge",
    "AcceleratorName": "H100",
    "AcceleratorCount": "8.0",
    "GpuInfo": H100_INFO,
    "Price": "16.0",
    "SpotPrice": "8.0",
    "Region": "us-east-1",
}
PLAIN = "date,provider,region,chip,count,term,kind,usd_per_chip_hour,source\n"
GPUHUNT = "instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,gpu_vendor,flags\n"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TENFOLD_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def written(folder: Path, text: str, name: str = "list.csv") -> Path:
    file = folder / name
    file.write_text(text)
    return file


def skypilot(version: str, *rows: dict[str, str]) -> str:
    header = HEADERS[version]
    return "\n".join([header, *(",".join(row.get(name, "") for name in header.split(",")) for row in rows)]) + "\n"


@pytest.mark.parametrize("version", HEADERS)
def test_skypilot_catalogs_of_every_version_give_prices_per_chip(
    tmp_path: Path, catalog: Catalog, version: str
) -> None:
    cpu = {"InstanceType": "a1.large", "Price": "0.1", "SpotPrice": "0.05", "Region": "us-east-1"}
    file = written(tmp_path, skypilot(version, cpu, H100_ROW))
    (done,) = store.import_prices([file], STATED, catalog)
    assert (done.format, done.rows, done.added, done.left_out, done.chips) == ("skypilot", 2, 2, 1, ("h100-sxm",))
    months = {month.term: month for month in store.stored_months("h100-sxm")}
    assert {term: month.median for term, month in months.items()} == {"on-demand": 2.0, "spot": 1.0}
    assert months["spot"].month == datetime.date(2026, 3, 1)
    assert months["spot"].kind == "listing"


def test_the_folder_of_a_skypilot_catalog_is_its_provider(tmp_path: Path, catalog: Catalog) -> None:
    (tmp_path / "lambda").mkdir()
    file = written(tmp_path / "lambda", skypilot("v6", H100_ROW), "vms.csv")
    store.import_prices([file], Stated(date=DAY), catalog)
    import duckdb

    with duckdb.connect(str(store.store_path()), read_only=True) as connection:
        row = connection.execute("SELECT DISTINCT provider, count, listed_as, chip FROM prices").fetchall()
    assert row == [("lambda", 8.0, "H100", "h100-sxm")]


def test_names_by_memory_by_pattern_and_not_at_all(catalog: Catalog) -> None:
    asked: list[tuple[str, float | None]] = [("A100", 40.0), ("A100", 80.0), ("V100", 16.0), ("V100", 32.0)]
    assert [name.chip for name in match_names(asked, catalog)] == [
        "a100-sxm-40gb",
        "a100-sxm-80gb",
        "",
        "v100-sxm-32gb",
    ]
    slices = match_names([("tpu-v4-8", None), ("tpu-v5litepod-16", None), ("nonesuch", None)], catalog)
    assert [(name.chip, name.chips_each) for name in slices] == [("tpu-v4", 4.0), ("tpu-v5e", 16.0), ("", 1.0)]


def test_a_slice_of_tpus_is_priced_per_chip(tmp_path: Path, catalog: Catalog) -> None:
    row = {"AcceleratorName": "tpu-v4-8", "AcceleratorCount": "1", "Price": "12.88", "Region": "us-central2"}
    store.import_prices([written(tmp_path, skypilot("v7", row))], Stated(date=DAY, provider="gcp"), catalog)
    (month,) = store.stored_months("tpu-v4")
    assert month.median == pytest.approx(3.22)
    assert month.sources == "skypilot: list.csv, without its host"


def test_gpuhunt_as_csv_and_as_json(tmp_path: Path, catalog: Catalog) -> None:
    text = GPUHUNT + "i1,us,4.0,30,240,2,H100,80.0,False,,nvidia,\ni2,us,1.0,30,240,2,H100,80.0,True,,nvidia,f\n"
    row = {"instance_name": "i", "location": "eu", "price": 3.0, "gpu_count": 1, "gpu_name": "H100", "gpu_memory": 80,
           "spot": False, "provider": "nebius", "cpu": 1, "memory": 2}  # fmt: skip
    files = [written(tmp_path, text), written(tmp_path, json.dumps([row]), "list.json")]
    done = store.import_prices(files, Stated(date=DAY, provider="verda"), catalog)
    assert [(each.format, each.added) for each in done] == [("gpuhunt", 2), ("gpuhunt", 1)]
    months = {month.term: month for month in store.stored_months("h100-sxm")}
    assert (months["on-demand"].low, months["on-demand"].high, months["on-demand"].providers) == (2.0, 3.0, 2)
    assert months["spot"].median == 0.5


def test_plain_rows_keep_their_date_kind_and_source(tmp_path: Path, catalog: Catalog) -> None:
    text = PLAIN + "2025-10-15,market,,h100-sxm,1,reserved-1y,contract,1.70,a broker\n"
    store.import_prices([written(tmp_path, text)], Stated(), catalog)
    (month,) = store.stored_months("h100-sxm", "reserved-1y", datetime.date(2025, 1, 1))
    assert (month.kind, month.median, month.sources) == ("contract", 1.70, "a broker")
    assert store.stored_months("h100-sxm", "on-demand") == ()
    assert store.stored_months("h100-sxm", "", datetime.date(2025, 11, 1)) == ()


def test_importing_again_adds_nothing_even_under_another_name(tmp_path: Path, catalog: Catalog) -> None:
    text = skypilot("v8", H100_ROW, H100_ROW | {"Region": "eu"})
    (first,) = store.import_prices([written(tmp_path, text)], STATED, catalog)
    (again,) = store.import_prices([written(tmp_path, text, "copy.csv")], STATED, catalog)
    assert (first.added, again.added, again.known) == (4, 0, 4)
    (later,) = store.import_prices(
        [tmp_path / "list.csv"], Stated(date=datetime.date(2026, 4, 1), provider="aws"), catalog
    )
    assert later.added == 4


def test_unknown_chips_are_kept_and_found_once_the_catalog_knows_them(tmp_path: Path, catalog: Catalog) -> None:
    text = PLAIN + "2026-03-01,x,,Frobnicator 9,1,on-demand,listing,2,\n"
    (done,) = store.import_prices([written(tmp_path, text)], Stated(), catalog)
    assert done.unmatched == ("Frobnicator 9",)
    assert len(store.stored_months("Frobnicator 9")) == 1
    overlay = tmp_path / "overlay" / "chips"
    overlay.mkdir(parents=True)
    (overlay / "frobnicator-9.toml").write_text('name = "Frobnicator 9"\nvendor = "F"\nfamily = "f"\nkind = "gpu"\n')
    wider = load_catalog([tmp_path / "overlay"])
    store.import_prices(
        [written(tmp_path, PLAIN + "2026-03-02,x,,h100-sxm,1,spot,listing,2,\n", "b.csv")], Stated(), wider
    )
    assert len(store.stored_months("frobnicator-9")) == 1
    assert store.stored_months("Frobnicator 9") == ()


def test_all_troubles_of_all_files_are_said_and_nothing_is_stored(tmp_path: Path, catalog: Catalog) -> None:
    good = written(tmp_path, PLAIN + "2026-03-01,x,,h100-sxm,1,spot,listing,2,\n", "good.csv")
    bad = PLAIN + "soon,x,,h100-sxm,1,spot,listing,2,\n2026-03-01,,,h100-sxm,0,lease,guess,-2,\n"
    with pytest.raises(InputError) as trouble:
        store.import_prices([good, written(tmp_path, bad, "bad.csv")], Stated(), catalog)
    assert {problem.key for problem in trouble.value.problems} == {"date", "count", "term", "kind", "provider", "price"}
    assert all(problem.file.endswith("bad.csv") for problem in trouble.value.problems)
    assert store.stored_months("h100-sxm") == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "no price list known"),
        ("InstanceType,AcceleratorName,Price,Region\nx,H100,1,us\n", "no column AcceleratorCount"),
        ("", "is empty"),
        ("[1, 2]", "not JSON of prices"),
        (GPUHUNT + "i,us,1.0\n", "has 3 cells at line 2"),
        (skypilot("v8", H100_ROW | {"Price": "99999"}), "price: cannot be used: row 2 '99999'"),
    ],
)
def test_files_that_are_no_price_lists_are_refused_with_a_remedy(
    tmp_path: Path, catalog: Catalog, text: str, said: str
) -> None:
    with pytest.raises(InputError, match=said) as trouble:
        store.import_prices([written(tmp_path, text)], STATED, catalog)
    assert all(problem.remedy for problem in trouble.value.problems)


def test_what_a_file_does_not_say_has_to_be_said(tmp_path: Path, catalog: Catalog) -> None:
    with pytest.raises(InputError) as trouble:
        store.import_prices([written(tmp_path, skypilot("v8", H100_ROW)), tmp_path / "none.csv"], Stated(), catalog)
    assert [problem.remedy[:11] for problem in trouble.value.problems] == ["Give --date", "Give --prov", "Name a CSV "]


def test_a_killed_import_leaves_the_store_as_it_was(tmp_path: Path, catalog: Catalog) -> None:
    first = written(tmp_path, PLAIN + "2026-03-01,x,,h100-sxm,1,spot,listing,2,\n", "first.csv")
    store.import_prices([first], Stated(), catalog)
    second = written(tmp_path, PLAIN + "2026-04-01,x,,h100-sxm,1,spot,listing,3,\n", "second.csv")
    dying = f"""
import os, signal
from pathlib import Path
from tenfold.catalog import load_catalog
from tenfold.catalog.prices import Stated, import_prices, price_series, store
store._match_again = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
store.import_prices([Path({str(second)!r})], Stated(), load_catalog())
"""
    done = subprocess.run([sys.executable, "-c", dying], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [month.median for month in store.stored_months("h100-sxm")] == [2.0]


@pytest.mark.parametrize("trouble", [KeyboardInterrupt(), RuntimeError("Query interrupted")])
def test_ctrl_c_between_and_inside_queries_leaves_nothing(
    tmp_path: Path, catalog: Catalog, monkeypatch: pytest.MonkeyPatch, trouble: BaseException
) -> None:
    """DuckDB raises the second when Ctrl-C falls into a query."""

    def interrupted(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(store, "_match_again", interrupted)
    with pytest.raises(KeyboardInterrupt):
        store.import_prices([written(tmp_path, skypilot("v8", H100_ROW))], STATED, catalog)
    assert store.stored_months("h100-sxm") == ()


def test_a_store_of_another_version_and_a_broken_one_are_refused(home: Path, tmp_path: Path, catalog: Catalog) -> None:
    import duckdb

    file = written(tmp_path, skypilot("v8", H100_ROW))
    store.import_prices([file], STATED, catalog)
    with duckdb.connect(str(store.store_path())) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    with pytest.raises(InputError, match="version 99"):
        store.stored_months("h100-sxm")
    store.store_path().write_text("not a database")
    with pytest.raises(InputError, match="cannot be opened"):
        store.import_prices([file], STATED, catalog)


def test_shipped_history_is_dated_sourced_and_of_known_chips(catalog: Catalog) -> None:
    assert len(catalog.price_history) > 700
    for past in catalog.price_history:
        assert past.chip in catalog.chips
        assert past.source
        assert 0.02 < past.usd_per_chip_hour < 30
    contracts = {past.month: past.usd_per_chip_hour for past in catalog.price_history if past.kind == "contract"}
    assert contracts == {datetime.date(2025, 10, 1): 1.70, datetime.date(2026, 3, 1): 2.35}


def test_imported_prices_are_used_by_plans_and_a_signed_one_holds(tmp_path: Path) -> None:
    before = rental_figure(load_catalog(), "h100-sxm", "on-demand")
    rows = (
        "date,provider,region,chip,count,term,kind,usd_per_chip_hour,source\n"
        "2026-11-01,ours,,b200,512,on-demand,contract,3.10,our signed offer\n"
        "2026-11-01,theirs,,h100-sxm,64,on-demand,listing,0.90,a list\n"
    )
    (tmp_path / "prices.csv").write_text(rows)
    import_prices([tmp_path / "prices.csv"], Stated(), load_catalog())
    catalog = load_catalog()
    signed, listed = (rental_figure(catalog, chip, "on-demand") for chip in ("b200", "h100-sxm"))
    assert isinstance(before, Figure)
    assert isinstance(signed, Figure)
    assert isinstance(listed, Figure)
    assert signed.range == (3.1, 3.1)
    assert listed.value < before.value
    assert "theirs $0.90" in listed.note
    assert "the price store adds 2 prices" in catalog.made(0).overrides
    shown = price_series(catalog, "h100-sxm", "on-demand", datetime.date(2026, 11, 1)).months
    assert {(month.origin, month.low_usd_per_chip_hour) for month in shown} >= {("store", 0.9)}
    assert not [month for month in shown if month.origin == "catalog" and month.low_usd_per_chip_hour == 0.9]
