"""The whole timetable on one screen."""

import asyncio
from datetime import timedelta

from domain.kernel.db import connect, disconnect
from workers import queue
from workers.audit_ledgers import audit_ledgers, audit_ledgers_and_all_seals
from workers.close_bookings import close_bookings
from workers.close_branches import close_branches
from workers.deliver_webhooks import deliver_webhooks
from workers.extend_packages import extend_packages
from workers.forget_ended import forget_ended
from workers.lapse_branch_transfers import lapse_branch_transfers
from workers.lapse_packages import lapse_packages
from workers.outside import reaching_others
from workers.process_inbox import process_inbox
from workers.reestimate_breakage import reestimate_breakage
from workers.seal_operations import seal_operations
from workers.sync_accounting import sync_accounting
from workers.timetable import Row
from workers.total_journal import total_journal
from workers.watch_feeds import watch_feeds

TIMETABLE = (
    Row(seal_operations, every=timedelta(seconds=0.5), at_most=timedelta(seconds=30)),
    Row(deliver_webhooks, every=timedelta(seconds=0.5), at_most=timedelta(minutes=10)),
    Row(process_inbox, every=timedelta(seconds=0.5), at_most=timedelta(minutes=10)),
    Row(total_journal, every=timedelta(seconds=1), at_most=timedelta(minutes=10)),
    Row(sync_accounting, every=timedelta(seconds=2), at_most=timedelta(minutes=10)),
    Row(lapse_packages, every=timedelta(seconds=30), at_most=timedelta(minutes=10)),
    Row(extend_packages, every=timedelta(seconds=5), at_most=timedelta(minutes=10)),
    Row(reestimate_breakage, every=timedelta(seconds=5), at_most=timedelta(minutes=10)),
    Row(close_branches, every=timedelta(seconds=5), at_most=timedelta(minutes=10)),
    Row(lapse_branch_transfers, every=timedelta(seconds=60), at_most=timedelta(minutes=10)),
    Row(close_bookings, every=timedelta(seconds=60), at_most=timedelta(minutes=10)),
    Row(watch_feeds, every=timedelta(seconds=30), at_most=timedelta(minutes=10)),
    Row(forget_ended, every=timedelta(hours=1), at_most=timedelta(minutes=10)),
    Row(audit_ledgers, every=timedelta(hours=1), at_most=timedelta(minutes=15)),
    Row(audit_ledgers_and_all_seals, every=timedelta(days=1), at_most=timedelta(hours=1)),
)


async def work(database_url: str, redis_url: str, stop: asyncio.Event) -> None:
    """Keep the timetable over this database until told to stop."""
    await connect(database_url)
    try:
        async with reaching_others():
            await queue.work(TIMETABLE, redis_url, stop)
    finally:
        await disconnect()
