"""The timetable's clockwork on Redis or Valkey, and the only module that knows arq.

A job only wakes a sweep over database rows that are due, so that a lost, doubled or late one changes nothing.
arq's own cron has whole seconds and plays back every tick that a sleeping laptop missed; ours rings the present
one. Several workers ring the same ticks, and the tick's name as job id lets one of them through.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import orjson
import structlog
from arq.connections import ArqRedis
from arq.worker import Function, Worker, func
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from workers.timetable import Row, Sweeping

log = structlog.get_logger()

_QUEUE = "carnet"
_POLL = 0.2
_SLOWEST_RETRY = 5.0
_PATIENCE = 10.0
"""Seconds that running sweeps get to finish when the worker is told to stop."""

_json = partial(orjson.dumps, default=repr)  # an exception is kept as its text


async def work(timetable: Sequence[Row], redis_url: str, stop: asyncio.Event) -> None:
    """Keep the timetable until told to stop, however often the queue goes away and comes back."""
    delay, told = 0.1, False
    while not stop.is_set():
        try:
            async with _connected(redis_url) as redis:
                if told:
                    log.info("the queue is back")
                delay, told = 0.1, False
                await _serve(redis, timetable, stop)
        except (RedisError, OSError) as error:
            if not told:
                log.warning("the queue cannot be used, trying again", error=str(error))
            delay, told = min(2 * delay, _SLOWEST_RETRY), True
            await _pause(stop, delay)


@asynccontextmanager
async def _connected(redis_url: str) -> AsyncIterator[ArqRedis]:
    pool = ConnectionPool.from_url(
        redis_url,
        socket_connect_timeout=2,
        socket_timeout=5,  # a queue that hangs is as gone as one that died
        retry=Retry(ExponentialBackoff(cap=0.5, base=0.05), 3),
        retry_on_error=[RedisConnectionError, RedisTimeoutError],
    )
    redis = ArqRedis(pool, job_serializer=_json, job_deserializer=orjson.loads, default_queue_name=_QUEUE)
    try:
        await redis.set(f"{_QUEUE}:probe", b"", px=1)  # one that answers may still take nothing: its disk is full
        yield redis
    finally:
        await redis.aclose()
        await pool.aclose()


async def _serve(redis: ArqRedis, timetable: Sequence[Row], stop: asyncio.Event) -> None:
    worker = Worker(
        [_job(row) for row in timetable],
        redis_pool=redis,
        queue_name=_QUEUE,
        handle_signals=False,
        poll_delay=_POLL,
        job_serializer=_json,
        job_deserializer=orjson.loads,
    )
    tasks = [asyncio.create_task(worker.async_run()), asyncio.create_task(stop.wait())]
    tasks += [asyncio.create_task(_ring(redis, row)) for row in timetable]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        if stop.is_set():
            await _drain(worker)
        else:
            done.pop().result()
    finally:
        worker.allow_pick_jobs = False
        await _end([*tasks, *worker.tasks.values()])


async def _ring(redis: ArqRedis, row: Row) -> None:
    """Wake the sweep now and at every full interval of the clock from now on."""
    every = row.every.total_seconds()
    while True:
        tick = int(time.time() / every)
        await redis.enqueue_job(row.name, _job_id=f"{row.name}:{tick}", _expires=row.every + row.at_most)
        await asyncio.sleep((tick + 1) * every - time.time())


def _job(row: Row) -> Function:
    sweeping = Sweeping(row)

    async def wake(ctx: dict[Any, Any], *_args: Any, **_options: Any) -> None:  # noqa: ARG001 - arq hands it over
        await sweeping.wake()

    # Its result is kept as long as another worker may still ring the same tick.
    return func(wake, name=row.name, timeout=row.at_most, keep_result=row.every, max_tries=1)


async def _drain(worker: Worker) -> None:
    worker.allow_pick_jobs = False
    if worker.tasks:
        await asyncio.wait(worker.tasks.values(), timeout=_PATIENCE)


async def _end(tasks: Sequence[asyncio.Task[Any]]) -> None:
    """Cancel them until they have ended: the client of Redis now and then swallows a cancellation."""
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=0.2)
    await asyncio.gather(*tasks, return_exceptions=True)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
