"""A branch opens under its own code, by its own clock, in the currency of its chain."""

import pytest

from domain.branches import store
from domain.branches.errors import BranchCodeTaken, WrongCurrency
from domain.branches.open_branch import BranchOpened, OpenBranch
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import FieldProblem, Forbidden, InvalidInput, NotFound
from tests.fixtures.chain import harbour
from tests.fixtures.unchanged import unchanged

pytestmark = pytest.mark.anyio

PORTO = OpenBranch("OPO", " Porto ", "Europe/Lisbon")


async def test_a_branch_opens_with_the_currency_and_the_name_of_its_chain(db: str) -> None:
    house = await harbour(db)
    done = await run_command(house.owner, PORTO)
    branch = await store.branch(house.owner, done.outcome.branch_id)
    assert (branch.code, branch.name, branch.time_zone) == ("OPO", "Porto", "Europe/Lisbon")
    assert (branch.currency, branch.legal_entity, branch.closed_at) == ("EUR", "Harbour Wellness", None)
    operations = await rows(
        "SELECT act, principal_id, branch_id, outcome FROM operation WHERE id = $1", done.operation_id
    )
    assert operations == [
        {
            "act": "open_branch",
            "principal_id": house.owner.id,
            "branch_id": branch.id,
            "outcome": {"branch_id": branch.id},
        }
    ]
