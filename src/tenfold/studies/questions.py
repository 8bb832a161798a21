"""The registry of questions: a name, the package that answers it, one line, and its example. Nothing else to register.

Everything else follows from the name. For ``goodput``, in ``tenfold.planning.goodput``:

* ``question.py``: the record ``GoodputQuestion``; optional ``contradictions(question, catalog)``, problems between
  fields, there or in ``contradictions.py``. What could not be read of a wrong file is ``UNREAD`` in it: passed over.
* ``answer.py``: the record ``GoodputAnswer``; what it becomes with ``--out``, optional: ``file(answer)``, a text, or
  ``files(answer)``, texts by path in a folder, and ``joined(path, text, there)``, the text where one is there already.
* ``goodput.py``, called as the package: ``answer(question, catalog, *, seed, progress)``; what its row
  says it is handed follows by name.

And in ``tenfold.reports``, ``goodput.py``: ``verdict(answer)``, ``report(answer)``, ``TOPICS``. In ``tenfold``, the
function ``goodput``. Reading this table imports nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Question:
    """Where a question is answered, what it asks in one line, and the file that shows how to ask it."""

    module: str
    summary: str
    example: str
    """File in ``examples/`` that ``tenfold init NAME`` writes."""
    title: str = ""
    """What a page's list of questions calls it, where that is not its name."""
    handed: Mapping[str, str] = field(default_factory=dict)
    """What other questions work out for it: functions that ``answer`` takes by name, and where each is."""


QUESTIONS: Mapping[str, Question] = {
    "plan": Question(
        "tenfold.planning.plan", "Plan a goal: chips, layout, supply, site; when and how much.", "goal.toml"
    ),
    "plan serve": Question(
        "tenfold.planning.plan.serve",
        "Plan a service: the cheapest fleet that carries traffic within a latency.",
        "serve.toml",
        title="A service",
    ),
    "plan portfolio": Question(
        "tenfold.planning.plan.portfolio",
        "Plan services and runs that share chips over time: which chips when, and what sharing saves.",
        "portfolio.toml",
        title="Several works",
        handed={
            "plan_services": "tenfold.planning.plan.serve.serve.answer",
            "plan_run": "tenfold.planning.plan.plan.plan_run",
        },
    ),
    "estimate training": Question(
        "tenfold.planning.estimate",
        "How long a training step takes, and how much memory.",
        "estimate-training.toml",
        title="Train",
    ),
    "estimate config": Question(
        "tenfold.planning.estimate_config",
        "What the configuration of another tool would do.",
        "estimate-config.toml",
        title="A tool's config",
    ),
    "search training": Question(
        "tenfold.planning.search",
        "Every layout of a training cluster, the fastest first.",
        "search-training.toml",
        title="Layouts",
    ),
    "estimate serving": Question(
        "tenfold.planning.estimate_serving",
        "How fast a service answers, and how many it answers at once.",
        "estimate-serving.toml",
        title="Serve",
    ),
    "search serving": Question(
        "tenfold.planning.search_serving",
        "Chips, layouts and batches that serve a model best within a latency.",
        "search-serving.toml",
    ),
    "goodput": Question(
        "tenfold.planning.goodput", "What failures do to a job, and which policy loses least.", "goodput.toml"
    ),
    "multisite": Question(
        "tenfold.planning.multisite", "How to train one run over several sites.", "multisite-40km.toml", title="Sites"
    ),
    "rollouts": Question(
        "tenfold.planning.rollouts",
        "Reinforcement learning where one site trains and others generate.",
        "rollouts.toml",
    ),
    "procure": Question(
        "tenfold.planning.procurement", "What to order now and what can wait, under risk.", "procure.toml"
    ),
    "rent-or-own": Question(
        "tenfold.planning.rent_or_own",
        "Compare renting, reserving, spot, colocation and owning.",
        "rent-or-own.toml",
    ),
    "build-or-buy": Question(
        "tenfold.planning.build_or_buy",
        "Call a model, tune a small one, serve an open one, or train one.",
        "build-or-buy.toml",
        handed={"cheapest_run": "tenfold.planning.plan.plan.cheapest_run"},
    ),
    "rental": Question(
        "tenfold.planning.rental",
        "Judge a GPU cloud: break-even price, returns, covenants, books.",
        "rental-h100.toml",
        title="Cloud books",
    ),
    "tco": Question(
        "tenfold.planning.tco", "What a chip costs its owner, by line and per hour.", "tco.toml", title="Cost of a chip"
    ),
    "quote": Question("tenfold.planning.quote", "Place a seller's offer among known prices.", "quote.toml"),
    "contagion": Question(
        "tenfold.planning.contagion", "Clear who owes whom in a year under shocks.", "contagion.toml"
    ),
    "race": Question("tenfold.race", "Simulate the AI compute race: who has which compute when.", "race.toml"),
    "race backtest": Question(
        "tenfold.race.backtest", "Judge the race backwards: hindcasts against simple rivals.", "race-backtest.toml"
    ),
    "race log": Question(
        "tenfold.race.log", "Keep forecasts of the race, and score those whose quarter has come.", "race-log.toml"
    ),
    "fleet replay": Question(
        "tenfold.planning.fleet_replay", "Replay jobs on a shared fleet: who waits, and why.", "fleet-replay.toml"
    ),
    "fleet compare": Question(
        "tenfold.planning.fleet_compare", "Compare fleets or rules on the same jobs.", "fleet-compare.toml"
    ),
    "fleet submit": Question(
        "tenfold.planning.fleet_submit", "When a job would start, and what would start it sooner.", "fleet-submit.toml"
    ),
    "fleet size": Question(
        "tenfold.planning.fleet_size", "The smallest fleet that keeps waits short.", "fleet-size.toml"
    ),
    "fleet read": Question("tenfold.planning.fleet_read", "What a trace of jobs holds.", "fleet-read.toml"),
    "prices show": Question(
        "tenfold.planning.prices", "Show what renting a chip cost by month.", "prices-show.toml", title="Rental prices"
    ),
    "goodput fit": Question(
        "tenfold.validation.failures",
        "Fit failure rates to logs of jobs or failures.",
        "goodput-fit.toml",
        title="Fit failures",
    ),
    "validate training": Question(
        "tenfold.validation.training.validate", "Compare predictions with measured runs.", "validate-training.toml"
    ),
    "track": Question("tenfold.validation.track", "When a running job ends, and what made it late.", "track.toml"),
    "validate serving": Question(
        "tenfold.validation.serving.validate",
        "Compare predictions with measured serving runs.",
        "validate-serving.toml",
    ),
    "calibrate training": Question(
        "tenfold.validation.training.calibrate", "Fit constants to measured runs.", "calibrate-training.toml"
    ),
    "calibrate serving": Question(
        "tenfold.validation.serving.calibrate",
        "Fit constants to measured serving, or to one benchmark of your own.",
        "calibrate-serving.toml",
    ),
    "calibrate chip": Question(
        "tenfold.validation.chip",
        "Fit constants to measurements of a chip of one's own.",
        "calibrate-chip.toml",
        title="Own chip",
    ),
    "calibrate prices": Question(
        "tenfold.validation.prices", "Fit price paths to the price history.", "calibrate-prices.toml"
    ),
    "claims": Question("tenfold.claims", "Judge statements about AI compute by what is calculated.", "claims.toml"),
}


KINDS: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "plan": ("goal", "kind", {"train": "plan", "serve": "plan serve", "portfolio": "plan portfolio"}),
}
"""Questions that hand over by a word in their file: table and key where it stands, and who answers which word."""


def question_for(name: str, tree: Mapping[str, object], file: str = "") -> str:
    """Name of the question that answers what a file asks of another one, by the kind that it states.

    Raises ``InputError`` for a kind that nobody answers: what else the file says could only be judged by a guess.
    """
    from tenfold.quantities import OneOf, Place

    table, key, kinds = KINDS.get(name, ("", "", {}))
    inside = tree.get(table)
    if not isinstance(inside, Mapping) or key not in inside:
        return name
    return kinds[OneOf(tuple(kinds), "kind").read(inside[key], Place(file=file, key=f"{table}.{key}"))]


def address_of(name: str) -> str:
    """Name of a question as files and addresses write it: spaces become hyphens."""
    return name.replace(" ", "-")


NAME_OF_ADDRESS: Mapping[str, str] = {address_of(name): name for name in QUESTIONS}
