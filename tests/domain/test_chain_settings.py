"""A chain decides for itself what the rules leave open: its owner changes one setting or several, within bounds."""

from dataclasses import fields, replace

import pytest

from domain.branches import store
from domain.branches.change_chain_settings import ChangeChainSettings
from domain.branches.errors import WrongCurrency
from domain.branches.settings import BreakageMethod, LapseTax, OpenBookings, Settings, Shortfall
from domain.kernel.commands import run_command
from domain.kernel.db import rows
from domain.kernel.errors import Forbidden, InvalidInput
from tests.fixtures.chain import customer_actor, harbour
from tests.fixtures.desk import MONDAY, on, refused

pytestmark = pytest.mark.anyio

AT_LAPSE = BreakageMethod.AT_LAPSE
AS_FOUNDED = Settings(Shortfall.REFUSE, OpenBookings.FLAG, 90, 14, 7, 48, LapseTax.NONE, AT_LAPSE, 10, None)


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
        ChangeChainSettings(
            Shortfall.CHARGE, OpenBookings.COMPLETE, 3660, 3660, 365, 8784, LapseTax.DUE, 1440, 1, "EUR"
        ),
        ChangeChainSettings(Shortfall.REFUSE, OpenBookings.FLAG, 0, 0, 0, 0, LapseTax.NONE, 0, 99_999_999, "EUR"),
    ):
        with on(MONDAY):
            done = await run_command(house.owner, command)
        assert done.outcome.settings == Settings(
            **{each.name: getattr(command, each.name, AT_LAPSE) for each in fields(Settings)}  # type: ignore[arg-type]
        )


@pytest.mark.parametrize(
    ("field", "path", "most"),
    [
        ("reinstatement_days", "reinstatementDays", 3660),
        ("desk_extension_days", "deskExtensionDays", 3660),
        ("backdate_days", "backdateDays", 365),
        ("reversal_hours", "reversalHours", 8784),
        ("duplicate_sale_minutes", "duplicateSaleMinutes", 1440),
    ],
)
async def test_a_number_out_of_its_bounds(db: str, field: str, path: str, most: int) -> None:
    house = await harbour(db)
    for value in (-1, most + 1):
        refusal = await refused(InvalidInput, house.owner, ChangeChainSettings(**{field: value}))  # type: ignore[arg-type]
        assert (refusal.path, refusal.message) == ((path,), f"{path} lies between 0 and {most}.")


async def test_the_largest_payment_is_set_kept_and_taken_away(db: str) -> None:
    house = await harbour(db)
    for command, expected in (
        (ChangeChainSettings(largest_payment_minor=50000, currency="EUR"), 50000),
        (ChangeChainSettings(backdate_days=3), 50000),
        (ChangeChainSettings(unlimited_payments=True), None),
    ):
        done = await run_command(house.owner, command)
        assert done.outcome.settings.largest_payment_minor == expected


async def test_a_limit_that_is_none(db: str) -> None:
    house = await harbour(db)
    nothing = ChangeChainSettings(largest_payment_minor=0, currency="EUR")
    assert (await refused(InvalidInput, house.owner, nothing)).path == ("largestPayment", "amount")
    both = ChangeChainSettings(largest_payment_minor=1, currency="EUR", unlimited_payments=True)
    assert (await refused(InvalidInput, house.owner, both)).path == ("unlimitedPayments",)
    pounds = ChangeChainSettings(largest_payment_minor=1, currency="GBP")
    refusal = await refused(WrongCurrency, house.owner, pounds)
    assert (refusal.path, refusal.expected) == (("largestPayment", "currency"), "EUR")


async def test_nothing_given_is_nothing_to_change(db: str) -> None:
    house = await harbour(db)
    assert (await refused(InvalidInput, house.owner, ChangeChainSettings())).path == ()
    await run_command(house.owner, ChangeChainSettings(duplicate_sale_minutes=0))


async def test_only_an_owner_changes_settings(db: str) -> None:
    house = await harbour(db)
    ana = await customer_actor(house, house.ana)
    for actor in (house.manager_lis, house.desk_lis, house.accountant, house.integrator, ana):
        await refused(Forbidden, actor, ChangeChainSettings(backdate_days=1))
