"""The state of a fleet between events, in flat columns: lists for the plain engine, arrays for the compiled one.

A unit is one attention rank of a replica: a queue, an engine that takes steps, and a cache of its own.
"""

from __future__ import annotations

from typing import NamedTuple

Numbers = list[float]
"""Or an array of them."""
Wholes = list[int]
"""Or an array of them."""
NOBODY = -1
IDLE, MIXED, STRIDE = 0, 1, 2
"""What a unit does: nothing, a step with prompts, or steps of answers alone."""
(
    PROMPT_S_PER_TOKEN,
    PROMPT_FLOOR_S,
    MIXED_SHARE,
    TOKEN_BUDGET,
    TOKENS_PER_STEP,
    MIXES_PROMPTS,
    CACHE_TOKENS,
    CACHE_GROWTH,
    BLOCK_TOKENS,
    LEAST_SHARE,
    FAR_AHEAD,
    TIMES_AHEAD,
) = range(12)
"""Places of ``Scene.rank``."""
ROUTER, MOST, LEFT, CURSOR, ACTIVE, TOUCHES, BLOCKS, LOAD = range(8)
"""Places of ``Scene.tally``."""


class Scene(NamedTuple):
    """Everything an event reads or writes."""

    rank: Numbers
    """What a unit is like: see the places above."""
    steps_s: Numbers
    """Time of a step by the sequences that decode."""
    tally: Wholes
    # of requests
    arrival_s: Numbers
    prompt_tokens: Numbers
    new_tokens: Numbers
    """Without what is cached; found when a unit takes the request where blocks are said."""
    output_tokens: Numbers
    block_start: Wholes
    block: Wholes
    unit: Wholes
    """That a request went to."""
    first_s: Numbers
    last_s: Numbers
    held_tokens: Numbers
    """That a request is admitted with."""
    next: Wholes
    """The request behind this one in a queue, or among those whose prompts end with this step."""
    # of units
    head: Wholes
    tail: Wholes
    done_head: Wholes
    done_tail: Wholes
    does: Wholes
    since_s: Numbers
    """When what it does began."""
    step_s: Numbers
    planned: Wholes
    """Steps of answers that end with what it does."""
    taken_steps: Wholes
    prefilling: Wholes
    rest_tokens: Numbers
    """Of the prompt in the engine."""
    reserved_tokens: Numbers
    answering_tokens: Numbers
    """Of answers that run, which the cache of prefixes has to leave room for."""
    load: Wholes
    """Requests that wait or run."""
    running: Wholes
    """Sequences that decode."""
    ends_after: Wholes
    """Heaps, one a unit: the step after which a sequence ends, (units × most)."""
    ends: Wholes
    until_s: Numbers
    """Tree of least values over units: when what each does ends."""
    least_load: Numbers
    """Tree of least values over units: requests of each, infinite for those that take none."""
    # of caches
    key: Wholes
    """Table of pairs of unit and block, by open addressing; 0 is empty."""
    touched: Wholes
    """Number of the last touch of a pair; 0 when it was evicted."""
    holder: Wholes
    """Unit that had a block last."""
    touch_pair: Wholes
    """Pair of each touch."""
    touch_next: Wholes
    oldest: Wholes
    newest: Wholes
    cached_blocks: Wholes
    # of time
    change_s: Numbers
    """When the number of units that take requests changes."""
    active: Wholes
