"""Estimates and the method of breakage, and the runs they start, over HTTP."""

from typing import Any

import pytest

from domain.branches.settings import BreakageMethod
from domain.kernel.access import POLICIES, Actor
from tests.fixtures.chain import Harbour, customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, sold, used
from tests.fixtures.estimates import caught_up, changed, expected_of
from tests.fixtures.graph import graph
from tests.fixtures.package_acts import MONEY, key, mutation, refused
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

RUN = f"""{{ id postedOn packages done failed changed {MONEY} startedAt finishedAt definition {{ id }}
    operation {{ id act }} }}"""
ESTIMATE = mutation("estimateBreakage", f"operationId replayed rate definition {{ id }} run {RUN}")
CHANGE = mutation("changeBreakageMethod", f"operationId replayed method run {RUN}")
RUNS = f"query($after: String) {{ breakageRuns(first: 1, after: $after) {{ nodes {RUN} pageInfo {{ endCursor }} }} }}"
ESTIMATES = """query($after: String, $definitionId: ID) {
    breakageEstimates(first: 2, after: $after, definitionId: $definitionId) {
        nodes { rate estimatedAt definition { id } operation { act } } pageInfo { endCursor } } }"""
NODE = "query($id: ID!) { node(id: $id) { __typename id } }"
METHOD = "{ viewer { chain { settings { breakageMethod lapseTax } } } }"


def estimate(house: Harbour, rate: str = "20", **given: Any) -> dict[str, Any]:
    """The input that estimates the breakage of ten sessions, unless changed."""
    return {"definitionId": house.ten, "rate": rate, "reason": "last year's figures", "idempotencyKey": key()} | given


def change(method: str = "PROPORTIONAL", **given: Any) -> dict[str, Any]:
    """The input that changes the method, unless changed."""
    return {"method": method, "reason": "as the auditors advise", "idempotencyKey": key()} | given


@pytest.fixture
async def house(db: str) -> Harbour:
    return await harbour(db)


async def test_the_method_is_changed_an_estimate_made_and_the_run_followed_to_its_end(house: Harbour) -> None:
    async with graph() as app:
        with on(MONDAY):
            assert (await app.ask(house.desk_lis, METHOD))["viewer"]["chain"]["settings"] == {
                "breakageMethod": "AT_LAPSE",
                "lapseTax": "NONE",
            }
            answer = await app.act(house.owner, CHANGE, input=change())
            assert (answer["method"], answer["replayed"], answer["run"]["packages"]) == ("PROPORTIONAL", False, 0)
            assert answer["run"]["operation"] == {"id": answer["operationId"], "act": "change_breakage_method"}
            await caught_up()
            package_id = await sold(house, house.ten)
            await used(house, package_id, sessions=4)

            given = estimate(house)
            answer = await app.act(house.accountant, ESTIMATE, input=given)
            begun = {
                "id": answer["run"]["id"],
                "postedOn": "2026-03-02",
                "packages": 1,
                "done": 0,
                "failed": 0,
                "changed": {"amount": "0.00", "currency": "EUR"},
                "startedAt": "2026-03-02T10:00:00Z",
                "finishedAt": None,
                "definition": {"id": house.ten},
                "operation": {"id": answer["operationId"], "act": "estimate_breakage"},
            }
            assert answer == {
                "__typename": "EstimateBreakagePayload",
                "operationId": answer["operationId"],
                "replayed": False,
                "rate": "20.00",
                "definition": {"id": house.ten},
                "run": begun,
            }
            again = await app.act(house.accountant, ESTIMATE, input=given)
            assert again == answer | {"replayed": True}

            assert await caught_up() == 1
            (done,) = (await app.ask(house.owner, RUNS))["breakageRuns"]["nodes"]
            found = await app.ask(house.owner, NODE, id=done["id"])
    assert done == begun | {
        "done": 1,
        "changed": {"amount": "-45.00", "currency": "EUR"},
        "finishedAt": "2026-03-02T10:00:00Z",
    }
    assert found["node"] == {"__typename": "BreakageRun", "id": done["id"]}
    assert await expected_of(package_id) == [(2000, 22500, 22500)]


async def test_at_the_lapse_an_estimate_starts_no_run(house: Harbour) -> None:
    async with graph() as app:
        answer = await app.act(house.owner, ESTIMATE, input=estimate(house, "12.5"))

    assert (answer["rate"], answer["run"]) == ("12.50", None)


async def test_what_is_refused_and_why(house: Harbour) -> None:
    async with graph() as app:
        for rate in ("100", "100.01", "999.99"):
            kind, facts = await refused(app, house.owner, ESTIMATE, estimate(house, rate))
            assert (kind, facts["path"]) == ("InvalidInput", ["rate"]), rate
        for rate in ("-1", "1e1", "12.345", "a fifth", ""):
            kind, facts = await refused(app, house.owner, ESTIMATE, estimate(house, rate))
            assert (kind, facts["problems"][0]["path"]) == ("InvalidInput", ["rate"]), rate
        for given in (estimate(house, reason=" "), estimate(house, idempotencyKey="short")):
            assert (await refused(app, house.owner, ESTIMATE, given))[0] == "InvalidInput"
        for definition in (house.physio, "def_nothing", ""):
            kind, facts = await refused(app, house.owner, ESTIMATE, estimate(house, definitionId=definition))
            assert (kind, facts["noun"], facts["path"]) == ("NotFound", "package definition", ["definitionId"])
        assert (await refused(app, house.other_owner, ESTIMATE, estimate(house)))[0] == "NotFound"

        kind, facts = await refused(app, house.owner, CHANGE, change("AT_LAPSE"))
        assert (kind, facts["method"]) == (
            "BreakageMethodInForce",
            "AT_LAPSE",
        )
        await sold(house, house.ten)
        kind, facts = await refused(app, house.owner, CHANGE, change())
        assert (kind, facts["openFrom"]) == ("MidPeriod", None)


async def test_who_may_and_who_sees_what_became_of_it(house: Harbour) -> None:
    await changed(house, BreakageMethod.PROPORTIONAL)
    holder = await customer_actor(house, house.ana)
    others: dict[str, Actor] = {
        "manager": house.manager_lis,
        "desk": house.desk_lis,
        "practitioner": house.practitioner_lis,
        "holder": holder,
    }
    async with graph() as app:
        for name, actor in others.items():
            for document, given in ((ESTIMATE, estimate(house)), (CHANGE, change("AT_LAPSE"))):
                async with unchanged():
                    response = await app.post(actor, document, input=given)
                (error,) = response.json()["errors"]
                assert error["extensions"]["code"] == "FORBIDDEN", name
            assert (await app.ask(actor, RUNS))["breakageRuns"]["nodes"] == [], name
        assert await app.errors(house.accountant, CHANGE, input=change("AT_LAPSE")) == ["FORBIDDEN"]
        assert "OWNER or ACCOUNTANT" in POLICIES["estimate_breakage"].needs

        ids = [(await app.act(house.owner, ESTIMATE, input=estimate(house, rate)))["run"]["id"] for rate in ("1", "2")]
        seen, after = [], None
        for _ in range(3):
            page = (await app.ask(house.accountant, RUNS, after=after))["breakageRuns"]
            seen += [node["id"] for node in page["nodes"]]
            after = page["pageInfo"]["endCursor"]
        assert seen[:2] == ids[::-1]
        assert (await app.ask(house.other_owner, RUNS))["breakageRuns"]["nodes"] == []
        for actor in (house.other_owner, house.manager_lis, holder):
            assert (await app.ask(actor, NODE, id=ids[0]))["node"] is None


async def test_estimates_are_kept_and_read_newest_first(house: Harbour) -> None:
    async with graph() as app:
        with on(MONDAY):
            for rate in ("20", "12.5"):
                await app.act(house.owner, ESTIMATE, input=estimate(house, rate))
            await app.act(house.owner, ESTIMATE, input=estimate(house, "5", definitionId=house.trial))
            newest = (await app.ask(house.accountant, ESTIMATES))["breakageEstimates"]
            oldest = await app.ask(house.accountant, ESTIMATES, after=newest["pageInfo"]["endCursor"])
            of_ten = await app.ask(house.accountant, ESTIMATES, definitionId=house.ten)
            for actor in (house.other_owner, house.manager_lis, await customer_actor(house, house.ana)):
                assert (await app.ask(actor, ESTIMATES))["breakageEstimates"]["nodes"] == []

    def told(rate: str, definition_id: str) -> dict[str, Any]:
        return {
            "rate": rate,
            "estimatedAt": "2026-03-02T10:00:00Z",
            "definition": {"id": definition_id},
            "operation": {"act": "estimate_breakage"},
        }

    assert newest["nodes"] == [told("5.00", house.trial), told("12.50", house.ten)]
    assert oldest["breakageEstimates"]["nodes"] == [told("20.00", house.ten)]
    assert of_ten["breakageEstimates"]["nodes"] == [told("12.50", house.ten), told("20.00", house.ten)]
