"""Links to reports as CSV: who is given one, what it answers, to whom, and for how long."""

from datetime import timedelta

import pytest

from domain.kernel import reads
from domain.kernel.access import Principal, Scope
from domain.kernel.commands import run_command
from domain.kernel.db import execute
from domain.people.create_api_key import CreateApiKey
from domain.people.revoke_api_key import RevokeApiKey
from domain.reports.tables.registry import Report
from domain.reports.tables.table import Asked
from schema.links import Download, Links
from tests.fixtures.askers import askers
from tests.fixtures.chain import Harbour, harbour
from tests.fixtures.desk import MONDAY, on, sold
from tests.fixtures.graph import graph, token_of
from tests.fixtures.ledgers import traded
from tests.fixtures.reports import LINK, downloaded, linked, read_csv, refusal

pytestmark = pytest.mark.anyio

UNKNOWN = (404, "There is no such download. Ask for a link with the query reportDownload.")
EXPIRED = (410, "The link has expired. Ask for another one with the query reportDownload.")
QUARTER = timedelta(minutes=15)


def of_owner(house: Harbour, report: Report = Report.JOURNAL) -> Download:
    return Download(Principal.STAFF, house.owner.id, house.chain_id, report, Asked())


async def test_a_link_hands_the_report_over_without_other_credentials(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await traded(house)
        async with graph() as app:
            answer = await app.ask(house.accountant, LINK, report="TRIAL_BALANCE", to="2026-03-31")
            response = await app.http.get(answer["reportDownload"]["url"])
    assert answer["reportDownload"]["expiresAt"] == "2026-03-02T10:15:00Z"
    assert answer["reportDownload"]["url"].startswith("http://carnet.test/downloads/")
    assert response.status_code == 200
    told = {name: response.headers[name] for name in ("content-type", "content-disposition", "cache-control")}
    assert told == {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="harbour-wellness_trial-balance_2026-03-31.csv"',
        "cache-control": "no-store",
    }
    assert response.text.startswith(
        "branch,account,debit,credit,balance,currency\r\nLIS,CASH,200.00,0.00,200.00,EUR\r\n"
    )
    assert len(read_csv(response.text)) == 7


async def test_head_tells_the_same_of_it_and_nothing_in_it(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        url = await linked(app, house.owner, "JOURNAL")
        plain = {"accept-encoding": "identity"}
        got, head = await app.http.get(url, headers=plain), await app.http.head(url, headers=plain)
    told = [{k: v for k, v in each.headers.items() if k not in ("x-request-id", "vary")} for each in (got, head)]
    assert (got.status_code, head.status_code, head.text) == (200, 200, "")
    assert told[0] == told[1]


async def test_a_link_shows_what_was_asked_for(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await traded(house)
    with on(MONDAY + timedelta(days=1)):
        await sold(house, house.ten)
        async with graph() as app:
            everything = await downloaded(app, house.owner, "JOURNAL")
            second = await downloaded(app, house.owner, "JOURNAL", **{"from": "2026-03-03"})
            first = await downloaded(app, house.owner, "JOURNAL", asOf="2026-03-02T11:00:00+01:00")
            madrid = await downloaded(app, house.owner, "JOURNAL", branchId=house.mad)
    assert [len(found) for found in (everything, second, first, madrid)] == [16, 2, 14, 2]
    assert first + second == everything


async def test_a_link_shows_what_was_known_when_it_was_made(db: str) -> None:
    with on(MONDAY) as clock:
        house = await harbour(db)
        await sold(house, house.ten)
        async with graph() as app:
            url = await linked(app, house.owner, "JOURNAL")
            clock.shift(timedelta(minutes=1))
            await sold(house, house.ten)
            assert len(read_csv((await app.http.get(url)).text)) == 2


async def test_a_link_is_good_to_the_last_second_and_then_gone(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        async with graph() as app:
            url = await linked(app, house.owner, "JOURNAL")
            with on(MONDAY + QUARTER - timedelta(seconds=1)):
                assert (await app.http.get(url)).status_code == 200
            with on(MONDAY + QUARTER):
                assert refusal(await app.http.get(url)) == EXPIRED
                assert (await app.http.head(url)).status_code == 410


async def test_a_link_that_is_not_as_we_gave_it_is_none(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        url = await linked(app, house.manager_mad, "JOURNAL")
        head, _, signature = url.rsplit("/", 1)[1].split(".")
        _, other, _ = (await linked(app, house.owner, "JOURNAL")).rsplit("/", 1)[1].split(".")
        stranger = Links(lambda: "a secret of somebody else, of 32 letters").made(of_owner(house), "http://carnet.test")
        for token in (
            f"{head}.{other}.{signature}",
            f"{head}.{other}.",
            url.rsplit("/", 1)[1][:-2],
            stranger.url.rsplit("/", 1)[1],
            token_of(house.owner),
            "a.b.c",
            "x",
            "%C3%A9",
        ):
            assert refusal(await app.http.get(f"/downloads/{token}")) == UNKNOWN, token
        assert (await app.http.get("/downloads/")).status_code == 404


async def test_a_link_signs_nobody_in(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        token = (await linked(app, house.owner, "JOURNAL")).rsplit("/", 1)[1]
        assert await app.errors(token, "{ viewer { name } }") == ["UNAUTHENTICATED"]


async def test_any_process_with_the_same_secret_answers_it(db: str) -> None:
    house = await harbour(db)
    async with graph() as one, graph() as other:
        url = await linked(one, house.owner, "JOURNAL")
        assert (await other.http.get(url)).status_code == 200


async def test_a_role_that_was_taken_away_gives_nothing(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        of_chain = await linked(app, house.accountant, "JOURNAL")
        of_branch = await linked(app, house.manager_lis, "TRIAL_BALANCE", branchId=house.lis)
        await execute("UPDATE role_grant SET revoked_at = granted_at WHERE staff_id = $1", house.accountant.id)
        await execute("UPDATE role_grant SET role = 'FRONT_DESK' WHERE staff_id = $1", house.manager_lis.id)
        needs = "it needs the role OWNER or MANAGER or ACCOUNTANT for the branch, or an API key with scope ACCOUNTING."
        assert refusal(await app.http.get(of_chain)) == (403, f"You may not read journal entries here; {needs}")
        assert refusal(await app.http.get(of_branch)) == (403, f"You may not read the trial balance here; {needs}")
        assert (await app.http.head(of_branch)).status_code == 403


async def test_the_link_of_an_api_key_ends_with_the_key(db: str) -> None:
    house = await harbour(db)
    made = (await run_command(house.owner, CreateApiKey("Books", (Scope.ACCOUNTING,)))).outcome
    async with graph() as app:
        url = await linked(app, made.secret, "JOURNAL")
        assert (await app.http.get(url)).status_code == 200
        await run_command(house.owner, RevokeApiKey(made.api_key_id))
        assert (await app.http.get(url)).status_code == 403


@pytest.mark.parametrize("report", Report)
async def test_a_link_is_for_those_who_may_read_the_books(db: str, report: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        for name, asker in (await askers(house)).items():
            given = {"report": report, "to": "2026-03-31"}
            if asker.held & reads.BOOKS.roles or asker.scopes & reads.BOOKS.scopes:
                assert (await app.ask(asker.credentials, LINK, **given))["reportDownload"]["url"], name
            else:
                assert await app.errors(asker.credentials, LINK, **given) == ["FORBIDDEN"], name


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            {"from": "2027-01-01"},
            "The period ends on 2026-12-31, before it begins on 2027-01-01. Exchange the two days.",
        ),
        ({"asOf": "2026-03-02T10:00:01Z"}, "What will be known later cannot be told yet: ask as of an instant past."),
        ({"branchId": "brn_x"}, "There is no branch 'brn_x' that you may see. Check the id."),
        (
            {"report": "TRIAL_BALANCE", "from": "2026-01-01"},
            "The report trial-balance does not take a first day: leave it out.",
        ),
    ],
)
async def test_what_cannot_be_asked_is_said_in_one_sentence(db: str, asked: dict[str, str], sentence: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        async with graph() as app:
            given = {"report": "JOURNAL", "to": "2026-12-31"} | asked
            [error] = (await app.post(house.owner, LINK, **given)).json()["errors"]
    assert (error["message"], error["extensions"]["code"]) == (sentence, "BAD_USER_INPUT")


async def test_a_branch_of_another_chain_is_none(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        assert await app.errors(house.other_owner, LINK, report="JOURNAL", to="2026-12-31", branchId=house.lis) == [
            "BAD_USER_INPUT"
        ]


async def test_the_link_of_one_chain_hands_out_nothing_of_another(db: str) -> None:
    with on(MONDAY):
        house = await harbour(db)
        await traded(house)
        async with graph() as app:
            assert await downloaded(app, house.other_owner, "JOURNAL") == []
            assert await downloaded(app, house.manager_mad, "TRIAL_BALANCE", branchId=house.lis) == []


async def test_other_methods_are_not_allowed(db: str) -> None:
    house = await harbour(db)
    async with graph() as app:
        url = await linked(app, house.owner, "JOURNAL")
        for method in ("POST", "PUT", "DELETE", "OPTIONS"):
            response = await app.http.request(method, url)
            assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD")
