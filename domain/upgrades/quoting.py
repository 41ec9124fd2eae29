"""Asking for the quote of an upgrade."""

from domain.kernel.access import Actor
from domain.kernel.commands import Work
from domain.packages.quotable import read
from domain.upgrades.asked import Asked
from domain.upgrades.planned import planned
from domain.upgrades.quote import UpgradeQuote
from domain.upgrades.situation import judged

ACT = "upgrade_package"


async def upgrade_quote(actor: Actor, asked: Asked) -> UpgradeQuote:
    """What changing the package would come to now, or the refusal with which it would end; nothing is locked."""
    work = Work(actor, ACT, None, None)
    return planned(await judged(work, await read(work, asked.package_id), asked, locked=False)).quote
