"""A year at Harbour Wellness, season by season in one chain of three branches, and what its books say each time."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from domain.kernel.access import Actor
from domain.kernel.calendar import Days
from domain.kernel.money import parse_decimal_string
from domain.reports.trial_balance import trial_balance
from tests.fixtures.closing import assert_reports_close
from tests.fixtures.desk import on
from tests.fixtures.plain_text import asserted, bean_check, beancount_text
from tests.fixtures.year import Year, lisbon, year
from tests.scenarios.year import customers, money
from tests.scenarios.year.autumn import autumn
from tests.scenarios.year.spring import spring
from tests.scenarios.year.summer import summer
from tests.scenarios.year.winter import winter

pytestmark = pytest.mark.anyio

LAST_DAY = date(2027, 1, 31)


async def test_a_year_at_harbour(db: str, tmp_path: Path) -> None:
    with on(lisbon("2026-01-01 12:00")):
        there = await year(db)
    await winter(there)
    await customers.after_winter(there)
    await money.after_winter(there)
    await spring(there)
    await customers.after_spring(there)
    await money.after_spring(there)
    await summer(there)
    await customers.after_summer(there)
    await money.after_summer(there)
    await autumn(there)
    await customers.after_autumn(there)
    await money.after_autumn(there)
    await accounting_systems_agree(there, tmp_path)
    await assert_reports_close(there.house.accountant, [date(2026, month, 1) for month in (4, 7, 10)] + [LAST_DAY])


async def accounting_systems_agree(there: Year, directory: Path) -> None:
    """The journal of the whole year and of its last quarter come to the same books in beancount as in ours."""
    for days in (Days(), Days(first=date(2026, 10, 1))):
        text = await beancount_text(there.house.accountant, days)
        assert bean_check(text, directory) == ""
        found = Counter[str]()
        for name, amount in asserted(text).items():
            found[name.split(":")[1].lower()] += parse_decimal_string(amount, "EUR")
        assert found == await totals(there.house.accountant)


async def totals(actor: Actor) -> Counter[str]:
    """The trial balance by role alone."""
    found = Counter[str]()
    for row in (await trial_balance(actor)).rows:
        found[row.account.replace("_", "").lower()] += row.debit_minor - row.credit_minor
    return found
