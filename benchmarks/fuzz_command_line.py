"""Damaged questions through the command line: ``uv run python benchmarks/fuzz_command_line.py --cases 300``.

Each is a file given to the command of its question, in a fork that has Tenfold in memory. It ends with 0, 2 or 3; what
it says of a refusal is a line a problem and no traceback; nothing that a terminal acts on is printed. 1 otherwise.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import sys
import tempfile
from collections import Counter
from pathlib import Path

from fuzz_changes import changed_tree
from fuzz_targets import questions
from kills import forked, warm

from tenfold.catalog import load_catalog

ENDS = {0: "answered", 2: "refused", 3: "nothing fits"}
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
DEAR = {"calibrate training", "calibrate serving", "race backtest", "contagion", "validate training", "claims"}
"""Questions whose answers take minutes here; the others are asked in turn."""
MOST_S = 60.0
"""Of the processor; a large one of these takes its time."""


def main() -> int:
    """Ask so many damaged questions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    found = [target for target in questions(load_catalog()) if target.name not in DEAR]
    warm()
    ends, broken = Counter[str](), 0
    with tempfile.TemporaryDirectory(prefix="tenfold-typed-") as folder:
        said, home = Path(folder) / "said", Path(folder) / "home"
        for case in range(chosen.cases):
            target = found[case % len(found)]
            place = (target.folder or Path(folder)) / "question.json"
            rng = random.Random(f"{chosen.seed}/{target.name}/{case}")
            tree = {**dict(changed_tree(target.sample, rng)), "question": target.name.replace(" ", "-")}
            place.write_text(json.dumps(tree, default=str), encoding="utf-8")
            shown = ("--json",) if rng.random() < 0.5 else ()
            command = ("plan",) if target.name == "plan serve" else target.name.split(" ")
            before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            code, _ = forked((*command, "--question", str(place), *shown), home, said)
            seconds = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
            text = said.read_text(encoding="utf-8", errors="replace")
            wrong = code not in ENDS or "Traceback" in text or UNSEEN.search(text) is not None or seconds > MOST_S
            ends[ENDS.get(code, str(code))] += 1
            if wrong:
                broken += 1
                print(
                    f"case {case} of {target.name}: ended with {code} after {seconds:.1f} s: {text[-400:]!r}",
                    flush=True,
                )
    print(f"{chosen.cases} through the command line: {dict(ends)}, {broken} broken")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
