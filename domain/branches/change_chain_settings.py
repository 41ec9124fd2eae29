"""Changes the settings of a chain."""

from dataclasses import asdict, dataclass

from domain.branches import store
from domain.branches.settings import NUMBERS, OpenBookings, Settings, Shortfall
from domain.kernel.checks import Checks
from domain.kernel.commands import Recorded, Work, act, record


@dataclass(frozen=True, slots=True)
class ChangeChainSettings:
    """The settings that get another value; what is None stays."""

    shortfall: Shortfall | None = None
    open_bookings: OpenBookings | None = None
    reinstatement_days: int | None = None
    desk_extension_days: int | None = None
    backdate_days: int | None = None
    reversal_hours: int | None = None


@dataclass(frozen=True, slots=True)
class ChainSettingsChanged:
    """The settings as they are from now on."""

    settings: Settings


@act
async def change_chain_settings(work: Work, command: ChangeChainSettings) -> ChainSettingsChanged:
    """The chain goes by these settings from now on; what was done before stays. Refuses InvalidInput."""
    work.authorise(None)
    _refuse_bad_values(command)
    outcome = ChainSettingsChanged(await store.change_settings(work.chain_id, asdict(command)))
    await record(work, Recorded(outcome))
    return outcome


def _refuse_bad_values(command: ChangeChainSettings) -> None:
    checks = Checks()
    given = {name: value for name, value in asdict(command).items() if value is not None}
    checks.that(bool(given), "Give at least one setting.")
    for name, (path, most) in NUMBERS.items():
        if name in given:
            checks.between(given[name], 0, most, path)
    checks.passed()
