"""Re-estimate: what a package has recognised is caught up with the share of it that is expected to lapse now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.accounting.breakage_store import Estimated, Run
from domain.kernel.calendar import local_date
from domain.kernel.commands import Recorded, Work
from domain.ledger import accounts
from domain.ledger.draft import Draft
from domain.ledger.post import Posted, Posting
from domain.ledger.rules import EXPECTED_TO_LAPSE, Lot
from domain.packages.rules import is_due


@dataclass(frozen=True, slots=True)
class LotReestimated:
    """The share of a lot that is expected to lapse, and by how much the value changes that is still owed."""

    lot_id: str
    breakage_bp: int
    value_change_minor: int


@dataclass(frozen=True, slots=True)
class PackageReestimated:
    """What a run did to a package."""

    package_id: str
    run_id: str
    lots: tuple[LotReestimated, ...]
    value_change_minor: int


def outdated(package: Estimated, lots: Sequence[Lot], at: datetime) -> list[Lot]:
    """The lots of which something is left that goes by another share; what has lapsed is gone, posted or not."""
    return [
        lot
        for lot in lots
        if lot.left and lot.origin in EXPECTED_TO_LAPSE and lot.breakage_bp != package.breakage_bp
        if not is_due(lot, package.disputed_at, at)
    ]


def reestimate_package(work: Work, package: Estimated, lots: Sequence[Lot], run: Run) -> Posted:
    """Catch these lots of a locked package up, as one operation; many are posted together.

    Posted on the day of the run, but never before the package was sold or came to its home. Nobody asks for this act,
    and it refuses nothing.
    """
    draft = Draft(lots)
    changes = [draft.revalue(lot.id, package.breakage_bp, work.now) for lot in lots]
    version = package.version + 1
    entry = accounts.reestimate(package.home_branch_id, package.id, draft.revalued_minor)
    posted_on = max(run.posted_on, local_date(package.homed_at or package.sold_at, package.time_zone))
    told = tuple(LotReestimated(each.lot_id, each.breakage_bp, each.value_change_minor) for each in changes)
    return Posted(
        work,
        Posting(package.id, version, package.currency, posted_on, draft, (entry,)),
        Recorded(
            PackageReestimated(package.id, run.id, told, draft.revalued_minor),
            branch_id=package.home_branch_id,
            package_id=package.id,
            package_version=version,
            customer_id=package.holder_id,
        ),
    )
