"""Deals and players as files: directions, statuses, one telling of each deal, and every problem at once."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from tenfold.catalog import CANCELABLE, DEAL_KINDS, DEAL_STATUSES, Catalog, load_catalog
from tenfold.catalog.deal_rows import DEAL_COLUMNS
from tenfold.economics.network import edges_due, warrant_stake
from tenfold.quantities import CatalogError, InputError


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def overlay(folder: Path, *rows: dict[str, str], header: str = ",".join(DEAL_COLUMNS)) -> Path:
    """Write an overlay with these rows, sound where a cell is not given."""
    sound = {"from": "openai", "to": "amd", "kind": "debt", "status": "in-force", "cancelable": "no",
             "signed": "2026", "figure_kind": "quote", "source": "https://example.com"}  # fmt: skip
    lines = [header, *(",".join((sound | row).get(name, "") for name in DEAL_COLUMNS) for row in rows)]
    (folder / "deals").mkdir(exist_ok=True)
    (folder / "deals" / "mine.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_every_deal_is_told_once_with_a_source(catalog: Catalog) -> None:
    told = [(deal.payer, deal.payee, deal.kind, deal.amount_usd) for deal in catalog.deals.values()]
    known = [one for one in told if one[3] is not None]
    assert len(known) == len(set(known)) > 40
    for deal in catalog.deals.values():
        assert deal.source.startswith("https://"), deal.key
        assert deal.note, deal.key
        assert (deal.kind in DEAL_KINDS, deal.status in DEAL_STATUSES, deal.cancelable in CANCELABLE) == (True,) * 3


@pytest.mark.parametrize(
    ("name", "key"),
    [("NVDA", "nvidia"), ("GOOGL", "alphabet"), ("Google", "alphabet"), ("AMZN", "amazon"), ("AVGO", "broadcom"),
     ("BLUEOWL", "blue-owl"), ("META_HYPERION_JV", "hyperion")],
)  # fmt: skip
def test_players_have_one_name(catalog: Catalog, name: str, key: str) -> None:
    assert catalog.player(name).key == key


def test_who_pays_stands_first(catalog: Catalog) -> None:
    deals = catalog.deals
    assert (deals["coreweave-ddtl-1"].payer, deals["coreweave-ddtl-1"].payee) == ("coreweave", "blackstone")
    assert (deals["meta-coreweave-2025"].payer, deals["meta-coreweave-2025"].payee) == ("meta", "coreweave")
    assert (deals["amd-openai-warrant-2025"].payer, deals["amd-openai-warrant-2025"].payee) == ("amd", "openai")


def test_the_backstop_is_contingent_and_the_letter_of_intent_is_out(catalog: Catalog) -> None:
    backstop = catalog.deals["nvidia-coreweave-backstop-2025"]
    assert (backstop.kind, backstop.amount_usd) == ("backstop", 6.3e9)
    assert backstop.last_day == datetime.date(2032, 4, 13)
    for year in range(2025, 2034):
        edges, left_out = edges_due(catalog.deals.values(), year)
        contingent = [edge for edge in edges if edge.backstop_usd]
        assert [edge.deal.key for edge in contingent] == ([backstop.key] if year <= 2032 else [])
        assert all(edge.due_usd == 0.0 for edge in contingent)
        assert {"nvidia-openai-letter-2025", "nvidia-openai-equity-2026"} <= {one.key for one in left_out}
        assert {edge.deal.kind for edge in edges} <= {"debt", "gpu-backed-debt", "take-or-pay", "lease", "backstop"}
        assert {edge.deal.status for edge in edges} <= {"in-force", "committed"}


def test_openai_may_buy_a_tenth_of_amd_for_a_cent_a_share(catalog: Catalog) -> None:
    deal = catalog.deals["amd-openai-warrant-2025"]
    outstanding = catalog.player("amd").shares_outstanding
    assert outstanding is not None
    assert deal.shares == 160e6
    assert f"{warrant_stake(deal.shares, outstanding.value):.1%}" == "9.9%"
    assert deal.shares * (deal.price_usd_per_share or 0.0) == pytest.approx(1.6e6)


def test_shares_times_price_is_the_amount(catalog: Catalog) -> None:
    priced = [deal for deal in catalog.deals.values() if deal.kind == "equity" and deal.shares is not None]
    assert len(priced) == 2
    for deal in priced:
        assert (deal.shares or 0) * (deal.price_usd_per_share or 0) == pytest.approx(deal.amount_usd, rel=0.001)


def test_every_problem_of_a_row_is_said_at_once(tmp_path: Path) -> None:
    rows = (
        {"key": "backwards", "starts": "2027-01-01", "ends": "2026-12-31", "amount_usd": "5"},
        {"key": "endless", "term_years": "-3", "schedule": "level", "kind": "loan", "status": "signed"},
        {"key": "odd", "starts": "2026-01-01", "ends": "2028-12-31", "term_years": "9", "amount_usd": "ten"},
        {"key": "self", "to": "OpenAI", "from": "OpenAI", "schedule": "weekly", "source": ""},
        {"key": "years", "amount_usd": "5", "schedule": "2026:3 2027:4", "cancelable_from": "2026-05"},
        {"key": "warrant", "kind": "warrant", "amount_usd": "-4", "signed": "someday"},
    )
    with pytest.raises(CatalogError) as trouble:
        load_catalog([overlay(tmp_path, *rows)])
    said = str(trouble.value)
    for part in (
        "row 2: ends: the contract ends 2026-12-31, before it starts 2027-01-01",
        "row 3: term_years: the term of -3 years is not above zero",
        "row 3: kind: 'loan' is no kind of a deal. Use one of equity, debt",
        "row 3: status: 'signed' is no status of a deal",
        "row 3: schedule: the contract has no end",
        "row 4: term_years: a term of 9 years does not fit the 3 years from start to end",
        "row 4: amount_usd: 'ten' is not a number",
        "row 5: to: 'OpenAI' owes itself",
        "row 5: schedule: 'weekly' is no schedule",
        "row 5: source: is empty",
        "row 6: schedule: the years add up to 7, more than the amount of 5",
        "row 6: cancelable_from: the contract is not cancelable",
        "row 7: shares: is missing",
        "row 7: amount_usd: '-4.0' is negative",
        "row 7: signed: 'someday' is not a date",
    ):
        assert part in said, part


def test_rows_that_repeat_or_name_nobody_are_refused(tmp_path: Path) -> None:
    same = {"key": "one", "amount_usd": "5"}
    rows = (same, same | {"key": "two"}, same, {"key": "three", "to": "amdd", "part_of": "four", "amount_usd": "6"})
    with pytest.raises(CatalogError) as trouble:
        load_catalog([overlay(tmp_path, *rows[:3])])
    assert "row 3: key: repeats 'one': the same players, kind and amount" in str(trouble.value)
    assert "row 4: key: 'one' is also in" in str(trouble.value)
    with pytest.raises(CatalogError) as trouble:
        load_catalog([overlay(tmp_path, rows[3])])
    assert "three: to: unknown player 'amdd': did you mean 'amd'?" in str(trouble.value)
    assert "three: part_of: no deal has the key 'four'" in str(trouble.value)
    with pytest.raises(CatalogError, match="the header is not that of the file"):
        load_catalog([overlay(tmp_path, header="from,to")])


def test_an_overlay_replaces_the_deal_with_its_key(tmp_path: Path, catalog: Catalog) -> None:
    row = {"key": "openai-oracle-2025", "to": "oracle", "kind": "take-or-pay", "amount_usd": "7", "status": "lapsed"}
    changed = load_catalog([overlay(tmp_path, row, {"key": "new", "amount_usd": "3"})])
    assert changed.deals["openai-oracle-2025"].amount_usd == 7
    assert len(changed.deals) == len(catalog.deals) + 1
    assert sorted((one.kind, one.key, one.replaces) for one in changed.overrides) == [
        ("deal", "new", False),
        ("deal", "openai-oracle-2025", True),
    ]


def test_an_unknown_player_is_told_the_nearest(catalog: Catalog) -> None:
    with pytest.raises(InputError, match="did you mean 'coreweave'"):
        catalog.player("corewaeve")
