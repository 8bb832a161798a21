"""The API under mutated, malformed, huge and many calls: ``uv run python benchmarks/fuzz_web.py [calls] [streams]``.

Starts a server of its own. Every call must be answered within its bound, and none with a fault (5xx). Questions are
asked the more often the quicker their examples are answered, so that ten thousand calls take minutes; one in twenty
calls is to any of them alike.
"""

from __future__ import annotations

import asyncio
import collections
import copy
import json
import random
import sys
import time
import tomllib
from collections.abc import Iterator
from typing import Any

import httpx
from served import Served, served

from tenfold.studies import QUESTIONS, address_of, example_files

BOUND_S = 120.0
ALIKE = 0.05
"""Share of calls that go to any question alike."""
QUICKEST_S = 0.02
"""Time of an example below which quicker ones are asked no more often."""
ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 3, 1e308, -1e308, 1e-300, 10**40, 2**63, "", " ", "0", "-5", "1e999", "nan", "inf",
    "60 days", "$5M", "15.6T", "80 %", "999999999999999999999", "h100-sxm", "H100", "nonesuch", "../../etc/passwd",
    "/etc/passwd", "/etc/passwd.json", "<script>alert(1)</script>", "'; DROP TABLE x; --", "\u202e\u0000",
    "🦜" * 50, "a" * 5000, [], [[]], {}, {"a": {"b": {}}}, [1, 2, 3], ["h100-sxm"], {"low": 1, "high": 0},
    "2027-02-30", "2027Q3", "0 days", "1 chips",
)  # fmt: skip


def mutated(tree: object, rng: random.Random) -> dict[str, Any]:
    """The tree with one to three values changed, added, moved or taken away."""
    found: dict[str, Any] = json.loads(json.dumps(tree, default=str))
    for _ in range(rng.randint(1, 3)):
        places = list(_places(found))
        holder, key = rng.choice(places) if places else (found, "x")
        kind = rng.random()
        if kind < 0.6:
            holder[key] = copy.deepcopy(rng.choice(ODD))
        elif kind < 0.75 and isinstance(holder, dict):
            holder.pop(key, None)
        elif kind < 0.9 and places and isinstance(holder[key], (int, float)):
            holder[key] = holder[key] * rng.choice((0, -1, 1e-9, 1e9, 0.5, 2))
        elif isinstance(holder, dict):
            holder[rng.choice(("zzz", "__class__", "seed", "question", "a.b", ""))] = copy.deepcopy(rng.choice(ODD))
    return found


def _places(tree: object) -> Iterator[tuple[Any, Any]]:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(items):
        yield tree, key
        yield from _places(value)


def example_trees() -> dict[str, dict[str, Any]]:
    """The example of every question."""
    return {name: tomllib.loads(example_files(name)[0]) for name in QUESTIONS}


async def weights_of(client: httpx.AsyncClient, trees: dict[str, dict[str, Any]]) -> dict[str, float]:
    """How often each question is asked: the reciprocal of the time that its example takes."""
    took_s = dict[str, float]()
    for name, tree in trees.items():
        began = time.perf_counter()
        await client.post(f"/api/v1/questions/{address_of(name)}", content=json.dumps(tree, default=str))
        took_s[name] = max(time.perf_counter() - began, QUICKEST_S)
    return {name: 1.0 / each for name, each in took_s.items()}


def bodies(
    count: int, rng: random.Random, trees: dict[str, dict[str, Any]], weights: dict[str, float]
) -> Iterator[tuple[str, str, bytes]]:
    """Method, path and body of every call."""
    names = list(trees)
    for _ in range(count):
        weight = None if rng.random() < ALIKE else [weights[each] for each in names]
        (name,), kind = rng.choices(names, weight), rng.random()
        path = f"/api/v1/questions/{address_of(name)}"
        if kind < 0.75:
            yield "POST", path, json.dumps(mutated(trees[name], rng)).encode()
        elif kind < 0.87:
            what = rng.choice(
                ("report", "preview", "form", "explain", "explain?number=best", "movers", "export?as=csv")
            )
            tree = mutated(trees[name], rng)
            yield (
                "POST",
                f"{path}/{what}",
                json.dumps(
                    {
                        "tree": tree,
                        "seed": copy.deepcopy(rng.choice(ODD)),
                        "changes": rng.choice(({}, {"chips/h100-sxm/tdp": "1 kW"}, {"x": "y"}, 3)),
                    }
                ).encode(),
            )
        elif kind < 0.95:
            junk = (
                b"",
                b"{",
                b"[]",
                b"null",
                b"\xff\xfe",
                b'{"a": NaN}',
                b'{"a":' * 3000,
                b'"\\ud800"',
                b'{"chip":"\\ud800"}',
                b"1" * 5000,
            )
            yield "POST", path, rng.choice(junk)
        else:
            odd = (
                "/api/v1/questions/%2e%2e%2fetc",
                "/static/..%2f..%2fpyproject.toml",
                "/ask/<x>",
                "/api/v1/catalog/chips/names",
                "/api/v1/catalog/%00",
                "/studies/..",
                "/api/v1/studies/x",
                "/catalog?kind=../x",
                "/catalog/chips/<b>",
                "/api/v1/places",
            )
            yield rng.choice(("GET", "POST", "DELETE", "PUT")), rng.choice(odd), b""


async def stream(
    client: httpx.AsyncClient, calls: Iterator[tuple[str, str, bytes]], seen: list[tuple[int, float, str, bytes]]
) -> None:
    """Make calls one after another until there are none."""
    for method, path, body in calls:
        began = time.perf_counter()
        try:
            reply = await client.request(method, path, content=body)
            seen.append(
                (reply.status_code, time.perf_counter() - began, path, body if reply.status_code >= 500 else b"")
            )
            if reply.status_code >= 500:
                print(reply.status_code, path, body[:300], reply.text[:300])
        except httpx.HTTPError as trouble:
            seen.append((0, time.perf_counter() - began, path, body))
            print("unanswered", path, repr(trouble), body[:200])


async def run(server: Served, count: int, streams: int) -> None:
    """Make so many calls in so many streams."""
    trees, seen = example_trees(), list[tuple[int, float, str, bytes]]()
    limits = httpx.Limits(max_connections=streams)
    made = httpx.AsyncClient(base_url=server.origin, headers=server.headers, timeout=BOUND_S, limits=limits)
    async with made as client:
        calls = bodies(count, random.Random(7), trees, await weights_of(client, trees))
        await asyncio.gather(*(stream(client, calls, seen) for _ in range(streams)))
    statuses = collections.Counter(status for status, *_ in seen)
    took = sorted(each[1] for each in seen)
    bad = sum(number for status, number in statuses.items() if status >= 500 or status == 0)
    print(f"fuzz: {len(seen)} calls in {streams} streams: {dict(sorted(statuses.items()))}, {bad} faults; "
          f"p50 {took[len(took) // 2]:.2f} s, longest {took[-1]:.1f} s")  # fmt: skip


def main(count: int = 10_000, streams: int = 50) -> None:
    """Start a server and call it."""
    with served() as server:
        asyncio.run(run(server, count, streams))


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
