"""Everything that reads, found by itself: every question of the registry, every dialect, every reader of files."""

from __future__ import annotations

import math
import random
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fuzz_changes import TEXTS
from fuzz_oracle import absurd
from fuzz_samples import HUGGINGFACE, LOGS, OTHERS, SAMPLES, SKYPILOT

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.dialects import READERS, Stated, layout_on
from tenfold.quantities import TenfoldError, read_tree, to_data
from tenfold.studies import QUESTIONS, Source, ask, example_files, read_question
from tenfold.validation import logs

QUICK = {"estimate training", "estimate config", "tco", "prices show", "quote", "estimate serving"}
"""Questions that are answered often, since they take little; of the others one in so many is."""
NEVER_ANSWERED = {"calibrate training", "calibrate serving", "race backtest"}
"""Questions whose answer takes minutes by what it does."""
ONE_IN, QUICK_ONE_IN = 400, 20


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads: a name, what is right for it, and the reading of a changed one."""

    name: str
    sample: Any
    """A tree, or the bytes of a file."""
    read: Callable[[Any, random.Random], object]
    folder: Path | None = None
    """Where the files are that a sample names."""


PLACES = tempfile.TemporaryDirectory(prefix="tenfold-fuzz-")
"""Where damaged files are put; gone with the process."""


def _folder() -> Path:
    return Path(tempfile.mkdtemp(dir=PLACES.name))


def questions(catalog: Catalog) -> Iterator[Target]:
    """Every question of the registry, from its example."""
    for name in QUESTIONS:
        text, data = example_files(name)
        place = _folder() / "example.toml"
        place.write_text(text, encoding="utf-8")
        for each, content in data.items():
            (place.parent / each).parent.mkdir(parents=True, exist_ok=True)
            (place.parent / each).write_text(content, encoding="utf-8")
        yield Target(name, read_tree(place, ""), _asking(name, catalog, place.parent), place.parent)


def _asking(name: str, catalog: Catalog, folder: Path) -> Callable[[Any, random.Random], object]:
    def read(tree: Any, rng: random.Random) -> object:
        if not isinstance(tree, dict):
            return None
        asked = read_question(name, Source(tree=tree, file="question.toml", folder=folder), catalog)
        if name in NEVER_ANSWERED or rng.randrange(QUICK_ONE_IN if name in QUICK else ONE_IN):
            return None
        data = to_data(ask(asked, catalog))
        wrong = list(absurd(data))
        if wrong:
            raise AssertionError("; ".join(wrong[:3]))
        return data

    return read


def _in_file(name: str, read: Callable[[Path], object]) -> Callable[[Any, random.Random], object]:
    """A reader of a path, given bytes."""
    folder = _folder()

    def run(content: bytes, rng: random.Random) -> object:
        del rng
        path = folder / name
        path.write_bytes(content)
        return read(path)

    return run


def _text(content: bytes) -> str:
    return content.decode("utf-8", errors="replace")


def dialects() -> Iterator[Target]:
    """Every dialect."""
    for name, reader in READERS.items():
        for form, (file, sample) in enumerate(SAMPLES[name]):

            def read(content: bytes, rng: random.Random, reader: Any = reader, file: str = file) -> object:
                stated = Stated(settings={"A": rng.choice(TEXTS)}, micro_batch=rng.choice((None, 1)))
                return layout_on(reader(_text(content), file, stated), 64, file)

            yield Target(f"dialect {name}{form or ''}", sample.encode(), read)


def files(catalog: Catalog) -> Iterator[Target]:
    """Every reader of logs, and of the files beside them."""
    from tenfold.catalog.prices.files import Stated as StatedPrices
    from tenfold.catalog.prices.files import price_file
    from tenfold.interfaces.cli.answer_files import read_answer
    from tenfold.reports import equation, explained, leaves, overview, topics_of
    from tenfold.validation.failures.rates import fit_failure_logs
    from tenfold.validation.training.runs import read_runs
    from tenfold.workloads import parameter_counts
    from tenfold.workloads.huggingface import load_huggingface_config

    for name, reader in logs.RUN_READERS.items():
        yield Target(f"log {name}", LOGS[name].encode(), _in_file("run.log", reader))

    def fabrics(path: Path) -> object:
        return logs.read_collective_tests([path], catalog, catalog.system("hgx-h100"))

    def counts(path: Path) -> object:
        found = parameter_counts(load_huggingface_config(path))
        if not (0 < found.active <= found.language * (1 + 1e-9) < math.inf):
            raise AssertionError(f"{found}")
        return found

    def prices(path: Path) -> object:
        import datetime

        return price_file(path, StatedPrices(date=datetime.date(2026, 3, 1), provider="x"))

    def explain(path: Path) -> object:
        data = read_answer(path)
        topics = topics_of(data["question_name"])
        rows = overview(data, topics)
        for number in (*(row["number"] for row in rows[:20]), ".", "", "made.seed", "question"):
            try:
                found = explained(data, number, topics, catalog.sources)
                equation(found)
                list(leaves(found["value"]))
            except TenfoldError:
                continue
        return rows

    def overlay(path: Path) -> object:
        return load_catalog([path.parent]).sites

    yield Target("log nccl", LOGS["nccl"].encode(), _in_file("all_reduce.txt", fabrics))
    yield Target("log sacct", LOGS["sacct"].encode(), _in_file("jobs.txt", lambda path: fit_failure_logs([path])))
    yield Target(
        "log events",
        LOGS["events"].encode(),
        _in_file("events.csv", lambda path: fit_failure_logs([path], nodes=9, days=9)),
    )
    yield Target("config.json", HUGGINGFACE.encode(), _in_file("config.json", counts))
    yield Target("prices", LOGS["prices"].encode(), _in_file("prices.csv", prices))
    yield Target("prices skypilot", SKYPILOT.encode(), _in_file("vms.csv", prices))
    yield Target("runs", LOGS["runs"].encode(), _in_file("runs.csv", read_runs))
    yield Target("answer", _answer(catalog), _in_file("answer.json", explain))
    yield Target("overlay", LOGS["overlay"].encode(), _site_overlay(overlay))


def others() -> Iterator[Target]:
    """Every reader of what schedulers, gateways, benchmarks and ``tenfold measure`` write."""
    from tenfold.fleet import read_trace
    from tenfold.fleet.requests.trace import read_requests
    from tenfold.fleet.traces.queues import read_cluster_queues
    from tenfold.validation.chip.measured import read_measured
    from tenfold.validation.serving.benchmarks import benchmark_runs
    from tenfold.validation.serving.runs import read_runs

    about = {"model": "llama-3.1-8b", "chip": "h100-sxm", "engine": "vllm"}

    def benchmark(path: Path) -> object:
        return benchmark_runs(path, about)

    readers: Mapping[str, Callable[[Path], object]] = {
        "trace": read_trace,
        "queues": read_cluster_queues,
        "requests": read_requests,
        "benchmark": benchmark,
        "serving": read_runs,
        "measured": read_measured,
    }
    for kind, read in readers.items():
        for file, sample in OTHERS[kind]:
            yield Target(f"{kind} {file}", sample.encode(), _in_file(file, read))


def _site_overlay(read: Callable[[Path], object]) -> Callable[[Any, random.Random], object]:
    folder = _folder()
    (folder / "sites").mkdir()

    def run(content: bytes, rng: random.Random) -> object:
        del rng
        (folder / "sites" / "mine.toml").write_bytes(content)
        return read(folder / "sites.toml")

    return run


def _answer(catalog: Catalog) -> bytes:
    from tenfold.reports import answer_json

    tree = {"model": "llama-3.1-8b", "chip": "h100-sxm", "chips": 64, "global_batch": 512}
    asked = read_question("estimate training", Source(tree=tree), catalog)
    return str(answer_json(ask(asked, catalog))).encode()


def targets(catalog: Catalog) -> Iterator[Target]:
    """Everything that reads."""
    yield from questions(catalog)
    yield from dialects()
    yield from files(catalog)
    yield from others()
