"""Settlements over HTTP: run, opened row by row, disputed, approved and paid; by whom, and seen by whom."""

from datetime import UTC, datetime
from typing import Any

import pytest

from domain.kernel.db import counting
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.graph import Graph, graph
from tests.fixtures.settled import away
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

APRIL = datetime(2026, 4, 1, 12, tzinfo=UTC)
ERROR = "... on UserError { code message path }"
LINE = "id one { code } other { code } oneOwes { amount } otherOwes { amount } net { amount } rowCount state"
RUN = f"""mutation ($input: RunSettlementInput!) {{ runSettlement(input: $input) {{ __typename
    ... on RunSettlementPayload {{ replayed settlement {{ id state lines {{ {LINE} }} }} }} {ERROR} }} }}"""
APPROVE = f"""mutation ($input: ApproveSettlementInput!) {{ approveSettlement(input: $input) {{ __typename
    ... on ApproveSettlementPayload {{ settlement {{ state decidedBy }} }}
    ... on ApproverIsRequester {{ requestedBy }} {ERROR} }} }}"""
CANCEL = f"""mutation ($input: CancelSettlementInput!) {{ cancelSettlement(input: $input) {{ __typename
    ... on CancelSettlementPayload {{ settlement {{ state decision }} }} {ERROR} }} }}"""
CONFIRM = f"""mutation ($input: ConfirmSettlementInput!) {{ confirmSettlement(input: $input) {{ __typename
    ... on ConfirmSettlementPayload {{ paidOn settlement {{ state lines {{ state paidOn }} }} }} {ERROR} }} }}"""
DISPUTE = f"""mutation ($input: DisputeSettlementEntryInput!) {{ disputeSettlementEntry(input: $input) {{ __typename
    ... on DisputeSettlementEntryPayload {{ disputes {{ id state oneOwes {{ amount }} otherOwes {{ amount }} }} }}
    {ERROR} }} }}"""
RESOLVE = f"""mutation ($input: ResolveSettlementDisputeInput!) {{ resolveSettlementDispute(input: $input) {{
    __typename ... on ResolveSettlementDisputePayload {{ dispute {{ state resolution }} }} {ERROR} }} }}"""
READ = """query ($id: ID!, $rows: Int, $after: String) { settlement(id: $id) { state
    positions { branch { code } net { amount } } check { sum { amount } rowCount agrees }
    disputes { state entryId }
    lines { one { code } other { code } oneOwes { amount } otherOwes { amount } debtor { code } creditor { code }
        intercompany rows(first: $rows, after: $after) { pageInfo { hasNextPage endCursor } nodes { entryId event
        effectiveAt postedOn sessions oneOwes { amount } otherOwes { amount } packageId service { code } } } } } }"""


async def drafted(app: Graph) -> tuple[Harbour, dict[str, Any]]:
    """A draft: Lisbon owes Madrid two sessions and Ponta Delgada one, Madrid owes Lisbon one."""
    with on(MONDAY):
        house = await harbour("")
        package_id, _, _ = await away(house)
        await used(house, package_id, branch_id=house.mad)
        await used(house, await sold(house, house.ten, branch_id=house.mad), branch_id=house.lis)
    with on(APRIL):
        asked = {"period": {"from": "2026-03-01", "until": "2026-03-31"}, "idempotencyKey": "march 2026"}
        done = await app.act(house.accountant, RUN, input=asked)
    assert (done["__typename"], done["settlement"]["state"]) == ("RunSettlementPayload", "DRAFT")
    return house, done["settlement"]


def told(line: dict[str, Any]) -> dict[str, str]:
    """Who owes whom by a line, by the codes of the branches."""
    one, other = line["one"]["code"], line["other"]["code"]
    owes = {f"{one} to {other}": line["oneOwes"]["amount"], f"{other} to {one}": line["otherOwes"]["amount"]}
    return {name: amount for name, amount in owes.items() if amount != "0.00"}


async def test_every_figure_opens_to_its_sessions_and_all_cancel_out(db: str) -> None:
    async with graph() as app:
        house, draft = await drafted(app)
        assert [told(line) for line in draft["lines"]] == [
            {"LIS to MAD": "90.00", "MAD to LIS": "45.00"},
            {"LIS to PDL": "45.00"},
        ]
        with on(APRIL):
            found = (await app.ask(house.accountant, READ, id=draft["id"], rows=10))["settlement"]
    assert {each["branch"]["code"]: each["net"]["amount"] for each in found["positions"]} == {
        "LIS": "-90.00", "MAD": "45.00", "PDL": "45.00",
    }  # fmt: skip
    assert found["check"] == {"sum": {"amount": "0.00"}, "rowCount": 4, "agrees": True}
    with_madrid, with_azores = found["lines"]
    assert (with_madrid["debtor"], with_madrid["creditor"]) == ({"code": "LIS"}, {"code": "MAD"})
    rows = with_madrid["rows"]["nodes"]
    for side in ("oneOwes", "otherOwes"):
        assert sum(float(row[side]["amount"]) for row in rows) == float(with_madrid[side]["amount"])
    assert {(row["event"], row["sessions"], row["service"]["code"]) for row in rows} == {("SESSION", 1, "PHY45")}
    assert [row["effectiveAt"] for row in with_azores["rows"]["nodes"]] == ["2026-03-02T10:00:00Z"]


async def test_the_rows_of_a_line_come_page_by_page_in_few_statements(db: str) -> None:
    async with graph() as app:
        house, draft = await drafted(app)
        line = f"""query ($id: ID!, $after: String) {{ node(id: $id) {{ ... on SettlementLine {{ {LINE}
            rows(first: 2, after: $after) {{ pageInfo {{ hasNextPage endCursor }} nodes {{ entryId }} }} }} }} }}"""
        with on(APRIL), counting() as counter:
            first = (await app.ask(house.accountant, line, id=draft["lines"][0]["id"]))["node"]["rows"]
        assert len(counter) == 5, counter.statements  # who asks, the line, its rows, and whose they are
        with on(APRIL):
            cursor = first["pageInfo"]["endCursor"]
            rest = (await app.ask(house.accountant, line, id=draft["lines"][0]["id"], after=cursor))["node"]["rows"]
    entries = [row["entryId"] for row in first["nodes"] + rest["nodes"]]
    assert (len(entries), len(set(entries)), rest["pageInfo"]["hasNextPage"]) == (3, 3, False)


async def test_a_settlement_goes_its_way_from_draft_to_paid(db: str) -> None:
    async with graph() as app:
        house, draft = await drafted(app)
        with on(APRIL):
            lines = (await app.ask(house.accountant, READ, id=draft["id"], rows=10))["settlement"]["lines"]
            entry_id = lines[1]["rows"]["nodes"][0]["entryId"]
            asked = {"settlementId": draft["id"], "entryId": entry_id, "reason": "was never here"}
            (dispute,) = (await app.act(house.manager_lis, DISPUTE, input=asked))["disputes"]
            assert (dispute["state"], {dispute["oneOwes"]["amount"], dispute["otherOwes"]["amount"]}) == (
                "OPEN", {"45.00", "0.00"},
            )  # fmt: skip
            found = (await app.ask(house.owner, READ, id=draft["id"], rows=10))["settlement"]
            assert told(found["lines"][1]) == {}
            assert found["lines"][1]["rows"]["nodes"] == []
            assert found["check"] == {"sum": {"amount": "0.00"}, "rowCount": 3, "agrees": True}
            own = await app.act(house.accountant, APPROVE, input={"settlementId": draft["id"]})
            assert (own["code"], own["requestedBy"]) == ("APPROVER_IS_REQUESTER", house.accountant.id)
            done = await app.act(house.owner, APPROVE, input={"settlementId": draft["id"]})
            assert done["settlement"] == {"state": "APPROVED", "decidedBy": house.owner.id}
            late = {"settlementId": draft["id"], "reason": "too late"}
            assert (await app.act(house.owner, CANCEL, input=late))["code"] == "SETTLEMENT_DECIDED"
            paying = {"settlementId": draft["id"], "idempotencyKey": "paid in april"}
            paid = await app.act(house.accountant, CONFIRM, input=paying)
            assert (paid["paidOn"], paid["settlement"]["state"]) == ("2026-04-01", "PAID")
            again = await app.act(house.accountant, CONFIRM, input=paying | {"idempotencyKey": "paid again"})
            assert again["code"] == "SETTLEMENT_ALREADY_PAID"
            over = {"disputeId": dispute["id"], "resolution": "it was"}
            resolved = await app.act(house.owner, RESOLVE, input=over)
            assert resolved["dispute"] == {"state": "RESOLVED", "resolution": "it was"}
            asked_again = {"period": {"from": "2026-03-01", "until": "2026-03-31"}, "idempotencyKey": "march again"}
            second = (await app.act(house.accountant, RUN, input=asked_again))["settlement"]
            assert [told(line) for line in second["lines"]] == [{"LIS to PDL": "45.00"}]
            found = (await app.ask(house.owner, READ, id=second["id"], rows=10))["settlement"]
            assert [row["entryId"] for row in found["lines"][0]["rows"]["nodes"]] == [entry_id]
            assert found["check"] == {"sum": {"amount": "0.00"}, "rowCount": 1, "agrees": True}


async def test_staff_of_one_branch_see_its_lines_and_nothing_else(db: str) -> None:
    async with graph() as app:
        house, draft = await drafted(app)
        query = "query ($id: ID!) { settlement(id: $id) { id } node(id: $id) { id } }"
        with on(APRIL):
            found = (await app.ask(house.manager_mad, READ, id=draft["id"], rows=10))["settlement"]
            assert [told(line) for line in found["lines"]] == [{"LIS to MAD": "90.00", "MAD to LIS": "45.00"}]
            assert [each["branch"]["code"] for each in found["positions"]] == ["MAD"]
            assert found["check"] is None
            azores = draft["lines"][1]["id"]
            assert await app.ask(house.manager_mad, query, id=azores) == {"settlement": None, "node": None}
            for actor in (house.other_owner, house.desk_lis):
                assert await app.ask(actor, query, id=draft["id"]) == {"settlement": None, "node": None}
            listed = "{ settlements { nodes { id lines { id } } } }"
            assert await app.errors(house.desk_lis, listed) == ["FORBIDDEN"]
            assert (await app.ask(house.other_owner, listed))["settlements"]["nodes"] == []
            (seen,) = (await app.ask(house.manager_mad, listed))["settlements"]["nodes"]
            assert [line["id"] for line in seen["lines"]] == [draft["lines"][0]["id"]]


async def test_what_another_chain_tries_is_answered_as_if_there_was_nothing(db: str) -> None:
    async with graph() as app:
        house, draft = await drafted(app)
        with on(APRIL):
            for document, rest in (
                (APPROVE, {}),
                (CANCEL, {"reason": "x"}),
                (CONFIRM, {"idempotencyKey": "a key of it"}),
            ):
                answers = []
                for settlement_id in (draft["id"], draft["id"][:-1] + ("0" if draft["id"][-1] != "0" else "1")):
                    async with unchanged():
                        asked = {"settlementId": settlement_id} | rest
                        answer = await app.act(house.other_owner, document, input=asked)
                    answers.append(str(answer).replace(settlement_id, "ID"))
                assert answers[0] == answers[1]
                assert "NOT_FOUND" in answers[0]
