from __future__ import annotations

import dataclasses
import io
import re

import pytest
from rich.console import Console

from tenfold.planning.plan import Design, Infeasible, PlanAnswer
from tenfold.quantities import Percentiles, Shortfall
from tenfold.reports import wording
from tenfold.reports.plan import report, verdict
from tenfold.reports.plan.designs import ranked_designs
from tenfold.reports.plan.rejected import rejections, rest_text
from tenfold.reports.plan.words import better_evidenced
from tenfold.reports.report import Table
from tenfold.reports.sources import Cited, citations, links_of, safe_link, title_of, unique_figures
from tenfold.reports.terminal import grid_table, key_value_table, terminal
from tenfold.reports.wording import bar


def printed(plan: PlanAnswer, sources: dict[str, Cited], width: int, *, full: bool = True) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=False)
    for part in terminal(report(plan), sources, full=full):
        console.print(part)
    return out.getvalue()


def flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("width", [80, 160])
def test_the_verdict_comes_first_and_nothing_is_wider_than_the_screen(
    plan: PlanAnswer, hopeless: PlanAnswer, sources: dict[str, Cited], width: int
) -> None:
    for answer in (plan, hopeless):
        text = printed(answer, sources, width)
        assert flat(text).startswith(verdict(answer))
        assert max(len(line.rstrip()) for line in text.splitlines()) <= width


def test_the_verdict_of_a_feasible_plan(plan: PlanAnswer) -> None:
    assert verdict(plan) == (
        "16,384 × h100-sxm, short contract, us-texas is cheapest at 80 % confidence: $129M ($119M–$144M), "
        "done in 78 days (72–88 days); 94 % likely to keep deadline and budget"
    )


def test_the_verdict_names_a_surer_design_within_the_doubt(plan: PlanAnswer) -> None:
    assert plan.best is not None
    doubtful = dataclasses.replace(plan.best.evidence, grade="C")
    unsure = dataclasses.replace(plan, best=dataclasses.replace(plan.best, evidence=doubtful))
    surer = better_evidenced(unsure)
    assert surer is plan.alternatives[0]
    assert verdict(unsure).endswith(
        "6,144 × gb200, short contract, us-texas ($141M, evidence A) has better evidence and is within the doubt"
    )
    dear = tuple(
        dataclasses.replace(each, cost_usd=Percentiles(p10=1e9, p50=1e9, p90=1e9)) for each in plan.alternatives
    )
    assert better_evidenced(dataclasses.replace(unsure, alternatives=dear)) is None


def test_the_first_screen_fits_a_terminal(plan: PlanAnswer, hopeless: PlanAnswer, sources: dict[str, Cited]) -> None:
    for answer in (plan, hopeless):
        lines = printed(answer, sources, 80, full=False).splitlines()
        assert len(lines) <= 24
        assert max(map(len, lines)) <= 80
    text = flat(printed(plan, sources, 80, full=False))
    assert "94 % in time, over 99 % in budget, 94 % both. Cash out first: $129M ($119M–$144M)." in text
    assert "Least sure: more than 16,000 chips; prices of 27 sellers." in text
    assert "short contract, 90 days at least, a wait of 45 days (up to 100); coreweave holds 301,187." in text
    assert "$25M less at 94 %: 16,384 × h100-sxm, own" in text
    assert "price of the chip $2.99/h → $3.31/h: 6,144 × gb200, short contract" in text


def test_what_less_time_costs_is_on_the_first_screen(plan: PlanAnswer, sources: dict[str, Cited]) -> None:
    """Of a month for as little again and a week for as much, the month is named; nothing where time is bought dear."""
    best = plan.best
    assert best is not None

    def of(name: str, days: float, share: float) -> Design:
        finish, cost = best.finish_days.p50 - days, best.cost_usd.p50 * (1.0 + share)
        return dataclasses.replace(
            best,
            site=name,
            finish_days=Percentiles(p10=finish, p50=finish, p90=finish),
            cost_usd=Percentiles(p10=cost, p50=cost, p90=cost),
        )

    front = (best, of("nordics", 30.0, 0.2), of("japan", 7.0, 0.2))
    text = flat(printed(dataclasses.replace(plan, pareto=front), sources, 80, full=False))
    assert "Sooner: by 30 days for $25.8M more: 16,384 × h100-sxm, short contract, nordics" in text
    assert "Sooner" not in flat(printed(dataclasses.replace(plan, pareto=(best,)), sources, 80, full=False))
    fastest = dataclasses.replace(plan, pareto=front, objective="fastest")
    assert "Sooner" not in flat(printed(fastest, sources, 80, full=False))


def test_who_has_no_other_work_for_what_is_bought_is_told_what_is_not_bought(
    plan: PlanAnswer, sources: dict[str, Cited]
) -> None:
    assert plan.best is not None
    rented = next(each for each in plan.alternatives if each.recovered_usd is None)
    cost = plan.best.cost_usd.p50
    for left, after, said in ((10.0 * cost, "used", True), (0.1 * cost, "used", False), (10.0 * cost, "sold", False)):
        best = dataclasses.replace(plan.best, recovered_usd=Percentiles(p10=left, p50=left, p90=left))
        means = dataclasses.replace(plan.question.means, owned_after=after)
        asked = dataclasses.replace(plan.question, means=means)
        text = flat(printed(dataclasses.replace(plan, best=best, question=asked), sources, 80, full=False))
        assert (f"the cheapest that is not bought: {rented.name}, " in text) == said
        assert ("comes back when the chips are sold" in text) == (after == "sold")


def test_what_a_law_binds_is_said_before_the_price(plan: PlanAnswer, sources: dict[str, Cited]) -> None:
    assert plan.best is not None
    law = "such a chip needs a licence"
    bound = dataclasses.replace(plan, best=dataclasses.replace(plan.best, bound=law))
    assert verdict(bound).startswith(f"{law}. ")
    assert "by law" in flat(printed(bound, sources, 120, full=False))


def test_the_verdict_leaves_out_limits_nobody_set(plan: PlanAnswer) -> None:
    goal = dataclasses.replace(plan.question.goal, deadline_s=None)
    means = dataclasses.replace(plan.question.means, budget_usd=None)
    question = dataclasses.replace(plan.question, goal=goal, means=means)
    assert "likely" not in verdict(dataclasses.replace(plan, question=question))


def test_the_verdict_of_a_hopeless_plan_of_equals_names_the_design_with_the_fewest_reasons(
    hopeless: PlanAnswer,
) -> None:
    assert verdict(hopeless) == (
        "No design meets the goal; nearest: 1,024 × a100-sxm-40gb, on-demand, us-texas: "
        "18 GB of memory per chip short. Would fit with: TP 16 or 80 GB chips"
    )
    missing = dataclasses.replace(hopeless, infeasible=())
    assert verdict(missing) == "No design can be made: price short; more price"
    assert verdict(dataclasses.replace(missing, missing_data=())).startswith("No design meets the goal; ")


@pytest.mark.parametrize("kind", ["supply", "law"])
def test_what_nobody_offers_is_never_the_nearest(hopeless: PlanAnswer, kind: str) -> None:
    none = Shortfall(kind=kind, short="no on-demand price for tpu-v5p at nordics", nearest="another site")
    refused = Infeasible(chip="tpu-v5p", chips=8, supply="on-demand", site="nordics", reasons=(none,))
    assert verdict(dataclasses.replace(hopeless, infeasible=(refused, *hopeless.infeasible))) == verdict(hopeless)


def test_a_way_of_supply_that_no_chip_is_had_by_is_said_on_the_first_screen(
    plan: PlanAnswer, sources: dict[str, Cited]
) -> None:
    none = Shortfall(kind="supply", short="nobody is known to offer more than 32 spot", nearest="at most 32 chips")
    late = Shortfall(kind="deadline", short="deadline short by 9 days", nearest="a later one")
    means = dataclasses.replace(plan.question.means, supply=(*plan.question.means.supply, "spot"))
    question = dataclasses.replace(plan.question, means=means)

    def screen(*reasons: Shortfall) -> str:
        each = [
            Infeasible(chip="h100-sxm", chips=64, supply="spot", site="us-texas", reasons=(why,)) for why in reasons
        ]
        answer = dataclasses.replace(plan, question=question, infeasible=(*plan.infeasible, *each))
        return flat(printed(answer, sources, 80, full=False))

    assert "Not had: spot: nobody is known to offer more than 32 spot" in screen(none)
    assert "Not had" not in screen(none, late), "had, and late"
    assert "Not had" not in printed(plan, sources, 80, full=False)


def test_every_part_is_there_in_its_order(plan: PlanAnswer, sources: dict[str, Cited]) -> None:
    text = printed(plan, sources, 160)
    parts = [
        "Key numbers",
        "Designs, cheapest first",
        "What would change the choice",
        "Where every second goes",
        "Where the days go",
    ]
    parts += ["What is lost of wall time", "Where every dollar goes", "Memory of the fullest chip"]
    parts += [
        "What moves the answer most",
        "Rejected: 26 designs",
        "No data",
        "What was asked",
        "Every design",
        "Notes",
    ]
    parts += ["The answer assumes", "Sources", "seed 7"]
    places = [text.index(part) for part in parts]
    assert places == sorted(places)
    assert "restart time" not in text, "only the top three drivers"
    short = printed(plan, sources, 160, full=False)
    assert "Every design" not in short
    assert "More: --full, --html." in short


def test_a_table_that_can_be_sorted_has_a_key_for_every_cell(plan: PlanAnswer) -> None:
    (table,) = [table for section in report(plan).sections for table in section.tables if table.sort]
    assert [len(keys) for keys in table.sort] == [len(table.headers)] * len(table.rows)
    finish = [keys[table.headers.index("Finish")] for keys in table.sort]
    assert finish == [each.design.finish_days.p50 for each in ranked_designs(plan)]


def test_rejections_are_grouped_and_the_rest_is_counted(plan: PlanAnswer) -> None:
    groups = rejections(plan.infeasible)
    assert sum(group.designs for group in groups) == len(plan.infeasible)
    assert groups[0].what == "3 designs: 1,024 to 4,096 chips, on-demand, us-texas"
    assert groups[1].what == "9 designs: 2,048 chips, 3 kinds of supply, 3 sites"
    assert rest_text(groups) == "and 4 more designs in 4 groups"
    assert rest_text(groups[:12]) == ""


def test_names_are_never_markup() -> None:
    out = io.StringIO()
    console = Console(file=out, width=60)
    console.print(grid_table("[bold]title", Table(headers=("[red]head",), rows=(("[link=x]cell[/link]",),))))
    console.print(key_value_table("pairs", [("[b]key", "[/]value")]))
    for text in ("[bold]title", "[red]head", "[link=x]cell[/link]", "[b]key", "[/]value"):
        assert text in out.getvalue()


def test_bars_are_proportional_and_never_vanish() -> None:
    assert bar(5.0, 5.0, cells=4) == "████"
    assert bar(2.5, 5.0, cells=4) == "██"
    assert bar(1e-9, 5.0, cells=4) == "▏"
    assert bar(0.0, 5.0) == ""


def test_words_of_numbers() -> None:
    assert wording.days(78.4) == "78 days"
    assert wording.days(float("inf")) == "never"
    assert wording.days_between(Percentiles(p10=71.6, p50=78.0, p90=float("inf"))) == "72 days–never"
    assert wording.between("$118M", "$146M") == "$118M–$146M"
    assert wording.between("7 days", "7 days") == "7 days"
    assert wording.between("800 ms", "1.2 s") == "800 ms–1.2 s"
    assert [wording.likely(p) for p in (0.0, 0.001, 0.5, 0.999, 1.0)] == [
        "under 1 %",
        "under 1 %",
        "50 %",
        "over 99 %",
        "over 99 %",
    ]
    assert wording.label("data_traffic_s") == "data-parallel traffic"
    assert wording.label("lost_work") == "lost work"


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//evil.example", "https://", "ftp://a.example",
     "java\nscript:alert(1)", " https://a.example", "https://a.example/\x00", "http://[", "page.html", ""],
)  # fmt: skip
def test_only_web_addresses_become_links(url: str) -> None:
    assert safe_link(url) == ""


def test_links_and_titles_of_free_text() -> None:
    ending = "Lambda price page, https://lambda.ai/pricing."
    inside = "EC2 list via https://a.example (copy in https://b.example/x)"
    assert (title_of(ending, {}), links_of(ending, {})) == ("Lambda price page", ("https://lambda.ai/pricing",))
    assert (title_of(inside, {}), links_of(inside, {})) == (inside, ("https://a.example", "https://b.example/x"))


def test_every_figure_is_cited_once(plan: PlanAnswer, sources: dict[str, Cited]) -> None:
    figures = unique_figures(plan.figures)
    cited = citations(figures, sources)
    assert sorted(named.name for group in cited for named in group.figures) == [named.name for named in figures]
    assert len(figures) == 7


def test_a_rejected_design_without_reasons_still_prints(hopeless: PlanAnswer, sources: dict[str, Cited]) -> None:
    bare = Infeasible(chip="x", chips=8, supply="own", site="uk", reasons=())
    assert "No design meets the goal" in printed(dataclasses.replace(hopeless, infeasible=(bare,)), sources, 80)


def test_designs_that_differ_in_their_site_alone_are_one_line(plan: PlanAnswer) -> None:
    assert plan.best is not None
    elsewhere = [dataclasses.replace(plan.best, site=site, carbon_t=1.0) for site in ("nordics", "uk")]
    dearer = dataclasses.replace(plan.best, site="quebec", cost_usd=Percentiles(p10=1e8, p50=2e8, p90=3e8))
    asked = dataclasses.replace(plan, alternatives=(elsewhere[0], *plan.alternatives, dearer))
    ranked = ranked_designs(asked)
    assert [each.design for each in ranked] == [plan.best, *plan.alternatives, dearer]
    assert ranked[0].where == "us-texas or nordics"
    three = ranked_designs(dataclasses.replace(asked, alternatives=tuple(elsewhere)))
    assert [each.where for each in three] == ["3 sites"]
    assert ranked_designs(dataclasses.replace(plan, best=None, alternatives=())) == ()


@pytest.mark.parametrize(("count", "words"), [(0, "0 designs"), (1, "1 design"), (1200, "1,200 designs")])
def test_one_design_is_not_designs(count: int, words: str) -> None:
    assert wording.counted(count, "design") == words


def test_the_nearest_is_the_least_short_not_the_first_of_equal_reasons(hopeless: PlanAnswer) -> None:
    def missed(chip: str, by: float) -> Infeasible:
        late = Shortfall(kind="deadline", short=f"{by:g} times the time", nearest="more time", times_over=by)
        return Infeasible(chip=chip, chips=8, supply="on-demand", site="us-texas", reasons=(late,))

    short = (missed("tpu-v5p", 40.0), missed("h100-sxm", 1.1), missed("mi300x", 3.0))
    for order in (short, short[::-1]):
        said = verdict(dataclasses.replace(hopeless, infeasible=(*hopeless.infeasible, *order)))
        assert "nearest: 8 × h100-sxm" in said
        assert "1.1 times the time" in said
