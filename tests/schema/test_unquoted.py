"""No error repeats what was given, which may be a secret; names of fields and types are told."""

import pytest

from tests.fixtures.chain import harbour
from tests.fixtures.graph import graph

pytestmark = pytest.mark.anyio

SECRET = "hunter2', found: { value: 'hunter2' } does not exist in 'hunter2"
CONNECT = "mutation($it: ConnectAccountingInput!) { connectAccounting(input: $it) { __typename } }"
OPEN = "mutation($it: OpenBranchInput!) { openBranch(input: $it) { __typename } }"
COUNT = "query($it: Int) { branches(first: $it) { nodes { id } } }"
OPO = {"code": "OPO", "name": "Porto", "timeZone": "Europe/Lisbon"}
XERO = {"clientId": "c", "clientSecret": SECRET, "currency": "EUR", "refreshToken": SECRET}
FIRST = {"name": "X", "system": {"xero": {**XERO, "tenantId": "t"}}, "mode": "PER_ENTRY", "startsOn": "2026-01-01"}
A_XERO = "Expected value of type 'XeroInput'"
A_BRANCH = "Expected value of type 'OpenBranchInput'"
A_DATE = "Expected value of type 'Date', but encountered error 'A day is written like 2026-03-14.'."

OF_VARIABLES = [
    (CONNECT, {**FIRST, "system": {"xero": XERO}}, f"at .system.xero: {A_XERO} to include required field 'tenantId'."),
    (CONNECT, {**FIRST, "system": {"xero": SECRET}}, f"at .system.xero: {A_XERO} to be an object."),
    (CONNECT, {**FIRST, "mode": SECRET}, "at .mode: The value does not exist in 'SyncMode' enum."),
    (CONNECT, {**FIRST, "mode": [SECRET]}, "at .mode: Enum 'SyncMode' cannot represent non-string value."),
    (CONNECT, {**FIRST, "startsOn": SECRET}, f"at .startsOn: {A_DATE}"),
    (OPEN, {**OPO, "name": {"a": SECRET}}, "at .name: String cannot represent a non string value."),
    (OPEN, {**OPO, "nane": SECRET}, f": {A_BRANCH} not to include unknown field 'nane'. Did you mean 'name'?"),
    (OPEN, {**OPO, "name": None}, "at .name: Expected value of non-null type 'String!' not to be null."),
    (COUNT, SECRET, ": Int cannot represent non-integer value."),
]
OF_DOCUMENTS = [
    ('{ branches(first: "hunter2") { nodes { id } } }', "Int cannot represent non-integer value."),
    ('{ branches("hunter2") { nodes { id } } }', "Syntax Error: Expected Name, found String."),
    ("{ branches(after: hunter2) { nodes { id } } }", "String cannot represent a non string value."),
    ('{ branches(after: """hunter2""" 1234567) { nodes { id } } }', "Syntax Error: Expected Name, found Int."),
    ('mutation { openBranch(input: "hunter2") { __typename } }', f"{A_BRANCH} to be an object."),
    ("{ branches { nods { id } } }", "Cannot query field 'nods' on type 'BranchConnection'. Did you mean 'nodes'?"),
]


async def test_what_is_wrong_is_told_without_what_was_given(sqlite_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    house = await harbour(sqlite_db)
    async with graph() as app:
        for document, given, told in OF_VARIABLES:
            response = await app.post(house.owner, document, it=given)
            [error] = response.json()["errors"]
            assert error["message"] == f"Variable '$it' has invalid value{' ' * told.startswith('at')}{told}"
            assert "hunter2" not in response.text
        for document, told in OF_DOCUMENTS:
            response = await app.post(house.owner, document)
            assert response.json()["errors"][0]["message"] == told
            assert not any(given in response.text for given in ("hunter2", "1234567"))
    assert "hunter2" not in "".join(capsys.readouterr())
