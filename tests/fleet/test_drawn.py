"""Jobs drawn from distributions: moments against closed forms, queues against Erlang-C, and the command."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typed_commands import tenfold

import tenfold as public
from tenfold.fleet import Jobs, Rules, replay
from tenfold.fleet.drawn.arrivals import needed_spans_s, of_the_day
from tenfold.fleet.drawn.draw import drawn_trace, mean_chips_asked
from tenfold.fleet.drawn.laws import LAWS, SPREADS, tail_of
from tenfold.fleet.drawn.streams import ArrivingJobs, BacklogJobs, ReplicaJobs, Stream
from tenfold.quantities import DAY_S, HOUR_S, InputError

STREAM = ArrivingJobs(
    kind="arriving", name="a", chips=(1, 8), weights=(3, 1), time_s=HOUR_S, law="exponential", jobs_per_day=1000.0
)
SIGMAS = 4.5
"""Standard errors that a mean of draws by a fixed seed may lie off; by chance one in 100,000 would."""


def drawn(*streams: Stream, days: float = 20.0, seed: int = 1) -> Jobs:
    return drawn_trace(streams, days * DAY_S, seed).jobs


@pytest.mark.parametrize("law", LAWS)
def test_times_have_the_mean_and_spread_of_their_law(law: str) -> None:
    spread, count = SPREADS.get(law, 0.6), 200_000
    times_s = LAWS[law](np.random.default_rng(5), 100.0, spread, count)
    assert abs(times_s.mean() - 100.0) <= SIGMAS * 100.0 * spread / math.sqrt(count)
    assert times_s.min() > 0.0
    if law == "fixed":
        assert set(times_s.tolist()) == {100.0}
    elif law == "pareto":  # its variance converges slowly: judged by its tail
        alpha = tail_of(spread)
        assert spread**-2 == pytest.approx(alpha * (alpha - 2))
        least_s = 100.0 * (alpha - 1) / alpha
        for over in (1.5, 3.0):
            share = over**-alpha
            error = math.sqrt(share * (1 - share) / count)
            assert abs((times_s > over * least_s).mean() - share) <= SIGMAS * error
    else:
        assert times_s.std() / times_s.mean() == pytest.approx(spread, rel=0.02)


def test_arrivals_follow_the_day() -> None:
    """Counts of a day are Poisson; E cos(2π (t − peak)/day) over arrivals is (p − 1)/2."""
    jobs = drawn(replace(STREAM, peak_to_mean=1.8, peak_at_s=15 * HOUR_S), days=200)
    expected = 200 * 1000
    assert abs(len(jobs) - expected) <= SIGMAS * math.sqrt(expected)
    cosine = np.cos(2 * np.pi * (jobs.submit_s - 15 * HOUR_S) / DAY_S)
    assert abs(cosine.mean() - 0.4) <= SIGMAS * cosine.std() / math.sqrt(len(jobs))
    by_day = np.bincount((jobs.submit_s // DAY_S).astype(int))
    assert by_day.var() / by_day.mean() == pytest.approx(1.0, abs=SIGMAS * math.sqrt(2 / 200))
    assert (np.diff(jobs.submit_s) >= 0).all()


def test_bursts_disperse_counts() -> None:
    """Geometric bursts of mean m: variance over mean of counts is 2 m − 1."""
    mean_jobs, spans = 20.0, 2000
    jobs = drawn(replace(STREAM, burst_jobs=mean_jobs), days=spans / 4)
    counts = np.bincount((jobs.submit_s // (DAY_S / 4)).astype(int), minlength=spans)
    error = math.sqrt((2 * mean_jobs - 1) * 250 / spans)
    assert abs(counts.mean() - 250) <= SIGMAS * error
    assert counts.var() / counts.mean() == pytest.approx(2 * mean_jobs - 1, rel=SIGMAS * math.sqrt(2 / spans))
    assert len(np.unique(jobs.submit_s)) == pytest.approx(len(jobs) / mean_jobs, rel=0.05)


def test_gangs_and_estimates() -> None:
    jobs = drawn(replace(STREAM, estimate_excess=1.0, least_chips=1))
    error = math.sqrt(0.25 * 0.75 / len(jobs))
    assert abs((jobs.chips == 8).mean() - 0.25) <= SIGMAS * error
    over = jobs.estimate_s / jobs.work_s
    assert ((over >= 1.0) & (over <= 2.0)).all()
    assert abs(over.mean() - 1.5) <= SIGMAS / math.sqrt(12 * len(jobs))
    assert jobs.wants is not None
    assert set(jobs.wants.least_chips.tolist()) == {1}


@settings(max_examples=25, deadline=None)
@given(st.floats(0.2, 30), st.floats(1, 2), st.floats(0, DAY_S), st.floats(0.3, 4))
def test_replicas_are_what_the_moment_needs(replicas: float, peak: float, peak_at_s: float, days: float) -> None:
    begin_s, end_s = needed_spans_s(replicas, peak, peak_at_s, days * DAY_S)
    at_s = np.linspace(0, days * DAY_S, 199)[1:-1] + 0.123
    there = ((begin_s[:, None] <= at_s) & (at_s < end_s[:, None])).sum(axis=0)
    needed = replicas * of_the_day(at_s, peak, peak_at_s)
    clear = (np.abs(needed % 1 - 0.5) > 1e-3) & (at_s < days * DAY_S)
    assert (there == np.floor(needed + 0.5))[clear].all()


def test_chips_asked_are_those_of_many_draws() -> None:
    streams = (
        replace(STREAM, burst_jobs=3.0, peak_to_mean=1.5, peak_at_s=0.0),
        BacklogJobs(kind="backlog", name="b", chips=(4,), time_s=600.0, law="fixed", jobs=50),
        ReplicaJobs(kind="replicas", name="c", chips=2, replicas=7.3, peak_to_mean=1.4, peak_at_s=0.0),
    )
    found = []
    for seed in range(60):
        jobs = drawn(*streams, days=10, seed=seed)
        found.append(float((jobs.chips * jobs.work_s).sum()) / (10 * DAY_S))
    error = float(np.std(found)) / math.sqrt(len(found))
    assert abs(np.mean(found) - mean_chips_asked(streams, 10 * DAY_S)) <= SIGMAS * error


def test_a_stream_stays_as_it_is_beside_others() -> None:
    other = BacklogJobs(kind="backlog", name="b", chips=(4,), time_s=600.0, law="fixed", jobs=50, tier=2)
    alone, beside = drawn(STREAM), drawn(STREAM, other)
    own = beside.take(np.flatnonzero(beside.tenant == beside.tenants.index("a")))
    assert np.array_equal(own.submit_s, alone.submit_s)
    assert np.array_equal(own.work_s, alone.work_s)
    longer = drawn(replace(STREAM, law="lognormal", spread=3.0))
    assert np.array_equal(longer.submit_s, alone.submit_s)
    assert np.array_equal(longer.chips, alone.chips)
    assert not np.array_equal(drawn(STREAM, seed=2).submit_s[:9], alone.submit_s[:9])


def test_queues_of_drawn_jobs_wait_as_erlang_c_says() -> None:
    """M/M/4 at half its load; the standard error is that of means over 30 spans of days."""
    servers, load, spans = 4, 2.0, 30
    stream = replace(STREAM, chips=(1,), weights=(), time_s=600.0, jobs_per_day=load * DAY_S / 600.0)
    found = replay(drawn(stream, days=480, seed=3), Rules(chips=servers))
    terms = [load**k / math.factorial(k) for k in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    exact_s = 600.0 * last / (sum(terms) + last) / (servers - load)
    means_s = [each.mean() for each in np.array_split(found.wait_s, spans)]
    error_s = float(np.std(means_s)) / math.sqrt(spans)
    assert error_s < 0.03 * exact_s
    assert abs(np.mean(means_s) - exact_s) <= SIGMAS * error_s


FILE = """
question = "fleet-replay"
chips = 16
jobs_for = "2 days"
[[jobs]]
name = "a"
kind = "arriving"
jobs_per_day = 100
chips = [1, 8]
time = "1 h"
law = "lognormal"
spread = 2
"""


def test_a_file_declares_its_jobs(tmp_path: Path) -> None:
    file = tmp_path / "drawn.toml"
    file.write_text(FILE, encoding="utf-8")
    said = tenfold("fleet", "replay", file, "--json", "--reruns", "3", "--seed", "4").data
    again = tenfold("fleet", "replay", file, "--json", "--reruns", "3", "--seed", "4").data
    assert said == again
    assert (said["format"], said["rows"]) == ("drawn", said["jobs"])
    assert "ask for 19 chips on average" in said["notes"][0]
    spread = said["rerun_mean_wait_s"]
    assert spread["p10"] < spread["p90"]
    strict = tmp_path / "skip.toml"
    strict.write_text(FILE.replace("chips = 16", 'chips = 16\nadmission = "skip"'), encoding="utf-8")
    compared = public.fleet_compare([str(file), str(strict)])
    assert compared.fleets[1].jobs == compared.fleets[0].jobs
    own = {"jobs": said["question"]["fleet"]["jobs"], "jobs_for": "2 days"}
    job = public.fleet_submit(own | {"chips": 16, "job_chips": 8, "job_time": "1 h", "forecasts": 5}, seed=4)
    assert job.running_jobs + job.waiting_jobs > 0
    assert public.fleet_size(own | {"targets": "1 h"}, seed=4).sized[0].wait_s <= HOUR_S


def test_what_is_not_said_of_drawn_jobs_is_named(tmp_path: Path) -> None:
    file = tmp_path / "drawn.toml"
    wrong = FILE.replace("spread = 2", "weights = [1]\npeak_to_mean = 1.5\nleast_chips = 4")
    file.write_text(wrong.replace('jobs_for = "2 days"', 'trace = "drawn.toml"'), encoding="utf-8")
    refused = tenfold("fleet", "replay", file)
    assert refused.code == 2
    for each in (
        "jobs.0.spread: is missing under lognormal",
        "jobs.0.weights: has 1 entries for 2 gangs",
        "jobs.0.peak_at: is missing beside a peak",
        "jobs.0.least_chips: 4 is more than the smallest gang has",
    ):
        assert each in refused.stderr
    file.write_text(FILE.replace('jobs_for = "2 days"', 'trace = "drawn.toml"'), encoding="utf-8")
    refused = tenfold("fleet", "replay", file)
    assert "trace: is beside jobs, which are drawn" in refused.stderr
    assert "jobs_for: is missing" in refused.stderr
    many = FILE.replace("jobs_per_day = 100", "jobs_per_day = 1e7")
    file.write_text(many, encoding="utf-8")
    assert "would draw 20,000,000 jobs" in tenfold("fleet", "replay", file).stderr
    rare = replace(STREAM, jobs_per_day=1e-6)
    with pytest.raises(InputError, match="drew no job"):
        drawn(rare, days=1)
