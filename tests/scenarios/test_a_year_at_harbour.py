"""A year at Harbour Wellness, season by season in one chain of three branches, and what its books say each time."""

import pytest

from tests.fixtures.desk import on
from tests.fixtures.year import lisbon, year
from tests.scenarios.year import customers
from tests.scenarios.year.autumn import autumn
from tests.scenarios.year.spring import spring
from tests.scenarios.year.summer import summer
from tests.scenarios.year.winter import winter

pytestmark = pytest.mark.anyio


async def test_a_year_at_harbour(db: str) -> None:
    with on(lisbon("2026-01-01 12:00")):
        there = await year(db)
    await winter(there)
    await customers.after_winter(there)
    await spring(there)
    await customers.after_spring(there)
    await summer(there)
    await customers.after_summer(there)
    await autumn(there)
    await customers.after_autumn(there)
