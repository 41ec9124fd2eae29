"""A chain decides for itself what the rules leave open: its owner changes one setting or several, within bounds."""

from dataclasses import replace

import pytest

from domain.branches import store
from domain.branches.change_chain_settings import ChangeChainSettings
from domain.branches.settings import OpenBookings, Settings, Shortfall
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, refused

pytestmark = pytest.mark.anyio

AS_FOUNDED = Settings(Shortfall.REFUSE, OpenBookings.FLAG, 90, 14, 7, 48)


async def test_only_what_is_given_changes(db: str) -> None:
    house = await harbour(db)
    assert (await store.chain(house.chain_id)).settings == AS_FOUNDED

    done = await run_command(house.owner, ChangeChainSettings(Shortfall.CHARGE, backdate_days=0))

    changed = replace(AS_FOUNDED, shortfall=Shortfall.CHARGE, backdate_days=0)
    assert done.outcome.settings == changed == (await store.chain(house.chain_id)).settings
    (written,) = await rows("SELECT act, principal_id, outcome FROM operation WHERE id = $1", done.operation_id)
    assert (written["act"], written["principal_id"]) == ("change_chain_settings", house.owner.id)
    assert written["outcome"]["settings"]["shortfall"] == "CHARGE"
    assert (await store.chain(house.other_owner.chain_id)).settings == AS_FOUNDED


async def test_every_setting_can_be_changed_at_once_and_again(db: str) -> None:
    house = await harbour(db)
    for command in (
        ChangeChainSettings(Shortfall.CHARGE, OpenBookings.COMPLETE, 3660, 3660, 365, 8784),
        ChangeChainSettings(Shortfall.REFUSE, OpenBookings.FLAG, 0, 0, 0, 0),
    ):
        with on(MONDAY):
            done = await run_command(house.owner, command)
        assert done.outcome.settings == Settings(
            **{name: getattr(command, name) for name in ChangeChainSettings.__slots__}
        )


@pytest.mark.parametrize(
    ("field", "path", "most"),
    [
        ("reinstatement_days", "reinstatementDays", 3660),
        ("desk_extension_days", "deskExtensionDays", 3660),
        ("backdate_days", "backdateDays", 365),
        ("reversal_hours", "reversalHours", 8784),
    ],
)
async def test_a_number_out_of_its_bounds(db: str, field: str, path: str, most: int) -> None:
    house = await harbour(db)
    for value in (-1, most + 1):
        refusal = await refused(InvalidInput, house.owner, ChangeChainSettings(**{field: value}))  # type: ignore[arg-type]
        assert (refusal.path, refusal.message) == ((path,), f"{path} lies between 0 and {most}.")


async def test_nothing_given_is_nothing_to_change(db: str) -> None:
    house = await harbour(db)
    assert (await refused(InvalidInput, house.owner, ChangeChainSettings())).path == ()


async def test_only_an_owner_changes_settings(db: str) -> None:
    house = await harbour(db)
    ana = await customer_actor(house, house.ana)
    for actor in (house.manager_lis, house.desk_lis, house.accountant, house.integrator, ana):
        await refused(Forbidden, actor, ChangeChainSettings(backdate_days=1))
