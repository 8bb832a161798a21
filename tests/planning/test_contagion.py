"""Contagion from a file: what is read, what is cleared, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

import tenfold
from tenfold.catalog import Catalog, load_catalog
from tenfold.planning.contagion import ContagionAnswer
from tenfold.planning.contagion.book import book_of
from tenfold.planning.contagion.question import USUAL_DRAWS, USUAL_SCENARIOS, completed
from tenfold.quantities import InputError, to_json
from tenfold.reports.contagion import report, verdict
from tenfold.studies.ask import Source, read_question, source_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "contagion.toml"
CHAIN = """
year = 2027
cash_cover = 1
recovery = "80 %"
players = [
    { key = "lab", revenue = "$10B", costs = "$1B", funding = "$0" },
    { key = "cloud", cash = "$1B", funding = "$0" },
    { key = "bank" },
    { key = "maker", cash = "$100B" },
]
[[edges]]
key = "capacity"
from = "lab"
to = "cloud"
kind = "take-or-pay"
amount = "$8B"
starts = 2027-01-01
ends = 2027-12-31
[[edges]]
key = "loan"
from = "cloud"
to = "bank"
kind = "gpu-backed-debt"
amount = "$20B"
starts = 2026-01-01
schedule = { 2027 = "$6B" }
rate = "10 %"
[[edges]]
key = "net"
from = "maker"
to = "cloud"
kind = "backstop"
amount = "$1B"
starts = 2027-01-01
term = "1 year"
[[edges]]
key = "promise"
from = "maker"
to = "lab"
kind = "letter-of-intent"
amount = "$100B"
[[scenarios]]
name = "calm"
[[scenarios]]
name = "miss"
revenue_miss = { lab = 0.6 }
[[scenarios]]
name = "no banks"
refinancing_stop = 1
[draws]
count = 500
revenue_miss = { lab = { low = "0 %", high = "100 %" } }
"""


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def default(catalog: Catalog) -> ContagionAnswer:
    return tenfold.contagion(catalog=catalog)


@pytest.fixture
def chain(tmp_path: Path, catalog: Catalog) -> ContagionAnswer:
    return tenfold.contagion(written(tmp_path, CHAIN), catalog=catalog)


def written(folder: Path, text: str) -> Path:
    file = folder / "net.toml"
    file.write_text(text, encoding="utf-8")
    return file


def problems_of(folder: Path, text: str, catalog: Catalog) -> list[str]:
    with pytest.raises(InputError) as trouble:
        read_question("contagion", source_of("contagion", written(folder, text)), catalog)
    return [str(problem).removeprefix(f"{folder / 'net.toml'}: ") for problem in trouble.value.problems]


def test_a_chain_worked_by_hand(chain: ContagionAnswer) -> None:
    books = {player.key: player for player in chain.players}
    assert set(books) == {"lab", "cloud", "bank", "maker"}
    assert books["lab"].due_usd == pytest.approx(8e9)
    assert books["cloud"].due_usd == pytest.approx(2e9)  # interest; principal is refinanced
    assert books["lab"].revenue_coverage == pytest.approx(10 / 8)
    calm, miss, banks = chain.scenarios
    assert [cleared.failures for cleared in calm.cleared] == [(), ()]
    # The lab has 10 − 6 − 1 = 3 of 8; the backstop pays 1 of the 5 that are missing; the cloud pays its 2 in full.
    plain, costly = miss.cleared
    assert [(one.player, one.round, round(one.unpaid_usd)) for one in plain.failures] == [("lab", 1, 5_000_000_000)]
    assert plain.drawn_usd == {"maker": pytest.approx(1e9)}
    assert plain.credit_loss_usd == {"cloud": pytest.approx(4e9)}
    assert costly.unpaid_usd == pytest.approx(8e9 - 0.8 * 3e9)
    # Without banks the cloud owes 6 + 2 and has 1 + 8.
    assert [cleared.failures for cleared in banks.cleared] == [(), ()]
    assert miss.means_lost_usd == {"lab": pytest.approx(6e9)}
    assert [one.key for one in chain.left_out] == ["promise"]


def test_reverse_stress_of_the_chain(chain: ContagionAnswer) -> None:
    points = {(point.shock, point.player): point for point in chain.breaking_points}
    # The lab fails below 8 of 9, so at a miss of a tenth; the cloud needs 2 and has 1 and 1 from the backstop.
    lab = points["revenue_miss", "lab"]
    assert lab.first == pytest.approx(0.1, abs=1e-6)
    assert lab.second is None
    # A halt h takes the lab's revenue but not its costs: 10(1 − h) − 1 is less than 8(1 − h) from a half on.
    assert points["supplier_halt", "cloud"].first == pytest.approx(0.5, abs=1e-6)
    assert ("chip_price_fall", "") in points


def test_who_fails_without_a_shock_is_named(tmp_path: Path, catalog: Catalog, chain: ContagionAnswer) -> None:
    """The lab owes 8 and has 10 − 3 = 7; the cloud gets 0.8 × 7 and the backstop's 1, and needs 2."""
    poor = tenfold.contagion(written(tmp_path, CHAIN.replace('costs = "$1B"', 'costs = "$3B"')), catalog=catalog)
    assert chain.fails_without_shock == ()
    assert [(each.player, each.round) for each in poor.fails_without_shock] == [("lab", 1)]
    assert poor.fails_without_shock[0].unpaid_usd == pytest.approx(8e9 - 0.8 * 7e9)
    assert "lab cannot pay in 2027 though nothing happens" in verdict(poor)
    lab = next(point for point in poor.breaking_points if point.player == "lab")
    assert lab.first == 0.0
    text = to_json(poor)
    assert "fails_without_shock" in text


def test_a_shock_of_rounding_is_none(tmp_path: Path, catalog: Catalog) -> None:
    """Who has just what is due fails at any miss: the level is 0, not the last step of a halving."""
    just = tenfold.contagion(written(tmp_path, CHAIN.replace('costs = "$1B"', 'costs = "$2B"')), catalog=catalog)
    assert just.fails_without_shock == ()
    lab = next(point for point in just.breaking_points if (point.shock, point.player) == ("revenue_miss", "lab"))
    assert lab.first == 0.0
    rows = next(section for section in report(just).sections if section.title == "Reverse stress").tables[0].rows
    assert next(row for row in rows if "revenue miss at lab" in row[0])[1] == "any"


def test_draws_are_seeded_and_count_defaults(tmp_path: Path, catalog: Catalog, chain: ContagionAnswer) -> None:
    assert chain.drawn is not None
    assert chain.drawn.count == 500
    # A uniform miss above a tenth breaks the lab.
    assert chain.drawn.default_probability["lab"] == pytest.approx(0.9, abs=0.04)
    again = tenfold.contagion(written(tmp_path, CHAIN), catalog=catalog)
    assert to_json(again) == to_json(chain)
    other = tenfold.contagion(written(tmp_path, CHAIN), catalog=catalog, seed=5)
    assert other.drawn != chain.drawn
    assert (other.made.seed, other.scenarios) == (5, chain.scenarios)


def test_what_a_file_gives_is_an_assumption_of_its_writer(chain: ContagionAnswer) -> None:
    stated = {named.name: named.figure for named in chain.stated}
    assert stated["question/players.0.revenue_usd"].kind == "assumption"
    assert stated["question/players.0.revenue_usd"].note == "as asked"
    assert stated["question/recovery"].value == pytest.approx(0.8)
    assert stated["question/edges.0.amount_usd"].value == 8e9
    assumed = {named.name: named.figure for named in chain.assumptions}
    assert assumed["assumptions/contagion.loan_to_value"].source == "coreweave-loan-to-cost"


def test_the_default_network_holds_together(default: ContagionAnswer, catalog: Catalog) -> None:
    edges = {edge.key: edge for edge in default.edges}
    backstop = edges["nvidia-coreweave-backstop-2025"]
    assert backstop.contingent_usd > 0
    assert backstop.supply_usd + backstop.interest_usd + backstop.maturing_usd == 0
    left_out = {one.key: one.reason for one in default.left_out}
    assert left_out["nvidia-openai-letter-2025"] == "a letter of intent binds nobody"
    assert edges.keys() | left_out.keys() == catalog.deals.keys()
    assert edges.keys().isdisjoint(left_out)
    assert f"{default.warrant_stakes['amd-openai-warrant-2025']:.1%}" == "9.9%"
    for player in default.players:
        assert player.worth_usd >= 0  # nobody fails without a shock
    for scenario in default.scenarios:
        for cleared in scenario.cleared:
            total = sum(cleared.credit_loss_usd.values()) + sum(cleared.drawn_usd.values())
            assert total == pytest.approx(cleared.unpaid_usd, abs=1.0)
            assert [one.round for one in cleared.failures] == sorted(one.round for one in cleared.failures)
        plain, costly = scenario.cleared
        assert {one.player for one in plain.failures} <= {one.player for one in costly.failures}
    assert "2027" in default.currency


def test_the_default_network_is_sourced(default: ContagionAnswer, catalog: Catalog) -> None:
    assert default.assumptions
    for named in default.figures:
        assert named.figure.source.startswith("https://") or named.figure.source in catalog.sources, named.name


def test_circularity_of_the_default_network(default: ContagionAnswer) -> None:
    found = {one.supplier: one for one in default.circularity}
    loops = {cycle.players for cycle in found["nvidia"].cycles}
    assert ("nvidia", "coreweave") in loops
    assert ("nvidia", "openai", "coreweave") in loops
    assert ("amd", "openai") in {cycle.players for cycle in found["amd"].cycles}
    for one in found.values():
        assert 0 <= one.share <= 1
        assert one.circular_usd == pytest.approx(sum(cycle.amount_usd or 0 for cycle in one.cycles))


def test_the_example_changes_the_default_network(catalog: Catalog) -> None:
    question = read_question("contagion", source_of("contagion", EXAMPLE), catalog).question
    book, problems = book_of(completed(question), catalog)
    assert problems == []
    assert book.deals["openai-microsoft-2025"].due_by_year_usd[2027] == 25e9
    answer = tenfold.contagion(EXAMPLE, catalog=catalog)
    assert "oracle-bridge" in {edge.key for edge in answer.edges}
    assert answer.players[[one.key for one in answer.players].index("openai")].income_usd == 10e9


def test_every_problem_of_a_file_is_said_at_once(tmp_path: Path, catalog: Catalog) -> None:
    said = problems_of(
        tmp_path,
        """
network = "default"
year = 2027
recovery = 1.5
players = [{ key = "mine", revenue = "$-3B", income = 4 }]
[[edges]]
key = "backwards"
from = "mine"
to = "corewaeve"
kind = "debt"
amount = "$1B"
starts = 2027-05-01
ends = 2027-01-01
[[edges]]
key = "negative"
from = "mine"
to = "openai"
kind = "lease"
amount = "5 GB"
term = "-2 years"
[[edges]]
key = "unknown"
from = "mine"
to = "openai"
kind = "loan"
status = "signed"
[[scenarios]]
name = "one"
revenue_miss = { openia = "50 %", xai = "50 %" }
chip_price_fall = "140 %"
[draws]
revenue_miss = { openai = { low = "50 %", high = "10 %" } }
refinancing_stop = { least = 0 }
""",
        catalog,
    )
    for part in (
        "recovery: '1.5' is too large. Write a value from 0 to 1",
        "players.0.revenue: '$-3B' is negative",
        "players.0.income: unknown key",
        "edges.0.to: unknown player 'corewaeve': did you mean 'coreweave'?",
        "edges.1.amount: '5 GB'",
        "edges.2.kind: unknown kind of deal 'loan'",
        "edges.2.status: unknown status 'signed'",
        "scenarios.0.revenue_miss.openia: unknown player 'openia': did you mean 'openai'?",
        "scenarios.0.revenue_miss.xai: xai has no revenue on record",
        "scenarios.0.chip_price_fall: '140 %' is too large",
        "draws.revenue_miss.openai: 0.5, 0.1 do not make a uniform distribution",
        "draws.refinancing_stop: ",
    ):
        assert any(line.startswith(part) for line in said), (part, said)


def test_inconsistent_contracts_are_refused(tmp_path: Path, catalog: Catalog) -> None:
    said = problems_of(
        tmp_path,
        """
network = "default"
year = 2027
[[edges]]
key = "backwards"
from = "oracle"
to = "banks"
kind = "debt"
amount = "$1B"
starts = 2027-05-01
ends = 2027-01-01
[[edges]]
key = "negative"
from = "oracle"
to = "banks"
kind = "lease"
amount = "$1B"
starts = 2027-05-01
term = "-2 years"
""",
        catalog,
    )
    assert any("the contract ends 2027-01-01, before it starts 2027-05-01" in line for line in said)
    assert any(line.startswith("edges.1.term: '-2 years' is negative") for line in said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("year = 2027\nnetwork = 'given'", "edges: there is no edge"),
        ("network = 'given'", "edges: there is no edge"),
        ("year = 'soon'\nnetwork = 'default'", "year: 'soon' is not a whole number"),
        ("players = 4\nyear = 2027\nnetwork = 'default'", "players: '4' is not a list"),
        ("edges = [3]\nyear = 2027\nnetwork = 'default'", "edges.0: '3' is not a table"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, catalog: Catalog, text: str, said: str) -> None:
    assert any(line.startswith(said) for line in problems_of(tmp_path, text, catalog))


def test_what_is_left_out_is_usual_only_where_nothing_else_is_asked(catalog: Catalog) -> None:
    def asked(**values: object) -> tuple[object, ...]:
        question = completed(read_question("contagion", Source(tree=values), catalog).question)
        assert completed(question) == question
        return question.title, question.network, question.scenarios, question.draws

    edge = {"key": "a", "from": "oracle", "to": "banks", "kind": "lease", "amount": "$1B", "schedule": {"2030": "$1B"}}
    usual = ("Who finances whom, 2027", "default", USUAL_SCENARIOS, USUAL_DRAWS)
    assert asked() == usual
    assert asked(network="default", edges=[edge]) == usual
    assert asked(scenarios=[]) == (*usual[:2], (), None)
    assert asked(draws={"count": 5})[2] == ()
    given = {"edges": [edge], "players": [{"key": "oracle"}, {"key": "banks"}], "year": 2030}
    assert asked(**given) == ("Who finances whom, 2030", "given", (), None)


def test_a_year_that_no_deal_reaches_is_refused_and_one_that_few_reach_is_no_safety(catalog: Catalog) -> None:
    with pytest.raises(InputError, match=r"no deal of the network is due in 2000. Take a year from 20\d\d to"):
        tenfold.contagion(year=2000, catalog=catalog)
    full, late = (tenfold.contagion(year=year, draws={"count": 5}, catalog=catalog) for year in (2027, 2035))
    assert (full.due.thin, late.due.thin) == (False, True)
    assert late.due.usd < 0.5 * late.due.fullest_usd
    assert "no sign of safety" in report(late).verdict
    assert not report(late).good


def test_draws_do_not_hang_on_the_order_of_a_file(tmp_path: Path, catalog: Catalog) -> None:
    shares = ["openai = { low = 0, high = 0.6 }", "anthropic = { low = 0, high = 0.3 }"]
    texts = (f"[draws]\ncount = 300\n[draws.revenue_miss]\n{chr(10).join(order)}\n" for order in (shares, shares[::-1]))
    one, other = (tenfold.contagion(written(tmp_path, text), catalog=catalog) for text in texts)
    assert one.drawn == other.drawn


def test_shares_and_payments_are_refused_in_words(tmp_path: Path, catalog: Catalog) -> None:
    said = problems_of(
        tmp_path,
        """
[[edges]]
key = "a"
from = "oracle"
to = "banks"
kind = "lease"
schedule = { 26 = "$1B", 2027 = "much" }
[[edges]]
key = "b"
from = "oracle"
to = "banks"
kind = "lease"
schedule = 3
[draws]
revenue_miss = { openai = { low = "10 %" } }
supplier_halt = { oracle = { low = "10 %", mode = "200 %", high = "x" } }
""",
        catalog,
    )
    for part in (
        "edges.0.schedule.26: '26' is no year",
        "edges.0.schedule.2027: 'much'",
        "edges.1.schedule: is no schedule. Write 'level', 'bullet' or",
        "draws.revenue_miss.openai: is no share and no range",
        "draws.supplier_halt.oracle.mode: '200 %' is too large",
        "draws.supplier_halt.oracle.high: 'x'",
    ):
        assert any(line.startswith(part) for line in said), (part, said)
