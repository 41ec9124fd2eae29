"""Hands the journal of a chain over as plain text, a chunk of entries at a time."""

from collections.abc import AsyncIterator
from datetime import timedelta

from domain.accounting.plain_text import reading
from domain.accounting.plain_text.beancount import Beancount
from domain.accounting.plain_text.hledger import Hledger
from domain.branches import store as branches
from domain.kernel.access import Actor
from domain.kernel.calendar import Days


async def beancount_journal(actor: Actor, days: Days) -> AsyncIterator[str]:
    """The entries of these days, on top of the balances before, for beancount.

    What is posted on one of these days while they are read may be missing; the balances are those of what is told.
    """
    chain = await branches.chain(actor.chain_id)
    async for piece in _journal(actor, days, Beancount(chain.name, chain.currency)):
        yield piece


async def hledger_journal(actor: Actor, days: Days) -> AsyncIterator[str]:
    """The same for hledger."""
    chain = await branches.chain(actor.chain_id)
    async for piece in _journal(actor, days, Hledger(chain.name, chain.currency)):
        yield piece


async def _journal(actor: Actor, days: Days, text: Beancount | Hledger) -> AsyncIterator[str]:
    yield text.head()
    if days.first and (balances := await reading.balances_before(actor, days.first)):
        yield text.brought_forward(days.first - timedelta(days=1), balances)
    async for chunk in reading.entries(actor, days):
        yield "".join(map(text.entry, chunk))
    yield text.end()
