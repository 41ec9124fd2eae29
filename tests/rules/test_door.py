"""The door of the ledgers refuses value that moves between packages without the journal, before it writes anything."""

from dataclasses import replace
from datetime import date

import pytest

from domain.kernel.access import system
from domain.kernel.commands import Recorded, Work
from domain.ledger import accounts
from domain.ledger.accounts import Entry
from domain.ledger.draft import Draft
from domain.ledger.post import Posted, Posting, post_together
from domain.ledger.rules import Bucket
from tests.fixtures.lots import EMPTY, ONCE, a_lot

pytestmark = pytest.mark.anyio

DAY = date(2026, 3, 1)


def moving_on(*entries: Entry | None) -> list[Posted]:
    """Ten sessions worth 450.00 that go from one package into another, told by these entries."""
    old, new = Draft([a_lot(10, 45000)]), Draft()
    given_up = old.move(EMPTY.id, Bucket.AVAILABLE, Bucket.MOVED, 10, ONCE)
    new.issue(replace(EMPTY, id="lot_b", package_id="pkg_b"), 10, given_up.carried, ONCE)
    return [
        Posted(Work(system("chn_a"), "sell_package", None, ""), posting, Recorded(None))
        for posting in (
            Posting("pkg_a", 2, "EUR", DAY, old),
            Posting("pkg_b", 1, "EUR", DAY, new, entries),
        )
    ]


@pytest.mark.parametrize(
    "entries",
    [
        (),
        (accounts.renewal("brn_a", "pkg_a", "brn_a", "pkg_b", 44999),),
        (accounts.renewal("brn_a", "pkg_b", "brn_a", "pkg_a", 45000),),
        (accounts.renewal("brn_a", "pkg_a", "brn_a", "pkg_c", 45000),),
    ],
    ids=["nothing", "a cent too little", "the wrong way", "to another package"],
)
async def test_what_the_journal_does_not_move_the_sessions_must_not_take_along(entries: tuple[Entry | None]) -> None:
    with pytest.raises(AssertionError, match="deferred revenue"):
        await post_together(moving_on(*entries))
