"""Logs of failures as programs and people leave them: jobs of sacct, events in a CSV, node lists."""

from __future__ import annotations

from pathlib import Path

import pytest
from synthetic_logs import file_in

from tenfold.quantities import InputError
from tenfold.validation.failures.answer import FailureFit
from tenfold.validation.failures.rates import fit_failure_logs
from tenfold.validation.logs.failure_events import read_events
from tenfold.validation.logs.hostlists import nodes_of
from tenfold.validation.logs.sacct import CAUSES, NOT_FAILED, duration_s, read_sacct

HEADER = "JobID|JobName|State|Start|End|Elapsed|NNodes|NodeList|ExitCode|Restarts"
DAY = "1-00:00:00"


def row(
    job: str, state: str, elapsed: str = DAY, nodes: str = "1", where: str = "n1", start: str = "", end: str = ""
) -> str:
    return f"{job}|train|{state}|{start}|{end}|{elapsed}|{nodes}|{where}|0:0|0"


def sacct(folder: Path, *rows: str, header: str = HEADER, name: str = "jobs.txt", line: str = "\n") -> Path:
    path = folder / name
    path.write_bytes(line.join([header, *rows, ""]).encode())
    return path


def fit(folder: Path, *rows: str) -> FailureFit:
    return fit_failure_logs([sacct(folder, *rows)])


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00:07", 7.0),
        ("12:30:05", 45_005.0),
        ("3-00:00:00", 259_200.0),
        ("10-01:02:03.500000", 867_723.5),
        ("05:07", 307.0),
        ("", None),
        ("Unknown", None),
        ("INVALID", None),
        ("-1:00:00", None),
        ("1:2:3:4", None),
        ("x-01:00:00", None),
    ],
)
def test_elapsed_times(text: str, seconds: float | None) -> None:
    assert duration_s(text) == seconds


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("gpu1", ["gpu1"]),
        ("gpu[001-003,007],login1", ["gpu001", "gpu002", "gpu003", "gpu007", "login1"]),
        ("r[1-2]n[08-10]", ["r1n08", "r1n09", "r1n10", "r2n08", "r2n09", "r2n10"]),
        ("a,b", ["a", "b"]),
        ("None assigned", []),
        ("", []),
        ("gpu[1-", ["gpu[1-"]),
        ("gpu[9-1]", ["gpu[9-1]"]),
        ("gpu[1-99999999999]", ["gpu[1-99999999999]"]),
    ],
)
def test_node_lists(text: str, names: list[str]) -> None:
    assert list(nodes_of(text)) == names


def test_states_become_exposure_and_causes(tmp_path: Path) -> None:
    rows = [row(str(index), state, "12:00:00", "4") for index, state in enumerate([*CAUSES, *NOT_FAILED])]
    rows += [row("50", "CANCELLED by 1007"), row("51", "PENDING", "00:00:00"), row("9.batch", "NODE_FAIL", DAY, "99")]
    log = read_sacct(sacct(tmp_path, *rows))
    assert log.events == {"node-failure": 4, "job-failure": 1, "out-of-memory": 1}
    assert log.rows == len(CAUSES) + len(NOT_FAILED) + 1
    assert log.node_days == pytest.approx(2.0 * (len(CAUSES) + len(NOT_FAILED)) + 1.0)
    assert not log.unknown
    assert log.states["CANCELLED"] == (2, 3.0)


def test_a_job_that_still_runs_counts_with_what_has_elapsed(tmp_path: Path) -> None:
    log = read_sacct(
        sacct(tmp_path, row("1", "RUNNING", "2-00:00:00", "8", start="2026-03-01T00:00:00", end="Unknown"))
    )
    assert log.node_days == 16.0
    assert log.last == "2026-03-01T00:00:00"


@pytest.mark.parametrize("line", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_breaks_byte_order_marks_and_other_columns(tmp_path: Path, line: str, mark: str) -> None:
    path = sacct(tmp_path, "7|NODE_FAIL|86400|2|", header=mark + "JobIDRaw|state|ElapsedRaw|AllocNodes|", line=line)
    log = read_sacct(path)
    assert (log.node_days, log.events["node-failure"]) == (2.0, 1)


def test_what_is_damaged_or_unknown_is_counted_and_named(tmp_path: Path) -> None:
    rows = [row("1", "COMPLETED"), row("2", "MELTED"), row("3", "MELTED"), row("4", "FAILED", "soon"), "5|a|b|FAILED"]
    notes = " ".join(fit(tmp_path, *rows).notes)
    assert "unknown state 'MELTED' of 2 jobs" in notes
    assert "1 row left out, from line 5: an Elapsed that is no duration: 'soon'" in notes
    assert "1 row left out, from line 6: not the 10 cells of the header" in notes
    assert fit(tmp_path, *rows).node_days == 3.0


def test_restarts_that_the_log_does_not_hold_are_noted(tmp_path: Path) -> None:
    path = sacct(tmp_path, row("1", "NODE_FAIL"), row("2", "COMPLETED").removesuffix("0") + "5")
    assert any("add --duplicates" in note for note in fit_failure_logs([path]).notes)


def test_time_until_a_job_runs_again(tmp_path: Path) -> None:
    first = row("1", "NODE_FAIL", start="2026-03-01T00:00:00", end="2026-03-02T00:00:00")
    again = row("1", "COMPLETED", start="2026-03-02T00:20:00", end="2026-03-03T00:00:00")
    other = row("2", "COMPLETED", start="2026-03-09T00:00:00", end="2026-03-09T01:00:00")
    (down,) = fit(tmp_path, first, again, other).downtimes
    assert (down.cause, down.events, down.mean_s) == ("node-failure", 1, 1200.0)


@pytest.mark.parametrize(
    ("header", "rows", "said"),
    [
        ("JobID|State|End", ["1|FAILED|x"], "no column Elapsed, NNodes in the header"),
        (HEADER, [], "no job in it has run"),
        (HEADER, [row("1", "PENDING")], "no job in it has run"),
        (HEADER, [row("1", "COMPLETED", "00:00:00")], "hold no exposure"),
        ("cause and effect", ["x"], "no column cause or component"),
        ("", [], "the file is empty"),
    ],
)
def test_a_log_without_what_is_needed_is_refused(tmp_path: Path, header: str, rows: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        fit_failure_logs([sacct(tmp_path, *rows, header=header)], nodes=1, days=1)
    assert all(problem.remedy for problem in caught.value.problems)


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    paths = [
        sacct(tmp_path, "1|FAILED", header="JobID|State"),
        tmp_path / "none.txt",
        file_in(tmp_path, "e.csv", "cause,time\nnic,yesterday\nnic,2026-03-01\n"),
    ]
    with pytest.raises(InputError) as caught:
        fit_failure_logs(paths, days=3.0)
    told = str(caught.value)
    for said in ("no column Elapsed, NNodes", "none.txt", "no such file", "e.csv line 2", "'yesterday'"):
        assert said in told


def test_events_by_component(tmp_path: Path) -> None:
    text = "Time;Node;Component;Downtime\n2026-03-01T10:00;n1;GPU Memory;2 h\n2026-04-02;n2;gpu_memory;\n;n1;;30 min\n"
    fitted = fit_failure_logs([file_in(tmp_path, "e.csv", text)], nodes=16, days=125)
    assert {rate.cause: rate.events for rate in fitted.rates} == {"gpu-memory": 2, "unknown": 1}
    assert (fitted.node_days, fitted.rate.events, fitted.counted) == (2000.0, 3, ("gpu-memory", "unknown"))
    assert [(down.cause, down.mean_s) for down in fitted.downtimes] == [("gpu-memory", 7200.0), ("unknown", 1800.0)]
    assert str(fitted.as_of) == "2026-04-02"


def test_events_state_their_own_exposure_or_need_it(tmp_path: Path) -> None:
    path = file_in(tmp_path, "e.csv", "cause,nodes,days\nnic,10,30\nnic,10,30\n")
    assert fit_failure_logs([path]).node_days == 300.0
    assert fit_failure_logs([path], nodes=20, days=30).node_days == 600.0
    with pytest.raises(InputError, match="does not say one positive number"):
        read_events(file_in(tmp_path, "e.csv", "cause,nodes,days\nnic,10,30\nnic,11,30\n"))
    with pytest.raises(InputError, match="Give --nodes and --days"):
        fit_failure_logs([file_in(tmp_path, "e.csv", "cause\nnic\n")], nodes=5)
    with pytest.raises(InputError, match="2 nodes have failures, which is more than the 1 watched"):
        fit_failure_logs([file_in(tmp_path, "e.csv", "cause,node\nnic,a\nnic,b\n")], nodes=1, days=9)


def test_many_damaged_events_are_counted(tmp_path: Path) -> None:
    rows = "".join("nic,long\n" for _ in range(20))
    with pytest.raises(InputError) as caught:
        read_events(file_in(tmp_path, "e.csv", f"cause,downtime\n{rows}"))
    assert len(caught.value.problems) == 6
    assert "15 more damaged rows" in str(caught.value)


def test_jobs_and_events_are_not_fitted_together(tmp_path: Path) -> None:
    events = file_in(tmp_path, "e.csv", "cause\nnic\n")
    with pytest.raises(InputError, match="their exposure would count twice"):
        fit_failure_logs([sacct(tmp_path, row("1", "FAILED")), events], nodes=2, days=2)


def test_rates_are_those_of_nodes_with_eight_chips(tmp_path: Path) -> None:
    path = sacct(tmp_path, *(row(str(index), "NODE_FAIL", "100-00:00:00") for index in range(10)))
    eight, four = (fit_failure_logs([path], chips_per_node=chips) for chips in (8.0, 4.0))
    assert eight.rate.mean == pytest.approx(10.5)
    assert four.rate.mean == pytest.approx(2 * eight.rate.mean)
    assert four.node_days == eight.node_days == 1000.0


def test_several_logs_add_up(tmp_path: Path) -> None:
    one = sacct(tmp_path, row("1", "NODE_FAIL"), row("2", "FAILED"))
    two = sacct(tmp_path, row("3", "NODE_FAIL"), name="more.txt")
    fitted = fit_failure_logs([one, two])
    assert (fitted.node_days, fitted.rate.events, fitted.rows) == (3.0, 2, 3)


def test_causes_to_count_are_chosen(tmp_path: Path) -> None:
    path = sacct(tmp_path, row("1", "NODE_FAIL"), row("2", "FAILED"), row("3", "COMPLETED"))
    assert fit_failure_logs([path]).rate.events == 1
    assert fit_failure_logs([path], causes=("node-failure", "job-failure")).rate.events == 2
    with pytest.raises(InputError, match="no failure of cause 'nic'"):
        fit_failure_logs([path], causes=("nic",))


def test_a_log_without_failures_still_bounds_the_rate(tmp_path: Path) -> None:
    rate = fit(tmp_path, row("1", "COMPLETED", "1000-00:00:00")).rate
    assert rate.events == 0
    assert 0 < rate.p10 < rate.p50 < rate.p90 < 2.0


def test_a_lemon_is_named_and_its_failures_taken_out(tmp_path: Path) -> None:
    healthy = [
        row(str(index), "COMPLETED", "90-00:00:00", "4", f"n[{4 * index}-{4 * index + 3}]") for index in range(8)
    ]
    bad = [row(f"9{index}", "NODE_FAIL", "2-00:00:00", "4", f"n[{index}-{index + 2},31]") for index in range(0, 24, 3)]
    fitted = fit(tmp_path, *healthy, *bad)
    assert [(lemon.node, lemon.failures) for lemon in fitted.lemons] == [("n31", 8)]
    assert fitted.rate_without_lemons is not None
    assert fitted.rate_without_lemons.events == 0
    assert fitted.rate_without_lemons.p90 < fitted.rate.p10


def test_a_failed_node_that_is_named_is_blamed_alone(tmp_path: Path) -> None:
    rows = [f"{index}|NODE_FAIL|10-00:00:00|2|n[1-2]|n2" for index in range(9)]
    rows += [f"5{index}|COMPLETED|90-00:00:00|4|n[3-{40 + index}]|" for index in range(4)]
    path = sacct(tmp_path, *rows, header="JobID|State|Elapsed|NNodes|NodeList|FailedNode")
    assert [lemon.node for lemon in fit_failure_logs([path]).lemons] == ["n2"]
