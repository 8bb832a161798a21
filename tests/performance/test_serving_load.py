"""Load: closed forms against the simulation, the simulation against queues that are solved, Little's law."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving_replicas import CATALOG, FACTORS, faster_memory, replica_of, replicas, traffics

from tenfold.performance.serving import (
    Replica,
    Requests,
    Run,
    Server,
    Speculation,
    closed_loop,
    disaggregated,
    most_sequences,
    offline,
    open_loop,
    setting_of,
    simulate,
    simulate_arrivals,
    simulate_loop,
    static_batch,
    streamed_step_s,
)
from tenfold.performance.serving.load import missed_steps
from tenfold.performance.serving.search import front_of, layouts_of, search_services
from tenfold.performance.serving.simulate import poisson_arrivals
from tenfold.quantities import Column
from tenfold.workloads.serving import ReplicaLayout, Traffic

ROUNDING = 1.0 + 1e-9
CHAT = Traffic(prompt_tokens=1024.0, output_tokens=256.0)


def number(value: Column) -> float:
    return float(np.asarray(value))


def one_at_a_time(lengths: np.ndarray, rate: float, seed: int) -> np.ndarray:
    """Times in a system that serves one request at a time, each for as many seconds as it has tokens."""
    server = Server(steps_s=[0.0, 0.0], prompt_s_per_token=1.0, prompt_floor_s=0.0, mixed_share=1.0, token_budget=1e12)
    count = len(lengths)
    done = simulate(
        server,
        Requests(prompt_tokens=lengths, output_tokens=np.ones(count), arrival_s=poisson_arrivals(rate, count, seed)),
    )
    return np.asarray(done.e2e_s[count // 10 :])


@pytest.mark.parametrize("busy", [0.3, 0.6])
def test_equal_prompts_that_come_at_random_wait_as_in_m_d_1(busy: float) -> None:
    """W = s + ρ·s/(2(1 − ρ)) [Pollaczek 1930, Khinchine 1932]."""
    seen = one_at_a_time(np.ones(40_000), busy, 1)
    assert seen.mean() == pytest.approx(1.0 + busy / (2.0 * (1.0 - busy)), rel=0.04)


@pytest.mark.parametrize("busy", [0.3, 0.6])
def test_exponential_prompts_that_come_at_random_wait_as_in_m_m_1(busy: float) -> None:
    """W = s/(1 − ρ) [Erlang 1917]."""
    lengths = np.random.default_rng(5).exponential(1.0, 60_000)
    assert one_at_a_time(lengths, busy, 2).mean() == pytest.approx(1.0 / (1.0 - busy), rel=0.05)


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 30), st.integers(1, 200), st.floats(1.0, 500.0), st.floats(1.0, 60.0), st.booleans())
def test_littles_law_holds_in_every_run(clients: int, count: int, prompt: float, output: float, mixes: bool) -> None:
    """The mean number of requests in the system is the rate times the mean time in it."""
    server = Server(
        steps_s=[0.01 + 0.001 * each for each in range(21)],
        prompt_s_per_token=1e-4,
        prompt_floor_s=0.005,
        mixed_share=0.8,
        token_budget=256.0,
        mixes_prompts=mixes,
    )
    done = simulate(
        server,
        Requests(prompt_tokens=np.full(count, prompt), output_tokens=np.full(count, output), clients=clients),
    )
    assert (done.first_s >= done.arrival_s).all()
    assert (done.last_s >= done.first_s).all()
    span = done.last_s.max()
    at = np.sort(np.concatenate([done.arrival_s, done.last_s]))
    inside = [((done.arrival_s <= t) & (done.last_s > t)).sum() for t in at[:-1]]
    area = float((np.array(inside) * np.diff(at)).sum())
    assert area == pytest.approx(done.e2e_s.sum(), rel=1e-6)
    assert max(inside) <= clients
    assert done.tokens_per_s * span == pytest.approx(done.output_tokens.sum())


def test_the_same_run_gives_the_same_times() -> None:
    replica = replica_of()
    first, again = (simulate_arrivals(replica, CHAT, 3.0, Run(), Speculation(), 4) for _ in range(2))
    assert (first.ttft_s == again.ttft_s).all()


@pytest.mark.parametrize("model", ["llama-3.1-8b", "llama-3.1-70b", "mixtral-8x7b"])
@pytest.mark.parametrize("clients", [1.0, 4.0, 16.0, 32.0])
@pytest.mark.parametrize("traffic", [CHAT, Traffic(prompt_tokens=256.0, output_tokens=1024.0)])
def test_closed_form_and_simulation_agree_where_prompts_leave_room(
    model: str, clients: float, traffic: Traffic
) -> None:
    replica = replica_of(model)
    form = closed_loop(replica, traffic, clients)
    if number(form.prefill_utilisation) > 0.7:
        pytest.skip("more than 0.7 of the time goes to prompts")
    seen = simulate_loop(replica, traffic, clients, Run(), Speculation())
    assert seen.tpot_s.mean() == pytest.approx(number(form.tpot_s), rel=0.1)
    assert seen.tokens_per_s == pytest.approx(number(form.tokens_per_s), rel=0.1)


@pytest.mark.parametrize("rate", [0.5, 2.0, 5.0])
def test_arrivals_agree_too(rate: float) -> None:
    replica = replica_of()
    form = open_loop(replica, CHAT, rate)
    assert number(form.prefill_utilisation) < 0.7
    seen = simulate_arrivals(replica, CHAT, rate, Run(length_spread=0.0), Speculation(), 0)
    assert seen.tpot_s.mean() == pytest.approx(number(form.tpot_s), rel=0.1)
    assert seen.e2e_s.mean() == pytest.approx(number(form.e2e_s), rel=0.1)


@settings(max_examples=50, deadline=None)
@given(replicas(), traffics(), st.floats(1.0, 200.0), st.floats(1.01, 3.0))
def test_more_clients_never_give_fewer_tokens_until_the_cache_is_full(
    replica: Replica, traffic: Traffic, clients: float, factor: float
) -> None:
    most = number(most_sequences(replica, traffic.prompt_tokens, traffic.output_tokens, traffic.prefix_share))
    if most < 1.0:
        return
    few, many = (min(each, most) for each in (clients, clients * factor))
    low, high = closed_loop(replica, traffic, few), closed_loop(replica, traffic, many)
    assert number(high.tokens_per_s) >= number(low.tokens_per_s) * 0.98
    assert number(high.tpot_s) >= number(low.tpot_s) * 0.97
    in_service = number(low.tokens_per_s) / traffic.output_tokens * number(low.e2e_s)
    assert in_service == pytest.approx(few * number(replica.layout.ranks), rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(replicas(), traffics(), st.floats(1.0, 64.0), st.floats(1.01, 4.0))
def test_more_bandwidth_never_raises_the_time_per_token(
    replica: Replica, traffic: Traffic, clients: float, factor: float
) -> None:
    better = faster_memory(replica, factor)
    assert (
        number(closed_loop(better, traffic, clients).tpot_s)
        <= number(closed_loop(replica, traffic, clients).tpot_s) * ROUNDING
    )
    assert number(offline(better, traffic).tokens_per_s) >= number(offline(replica, traffic).tokens_per_s) / ROUNDING


def test_clients_beyond_the_room_wait_and_change_nothing_else() -> None:
    replica = replace(replica_of(), max_sequences=16.0)
    full, over = closed_loop(replica, CHAT, 16.0), closed_loop(replica, CHAT, 160.0)
    assert number(over.tokens_per_s) == pytest.approx(number(full.tokens_per_s))
    assert number(over.tpot_s) == number(full.tpot_s)
    assert number(over.ttft_s) > number(full.ttft_s) + 5.0 * number(full.e2e_s)


def test_arrivals_beyond_the_room_have_no_end() -> None:
    over = open_loop(replica_of(), CHAT, 1e4)
    assert number(over.ttft_s) == np.inf
    assert number(over.tokens_per_s) < 1e4 * CHAT.output_tokens


def test_a_prefix_that_is_known_saves_its_prefill() -> None:
    replica, known = replica_of(), replace(CHAT, prefix_share=0.9)
    assert number(closed_loop(replica, known, 32.0).tpot_s) < number(closed_loop(replica, CHAT, 32.0).tpot_s)
    assert number(closed_loop(replica, known, 32.0).ttft_s) < number(closed_loop(replica, CHAT, 32.0).ttft_s)


def test_drafts_pay_for_one_client_and_less_for_many() -> None:
    replica, drafts = replica_of(), Speculation(verified=3.0, accepted=2.1, cost=0.1)

    def gain(clients: float) -> float:
        plain, drafted = (number(closed_loop(replica, CHAT, clients, each).tpot_s) for each in (Speculation(), drafts))
        return plain / drafted

    assert 1.5 < gain(1.0) <= 2.1
    assert gain(256.0) < gain(1.0)


def test_prompts_on_chips_of_their_own_do_not_delay_tokens() -> None:
    replica = replica_of()
    apart = disaggregated(replica, replica, CHAT, 64.0, 1.0, 4.0)
    together = closed_loop(replica, CHAT, 64.0)
    assert number(apart.tpot_s) < number(together.tpot_s)
    slow = disaggregated(replica, replica, CHAT, 512.0, 4.0, 0.2)
    assert number(slow.prefill_utilisation) > 0.99
    assert number(slow.ttft_s) > number(apart.ttft_s)


def test_sides_that_wait_for_each_other_lose_places_and_no_time_of_a_step() -> None:
    replica = replace(replica_of(), max_sequences=32.0)
    sides = (replace(replica, constants=replace(replica.constants, side_share=share)) for share in (1.0, 0.5))
    whole, half = (disaggregated(side, side, CHAT, 512.0, 1.0, 16.0) for side in sides)
    assert number(half.tpot_s) == pytest.approx(number(whole.tpot_s))
    assert number(half.tokens_per_s) == pytest.approx(0.5 * number(whole.tokens_per_s))


@pytest.mark.parametrize("ranks", [2.0, 8.0])
def test_a_limit_of_sequences_holds_for_each_rank(ranks: float) -> None:
    replica = replica_of("deepseek-v3", "b200", layout=ReplicaLayout(ranks=8.0, expert=8.0))
    limited = replace(replica, max_sequences=4.0, layout=replace(replica.layout, ranks=ranks))
    assert number(most_sequences(limited, 128.0, 128.0, 0.0)) == 4.0


@pytest.mark.parametrize("ranks", [1.0, 32.0])
def test_each_rank_streams_by_itself(ranks: float) -> None:
    replica = replica_of("llama-3.1-8b", layout=ReplicaLayout())
    many = replace(replica, layout=replace(replica.layout, ranks=ranks))
    assert number(streamed_step_s(many, 0.01, 64.0)) == number(streamed_step_s(replica, 0.01, 64.0))
    slow = replace(replica, constants=replace(replica.constants, stream_token_s=1.0))
    assert number(streamed_step_s(slow, 0.01, 64.0)) == pytest.approx(64.0)


def test_a_static_batch_reads_weights_once_for_all_its_prompts() -> None:
    replica = replica_of("llama-3.1-8b", layout=ReplicaLayout())
    one, many = (static_batch(replica, CHAT, batch) for batch in (1.0, 32.0))
    assert number(many.ttft_s) < 32.0 * number(one.ttft_s)
    assert number(many.tokens_per_s) > number(one.tokens_per_s)


def test_a_search_finds_what_each_configuration_gives_alone() -> None:
    chip, shape = CATALOG.chip("h100-sxm"), CATALOG.model("mixtral-8x7b").shape
    settings_ = [
        setting_of(CATALOG, chip, shape, CATALOG.engines["vllm-2026"], layout, precision="fp8")
        for layout in layouts_of(8, experts=True)
    ]
    found = search_services(settings_, FACTORS, CHAT, clients=(1.0, 16.0))
    assert len(found) + sum(found.rejected.values()) == found.considered
    for row in range(len(found)):
        setting = settings_[found.setting[row]]
        replica = replica_of("mixtral-8x7b", layout=setting.layout)
        alone = closed_loop(replica, CHAT, float(found.clients[row]) / float(setting.layout.ranks))
        assert found.tpot_s[row] == pytest.approx(number(alone.tpot_s), rel=1e-12)
    front = front_of(1.0 / found.tpot_s, found.tokens_per_s_per_chip)
    brute = {
        row
        for row in range(len(found))
        if not any(
            (
                found.tpot_s[other] < found.tpot_s[row]
                and found.tokens_per_s_per_chip[other] >= found.tokens_per_s_per_chip[row]
            )
            or (
                found.tpot_s[other] <= found.tpot_s[row]
                and found.tokens_per_s_per_chip[other] > found.tokens_per_s_per_chip[row]
            )
            for other in range(len(found))
        )
    }
    assert {int(each) for each in front} == brute


@pytest.mark.parametrize("waves", [1.0, 3.0])
def test_whole_waves_of_an_offline_run_are_as_fast_as_a_run_without_end(waves: float) -> None:
    replica = replica_of()
    endless = offline(replica, CHAT)
    some = offline(replica, CHAT, requests=waves * number(endless.most_batch))
    assert number(some.tokens_per_s) == pytest.approx(number(endless.tokens_per_s), rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(replicas(), traffics(), st.floats(1.0, 5_000.0))
def test_few_requests_never_run_faster_than_many(replica: Replica, traffic: Traffic, requests: float) -> None:
    few, many = (number(offline(replica, traffic, requests=each).tokens_per_s) for each in (requests, 1e9))
    assert few <= many * 1.01


def test_clients_of_a_loop_miss_a_step_where_others_decode() -> None:
    assert number(missed_steps(1.0)) == 0.0
    assert 0.0 < number(missed_steps(2.0)) < number(missed_steps(64.0)) < 1.0
