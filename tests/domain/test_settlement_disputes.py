"""What is disputed is put aside from a settlement, does not block the rest, and lands in a later one."""

from datetime import UTC, datetime, timedelta

import pytest

from domain.kernel.commands import run_command
from domain.kernel.errors import Forbidden, InvalidInput, NotFound
from domain.settlements import reading
from domain.settlements.approve_settlement import ApproveSettlement
from domain.settlements.cancel_settlement import CancelSettlement
from domain.settlements.confirm_settlement import ConfirmSettlement
from domain.settlements.dispute_settlement_entry import DisputeSettlementEntry
from domain.settlements.proof import Proof, proof
from domain.settlements.resolve_settlement_dispute import ResolveSettlementDispute
from domain.settlements.run_errors import DisputeClosed, EntryPutAside, NothingToSettle, SettlementDecided
from domain.settlements.states import DisputeState
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, refused
from tests.fixtures.settled import approved, away, disputed, entry_of, march, owed, ran

pytestmark = pytest.mark.anyio

APRIL = datetime(2026, 4, 1, 12, tzinfo=UTC)


async def drafted(db: str) -> tuple[Harbour, str, str]:
    """A draft in which Lisbon owes Madrid and Ponta Delgada a session each, and the entry of the one in Madrid."""
    with on(MONDAY):
        house = await harbour(db)
        _, in_madrid, _ = await away(house)
    with on(APRIL):
        settlement_id = (await ran(house, march())).outcome.settlement_id
    return house, settlement_id, await entry_of(in_madrid.operation_id)


async def test_what_is_disputed_does_not_block_the_rest_and_comes_back(db: str) -> None:
    house, first, entry_id = await drafted(db)
    with on(APRIL):
        dispute_id = (await disputed(house, first, entry_id)).outcome.dispute_ids[0]
        assert await owed(house, first) == {"LIS to PDL": 4500}
        await run_command(house.owner, ApproveSettlement(first))
        await run_command(house.accountant, ConfirmSettlement(first))
        await refused(NothingToSettle, house.accountant, march())
        await run_command(house.accountant, ResolveSettlementDispute(dispute_id, "the visit was found"))
        second = await approved(house, march())
        assert await owed(house, second) == {"LIS to MAD": 4500}
        await run_command(house.accountant, ConfirmSettlement(second))
        await refused(NothingToSettle, house.accountant, march())
        again = ResolveSettlementDispute(dispute_id, "again")
        assert (await refused(DisputeClosed, house.accountant, again)).state is DisputeState.SETTLED


async def test_a_draft_that_is_cancelled_lets_go_of_what_it_took_up(db: str) -> None:
    house, first, entry_id = await drafted(db)
    with on(APRIL):
        dispute_id = (await disputed(house, first, entry_id)).outcome.dispute_ids[0]
        await run_command(house.owner, ApproveSettlement(first))
        await run_command(house.accountant, ResolveSettlementDispute(dispute_id, "found"))
        second = (await ran(house, march())).outcome.settlement_id
        assert await _proved(house, second) == Proof(sum_minor=0, rows=1, agrees=True)
        await disputed(house, second, entry_id)
        assert await owed(house, second) == {}
        await run_command(house.accountant, CancelSettlement(second, "not yet"))
        assert await _proved(house, second) is None
        third = (await ran(house, march())).outcome.settlement_id
        assert await owed(house, third) == {"LIS to MAD": 4500}
        assert await _proved(house, third) == Proof(sum_minor=0, rows=1, agrees=True)


async def _proved(house: Harbour, settlement_id: str) -> Proof | None:
    found = await reading.runs_by_ids(house.owner, [settlement_id])
    return await proof(house.owner, found[settlement_id])


async def test_a_draft_that_is_cancelled_takes_its_disputes_along(db: str) -> None:
    house, first, entry_id = await drafted(db)
    with on(APRIL):
        (resolved,) = (await disputed(house, first, entry_id)).outcome.dispute_ids
        await run_command(house.accountant, ResolveSettlementDispute(resolved, "found"))
        await run_command(house.accountant, CancelSettlement(first, "wrong day"))
        second = (await ran(house, march())).outcome.settlement_id
        assert await owed(house, second) == {"LIS to MAD": 4500, "LIS to PDL": 4500}
        again = ResolveSettlementDispute(resolved, "again")
        assert (await refused(DisputeClosed, house.accountant, again)).state is DisputeState.DROPPED


async def test_nothing_is_disputed_twice_or_after_the_approval(db: str) -> None:
    house, settlement_id, entry_id = await drafted(db)
    command = DisputeSettlementEntry(settlement_id, entry_id, "was never here")
    with on(APRIL + timedelta(hours=1)):
        await refused(InvalidInput, house.accountant, DisputeSettlementEntry(settlement_id, entry_id, " "))
        await run_command(house.accountant, command)
        assert (await refused(EntryPutAside, house.accountant, command)).entry_id == entry_id
        await run_command(house.owner, ApproveSettlement(settlement_id))
        assert (await refused(SettlementDecided, house.accountant, command)).settlement_id == settlement_id


async def test_a_manager_disputes_what_is_his_branch_s_and_knows_of_nothing_else(db: str) -> None:
    house, settlement_id, entry_id = await drafted(db)
    with on(APRIL):
        unknown = DisputeSettlementEntry(settlement_id, "jrn_none", "what is this")
        assert (await refused(NotFound, house.manager_mad, unknown)).path == ("entryId",)
        await refused(Forbidden, house.desk_lis, unknown)
        absent = DisputeSettlementEntry(settlement_id, entry_id, "what is this")
        assert (await refused(NotFound, house.other_owner, absent)).path == ("settlementId",)
        done = await run_command(house.manager_mad, absent)
        await refused(Forbidden, house.manager_mad, ResolveSettlementDispute(done.outcome.dispute_ids[0], "mine"))
        assert (await refused(NotFound, house.other_owner, ResolveSettlementDispute("std_none", "ours"))).path == (
            "disputeId",
        )
