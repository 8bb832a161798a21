"""Random goals, as people might state them, and what has to agree on any plan: JSON, page and first screen."""

from __future__ import annotations

import html
import io
import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from rich.console import Console

from tenfold.catalog import Catalog
from tenfold.planning.plan import Goal, Means, PlanAnswer, PlanQuestion, had_name
from tenfold.reports.answers import answer_data, report_of
from tenfold.reports.page import report_html
from tenfold.reports.terminal import terminal
from tenfold.reports.wording import days, likely, number, share

MODELS = ("llama-2-7b", "llama-3.1-8b", "llama-3-70b", "mixtral-8x7b", "qwen2.5-32b")
CHIPS = ("h100-sxm", "h200-sxm", "b200", "gb200", "mi300x", "mi355x", "tpu-v5p", "tpu-v6e", "trainium2", "h20")
SUPPLIES = ("on-demand", "reserved-6m", "reserved-1y", "spot", "own")
SITES = ("us-texas", "nordics", "us-ohio", "china", "japan")
DAY_S = 86_400.0


def random_question(seed: int) -> PlanQuestion:
    """A goal and means drawn from what people state."""
    rng = np.random.default_rng(seed)

    def some(of: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(rng.choice(of, size=int(rng.integers(1, 4)), replace=False).tolist()))

    maybe = rng.random(5) < 0.6
    goal = Goal(
        model=str(rng.choice(MODELS)),
        tokens=float(10 ** rng.uniform(10.5, 13.0)),
        sequence_length=int(rng.choice((2048, 4096, 8192))),
        global_batch=int(rng.choice((256, 512, 1000, 1024))),
        deadline_s=float(10 ** rng.uniform(1.0, 2.6)) * DAY_S if maybe[0] else None,
        objective=str(rng.choice(("cheapest", "fastest", "least-energy"))) if maybe[1] else None,  # type: ignore[arg-type]
        confidence=float(rng.choice((0.5, 0.8, 0.9))),
    )
    means = Means(
        budget_usd=float(10 ** rng.uniform(4.0, 8.0)) if maybe[2] else None,
        chips=some(CHIPS),
        max_chips=int(10 ** rng.uniform(1.0, 4.3)) if maybe[3] else None,
        supply=some(SUPPLIES),
        sites=some(SITES) if maybe[4] else ("us-texas",),
    )
    return PlanQuestion(goal=goal, means=means)


def contradictions_in(answer: PlanAnswer, catalog: Catalog) -> Iterator[str]:
    """Say every number of a plan that another contradicts, in its JSON, on its page, on its first screen."""
    data: Any = answer_data(answer)
    page = _text(report_html(report_of(answer), catalog.sources))
    screen = _screen(answer, catalog)
    yield from _of_designs(data)
    yield from _of_lists(data)
    if len(screen.splitlines()) > 24:
        yield f"the first screen has {len(screen.splitlines())} lines"
    for where, text in (("page", page), ("screen", _flat(screen))):
        if "100 %" in text and "over 99 %" in text and where == "screen":
            yield "100 % beside over 99 %"
        if _flat(str(data["verdict"])) not in text:
            yield f"the verdict is not on the {where}"
    best = data["best"]
    if best is None:
        return
    for path, said in _said(best).items():
        if said not in page:
            yield f"{path} is {said}, which is not on the page"
    lows = re.findall(r"Goodput ?([0-9.]+ %)", page)
    if set(lows) - {share(best["goodput"]["p50"])}:
        yield f"goodput stands as {sorted(set(lows))}"


def _said(best: Any) -> dict[str, str]:
    """Numbers of the best design as they are printed."""
    return {
        "finish_days": days(best["finish_days"]["p50"]),
        "cost_usd": number(_number(best["cost_usd"]["p50"]), "USD"),
        "cash_usd": number(_number(best["cash_usd"]["p50"]), "USD"),
        "probability.both": likely(best["probability"]["both"]),
    }


def _of_designs(data: Any) -> Iterator[str]:
    budget = data["question"]["means"]["budget_usd"]
    near = [each["design"] for each in data["near_misses"]]
    for design in (*([data["best"]] if data["best"] else []), *data["alternatives"], *near):
        name = f"{design['chips']} {design['chip']} {design['supply']} {design['site']}"
        for terms, total in (
            ("step_terms_s", design["step_time_s"]["p50"]),
            ("cost_terms_usd", design["cost_usd"]["p50"]),
            ("finish_terms_days", design["finish_days"]["p50"]),
            ("goodput_terms", 1.0),
        ):
            if math.isfinite(_number(total)):
                whole = math.fsum(design[terms].values())
                if not math.isclose(whole, _number(total), rel_tol=1e-6):
                    yield f"{name}: {terms} add up to {whole}, not {total}"
        chance = design["probability"]
        if chance["both"] > min(chance["in_time"], chance["in_budget"]) + 1e-12:
            yield f"{name}: both limits hold more often than one"
        if not math.isclose(design["goodput_terms"]["productive"], design["goodput"]["p50"], rel_tol=1e-6):
            yield f"{name}: two goodputs"
        if budget is not None:
            cash, held = ({key: _number(each) for key, each in design["cash_usd"].items()}, chance["in_budget"])
            least, most = (
                (0.9 if cash["p90"] < budget else 0.5 if cash["p50"] < budget else 0.0),
                (0.1 if cash["p10"] > budget else 0.5 if cash["p50"] > budget else 1.0),
            )
            if not least - 5e-3 <= held <= most + 5e-3:
                yield f"{name}: {held:.0%} in budget with {cash} cash out first of {budget}"
        if design["supply"] != "own" and design["cash_usd"] != design["cost_usd"]:
            yield f"{name}: a rent's cash is not its cost"
        if _number(design["days_on_chips"]["p50"]) > _number(design["finish_days"]["p50"]) * (1 + 1e-9):
            yield f"{name}: longer on chips than from the order"


def _of_lists(data: Any) -> Iterator[str]:
    asked = data["question"]["goal"]
    fits = (*([data["best"]] if data["best"] else []), *data["alternatives"])
    if any(each["probability"]["both"] < asked["confidence"] for each in fits):
        yield "a design that fits keeps its limits too rarely"
    if any(each["design"]["probability"]["both"] >= asked["confidence"] for each in data["near_misses"]):
        yield "a near miss fits"
    held = [_number(each["holds"]) for each in fits]
    if held != sorted(held):
        yield "designs are not in the order of what holds"
    kinds = {reason["kind"] for each in data["infeasible"] for reason in each["reasons"]}
    if kinds & {"price", "figure"}:
        yield "lack of data among what is infeasible"
    for flip in data["flips"]:
        if (
            data["best"]
            and flip["choice"] == f"{data['best']['chips']:,} × {data['best']['chip']}, {data['best']['supply']}"
        ):
            yield "a flip to what is chosen already"
    yield from _of_flips(data["flips"], fits)


def _of_flips(flips: Any, fits: Sequence[Any]) -> Iterator[str]:
    """Prices that change the choice start at what their design is shown with."""
    for flip in flips:
        what, _, name = str(flip["input"]).partition("price of the chip")
        design = fits[0] if not name else next((each for each in fits if f" of {_name(each)}" == name), None)
        if what or design is None or design["price_usd_per_chip_hour"] is None:
            continue
        if not math.isclose(flip["from"], design["price_usd_per_chip_hour"]["p50"], rel_tol=1e-9):
            yield f"{flip['input']} starts at {flip['from']}, not at what {design['chip']} costs"


def _name(design: Any) -> str:
    held = design["chips_there"] + design["chips_ordered"]
    return had_name(design["chips"], held, design["chip"], design["supply"], design["availability"]["tier"])


def _number(value: Any) -> float:
    return float(value)


def _screen(answer: PlanAnswer, catalog: Catalog) -> str:
    out = io.StringIO()
    console = Console(file=out, width=80, highlight=False)
    for part in terminal(report_of(answer), catalog.sources):
        console.print(part)
    return out.getvalue()


def _text(page: str) -> str:
    body = re.sub(r"<(script|style).*?</\1>", " ", page, flags=re.DOTALL)
    return _flat(html.unescape(re.sub(r"<[^>]*>", " ", body)))


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text)
