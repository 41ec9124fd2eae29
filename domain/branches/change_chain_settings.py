"""Changes the settings of a chain."""

from dataclasses import asdict, dataclass

from domain.branches import store
from domain.branches.errors import WrongCurrency
from domain.branches.settings import NUMBERS, LapseTax, OpenBookings, Settings, Shortfall
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record


@dataclass(frozen=True, slots=True)
class ChangeChainSettings:
    """The settings that get another value; what is None stays.

    `largest_payment_minor` is in the currency named; `unlimited_payments` takes that limit away.
    """

    shortfall: Shortfall | None = None
    open_bookings: OpenBookings | None = None
    reinstatement_days: int | None = None
    desk_extension_days: int | None = None
    backdate_days: int | None = None
    reversal_hours: int | None = None
    lapse_tax: LapseTax | None = None
    duplicate_sale_minutes: int | None = None
    largest_payment_minor: int | None = None
    currency: str | None = None
    unlimited_payments: bool = False


@dataclass(frozen=True, slots=True)
class ChainSettingsChanged:
    """The settings as they are from now on."""

    settings: Settings


@act
async def change_chain_settings(work: Work, command: ChangeChainSettings) -> ChainSettingsChanged:
    """The chain goes by these settings from now on; what was done before stays.

    Refuses values out of bounds, and a limit in another currency than the chain's.
    """
    work.authorise(None)
    _refuse_bad_values(command)
    currency = (await store.chain(work.chain_id)).currency
    if command.largest_payment_minor is not None and command.currency != currency:
        raise WrongCurrency(command.currency or "", currency, "largestPayment", "currency")
    cleared = ("largest_payment_minor",) if command.unlimited_payments else ()
    outcome = ChainSettingsChanged(await store.change_settings(work.chain_id, asdict(command), cleared))
    await record(work, Recorded(outcome))
    return outcome


def _refuse_bad_values(command: ChangeChainSettings) -> None:
    checks = Checks()
    given = {name: value for name, value in asdict(command).items() if value is not None and value is not False}
    checks.that(bool(given), "Give at least one setting.")
    for name, (path, most) in NUMBERS.items():
        if name in given:
            checks.between(given[name], 0, most, path)
    if command.largest_payment_minor is not None:
        checks.amount(command.largest_payment_minor, "largestPayment", "amount")
        checks.that(not command.unlimited_payments, "Either set a limit or take it away.", "unlimitedPayments")
    checks.passed()
