"""Cost by month of each way, at points of the uncertain inputs. Arrays have shape (points, months)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenfold.catalog import Service
from tenfold.economics import break_even_volume, rent_cost_usd
from tenfold.planning.build_or_buy.own import MONTH_S, SERVE, TUNE, OwnWay
from tenfold.planning.build_or_buy.question import BuildOrBuyQuestion
from tenfold.planning.drawn import one_kind
from tenfold.planning.supply.held import DAYS_PER_MONTH, DAYS_PER_WEEK
from tenfold.quantities import HOUR_S, MONTHS_PER_YEAR, Floats, Points

SOONEST_MONTHS = 1e-9
"""Of a way that answers at once, over which nothing is spread."""
WEEKS_PER_MONTH = DAYS_PER_MONTH / DAYS_PER_WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """The question at points of its inputs."""

    question: BuildOrBuyQuestion
    points: Points
    service: Service
    """What is called."""
    scale: float = 1.0
    """Traffic over the one asked about."""

    def at(self, key: str) -> Floats:
        """An input, (points, 1)."""
        return one_kind(self.points, key)[:, None]

    @property
    def month(self) -> Floats:
        """Number of each month, (1, months)."""
        return np.arange(self.question.months, dtype=np.float64)[None, :]

    @property
    def grown(self) -> Floats:
        """Traffic over that of the first month."""
        return np.asarray((1.0 + self.at("growth")) ** self.month)

    @property
    def answers(self) -> Floats:
        """Tokens of answers by month."""
        return self.scale * self.question.traffic.output_tokens * self.grown

    @property
    def tokens(self) -> Floats:
        """Tokens of prompts and answers by month."""
        return self.scale * tokens_of(self.question) * self.grown


def tokens_of(question: BuildOrBuyQuestion) -> float:
    """Tokens of prompts and answers of the first month."""
    return question.traffic.input_tokens + question.traffic.output_tokens


def usd_per_token(question: BuildOrBuyQuestion, service: Service) -> float:
    """List price of a token as prompts and answers are mixed, USD."""
    traffic = question.traffic
    paid = traffic.input_tokens * service.input_price.value + traffic.output_tokens * service.output_price.value
    return paid / tokens_of(question)


def called_terms_usd(scene: Scene) -> Mapping[str, Floats]:
    """Cost of calling by month and line: tokens · price · change^(month ÷ 12), and who looks after it."""
    price = usd_per_token(scene.question, scene.service) * scene.at("price_change") ** (scene.month / MONTHS_PER_YEAR)
    return {"calls": scene.tokens * price, "people": _people_usd(scene, scene.at("people/api"))}


def chips_by_month(scene: Scene, way: OwnWay) -> Floats:
    """Chips that serve the busiest hour of each month, in whole replicas."""
    replica = float(way.serving.chips)
    rate_per_s = scene.answers * scene.at("peak") / MONTH_S
    return np.asarray(np.maximum(np.ceil(rate_per_s / (scene.at(f"rate/{way.way}") * replica)), 1.0) * replica)


def ready_months(scene: Scene, way: OwnWay) -> Floats:
    """Months from the start until a way answers, (points, 1): its weeks, and its runs one after another."""
    days = DAYS_PER_WEEK * scene.at(f"weeks/{way.way}")
    if way.run is not None:
        days = days + scene.at(f"run_days/{way.way}") * (scene.at("tune_runs") if way.way == TUNE else 1.0)
    return np.asarray(days / DAYS_PER_MONTH)


def runs_usd(scene: Scene, way: OwnWay) -> Floats:
    """Cost of all runs before a way answers, (points, 1)."""
    if way.run is None:
        return np.zeros((scene.points.count, 1))
    once = scene.at(f"run_usd/{way.way}")
    if way.way == TUNE:
        return np.asarray(once * scene.at("tune_runs") * (scene.at("lora") if way.lora else 1.0))
    return np.asarray(once * (1.0 + scene.at("trials")))


def people_usd_per_month(scene: Scene, way: OwnWay) -> Floats:
    """Cost of the people of a way a month, (points, 1): those who serve, and those who tune or train."""
    people = scene.at(f"people/{SERVE}") + (scene.at(f"people/{way.way}") if way.way != SERVE else 0.0)
    return people * scene.at("engineer") * WEEKS_PER_MONTH


def setup_usd(scene: Scene, way: OwnWay) -> Floats:
    """What is paid until a way answers, beside calls, (points, 1)."""
    return np.asarray(runs_usd(scene, way) + people_usd_per_month(scene, way) * ready_months(scene, way))


def chip_hour_usd(scene: Scene, way: OwnWay) -> Floats:
    """An hour of a chip with what clouds call extras, (points, 1)."""
    price = scene.at(f"price/{way.way}") * (1.0 + scene.at("extras"))
    return np.asarray(price * scene.at("big_and_soon") ** way.serving.premium if way.serving.premium else price)


def own_terms_usd(scene: Scene, way: OwnWay, start: float = 0.0) -> Mapping[str, Floats]:
    """Cost by month and line of a way that is begun in month ``start``; a model is called until it answers."""
    ready = ready_months(scene, way)
    begun = np.clip(scene.month + 1.0 - start, 0.0, 1.0)
    served = np.clip(scene.month + 1.0 - start - ready, 0.0, 1.0)
    called = called_terms_usd(scene)
    preparing = begun - served
    chips = rent_cost_usd(chips_by_month(scene, way), DAYS_PER_MONTH, chip_hour_usd(scene, way))
    return {
        "calls": called["calls"] * (1.0 - served),
        "runs": runs_usd(scene, way) * preparing / np.maximum(ready, SOONEST_MONTHS),
        "chips": np.asarray(chips * served),
        "people": called["people"] * (1.0 - begun) + people_usd_per_month(scene, way) * begun,
    }


def _people_usd(scene: Scene, people: Floats) -> Floats:
    return np.broadcast_to(people * scene.at("engineer") * WEEKS_PER_MONTH, scene.grown.shape)


def crossover_tokens(scene: Scene, way: OwnWay) -> Floats:
    """Tokens a month from which a way costs no more than calling at today's price, (points,).

    What setting up costs is spread over the months compared.
    """
    question, each = scene.question, way.serving
    hour = chip_hour_usd(scene, way)
    fixed = people_usd_per_month(scene, way) - scene.at("people/api") * scene.at("engineer") * WEEKS_PER_MONTH
    fixed = np.maximum(fixed + setup_usd(scene, way) / question.months, 0.0)
    answers_share = question.traffic.output_tokens / tokens_of(question)
    a_token = hour / HOUR_S / scene.at(f"rate/{way.way}") * scene.at("peak") * answers_share
    least = rent_cost_usd(float(each.chips), DAYS_PER_MONTH, hour)
    bought = usd_per_token(question, scene.service)
    return break_even_volume(fixed, least, a_token, bought)[:, 0]
