"""How fast the command line starts, judged by what it loads; and the command as a process."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from typed_commands import CLUSTER, goal_in

from tenfold.studies.questions import QUESTIONS

HEAVY = ("numpy", "scipy", "rich", "jinja2", "tenfold.quantities", "tenfold.catalog", "tenfold.performance.training")
MAIN = (sys.executable, "-m", "tenfold.interfaces.cli")


def process(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process of its own."""
    env = os.environ | environment
    return subprocess.run([*MAIN, *args], capture_output=True, text=True, env=env, timeout=60, check=False)


@pytest.mark.parametrize("args", [(), ("estimate", "training"), ("catalog", "list"), ("plan",)])
def test_help_loads_nothing_heavy(args: tuple[str, ...]) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    code = (
        "import sys; sys.argv = ['tenfold', *sys.argv[1:]]\n"
        "from tenfold.interfaces.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code, *args, "--help"], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.2f} s CPU")  # noqa: T201
    loaded = set(ran.stderr.split())
    assert "typer" in loaded
    asks = {"tenfold.quantities"} if " ".join(args) in QUESTIONS else set()  # options are drawn from its record
    assert not loaded & ({*HEAVY} - asks if args else {*HEAVY, "pydantic"})  # typer itself reads options with pydantic
    assert "Usage:" in ran.stdout


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import tenfold, sys; dir(tenfold); print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(ran.stdout.split())


@pytest.mark.parametrize("room", ["quantities", "catalog"])
def test_what_needs_no_arithmetic_loads_no_numpy(room: str) -> None:
    code = f"import tenfold.{room}, sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "scipy", "pydantic", "duckdb"} & set(ran.stdout.split())


def test_the_page_is_served_before_what_workers_load() -> None:
    code = "import tenfold.interfaces.web.app, sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "scipy", "rich", "duckdb", "jinja2"} & set(ran.stdout.split())


def test_an_estimate_as_json_loads_what_it_needs_and_no_more() -> None:
    code = (
        "import sys; sys.argv = ['tenfold', *sys.argv[1:]]\n"
        "from tenfold.interfaces.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code, end.code\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    args = ("estimate", "training", *CLUSTER, "--json")
    ran = subprocess.run([sys.executable, "-c", code, *args], capture_output=True, text=True, check=True)
    loaded = set(ran.stderr.split())
    assert "numpy" in loaded
    assert not loaded & {"scipy", "rich", "jinja2", "pydantic", "duckdb", "highspy", "tenfold.reports.charts"}
    assert not {name for name in loaded if name.startswith(("tenfold.planning.plan", "tenfold.planning.supply"))}


def test_completion_of_values_reads_no_catalog() -> None:
    code = (
        "import sys; from tenfold.interfaces.cli.options import keys_in\n"
        "assert 'h100-sxm' in keys_in('chips')('h100'); assert 'llama-3.1-405b' in keys_in('models')('llama-3.1')\n"
        "assert not keys_in('chips')('nonesuch'); print(*sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(HEAVY) & set(ran.stdout.split())


def test_a_shell_gets_completions() -> None:
    code = "import sys; sys.argv = ['tenfold']; from tenfold.interfaces.cli import main; main()"
    asked = {
        "_TENFOLD_COMPLETE": "complete_bash",
        "COMP_WORDS": "tenfold estimate training --chip h100",
        "COMP_CWORD": "4",
    }
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | asked, check=True
    )
    assert "h100-sxm" in ran.stdout.split()


def test_json_is_utf8_whatever_the_terminal_speaks(tmp_path: Path) -> None:
    goal = str(goal_in(tmp_path))
    plain = process("plan", goal, "--json", PYTHONIOENCODING="ascii")
    assert plain.returncode == 0, plain.stderr
    tables = process("estimate", "training", *CLUSTER, PYTHONIOENCODING="ascii")
    assert tables.returncode == 0, tables.stderr


def test_broken_input_of_a_process_exits_2_without_a_traceback() -> None:
    ran = process("estimate", "training", *CLUSTER, "--chip", "h1000", "--json")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == "error: --chip: unknown chip 'h1000': did you mean 'h100-sxm'?\n"


def test_a_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    command = f"{sys.executable} -m tenfold.interfaces.cli catalog list models | head -n 1"
    ran = subprocess.run(command, shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in ran.stderr


def test_ctrl_c_ends_a_process_with_130_and_one_line(tmp_path: Path) -> None:
    import signal
    import time

    goal = goal_in(tmp_path)
    code = (
        "import time, tenfold.planning.plan.plan as planning\n"
        "def slow(*_, **__):\n    print('ready', flush=True)\n    time.sleep(30)\n"
        "planning.answer = slow\n"
        "import sys; sys.argv = ['tenfold', 'plan', *sys.argv[1:]]\n"
        "from tenfold.interfaces.cli import main; main()"
    )
    page = tmp_path / "page.html"
    ran = subprocess.Popen(
        [sys.executable, "-c", code, str(goal), "--html", str(page)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert ran.stdout is not None
    assert ran.stdout.readline() == "ready\n"
    time.sleep(0.05)
    ran.send_signal(signal.SIGINT)
    _, said = ran.communicate(timeout=30)
    assert ran.returncode == 130
    assert said == "interrupted; nothing was written\n"
    assert [path.name for path in tmp_path.iterdir()] == ["goal.toml"]
