"""The quote of a top-up: what the sessions cost, until when they may be used, and how that comes about."""

from dataclasses import replace

from domain.kernel.access import Actor, Principal
from domain.kernel.checks import Checks
from domain.kernel.commands import Work
from domain.kernel.quotes import quote_hash
from domain.packages.quotable import read, refuse_unseen
from domain.topups import own_package
from domain.topups.asked import Asked
from domain.topups.quote import TopUpQuote
from domain.topups.situation import Situation, judged

ACT = "top_up_package"


async def top_up_quote(actor: Actor, asked: Asked) -> TopUpQuote:
    """What adding sessions would come to now, or the refusal with which it would end; nothing is written or locked."""
    checks = Checks()
    asked.check(checks)
    checks.passed()
    await refuse_unseen(actor, asked.package_id, ACT)
    work = Work(actor, ACT, None, None)
    sold = await read(work, asked.package_id)
    if actor.kind is Principal.CUSTOMER:
        own_package.authorise(work, sold, asked.branch_id or sold.home_branch_id)
    return quoted(await judged(work, sold, asked, locked=False))


def quoted(situation: Situation) -> TopUpQuote:
    """The quote; another state of the package, or another figure of it, gives another hash."""
    sold, added, standing = situation.sold, situation.added, situation.standing
    quote = TopUpQuote(
        package_id=sold.id,
        quote_hash="",
        branch_id=situation.branch_id,
        sessions=added.sessions,
        each_minor=situation.each_minor,
        net_minor=added.net_minor,
        tax_minor=added.tax_minor,
        currency=sold.currency,
        last_day=added.last_day,
        at_least=situation.bounds.least,
        at_most=situation.bounds.most,
        added_before=standing.added_before,
        version_id=standing.version_id,
        version_number=standing.version_number,
        steps=added.steps,
    )
    return replace(quote, quote_hash=quote_hash(situation.version, quote))
