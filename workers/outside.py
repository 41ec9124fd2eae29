"""Lets connectors call other systems for as long as a process needs it, through the guard of addresses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from domain.accounting.connectors.outside import use_http
from workers.addresses import Guard
from workers.calls import Calls

_AT_ONCE = 100


@asynccontextmanager
async def reaching_others() -> AsyncIterator[None]:
    """While the block runs; connections are made when something is called."""
    calls = Calls(Guard(), at_once=_AT_ONCE)
    use_http(calls)
    try:
        yield
    finally:
        use_http(None)
        await calls.close()
