"""Until when ERPNext takes nothing: its versions keep that in different places, not all of which a user may read."""

from collections.abc import Sequence
from datetime import date

from domain.accounting.connectors import exact
from domain.accounting.connectors.answers import NotRead
from domain.accounting.connectors.erpnext_site import Site
from domain.accounting.connectors.erpnext_words import latest


async def locked_until(site: Site, company: str, day: date) -> date | None:
    """The last day of what is frozen or closed, as far as it can be read."""
    of_day = [["company", "=", company], ["start_date", "<=", str(day)], ["end_date", ">=", str(day)]]
    closed = [["company", "=", company], ["docstatus", "=", 1], ["period_end_date", ">=", str(day)]]
    places: Sequence[tuple[str, Sequence[object], str]] = (
        ("Company", [["name", "=", company]], "accounts_frozen_till_date"),
        ("Accounts Settings", [], "acc_frozen_upto"),
        ("Period Closing Voucher", closed, "period_end_date"),
        ("Accounting Period", of_day, "end_date"),
    )
    return latest([found for place in places for found in await _days(site, *place)])


async def _days(site: Site, kind: str, filters: Sequence[object], field: str) -> Sequence[str]:
    try:
        if not filters:
            return [exact.text(await site.single(kind), field)]
        return [exact.text(row, field) async for row in site.listed(kind, ["name", field], filters)]
    except NotRead:
        return []
