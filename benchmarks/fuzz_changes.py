"""How ``fuzz`` damages what is right: trees by their places, files by their lines, words and bytes.

Half of the changes are gentle, a number moved or a word spelt otherwise, so that what is behind the first check is
reached too; the others put something else altogether in a place.
"""

from __future__ import annotations

import copy
import json
import math
import random
import re
from collections.abc import Iterator
from typing import Any

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
FACTORS = (0.0, 1e-9, 0.1, 0.5, 0.99, 1.01, 2.0, 3.0, 10.0, 1e3, 1e6, -1.0)
_DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def _gentle(value: Any, rng: random.Random) -> Any:
    """The same kind of value, another one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return int(value * rng.choice(FACTORS)) + rng.choice((0, 0, 1))
    if isinstance(value, float):
        return value * rng.choice(FACTORS)
    if isinstance(value, str) and (found := _DIGITS.search(value)):
        return f"{value[: found.start()]}{float(found[0]) * rng.choice(FACTORS):g}{value[found.end() :]}"
    if isinstance(value, str):
        return rng.choice((value.upper(), value.title(), f" {value} ", value.replace("-", "_"), value[:-1]))
    if isinstance(value, list) and value:
        return rng.choice((value[:1], value[::-1], value + value[:1]))
    return value


def changed_tree(tree: Any, rng: random.Random) -> Any:
    """A tree with one to four of its places changed; half of the time one."""
    tree = copy.deepcopy(tree)
    for _ in range(rng.choice((1, 1, 1, 2, 3, 4))):
        places = list(_places(tree))
        if not places:
            return rng.choice(VALUES)
        holder, key = rng.choice(places)
        match rng.randrange(12):
            case 0 | 1 | 2 | 6 | 7 | 8:
                holder[key] = _gentle(holder[key], rng)
            case 9 | 10 | 11:
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


def changed_json(sample: bytes, rng: random.Random) -> bytes:
    """A JSON file, or a line of one with a tree a line, changed as a tree; now and then as any file."""
    if rng.random() < 0.3:
        return changed_bytes(sample, rng)
    trees = sample.rstrip().split(b"\n{") if b"\n{" in sample else [sample]
    parts = [trees[0], *(b"{" + each for each in trees[1:])]
    at = rng.randrange(len(parts))
    parts[at] = json.dumps(changed_tree(json.loads(parts[at]), rng)).encode()
    return b"\n".join(parts)


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
