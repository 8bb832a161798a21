"""Damaged input to every question and reader: ``uv run python benchmarks/fuzz.py --cases N --seed S --only NAME``.

Targets find themselves: every row of the registry of questions, every dialect, every reader of logs, and the readers of
files beside them. Each starts from a sample that is right and is changed at random: types, ends, not-a-numbers, dates,
duplicates, nesting, unicode, size, bytes. What may come of it is an answer in which nothing is absurd, or a
``TenfoldError``; within ``MOST_SECONDS`` and ``MOST_BYTES``. A case that breaks this is printed with its seed, from
which ``--only NAME --seed S --cases 1`` makes it again. ``tests/contract/test_fuzz.py`` is the short form.
"""

from __future__ import annotations

import argparse
import copy
import math
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fuzz_samples import HUGGINGFACE, LOGS, SAMPLES

from tenfold.catalog import Catalog, load_catalog
from tenfold.performance.dialects import READERS, Stated, layout_on
from tenfold.quantities import TenfoldError, read_tree, to_data
from tenfold.studies import QUESTIONS, Source, ask, example_files, read_question
from tenfold.validation import logs

MOST_SECONDS = 10.0
MOST_BYTES = 1_000_000_000
ANSWERED = {"estimate training", "estimate config", "tco", "prices show"}
"""Questions that are answered too, in the time of reading one; of the others every so many are."""
NEVER_ANSWERED = {"calibrate training"}
"""Questions whose answer takes minutes by what it does."""
ONE_IN = 200
LONGEST = 300_000
"""Bytes that a line may grow to."""
NUMBERS = (
    "9" * 400,
    "-1",
    "0",
    "1e309",
    "nan",
    "inf",
    "-inf",
    "²",
    "٣",
    "0x10",
    "1_000",
    "1,5",
    "",
    " ",
    "1e-320",
    "True",
)
TEXTS = (
    "", "\x1b[31m", "\x00", "\u202e", "=1+1", "'\"\\", "[bold]", "é" * 3, "\ud800", "x" * 5000, "../../etc", "ﬁ",
    "NaN", "0000", "9999-12-31", "2026-02-30", "10000 years", "1 parsec", "$", "${A}", "*a", "&a [*a]", "-",
    "!!python/name:os",
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**30, 1.5, math.inf, -math.inf, math.nan, "", "x", "0000", [], {}, [[]], {"a": 1},
    [None], "10000 years", "9" * 400, ["x"], {"value": None}, 1e308, -0.0, "\x1b]0;x\x07", "²",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """Something that reads: a name, what is right for it, and the reading of a changed one."""

    name: str
    sample: Any
    """A tree, or the bytes of a file."""
    read: Callable[[Any, random.Random], object]


@dataclass(slots=True)
class Tally:
    """What came of a target's cases."""

    answered: int = 0
    refused: int = 0
    broken: list[str] = field(default_factory=list)
    slowest_s: float = 0.0


def changed_tree(tree: Any, rng: random.Random) -> Any:
    """A tree with one to four of its places changed."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.randint(1, 4)):
        places = list(_places(tree))
        if not places:
            return rng.choice(VALUES)
        holder, key = rng.choice(places)
        match rng.randrange(6):
            case 0 | 1 | 2:
                holder[key] = copy.deepcopy(rng.choice(VALUES))
            case 3:
                holder[key] = [holder[key]] if rng.random() < 0.5 else {"a": holder[key]}
            case 4 if isinstance(holder, dict):
                holder[rng.choice([str(key)[:-1], f"{key}_", rng.choice(TEXTS), "seed"])] = holder.pop(key)
            case 4:
                holder.extend(copy.deepcopy(holder)[:20])
            case _:
                del holder[key]
    return tree


def _places(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every key and every entry of a tree, with what holds it."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in items:
        yield tree, key
        yield from _places(value)


def changed_bytes(sample: bytes, rng: random.Random) -> bytes:
    """A file with one to four of its lines, words or bytes changed."""
    lines = sample.split(b"\n")
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(lines))
        words = lines[at].split(b" ")
        match rng.randrange(9):
            case 0:
                lines.insert(at, lines[rng.randrange(len(lines))])
            case 1 if len(lines) > 1:
                del lines[at]
            case 2:
                words[rng.randrange(len(words))] = rng.choice(NUMBERS).encode()
                lines[at] = b" ".join(words)
            case 3:
                words[rng.randrange(len(words))] = rng.choice(TEXTS).encode("utf-8", errors="surrogatepass")
                lines[at] = b" ".join(words)
            case 4:
                lines[at] = _number_changed(lines[at], rng)
            case 5:
                lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
            case 6:
                lines[at] = lines[at] + bytes(rng.randrange(256) for _ in range(rng.randint(1, 6)))
            case 7:
                lines[at] = (lines[at] * rng.choice((2, 3, 200)))[:LONGEST]
            case _:
                del words[rng.randrange(len(words))]
                lines[at] = b" ".join(words)
    return b"\n".join(lines)


def _number_changed(line: bytes, rng: random.Random) -> bytes:
    """One run of digits becomes another number."""
    starts = [at for at, byte in enumerate(line) if 48 <= byte <= 57 and (at == 0 or not 48 <= line[at - 1] <= 57)]
    if not starts:
        return line
    start = end = rng.choice(starts)
    while end < len(line) and 48 <= line[end] <= 57:
        end += 1
    return line[:start] + rng.choice(NUMBERS).encode() + line[end:]


def absurd(data: Any, path: str = "") -> Iterator[str]:
    """Say what in an answer cannot be: no number, percentiles out of order, shares beyond one."""
    if isinstance(data, float) and math.isnan(data):
        yield f"{path} is no number"
    elif isinstance(data, Mapping):
        if {"p10", "p50", "p90"} <= data.keys() and all(
            isinstance(data[key], (int, float)) for key in ("p10", "p50", "p90")
        ):
            slack = 1e-9 * abs(data["p50"]) + 1e-12
            if not data["p10"] - slack <= data["p50"] <= data["p90"] + slack:
                yield f"{path}: P10 {data['p10']}, P50 {data['p50']}, P90 {data['p90']}"
        for key, value in data.items():
            if "probability" in str(key) and isinstance(value, float) and not -1e-9 <= value <= 1 + 1e-9:
                yield f"{path}.{key} is {value}"
            yield from absurd(value, f"{path}.{key}")
    elif isinstance(data, list):
        for place, value in enumerate(data[:500]):
            yield from absurd(value, f"{path}.{place}")


def questions(catalog: Catalog) -> Iterator[Target]:
    """Every question of the registry, from its example."""
    with tempfile.TemporaryDirectory() as folder:
        for name in QUESTIONS:
            text, data = example_files(name)
            place = Path(folder) / "example.toml"
            place.write_text(text, encoding="utf-8")
            for each, content in data.items():
                (place.parent / each).parent.mkdir(parents=True, exist_ok=True)
                (place.parent / each).write_text(content, encoding="utf-8")
            tree = read_tree(place, "")
            yield Target(name, tree, _asking(name, catalog, place.parent))


def _asking(name: str, catalog: Catalog, folder: Path) -> Callable[[Any, random.Random], object]:
    def read(tree: Any, rng: random.Random) -> object:
        if not isinstance(tree, dict):
            return None
        asked = read_question(name, Source(tree=tree, file="question.toml", folder=folder), catalog)
        if name in NEVER_ANSWERED or (name not in ANSWERED and rng.randrange(ONE_IN)):
            return None
        data = to_data(ask(asked, catalog))
        wrong = list(absurd(data))
        if wrong:
            raise AssertionError("; ".join(wrong[:3]))
        return data

    return read


def _in_file(name: str, read: Callable[[Path], object]) -> Callable[[Any, random.Random], object]:
    """A reader of a path, given bytes."""
    folder = Path(tempfile.mkdtemp(prefix="tenfold-fuzz-"))

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
    yield Target("runs", LOGS["runs"].encode(), _in_file("runs.csv", read_runs))
    yield Target("answer", _answer(catalog), _in_file("answer.json", explain))
    yield Target("overlay", LOGS["overlay"].encode(), _site_overlay(overlay))


def _site_overlay(read: Callable[[Path], object]) -> Callable[[Any, random.Random], object]:
    folder = Path(tempfile.mkdtemp(prefix="tenfold-fuzz-"))
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


def run(target: Target, cases: int, seed: int) -> Tally:
    """Try so many changed samples of a target; case n of a seed is always the same."""
    tally = Tally()
    for case in range(cases):
        rng = random.Random(f"{seed}/{target.name}/{case}")
        changed = (
            changed_bytes(target.sample, rng) if isinstance(target.sample, bytes) else changed_tree(target.sample, rng)
        )
        began = time.perf_counter()
        try:
            target.read(changed, rng)
            tally.answered += 1
        except TenfoldError as refusal:
            if not str(refusal):
                tally.broken.append(f"case {case}: refused without a word")
            tally.refused += 1
        except Exception as trouble:
            where = traceback.extract_tb(trouble.__traceback__)[-1]
            place = f"{Path(where.filename).name}:{where.lineno}"
            tally.broken.append(f"case {case}: {type(trouble).__name__}: {str(trouble)[:160]!r} at {place}")
        seconds = time.perf_counter() - began
        tally.slowest_s = max(tally.slowest_s, seconds)
        if seconds > MOST_SECONDS:
            tally.broken.append(f"case {case}: {seconds:.1f} s")
    return tally


def main() -> int:
    """Try every target; 1 when anything broke."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=20_000, help="of each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="part of the names of targets")
    chosen = parser.parse_args()
    kinds, total, bad = Counter[str](), 0, 0
    for target in targets(load_catalog()):
        if chosen.only not in target.name:
            continue
        began = time.perf_counter()
        tally = run(target, chosen.cases, chosen.seed)
        total += chosen.cases
        bad += len(tally.broken)
        took = time.perf_counter() - began
        print(
            f"{target.name:22} {chosen.cases:8,} cases  {tally.answered:8,} read  {tally.refused:8,} refused  "
            f"{len(tally.broken):4} broken  slowest {tally.slowest_s:.2f} s  in {took:.0f} s",
            flush=True,
        )
        for said in tally.broken[:8]:
            print(f"    {said}", flush=True)
        kinds.update(said.partition(": ")[2].partition(":")[0] for said in tally.broken)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"{total:,} cases, {bad} broken {dict(kinds)}, at most {memory / 1e6:,.0f} MB")
    return int(bad > 0 or memory > MOST_BYTES)


if __name__ == "__main__":
    sys.exit(main())
