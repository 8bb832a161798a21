"""Winners as ``FleetDesign`` records: every number with its terms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tenfold.performance.serving import (
    STEP_TERMS,
    Replica,
    cache_tokens,
    decode_terms,
    prefill_work_s,
    row_of,
    serving_spread,
    streamed_step_s,
    token_step_s,
    usual_cache_format,
)
from tenfold.planning.plan.serve.answer import FleetDesign, ReplicaPlan, Slo
from tenfold.planning.plan.serve.chosen import Chosen
from tenfold.planning.plan.serve.fleets import Fleet, Part
from tenfold.planning.plan.serve.pace import sure_z
from tenfold.planning.plan.serve.priced import Market, held_of
from tenfold.planning.plan.serve.question import SLOS, tokens_of
from tenfold.planning.plan.serve.sized import Sized
from tenfold.planning.plan.serve.verified import Verifier
from tenfold.planning.plan.train.graded import graded
from tenfold.planning.plan.verdicts import Probability
from tenfold.planning.supply.bound import words_of
from tenfold.planning.supply.describe import energy_of, split_at_median
from tenfold.planning.supply.evaluate import (
    bill_usd,
    charged_terms_usd,
    left_usd,
    paid_ahead_usd,
    porting_usd,
    purchase_usd,
    rent_usd_per_chip_hour,
)
from tenfold.planning.supply.offer import availability_of
from tenfold.planning.supply.rows import Rows
from tenfold.quantities import DAY_S, Floats, Percentiles, quantile_of
from tenfold.workloads.serving import Traffic

J_PER_MWH = 3.6e9
MTOKEN = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What the designs of one service are described from."""

    sized: Sized
    verifier: Verifier
    market: Market
    chosen: Chosen


def describe(case: Case, place: int) -> FleetDesign:
    """Make the design at a place."""
    chosen = case.chosen
    assert chosen.designs is not None
    assert chosen.priced is not None
    designs, market, fleet = chosen.designs, case.market, chosen.fleet_at(place)
    machine = market.machines[int(designs.chip[place])]
    row = replace(chosen.priced.rows.take(designs.row[[place]]), site=designs.site[[place]])
    assessed = designs.assessed
    tier = market.offered.tiers[int(row.offer[0])]
    runs = int(case.sized.space.factors.get(f"rows.{machine.labels.pair}", 0.0))
    low, high = tier.price.figure.range
    return FleetDesign(
        chip=machine.chip.key,
        chips=fleet.chips,
        chips_ordered=int(row.ordered[0]),
        chips_there=int(row.beside[0]),
        system=machine.system.key if machine.system else "",
        supply=market.supplies[int(designs.supply[place])],
        site=market.sites[int(designs.site[place])].key,
        **_served(case, fleet),
        **_latencies(case, fleet),
        **_cost(case, fleet, row),
        **_energy(case, row),
        power_mw=float(designs.power_w[place]) / 1e6,
        holds_usd=float(assessed.joint_cost_usd[place]),
        least_budget_usd=float(assessed.joint_committed_usd[place]),
        probability=Probability(
            in_time=float(assessed.in_time[place]),
            in_budget=float(assessed.in_budget[place]),
            both=float(assessed.in_both[place]),
        ),
        evidence=graded(runs, 1.0 if runs else None, market.offered.providers[int(row.offer[0])], priced=low == high),
        availability=availability_of(tier),
        bound=words_of(market.bound, machine.chip.key),
        calibration=serving_spread(case.sized.space.factors, machine.labels, "tpot").words,
    )


def _served(case: Case, fleet: Fleet) -> dict[str, Any]:
    """Layouts, replicas and engine."""
    candidate, service = fleet.candidate, case.sized.service
    engine = case.sized.space.machines[candidate.machine].engine
    prompts = candidate.prompts
    first = None if prompts is None else _replicas(case, prompts, fleet.prompts_needed, fleet.prompts_replicas)
    return {
        "engine": engine.key,
        "precision": service.precision,
        "kv_precision": service.kv_precision or usual_cache_format(engine, service.precision),
        "disaggregated": prompts is not None,
        "caches_held": dict((prompts or candidate.answers).held),
        "layout": _replicas(case, candidate.answers, fleet.needed, fleet.replicas),
        "prefill_layout": first,
        "replicas": fleet.replicas + fleet.prompts_replicas,
        "spare_replicas": fleet.replicas + fleet.prompts_replicas - fleet.needed - fleet.prompts_needed,
    }


def _replicas(case: Case, part: Part, needed: int, replicas: int) -> ReplicaPlan:
    space, service = case.sized.space, case.sized.service
    setting = space.settings[part.setting]
    layout, engine = setting.layout, space.machines[int(space.machine[part.setting])].engine
    replica = row_of(space.replica, part.setting)
    kept = float(np.asarray(cache_tokens(replica, sum(tokens_of(service))))) * float(layout.ranks)
    return ReplicaPlan(
        tp=round(float(layout.tensor)),
        pp=round(float(layout.pipeline)),
        dp=round(float(layout.ranks)),
        ep=round(float(layout.expert)),
        chips=space.chips(part.setting),
        replicas=replicas,
        spares=replicas - needed,
        requests_per_s=part.rate_per_s,
        max_sequences=max(int(min(space.most[part.setting] * float(layout.ranks), setting.max_sequences)), 1),
        token_budget=engine.token_budget,
        kv_tokens=round(kept) if math.isfinite(kept) else 0,
    )


def _latencies(case: Case, fleet: Fleet) -> dict[str, Any]:
    """What requests see at the peak, what a token's time goes to, how many keep the limits."""
    sized, candidate = case.sized, fleet.candidate
    spread = {name: float(each[candidate.machine]) for name, each in sized.spreads.of.items()}
    share = sized.service.percentile
    seen = case.verifier.waits_at(candidate, fleet.load_per_s)
    terms, prompts = _token(case, fleet)
    carried = candidate.answers.rate_per_s * math.exp(spread["throughput"] * candidate.z) * fleet.needed
    per_chip = carried * tokens_of(sized.service)[1] / fleet.chips
    asked = {name: getattr(sized.service, name) for name in SLOS if getattr(sized.service, name) is not None}
    return {
        **{
            f"{name}_s": Percentiles.around(quantile_of(getattr(seen, f"{name}_s"), share), spread[name])
            for name in ("ttft", "tpot", "e2e")
        },
        "token_s": math.fsum(terms.values()),
        "token_terms_s": terms,
        "prefill_utilisation": prompts,
        "utilisation": sized.demand.mean_rate_per_s / carried,
        "tokens_per_s_per_chip": Percentiles.around(per_chip, spread["throughput"]),
        "slo": Slo(
            asked=asked | {"percentile": share},
            met_share=case.verifier.met_at(candidate, fleet.load_per_s, 0.0),
            met_share_sure=case.verifier.met_at(
                candidate, fleet.load_per_s, min(sure_z(case.market.limits.confidence), candidate.z)
            ),
        ),
    }


def _token(case: Case, fleet: Fleet) -> tuple[Mapping[str, float], float]:
    """Seconds of a mean token at the peak by what they go to, and the share of time that prompts take."""
    sized, candidate = case.sized, fleet.candidate
    replica, traffic = row_of(sized.space.replica, candidate.answers.setting), case.verifier.traffic(candidate.answers)
    batch = batch_at(case, fleet)
    drafts = case.verifier.speculation(candidate)
    parts = decode_terms(replica, max(batch, 1.0), traffic.mean_context, drafts.verified)
    accepted, cost = float(np.asarray(drafts.accepted)), float(np.asarray(drafts.cost))
    found = {name: float(np.asarray(getattr(parts, name))) / accepted for name in STEP_TERMS}
    found["drafts_s"] = float(np.asarray(parts.step_s)) * cost / accepted
    step = float(np.asarray(token_step_s(replica, max(batch, 1.0), traffic, drafts)))
    streamed = float(np.asarray(streamed_step_s(replica, step, max(batch, 1.0))))
    found["streaming_s"] = streamed - step
    if candidate.prompts is not None:
        first = row_of(sized.space.replica, candidate.prompts.setting)
        load = sized.demand.peak_rate_per_s / fleet.prompts_needed
        side = float(np.asarray(replica.constants.side_share))
        found["apart_s"] = streamed / side - streamed
        return {name: each for name, each in found.items() if each}, min(
            load * prompt_s(first, case.verifier.traffic(candidate.prompts)) / side, 1.0
        )
    busy = min(fleet.load_per_s * prompt_s(replica, traffic), 1.0)
    delayed = float(np.asarray(replica.constants.mixed_share)) * busy
    found["prompts_s"] = streamed / max(1.0 - delayed, 1e-3) - streamed
    return {name: each for name, each in found.items() if each}, busy


def batch_at(case: Case, fleet: Fleet) -> float:
    """Sequences that decode at once on a rank at the peak, with the pace predicted."""
    candidate, sized = fleet.candidate, case.sized
    found: Any = sized.table if candidate.prompts is None else sized.sides
    own = (found.setting == candidate.answers.setting) & (found.rate_per_s > 0.0)
    return float(np.interp(fleet.load_per_s, found.rate_per_s[own], found.batch[own]))


def prompt_s(replica: Replica, traffic: Traffic) -> float:
    """Time of a whole replica that a prompt takes, s."""
    known = traffic.prompt_tokens * traffic.prefix_share
    work = prefill_work_s(replica, traffic.new_tokens, known) / replica.layout.pipeline / replica.layout.ranks
    return float(np.asarray(work))


def input_share(case: Case, fleet: Fleet) -> float:
    """Share of the chips' time that prompts take: of their own replicas all, of shared ones by work."""
    candidate, space = fleet.candidate, case.sized.space
    if candidate.prompts is not None:
        first = fleet.prompts_replicas * space.chips(candidate.prompts.setting)
        return first / (first + fleet.replicas * space.chips(candidate.answers.setting))
    replica, traffic = row_of(space.replica, candidate.answers.setting), case.verifier.traffic(candidate.answers)
    batch, drafts = max(batch_at(case, fleet), 1.0), case.verifier.speculation(candidate)
    step = float(np.asarray(token_step_s(replica, batch, traffic, drafts)))
    answers = float(np.asarray(traffic.output_tokens)) * step / batch / float(replica.layout.ranks)
    prompts = prompt_s(replica, traffic)
    return prompts / (prompts + answers)


def _cost(case: Case, fleet: Fleet, row: Rows) -> dict[str, Any]:
    """Cost of the period by line, cash, and what a million tokens come to."""
    market, points = case.market, case.market.points
    held = held_of(row, points, market.period_days)
    owned = bool(row.owned[0])
    lines = (charged_terms_usd if owned else bill_usd)(row, points, held)
    total = np.asarray(sum(lines.values()))
    cash = purchase_usd(row, points) + porting_usd(row, points) if owned else total
    tokens = case.sized.demand.mean_rate_per_s * market.period_days * DAY_S / MTOKEN
    share, (prompt, output) = input_share(case, fleet), tokens_of(case.sized.service)
    return {
        "cost_usd": Percentiles.of(total),
        "cost_terms_usd": split_at_median(lines, total),
        "cash_usd": Percentiles.of(cash),
        "paid_ahead_usd": Percentiles.of(paid_ahead_usd(row, points)) if row.prepaid.any() else None,
        "recovered_usd": Percentiles.of(left_usd(row, points, held.finish_days, cash, total)) if owned else None,
        "usd_per_mtoken_input": Percentiles.of(total * share / (tokens * prompt)),
        "usd_per_mtoken_output": Percentiles.of(total * (1.0 - share) / (tokens * output)),
        "ready_days": Percentiles.of(held.lead_days + held.setup_days),
        "price_usd_per_chip_hour": None if owned else Percentiles.of(rent_usd_per_chip_hour(row, points)),
    }


def _energy(case: Case, row: Rows) -> dict[str, Any]:
    market = case.market
    use = energy_of(row, market.middle, np.full((1, 1), market.period_days), market.sites)
    tokens = case.sized.demand.mean_rate_per_s * tokens_of(case.sized.service)[1] * market.period_days * DAY_S
    energy_j = _one(use.energy_j)
    return {
        "energy_j_per_output_token": energy_j / tokens,
        "energy_mwh": energy_j / J_PER_MWH,
        "water_m3": _one(use.water_l) / 1e3,
        "carbon_t": _one(use.carbon_kg) / 1e3,
    }


def _one(values: Floats | Any) -> float:  # noqa: ANN401  (a column)
    return float(np.asarray(values).ravel()[0])
