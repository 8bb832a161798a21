"""``tenfold goodput`` as typed."""

from __future__ import annotations

import math
from functools import cache

import pytest
from typed_commands import Answer
from typed_commands import tenfold as asked_anew

JOB = ("goodput", "--chip", "h100-sxm", "--chips", "16384", "--replicas", "200")
KNOWN = ("--failures-per-1000-node-days", "6.5", "--checkpoint-interval", "5min", "--restart", "5min")
ASKED = (*JOB, *KNOWN, "--write", "0s", "--json")


@cache  # several tests look at the same answer
def tenfold(*command: str) -> Answer:
    return asked_anew(*command)


def test_the_question_of_the_issue() -> None:
    data = tenfold(*ASKED).data
    assert data["mttf_h"] == pytest.approx(1.80, abs=0.005)
    ettr = data["ettr"]
    mttf_s = 3600 * data["mttf_h"]
    renewal = 1 / (math.exp(300 / mttf_s) * mttf_s / 300 * math.expm1(300 / mttf_s))
    assert ettr["first_order"] == pytest.approx(0.93, abs=0.005)
    assert ettr["exact"] == pytest.approx(renewal, rel=1e-9)
    found = ettr["monte_carlo"]
    assert found["p10"] < found["p50"] < found["p90"]
    assert found["p50"] == pytest.approx(ettr["exact"], rel=0.015)
    assert sum(data["loss"].values()) == pytest.approx(1 - ettr["exact"], rel=0.05)
    assert sum(data["loss"].values()) == pytest.approx(sum(data["loss_terms"].values()), rel=1e-9)
    assert data["optimal_interval_s"] == 0
    assert any("best after every step" in note for note in data["notes"])
    assert data["spares_p99"] == data["spare_nodes_p99"] + data["spare_racks_p99"] > 0
    assert all(form["valid"] for form in data["valid"].values())


def test_the_answer_is_the_same_when_asked_again_and_another_with_another_seed() -> None:
    assert tenfold(*ASKED).stdout == asked_anew(*ASKED).stdout
    assert tenfold(*ASKED, "--seed", "1").data["ettr"]["monte_carlo"] != tenfold(*ASKED).data["ettr"]["monte_carlo"]


def test_what_is_not_given_comes_from_the_catalog_with_its_range() -> None:
    data = tenfold(*JOB, "--model", "llama-3.1-405b", "--json").data
    assert data["failures_per_1000_node_days"] == pytest.approx(3.79)
    known = tenfold(*JOB, "--failures-per-1000-node-days", "3.79", "--restart", "12min", "--json").data
    wide, narrow = (each["ettr"]["monte_carlo"] for each in (data, known))
    assert wide["p90"] - wide["p10"] > 3 * (narrow["p90"] - narrow["p10"])
    used = {named["name"] for named in data["figures"]}
    assert {
        "assumptions/reliability.failures_per_1000_node_days_hopper",
        "hazards/hopper/components.chip.chips_stopped",
    } <= used
    assert all(named["figure"]["source"] or named["figure"]["note"] for named in data["figures"])


def test_every_policy_can_be_asked_for_and_the_best_is_first() -> None:
    data = tenfold(*JOB, *KNOWN[:2], "--json").data
    best = data["policies"][0]
    assert len(data["policies"]) == 40
    names = [f"--{name}={best[name]}" for name in ("checkpointing", "recovery", "detection")]
    again = tenfold(*JOB, *KNOWN[:2], *names, "--json").data
    assert again["ettr"]["exact"] == pytest.approx(best["ettr"], rel=1e-9)
    assert again["checkpoint_interval_s"] == pytest.approx(best["interval_s"], rel=1e-9)
    assert again["ettr"]["exact"] >= data["ettr"]["exact"]


def test_a_best_interval_loses_no_more_than_one_that_was_given() -> None:
    best, given = (tenfold(*JOB, *KNOWN[:2], *more, "--json").data for more in ((), KNOWN[2:4]))
    assert best["checkpoint_interval_s"] == best["optimal_interval_s"] == given["optimal_interval_s"]
    assert best["ettr"]["exact"] >= given["ettr"]["exact"]


def test_a_young_cluster_fails_more_and_closed_forms_say_they_do_not_hold() -> None:
    young, settled = (tenfold(*JOB, *KNOWN, *more, "--json").data for more in (("--cluster-age", "0d"), ()))
    assert young["failures_in_run"] > 1.1 * settled["failures_in_run"]
    assert young["ettr"]["monte_carlo"]["p50"] < settled["ettr"]["monte_carlo"]["p50"]
    assert "young cluster" in young["valid"]["exact"]["why_not"]


def test_racks_have_spares_of_their_own() -> None:
    data = tenfold("goodput", "--chip", "gb200", "--chips", "9216", "--replicas", "50", "--json").data
    assert data["spare_racks_p99"] > 0 < data["spare_nodes_p99"]
    assert data["spare_chips_p99"] == 4 * data["spare_nodes_p99"] + 72 * data["spare_racks_p99"]
    assert data["loss"]["rack"] > 0


def test_work_of_a_given_length_finishes_later_than_without_failures() -> None:
    data = tenfold(*JOB, *KNOWN, "--work-days", "30", "--json").data
    assert data["work_days"] == 30
    assert 30 / data["ettr"]["exact"] == pytest.approx(data["finish_days"]["p50"], rel=0.01)


def test_tables_begin_with_the_verdict() -> None:
    text = tenfold(*ASKED[:-1]).stdout
    assert text.startswith("16,384 × h100-sxm: stopped every 108 min, ETTR 93")
    for part in ("What the time is lost to", "Policies compared", "Monte Carlo", "seed 0"):
        assert part in text


def test_few_spares_keep_the_job_waiting() -> None:
    few, many, free = (
        tenfold(*JOB, *KNOWN, *more, "--json").data for more in (("--spares", "6"), ("--spares", "40"), ())
    )
    assert few["ettr"]["exact"] < 0.85 * many["ettr"]["exact"]
    assert many["ettr"]["exact"] == pytest.approx(free["ettr"]["exact"], rel=1e-6)
    assert few["loss_terms"]["waiting_for_spares"] > 0.1
    assert few["loss"]["waiting_for_spares"] == few["loss_terms"]["waiting_for_spares"]
    assert "waiting_for_spares" not in free["loss"]
    assert few["spares_p99"] == free["spares_p99"]
    ours = next(row for row in few["sizes"] if row["chips"] == 16_384)
    assert ours["exact"] == pytest.approx(few["ettr"]["exact"], rel=1e-9)


def test_a_part_of_each_rack_can_be_asked_for_with_the_rest_as_hot_spares() -> None:
    job = ("goodput", "--chip", "gb200", "--recovery", "hot-standby", "--replicas", "200", "--json")
    few = tenfold(*job, "--chips", "8192", "--spares", "256").data  # 64 of 72 in 128 racks, two nodes beside them
    whole = tenfold(*job, "--chips", "9216").data
    assert few["mttf_h"] / whole["mttf_h"] == pytest.approx(9216 / 8192)
    assert few["ettr"]["exact"] == pytest.approx(whole["ettr"]["exact"], abs=0.01)
    assert few["loss"]["rack"] > 0


@pytest.mark.parametrize("chips", [8, 64, 120])
def test_a_job_smaller_than_a_usual_replica_is_one_replica(chips: int) -> None:
    data = tenfold("goodput", "--chip", "h100-sxm", "--chips", str(chips), "--replicas", "20", "--json").data
    assert data["ettr"]["exact"] > 0.99
    assert all(row["recovery"] != "elastic" for row in data["policies"])
    refused = tenfold("goodput", "--chip", "h100-sxm", "--chips", str(chips), "--chips-per-replica", "128")
    assert "replicas" in refused.stderr


def test_a_run_that_never_ends_says_so_before_anything_else() -> None:
    job = ("goodput", "--chip", "h100-sxm", "--chips", "1048576", "--restart", "1h", "--replicas", "20")
    data, text = tenfold(*job, "--json").data, tenfold(*job).stdout
    assert not data["ends"]
    assert data["ettr"]["monte_carlo"]["p90"] < 0.001
    assert data["finished_share"] == 0
    assert text.startswith("1,048,576 × h100-sxm: never ends with asynchronous, node-spares, heartbeat")
    assert "best" not in text.split("Key numbers")[0]
    assert "The run never ends" in text


def test_more_failures_than_can_be_followed_are_met_with_fewer_runs_and_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenfold.reliability.runs.MOST_FAILURES", 4e6)  # a fifth: as many are followed as may be
    job = ("goodput", "--chip", "h100-sxm", "--chips", "1048576", "--restart", "1min", "--days", "365")
    data = asked_anew(*job, "--replicas", "1000", "--json").data
    assert data["replicas"] < 40
    assert any("instead of 1,000" in note for note in data["notes"])
    assert data["ends"]


def test_copies_in_memory_outlive_a_node_of_four() -> None:
    job = ("goodput", "--chip", "gb200", "--chips", "9216", "--checkpointing", "in-memory", "--replicas", "2000")
    data = tenfold(*job, "--json").data
    assert data["ettr"]["monte_carlo"]["p50"] == pytest.approx(0.917, abs=0.002)
    assert data["optimal_interval_s"] == pytest.approx(33.0, abs=0.5)


def test_an_asynchronous_save_counts_when_it_has_drained() -> None:
    job = ("goodput", "--chip", "h100-sxm", "--chips", "131072", "--restart", "81s", "--write", "15min", "--days", "40",
           "--failures-per-1000-node-days", "5.97", "--job-failures-per-1000-node-days", "0")  # fmt: skip
    ettr = tenfold(*job, "--checkpointing", "asynchronous", "--replicas", "100", "--json").data["ettr"]
    assert ettr["exact"] == pytest.approx(0.189, abs=0.001)
    assert ettr["monte_carlo"]["p50"] == pytest.approx(0.189, abs=0.003)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("--chips", "16380"), "--chips: 16380 chips do not fill nodes of 8"),
        (("--failures-per-1000-node-days", "0"), "--failures-per-1000-node-days: '0' is too small"),
        (("--failures-per-1000-node-days", "-1"), "--failures-per-1000-node-days: '-1' is negative"),
        (("--write", "10min", "--checkpoint-interval", "5min"), "--checkpoint-interval: 300 s is shorter than a"),
        (("--recovery", "elastic", "--chips-per-replica", "16384"), "--recovery: elastic needs 2 replicas"),
        (("--recovery", "elastik"), "did you mean 'elastic'?"),
        (("--restart", "5 metres"), "--restart"),
        (("--spares", "-1"), "--spares: '-1' is too small"),
        (("--spares", "3", "--recovery", "reschedule"), "--spares: reschedule holds none"),
        (("--replicas", "0"), "--replicas"),
        (("--days", "nan"), "--days"),
    ],
)
def test_broken_input_says_what_to_type(command: tuple[str, ...], says: str) -> None:
    answer = tenfold(*JOB, *command)
    assert answer.code == 2
    assert says in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_remedy_for_chips_works_when_typed() -> None:
    racks = ("goodput", "--chip", "gb200", "--recovery", "rack-spares", "--replicas", "5", "--json")
    answer = tenfold(*racks, "--chips", "1000")
    assert "do not fill scale-up domains of 72" in answer.stderr
    chips = answer.stderr.split("Give ")[1].split()[1]
    assert tenfold(*racks, "--chips", chips).code == 0


def test_everything_wrong_is_said_at_once() -> None:
    answer = tenfold("goodput")
    assert answer.code == 2
    assert [line.split(":")[1].strip() for line in answer.stderr.splitlines()] == ["--chip", "--chips"]
    many = tenfold("goodput", "--chip", "h1000", "--chips", "-8", "--days", "0", "--detection", "x").stderr
    assert all(option in many for option in ("--chip:", "--chips:", "--days:", "--detection:"))
