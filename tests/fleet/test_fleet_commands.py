"""What users of the fleet commands meet: readers, damaged rows, options, what never starts, forecasts, sizes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typed_commands import tenfold

import tenfold as public
from tenfold.fleet import read_trace
from tenfold.interfaces.display import table_of
from tenfold.quantities import InputError

OWN = "submit_s,duration_s,chips,tenant\n0,100,4,a\n10,50,8,b\n20,10,1,a\n"


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def test_replay_by_options(tmp_path: Path) -> None:
    trace = written(tmp_path / "jobs.csv", OWN)
    said = tenfold("fleet", "replay", "--trace", trace, "--chips", "8", "--order", "fifo", "--json").data
    assert (said["jobs"], said["mean_jct_s"], said["mean_wait_s"]) == (3, 380 / 3, 220 / 3)
    assert sum(said["utilisation"].values()) == pytest.approx(1.0)
    assert sum(said["wait_reasons"].values()) == pytest.approx(said["mean_wait_s"])
    las = tenfold("fleet", "replay", trace, "--chips", "8", "--order", "las", "--las-queues", "100,200", "--json").data
    assert las["admission"] == "skip"
    assert las["question"]["fleet"]["las_queues"] == [100.0, 200.0]


def test_each_job_is_kept_for_parquet(tmp_path: Path) -> None:
    trace = written(tmp_path / "jobs.csv", OWN)
    assert public.fleet_replay(trace=str(trace), chips=8).each_job == ()
    found = public.fleet_replay(trace=str(trace), chips=8, each_job=True)
    assert [(each.line, each.wait_s, each.waited_for) for each in found.each_job] == [
        (2, 0.0, ""), (3, 90.0, "capacity"), (4, 130.0, "head_of_line")
    ]  # fmt: skip
    priced = public.fleet_replay(trace=str(trace), chips=8, each_job=True, usd_per_chip_hour=3.6)
    assert [each.usd for each in priced.each_job] == pytest.approx([0.4, 0.4, 0.01])
    table_of(found, "each_job").to_parquet(tmp_path / "jobs.parquet")
    assert (tmp_path / "jobs.parquet").stat().st_size > 0


def test_rows_of_jobs_are_written_whole_or_not_at_all(tmp_path: Path) -> None:
    trace, out = written(tmp_path / "jobs.csv", OWN), tmp_path / "rows.parquet"
    said = tenfold("fleet", "replay", trace, "--chips", "8", "--json", "--out", out)
    with duckdb.connect() as store:
        table = store.read_parquet(str(out))
        kept = [dict(zip(table.columns, row, strict=True)) for row in table.fetchall()]
    assert kept == said.data["each_job"]
    before = out.read_bytes()
    assert tenfold("fleet", "replay", trace, "--chips", "3", "--out", out).code == 3
    assert out.read_bytes() != before  # two jobs can never start; the one that can is in the file
    before = out.read_bytes()
    assert tenfold("fleet", "replay", trace, "--chips", "0", "--out", out).code == 2
    refused = tenfold("fleet", "replay", trace, "--chips", "8", "--out", tmp_path / "rows.csv")
    assert "'rows.csv' does not end in .parquet" in refused.stderr
    assert out.read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["jobs.csv", "rows.parquet"]


def test_damaged_rows_are_named_and_left_out_only_if_asked(tmp_path: Path) -> None:
    bad = written(tmp_path / "jobs.csv", OWN + "30,oops,2,a\n31,5,-2,a\n32,5\n")
    refused = tenfold("fleet", "replay", "--trace", bad, "--chips", "8")
    assert refused.code == 2
    for line, wrong in ((5, "no time that it ran"), (6, "a negative number of chips"), (7, "2 cells under 4 columns")):
        assert f"{bad}: line {line}: has {wrong}" in refused.stderr
    said = tenfold("fleet", "replay", "--trace", bad, "--chips", "8", "--skip-damaged", "--json").data
    assert (said["jobs"], said["damaged_rows"]) == (3, 3)
    read = tenfold("fleet", "read", bad, "--json").data
    assert [each["line"] for each in read["damaged"]] == ["line 7", "line 5", "line 6"]


def test_a_job_that_can_never_start_is_infeasible(tmp_path: Path) -> None:
    trace = written(tmp_path / "jobs.csv", OWN)
    said = tenfold("fleet", "replay", "--trace", trace, "--chips", "6", "--json")
    assert said.code == 3
    data = json.loads(said.stdout)
    assert data["infeasible"][0]["short"] == "1 job of 8 chips: the fleet has 6"
    assert data["infeasible"][0]["nearest"] == "give the fleet 8 chips, or ask for 6 at most"
    assert data["jobs"] == 2
    job = tenfold(
        "fleet", "submit", "--trace", trace, "--chips", "8", "--job-chips", "9", "--job-time", "1 h", "--json"
    )
    assert job.code == 3


def test_a_half_life_is_for_turns_that_remember(tmp_path: Path) -> None:
    asked = {"trace": str(written(tmp_path / "jobs.csv", OWN)), "chips": 8, "half_life": "1 d"}
    with pytest.raises(InputError, match="half_life: is not for drf"):
        public.fleet_replay(asked, order="drf")
    assert public.fleet_replay(asked, order="fair").jobs == 3


def test_a_moment_after_the_trace_is_refused(tmp_path: Path) -> None:
    job: dict[str, Any] = {
        "trace": str(written(tmp_path / "jobs.csv", OWN)),
        "chips": 8,
        "job_chips": 4,
        "job_time": "1 h",
    }
    assert public.fleet_submit(**job, at="20 s").at_s == 20.0
    with pytest.raises(InputError, match="all jobs of the trace are done by 60 min, and the last comes at 20 s"):
        public.fleet_submit(**job, at="1 h")


def test_quotas_are_named_when_they_do_not_fit(tmp_path: Path) -> None:
    trace = written(tmp_path / "jobs.csv", OWN)
    quotas = written(tmp_path / "quotas.csv", "tenant,chips\na,4\nb,8\n")
    split = public.fleet_replay(trace=str(trace), quotas=str(quotas))
    assert split.chips == 12
    assert split.mean_wait_s == pytest.approx(80 / 3)
    refused = tenfold("fleet", "replay", "--trace", trace, "--chips", "8", "--quotas", quotas)
    assert "quotas add up to 12 of 8 chips" in refused.stderr
    table = written(tmp_path / "quotas.toml", "a = 4\nb = 8\n")
    assert public.fleet_replay(trace=str(trace), quotas=str(table)).mean_wait_s == split.mean_wait_s
    few = written(tmp_path / "few.csv", "tenant,chips\na,4\n")
    assert "has no quota for b" in tenfold("fleet", "replay", "--trace", trace, "--quotas", few).stderr


def test_contradictions_are_said_together(tmp_path: Path) -> None:
    trace = written(tmp_path / "jobs.csv", OWN)
    refused = tenfold("fleet", "replay", "--trace", trace, "--order", "max-min", "--placement", "fgd", "--failures")
    assert refused.code == 2
    for wrong in (
        "chips: is missing",
        "max-min shares unlike chips",
        "fgd is not for such a fleet",
        "chip: is missing",
    ):
        assert wrong in refused.stderr


SWF = (
    "; Version: 2.2\n" + "1 0 -1 100 4 -1 -1 4 200 -1 1 7 1 1 1 1 -1 -1\n2 5 -1 50 -1 -1 -1 8 60 -1 1 8 1 1 1 1 -1 -1\n"
)
SACCT = (
    "JobIDRaw|Submit|State|ElapsedRaw|AllocTRES|Account|NNodes|TimelimitRaw\n"
    "1|2026-01-01T00:00:00|COMPLETED|100|billing=4,gres/gpu=4,node=1|a|1|10\n"
    "1.batch|2026-01-01T00:00:00|COMPLETED|100|gres/gpu=4|a|1|\n"
    "2|2026-01-01T00:00:10|PENDING|0||b|1|10\n"
    "3|2026-01-01T00:01:00|FAILED|30|billing=8,gres/gpu:h100=8,node=1|b|1|5\n"
)
SQUEUE = {
    "jobs": [
        {"job_state": ["RUNNING"], "submit_time": {"set": True, "number": 1000}, "start_time": {"number": 1100},
         "time_limit": {"set": True, "infinite": False, "number": 60}, "tres_alloc_str": "gres/gpu=8", "account": "a"},
        {"job_state": ["PENDING"], "submit_time": {"set": True, "number": 1200}, "start_time": {"number": 0},
         "time_limit": {"set": True, "infinite": False, "number": 10}, "tres_req_str": "gres/gpu=4", "account": "b"},
        {"job_state": ["COMPLETED"]},
    ]
}  # fmt: skip
WORKLOADS = {
    "items": [
        {
            "metadata": {"creationTimestamp": "2026-01-01T00:00:00Z"},
            "spec": {
                "queueName": "team-a",
                "maximumExecutionTimeSeconds": 3600,
                "podSets": [
                    {
                        "count": 2,
                        "template": {"spec": {"containers": [{"resources": {"requests": {"nvidia.com/gpu": "8"}}}]}},
                    }
                ],
            },
            "status": {
                "conditions": [{"type": "Admitted", "status": "True", "lastTransitionTime": "2026-01-01T00:10:00Z"}]
            },
        }
    ]
}


def test_logs_and_snapshots_are_read(tmp_path: Path) -> None:
    swf = read_trace(written(tmp_path / "log.swf", SWF)).jobs
    assert (swf.chips.tolist(), swf.work_s.tolist(), swf.estimate_s.tolist()) == ([4, 8], [100, 50], [200, 60])
    sacct = read_trace(written(tmp_path / "sacct.txt", SACCT)).jobs
    assert (sacct.chips.tolist(), sacct.work_s.tolist(), sacct.tenants) == ([4, 8], [100, 30], ("a", "b"))
    assert sacct.submit_s[1] - sacct.submit_s[0] == 60
    squeue = read_trace(written(tmp_path / "squeue.json", json.dumps(SQUEUE))).jobs
    assert (squeue.chips.tolist(), squeue.estimate_s.tolist()) == ([8, 4], [3600, 600])
    assert squeue.since_s[0] == 1100
    kueue = read_trace(written(tmp_path / "workloads.json", json.dumps(WORKLOADS))).jobs
    assert (kueue.chips.tolist(), kueue.tenants) == ([16], ("team-a",))
    damaged = {"jobs": [{"job_state": ["CANCELLED"]}, *SQUEUE["jobs"], {"job_state": ["PENDING"], "node_count": 1}]}
    with pytest.raises(InputError, match=rf"squeue.json: jobs.{len(damaged['jobs']) - 1}: has no time of submission"):
        read_trace(written(tmp_path / "squeue.json", json.dumps(damaged)))
    with pytest.raises(InputError, match="is no known snapshot"):
        read_trace(written(tmp_path / "other.json", "{}"))
    with pytest.raises(InputError, match="is no known trace"):
        read_trace(written(tmp_path / "other.csv", "a,b\n1,2\n"))


def test_a_job_waits_for_the_snapshot_to_clear(tmp_path: Path) -> None:
    state = written(tmp_path / "squeue.json", json.dumps(SQUEUE))
    found = public.fleet_submit(
        trace=str(state), chips=8, job_chips=8, job_time_s=60.0, at_s=1300.0, forecasts=400, admission="head"
    )
    assert (found.running_jobs, found.waiting_jobs, found.free_chips) == (1, 1, 0)
    longest_s = (1100 + 3600 - 1300) + 600
    assert found.mean_wait_s == pytest.approx(longest_s / 2, rel=0.1)  # each ends anywhere up to its estimate
    assert found.wait_s is not None
    assert 0 < found.wait_s.p10 < longest_s / 3 < 2 * longest_s / 3 < found.wait_s.p90 < longest_s
    assert found.binding == "capacity"
    assert sum(found.wait_reasons.values()) == pytest.approx(found.mean_wait_s)
    assert found.changes
    assert found.changes[0].sooner_s > 0


def test_who_promises_starts_knows_estimates_and_not_when_jobs_will_end(tmp_path: Path) -> None:
    """A gang of the whole fleet waits for one that may run for an hour: half an hour fits before it in every draw."""
    jobs: Any = SQUEUE["jobs"]
    running, waiting, _ = jobs
    large = {"jobs": [running, {**waiting, "tres_req_str": "gres/gpu=12"}]}
    state = written(tmp_path / "squeue.json", json.dumps(large))
    asked: dict[str, Any] = {"trace": str(state), "chips": 12, "job_chips": 4, "at_s": 1300.0, "forecasts": 50}
    short = public.fleet_submit(**asked, job_time_s=1800.0, admission="easy")
    assert short.wait_s is not None
    assert (short.waiting_jobs, short.wait_s.p10, short.wait_s.p90) == (1, 0.0, 0.0)
    long = public.fleet_submit(**asked, job_time_s=3600.0, admission="easy")
    assert long.wait_s is not None
    assert long.wait_s.p10 > 0.0


def test_a_chip_that_nobody_lists_is_replayed_without_money(tmp_path: Path) -> None:
    trace = written(tmp_path / "jobs.csv", "submit_s,duration_s,chips\n0,60,8\n")
    found = public.fleet_replay(trace=str(trace), chips=8, chip="gh200-96gb")
    assert (found.jobs, found.usd) == (1, None)
    assert "Nobody lists gh200-96gb on-demand: nothing is priced. Give --usd-per-chip-hour" in found.notes


def test_fewer_chips_than_run_in_a_snapshot_are_refused(tmp_path: Path) -> None:
    state = written(tmp_path / "squeue.json", json.dumps(SQUEUE))
    with pytest.raises(
        InputError, match=r"4 chips stated, and 8 run in the snapshot\. Say how many there are, 8 or more"
    ):
        public.fleet_submit(trace=str(state), chips=4, job_chips=4, job_time_s=60.0)


def cluster_queue(name: str, chips: object, **spec: str) -> dict[str, Any]:
    resources = [{"name": "cpu", "nominalQuota": "400"}, {"name": "nvidia.com/gpu", "nominalQuota": chips}]
    groups = [{"flavors": [{"name": "h100", "resources": resources}]}]
    return {"kind": "ClusterQueue", "metadata": {"name": name}, "spec": {"resourceGroups": groups, **spec}}


def kueue_state(path: Path, *queues: dict[str, Any]) -> str:
    """The admitted workload of 16 chips, and one that waits; cluster queues beside them."""
    (runs,) = WORKLOADS["items"]
    items = [runs | {"kind": "Workload"}, {**runs, "status": {}}, {"kind": "LocalQueue"}, *queues]
    return str(written(path / "state.json", json.dumps({"items": items})))


def test_cluster_queues_of_a_snapshot_say_how_many_chips_there_are(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"job_chips": 8, "job_time_s": 60.0, "forecasts": 2, "admission": "skip"}
    one, two = cluster_queue("a", 16, cohortName="all"), cluster_queue("b", "8", cohort="all")
    found = public.fleet_submit(trace=kueue_state(tmp_path, one, two), **asked)
    assert (found.chips, found.free_chips, found.running_jobs, found.waiting_jobs) == (24, 8, 1, 1)
    assert found.mean_wait_s == 0
    assert any("2 cluster queues of one cohort hold 24 chips" in said for said in found.notes)
    assert public.fleet_submit(trace=kueue_state(tmp_path, one, two), chips=40, **asked).chips == 40


@pytest.mark.parametrize(
    ("queues", "said"),
    [
        ([], "holds no cluster queue with accelerators"),
        ([cluster_queue("a", 8, cohort="x"), cluster_queue("b", 8)], "are of 2 cohorts, which share nothing"),
        ([cluster_queue("a", "8k")], "ClusterQueue 'a': has a quota that is no whole number"),
    ],
)
def test_cluster_queues_that_do_not_say_it_are_refused(tmp_path: Path, queues: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(InputError, match=said):
        public.fleet_submit(trace=kueue_state(tmp_path, *queues), job_chips=8, job_time_s=60.0)


SINFO = {
    "sinfo": [
        {"nodes": {"total": 2, "nodes": ["n1", "n2"]}, "partition": {"name": "train"}, "node": {"state": ["MIXED"]},
         "gres": {"total": "gpu:h100:8(S:0-1)"}},
        {"nodes": {"total": 1, "nodes": ["n2"]}, "partition": {"name": "all"}, "node": {"state": ["MIXED"]},
         "gres": {"total": "gpu:h100:8(S:0-1)"}},
        {"nodes": {"total": 1, "nodes": ["n3"]}, "partition": {"name": "train"}, "node": {"state": ["IDLE", "DRAIN"]},
         "gres": {"total": "gpu:h100:8"}},
        {"nodes": {"total": 1, "nodes": ["n4"]}, "partition": {"name": "all"}, "node": {"state": ["IDLE"]},
         "gres": {"total": "gpu:4,shard:8"}},
        {"nodes": {"total": 1, "nodes": ["n5"]}, "partition": {"name": "all"}, "node": {"state": ["IDLE"]},
         "gres": {"total": ""}},
    ]
}  # fmt: skip


@pytest.mark.parametrize("admission", ["head", "skip", "easy"])
def test_a_waiting_job_that_no_fleet_of_this_size_holds_is_left_out(tmp_path: Path, admission: str) -> None:
    large = {"job_state": ["PENDING"], "submit_time": 1150, "time_limit": 10, "tres_req_str": "gres/gpu=64"}
    state = written(tmp_path / "squeue.json", json.dumps({"jobs": [*SQUEUE["jobs"], large]}))
    asked: dict[str, Any] = {"job_chips": 4, "job_time_s": 60.0, "at_s": 1300.0, "forecasts": 2}
    found = public.fleet_submit(trace=str(state), chips=16, admission=admission, **asked)
    assert (found.waiting_jobs, found.mean_wait_s) == (1, 0.0)
    assert any(each.endswith("left out: 1") for each in found.notes)


def test_a_live_cluster_says_which_nodes_there_are(tmp_path: Path) -> None:
    state = written(tmp_path / "squeue.json", json.dumps(SQUEUE))
    nodes = written(tmp_path / "sinfo.json", json.dumps(SINFO))
    asked: dict[str, Any] = {
        "trace": str(state),
        "job_time_s": 60.0,
        "at_s": 1300.0,
        "forecasts": 5,
        "admission": "skip",
    }
    found = public.fleet_submit(**asked, domains=str(nodes), job_chips=4)
    assert (found.chips, found.free_chips, found.mean_wait_s) == (20, 12, 0.0)
    assert "1 nodes with 8 chips are down or set aside, and left out" in found.notes
    others = ((each.kind, each.level, each.chips) for each in found.openings)
    assert set(others) >= {("h100", "partition", 8), ("", "partition", 4)}
    assert not public.fleet_submit(**asked, domains=str(nodes), job_chips=32).fits
    old = {"nodes": [{"name": "n1", "gres": "gpu:8", "state": "idle", "partitions": ["a", "b"]},
                     {"name": "n2", "gres": "gpu:8", "state": "allocated+drain", "partitions": ["a"]}]}  # fmt: skip
    found = public.fleet_submit(**asked, domains=str(written(tmp_path / "nodes.json", json.dumps(old))), job_chips=16)
    assert (found.chips, found.fits) == (16, True)
    assert any("set aside while jobs run" in each for each in found.notes)
    for wrong in ("{}", "[]", '{"sinfo": [{"gres": 3, "nodes": {"nodes": [null]}}]}'):
        with pytest.raises(InputError, match="holds no node"):
            public.fleet_submit(**asked, domains=str(written(tmp_path / "bad.json", wrong)), job_chips=8)


def test_what_a_change_saves_is_the_wait_as_it_is_less_the_wait_then(tmp_path: Path) -> None:
    rows = "".join(f"{60 * job},{600 * (1 + job * 7 % 11)},{1 + job % 4},a\n" for job in range(60))
    trace = written(tmp_path / "jobs.csv", "submit_s,duration_s,chips,tenant\n" + rows)
    found = public.fleet_submit(
        trace=str(trace), chips=8, nodes_of=4, job_chips=4, job_time_s=600.0, at_s=3000.0, forecasts=60
    )
    later = found.changes[-1]
    assert "later" in later.what
    assert found.wait_s is not None
    assert later.sooner_s % 900.0 == 0.0
    assert later.wait_s.p10 == pytest.approx(found.wait_s.p10 - later.sooner_s)
    for each in found.changes:
        assert each.mean_wait_s == pytest.approx(found.mean_wait_s - each.sooner_s)
        assert 0.0 < each.mean_wait_s < found.mean_wait_s


def test_the_smallest_fleet_meets_its_target(tmp_path: Path) -> None:
    rows = "".join(f"{30 * job},{100 + 7 * (job % 13)},{1 + job % 4},a\n" for job in range(60))
    trace = written(tmp_path / "jobs.csv", "submit_s,duration_s,chips,tenant\n" + rows)
    found = public.fleet_size(trace=str(trace), targets="10 min, 1 min", usd_per_chip_hour=2.0)
    assert [each.target_s for each in found.sized] == [600.0, 60.0]
    for each in found.sized:
        assert public.fleet_replay(trace=str(trace), chips=each.chips).mean_wait_s <= each.target_s
        assert public.fleet_replay(trace=str(trace), chips=each.chips - 1).mean_wait_s > each.target_s
        assert each.usd_per_h == 2.0 * each.chips


def test_a_size_is_replayed_as_the_fleet_would_be(tmp_path: Path) -> None:
    """With what fails, what is reserved, and what is taken back."""
    rows = "".join(f"{3000 * job},{9000 + 700 * (job % 13)},{1 + job % 4},{'ab'[job % 2]}\n" for job in range(25))
    trace = written(tmp_path / "jobs.csv", "submit_s,duration_s,chips,tenant\n" + rows)
    held = written(tmp_path / "held.csv", "tenant,chips,from_s,until_s\na,4,0,50000\n")
    spot = written(tmp_path / "spot.csv", "chips,from_s,until_s,notice_s\n5,20000,60000,60\n")
    fails = {"chip": "h100-sxm", "failures": True, "failures_per_1000_node_days": 3_000.0}
    for more in ({"reservations": str(held)}, {"spot": str(spot)}, {"nodes_of": 4} | fails):
        asked = {"trace": str(trace), **more}
        found = public.fleet_size(asked, targets="10 min")
        there = public.fleet_replay(asked, chips=found.chips)
        assert found.sized[0].wait_s == there.mean_wait_s <= 600.0
    assert there.happened["failures"] > 0
    for key, value in (("quotas", str(held)), ("power", str(held))):
        with pytest.raises(InputError, match=key):
            public.fleet_size({"trace": str(trace), "targets": "10 min", key: value})


def test_a_wait_that_no_size_keeps_is_said(tmp_path: Path) -> None:
    """Every job comes a second after a pass, and waits for the next."""
    rows = "".join(f"{600 * job + 1},100,2,a\n" for job in range(8))
    trace = written(tmp_path / "jobs.csv", "submit_s,duration_s,chips,tenant\n" + rows)
    asked = ("--trace", trace, "--interval", "60 s", "--targets", "1 min, 10 s", "--json")
    said = tenfold("fleet", "size", *asked)
    assert said.code == 3
    found = json.loads(said.stdout)
    assert [each["target_s"] for each in found["sized"]] == [60.0]
    assert "59 s" in found["infeasible"][0]["nearest"]


def test_fleets_are_compared_job_by_job(tmp_path: Path) -> None:
    written(tmp_path / "jobs.csv", OWN)
    files = [
        written(tmp_path / f"{name}.toml", f'trace = "jobs.csv"\nchips = 8\nadmission = "{name}"\n')
        for name in ("head", "skip")
    ]
    found = public.fleet_compare([str(file) for file in files])
    first, second = found.fleets
    assert (first.less_wait_s.p10, first.less_wait_s.p90) == (0.0, 0.0)
    assert second.less_wait_s.p50 == pytest.approx(first.mean_wait_s - second.mean_wait_s)
    assert found.best == "skip"
    assert tenfold("fleet", "compare", *files, "--json").data["best"] == "skip"


def test_guaranteed_chips_and_failures_by_policy(tmp_path: Path) -> None:
    rows = "".join(f"{600 * job},{40_000},{8},{'ab'[job % 2]},{job % 2}\n" for job in range(40))
    trace = written(tmp_path / "jobs.csv", "submit_s,duration_s,chips,tenant,tier\n" + rows)
    asked = {
        "trace": str(trace),
        "chips": 64,
        "nodes_of": 8,
        "chip": "h100-sxm",
        "failures": True,
        "failures_per_1000_node_days": 5_000.0,
        "preemption": "requeue",
    }
    rough = public.fleet_replay(asked)
    assert rough.happened["failures"] > 0
    assert rough.utilisation["lost_to_failure"] > 0
    assert rough.utilisation["idle_down"] > 0
    assert sum(rough.utilisation.values()) == pytest.approx(1.0)
    elastic = public.fleet_replay(asked | {"recovery": "elastic"})
    assert elastic.utilisation == rough.utilisation  # on one node each, none has another to go on with


DOMAINS = "site,rack,kind,nodes,chips\na,1,h100-sxm,1,8\na,2,h100-sxm,1,8\nb,1,b200,2,8\n"
HALLS = "rack,nodes,chips\n1,2,8\n2,2,8\n"
WANTED = "submit_s,duration_s,chips,tenant,within,relax_s,kinds,model,global_batch\n"


def test_a_fleet_of_two_sites(tmp_path: Path) -> None:
    rows = (
        "0,100,16,a,site,,h100-sxm,llama-3.1-8b,64\n",
        "1,50,16,b,rack,,h100-sxm,,\n",
        "2,60,16,b,,,b200,llama-3.1-8b,64\n",
    )
    trace = written(tmp_path / "jobs.csv", WANTED + "".join(rows))
    domains, power = written(tmp_path / "domains.csv", DOMAINS), written(tmp_path / "power.csv", "from_s,mw\n0,0.1\n")
    asked = {"trace": str(trace), "domains": str(domains), "chip": "h100-sxm", "power": str(power)}
    found = public.fleet_replay(asked | {"admission": "skip", "crossing": "rack=0.01"})
    assert found.infeasible[0].short == "1 job of 16 chips: the largest rack with h100-sxm has 8"
    assert found.utilisation["crossing"] > 0.0
    assert sum(found.utilisation.values()) == pytest.approx(1.0)
    jct_s = {each.name: each.mean_jct_s for each in found.groups if each.by == "tenant"}
    assert jct_s["a"] > 100.0  # what crosses racks is slowed
    assert jct_s["b"] < 60.0  # a B200 is quicker than the H100 of the record
    job = public.fleet_submit(asked | {"job_chips": 16, "job_time_s": 60.0, "job_within": "rack", "at_s": 10.0})
    assert (job.fits, job.binding) == (True, "capacity")
    first = "submit_s,duration_s,chips,tenant\n0,20,8,a\n0,100,8,a\n0,100,8,b\n"
    asked |= {"trace": str(written(tmp_path / "few.csv", first)), "domains": str(written(tmp_path / "d.csv", HALLS))}
    job = public.fleet_submit(asked | {"job_chips": 16, "job_time_s": 60.0, "job_within": "rack", "at_s": 1.0})
    assert job.binding == "level"
    assert 0 < job.mean_wait_s < 99.0
    assert sum(job.wait_reasons.values()) == pytest.approx(job.mean_wait_s)
    assert any(each.what == "anywhere, not within one rack" for each in job.changes)


def test_damaged_files_of_a_fleet_are_named(tmp_path: Path) -> None:
    trace = written(tmp_path / "jobs.csv", WANTED + "0,100,8,a,pod,,,,\n1,50,8,b,rack,x,,llama-3.1-8b,\n")
    good, bad = (
        written(tmp_path / "good.csv", DOMAINS),
        written(tmp_path / "bad.csv", "rack,nodes,chips\n1,x,8\n,1,8\n"),
    )
    said = tenfold("fleet", "replay", "--trace", trace, "--domains", good)
    assert f"{trace}: line 3: has no number as relax_s" in said.stderr
    assert f"{trace}: line 3: has a model but no global_batch" in said.stderr
    said = tenfold("fleet", "replay", "--trace", trace, "--domains", good, "--skip-damaged")
    assert f"{trace}: line 2: stays within 'pod', which is no level of the fleet. Use one of site, rack" in said.stderr
    said = tenfold("fleet", "replay", "--trace", trace, "--domains", bad, "--skip-damaged")
    assert f"{bad}: line 2: has no whole number of nodes and chips" in said.stderr
    assert f"{bad}: line 3: names no domain of a level" in said.stderr
    held = written(tmp_path / "held.csv", "tenant,chips,from_s,until_s\nz,1,0,1\na,1,2,1\n")
    said = tenfold("fleet", "replay", "--trace", trace, "--chips", "8", "--reservations", held, "--skip-damaged")
    assert f"{held}: line 2: names 'z', which has no job in the trace" in said.stderr
    assert f"{held}: line 3: ends before it begins" in said.stderr
