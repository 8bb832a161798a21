"""Work within bounds: what takes too much is ended, and the next job is done."""

from __future__ import annotations

import asyncio
import time

import pytest

from tenfold.studies.bounded import BusyError, Lane, Limits, TooMuchWorkError, WorkFault

PLACE = "bounded_jobs:do"


def lane(wall_s: float = 1.5) -> Lane:
    limits = Limits(cpu_s=0.3, data_bytes=200_000_000, wall_s=wall_s)
    return Lane(PLACE, workers=1, limits=limits, waiting=1)


@pytest.mark.parametrize("job", ["spin", "sleep", "grow"])
def test_too_much_is_ended_and_the_next_job_is_done(job: str) -> None:
    async def run() -> None:
        working = lane()
        try:
            with pytest.raises(TooMuchWorkError):
                await working.run(job)
            assert await working.run("echo") == "echo"
        finally:
            working.close()

    asyncio.run(run())


def test_a_fault_is_told_and_a_full_queue_too() -> None:
    async def run() -> None:
        working = lane()
        try:
            with pytest.raises(WorkFault, match="ZeroDivisionError"):
                await working.run("fault")
            first, second = (asyncio.create_task(working.run(job)) for job in ("nap", "echo"))
            await asyncio.sleep(0)
            with pytest.raises(BusyError):
                await working.run("echo")
            assert (await first, await second) == ("nap", "echo")
        finally:
            working.close()

    asyncio.run(run())


def test_who_gives_up_frees_the_worker() -> None:
    async def run() -> None:
        working = lane(wall_s=60.0)
        try:
            assert await working.run("echo") == "echo"
            stale = asyncio.create_task(working.run("sleep"))
            await asyncio.sleep(0.2)
            stale.cancel()
            began = time.monotonic()
            assert await working.run("echo") == "echo"
            assert time.monotonic() - began < 15.0
        finally:
            working.close()

    asyncio.run(run())
