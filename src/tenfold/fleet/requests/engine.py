"""Events of a fleet in order of time: arrivals, ends of steps, changes of how many units take requests.

A unit goes as the loop of ``performance.serving.simulate`` does, in macro-steps: a stretch of steps in which nothing
begins or ends is one event, cut where a request arrives that there is room for. Here requests are held against the
tokens of the cache, and prompts against the blocks that are there.
"""

from __future__ import annotations

import math

from tenfold.fleet.requests.cached import keep, known_tokens
from tenfold.fleet.requests.routers import routed
from tenfold.fleet.requests.scene import (
    ACTIVE,
    BLOCKS,
    CACHE_GROWTH,
    CACHE_TOKENS,
    IDLE,
    LEFT,
    LOAD,
    MIXED,
    MIXED_SHARE,
    MIXES_PROMPTS,
    MOST,
    NOBODY,
    PROMPT_FLOOR_S,
    PROMPT_S_PER_TOKEN,
    STRIDE,
    TOKEN_BUDGET,
    TOKENS_PER_STEP,
    Scene,
)
from tenfold.fleet.requests.trees import leaf_of_least, pop_end, push_end, put

NOTHING = 1e-9
"""Tokens that are none."""


def run(scene: Scene) -> None:
    """Go from event to event until every request was answered."""
    at, change = 0, 0
    count, changes = len(scene.arrival_s), len(scene.change_s)
    while scene.tally[LEFT] > 0:
        end_s = scene.until_s[1]
        arrival_s = scene.arrival_s[at] if at < count else math.inf
        if change < changes and scene.change_s[change] <= min(end_s, arrival_s):
            _resize(scene, scene.active[change])
            change += 1
        elif arrival_s <= end_s:
            _arrive(scene, at, arrival_s)
            at += 1
        else:
            unit = leaf_of_least(scene.until_s)
            _finish(scene, unit, end_s)
            _begin(scene, unit, end_s)


def _resize(scene: Scene, units: int) -> None:
    """Let so many units take requests; those that take none finish what they have."""
    for unit in range(min(scene.tally[ACTIVE], units), max(scene.tally[ACTIVE], units)):
        put(scene.least_load, unit, float(scene.load[unit]) if unit < units else math.inf)
    scene.tally[ACTIVE] = units


def _arrive(scene: Scene, request: int, now_s: float) -> None:
    unit = routed(scene, request)
    scene.unit[request] = unit
    if scene.head[unit] == NOBODY:
        scene.head[unit] = request
    else:
        scene.next[scene.tail[unit]] = request
    scene.tail[unit] = request
    _loaded(scene, unit, 1)
    if scene.does[unit] == IDLE:
        _begin(scene, unit, now_s)
    elif scene.does[unit] == STRIDE and _has_room(scene, unit, 0):
        _cut(scene, unit, now_s)


def _loaded(scene: Scene, unit: int, more: int) -> None:
    scene.load[unit] += more
    scene.tally[LOAD] += more
    if unit < scene.tally[ACTIVE]:
        put(scene.least_load, unit, float(scene.load[unit]))


def _cut(scene: Scene, unit: int, now_s: float) -> None:
    """End a stretch with the step in which something arrives."""
    step_s = scene.step_s[unit]
    steps = max(math.ceil((now_s - scene.since_s[unit]) / step_s), 1) if step_s > 0.0 else scene.planned[unit]
    if steps < scene.planned[unit]:
        scene.planned[unit] = steps
        put(scene.until_s, unit, scene.since_s[unit] + steps * step_s)


def _has_room(scene: Scene, unit: int, ended: int) -> bool:
    """Whether the first that waits fits, beside those whose prompts end with this step."""
    busy = scene.running[unit] + ended
    if busy == 0:
        return True
    held = _held_tokens(scene, unit, scene.head[unit])
    return busy < scene.tally[MOST] and scene.reserved_tokens[unit] + held <= scene.rank[CACHE_TOKENS]


def _held_tokens(scene: Scene, unit: int, request: int) -> float:
    """Tokens that a request is admitted with: its new ones, and the part of its answer that an engine counts on."""
    new = scene.new_tokens[request]
    if scene.tally[BLOCKS] > 0:
        new = scene.prompt_tokens[request] - known_tokens(scene, unit, request)
    return new + scene.rank[CACHE_GROWTH] * scene.output_tokens[request]


def _begin(scene: Scene, unit: int, now_s: float) -> None:
    """Start what comes next: a step with prompts, a stretch of answers, or nothing."""
    scene.since_s[unit] = now_s
    waits = scene.head[unit] != NOBODY
    if scene.prefilling[unit] != NOBODY or (waits and _has_room(scene, unit, 0)):
        _begin_mixed(scene, unit, now_s)
    elif scene.running[unit] > 0:
        step_s = scene.steps_s[scene.running[unit]]
        steps = scene.ends_after[unit * scene.tally[MOST]] - scene.taken_steps[unit]
        scene.does[unit], scene.step_s[unit], scene.planned[unit] = STRIDE, step_s, steps
        put(scene.until_s, unit, now_s + steps * step_s)
    else:
        scene.does[unit] = IDLE
        put(scene.until_s, unit, math.inf)


def _begin_mixed(scene: Scene, unit: int, now_s: float) -> None:
    """Take prompts up to the budget; those taken whole have their first token when the step ends."""
    busy = scene.running[unit]
    work_s = scene.rank[PROMPT_S_PER_TOKEN] * _take_prompts(scene, unit)
    floor_s = scene.rank[PROMPT_FLOOR_S]
    scene.does[unit], scene.planned[unit] = MIXED, 0
    if busy == 0:
        took_s = math.hypot(work_s, floor_s)
    elif scene.rank[MIXES_PROMPTS] > 0.0:
        took_s = scene.steps_s[busy] + scene.rank[MIXED_SHARE] * work_s
        scene.planned[unit] = 1
    else:
        took_s = math.hypot(scene.rank[MIXED_SHARE] * work_s, floor_s)
    put(scene.until_s, unit, now_s + took_s)


def _take_prompts(scene: Scene, unit: int) -> float:
    """Tokens of prompts that a step takes."""
    budget = max(scene.rank[TOKEN_BUDGET] - scene.running[unit], 1.0)
    taken, ended = 0.0, 0
    while budget - taken > NOTHING:
        if scene.prefilling[unit] == NOBODY:
            if scene.head[unit] == NOBODY or not _has_room(scene, unit, ended):
                break
            _admit(scene, unit)
        part = min(scene.rest_tokens[unit], budget - taken)
        taken += part
        scene.rest_tokens[unit] -= part
        if scene.rest_tokens[unit] <= NOTHING:
            _note_done(scene, unit, scene.prefilling[unit])
            ended += 1
            scene.prefilling[unit] = NOBODY
    return taken


def _admit(scene: Scene, unit: int) -> None:
    """Take the first that waits into the engine."""
    request = scene.head[unit]
    scene.head[unit] = scene.next[request]
    scene.next[request] = NOBODY
    scene.held_tokens[request] = _held_tokens(scene, unit, request)
    scene.reserved_tokens[unit] += scene.held_tokens[request]
    scene.answering_tokens[unit] += scene.output_tokens[request]
    if scene.tally[BLOCKS] > 0:
        scene.new_tokens[request] = scene.prompt_tokens[request] - known_tokens(scene, unit, request)
        keep(scene, unit, request)
    scene.prefilling[unit] = request
    scene.rest_tokens[unit] = scene.new_tokens[request]


def _note_done(scene: Scene, unit: int, request: int) -> None:
    if scene.done_head[unit] == NOBODY:
        scene.done_head[unit] = request
    else:
        scene.next[scene.done_tail[unit]] = request
    scene.done_tail[unit] = request


def _finish(scene: Scene, unit: int, now_s: float) -> None:
    """Sequences whose last step this was end; prompts that were taken whole give their first token."""
    scene.taken_steps[unit] += scene.planned[unit]
    first = unit * scene.tally[MOST]
    while scene.running[unit] > 0 and scene.ends_after[first] <= scene.taken_steps[unit]:
        _end(scene, unit, pop_end(scene, unit), now_s)
    request = scene.done_head[unit]
    scene.done_head[unit] = NOBODY
    while request != NOBODY:
        after = scene.next[request]
        scene.next[request] = NOBODY
        _first_token(scene, unit, request, now_s)
        request = after


def _first_token(scene: Scene, unit: int, request: int, now_s: float) -> None:
    scene.first_s[request] = now_s
    more = math.ceil((scene.output_tokens[request] - 1.0) / scene.rank[TOKENS_PER_STEP])
    if more <= 0:
        _end(scene, unit, request, now_s)
    else:
        push_end(scene, unit, scene.taken_steps[unit] + more, request)


def _end(scene: Scene, unit: int, request: int, now_s: float) -> None:
    scene.last_s[request] = now_s
    scene.tally[LEFT] -= 1
    scene.reserved_tokens[unit] -= scene.held_tokens[request]
    scene.answering_tokens[unit] -= scene.output_tokens[request]
    _loaded(scene, unit, -1)
