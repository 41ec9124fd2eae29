"""Loaders of packages, of their histories, plans and explanations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from domain.kernel.access import Actor
from domain.ledger import journal
from domain.ledger.journal import OperationView
from domain.packages import instalments_store, reading
from domain.packages.explanation import explain_many
from domain.packages.rules import Instalment
from domain.packages.trace import Explanation
from domain.packages.view import PackageView
from schema.context import Loader


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a package's history: so many from one end, between two versions of the package."""

    size: int
    newest: bool
    after: int | None = None
    before: int | None = None


async def _packages(actor: Actor, ids: list[str]) -> Mapping[str, PackageView]:
    return await reading.by_ids(actor, ids)


async def _histories(_actor: Actor, keys: list[tuple[Window, str]]) -> Mapping[tuple[Window, str], list[OperationView]]:
    """Histories of packages that the actor was already shown; one statement for each window asked for."""
    found: dict[tuple[Window, str], list[OperationView]] = {}
    by_window = sorted(keys, key=lambda key: repr(key[0]))
    for window, group in groupby(by_window, key=lambda key: key[0]):
        ids = [package_id for _, package_id in group]
        histories = await journal.history(ids, window.size, window.newest, window.after, window.before)
        found |= {(window, package_id): operations for package_id, operations in histories.items()}
    return found


async def _held(actor: Actor, keys: list[tuple[int, str]]) -> Mapping[tuple[int, str], list[PackageView]]:
    """Packages by holder; one statement for each length asked for."""
    found: dict[tuple[int, str], list[PackageView]] = {}
    for size in {size for size, _ in keys}:
        held = await reading.held_by(actor, [holder_id for asked, holder_id in keys if asked == size], size)
        found |= {(size, holder_id): packages for holder_id, packages in held.items()}
    return found


async def _explanations(
    actor: Actor, keys: list[tuple[datetime | None, str]]
) -> Mapping[tuple[datetime | None, str], Explanation]:
    """Explanations of packages; three statements for each instant asked for."""
    found: dict[tuple[datetime | None, str], Explanation] = {}
    for at in {at for at, _ in keys}:
        explained = await explain_many(actor, [package_id for asked, package_id in keys if asked == at], at)
        found |= {(at, package_id): explanation for package_id, explanation in explained.items()}
    return found


async def _plans(_actor: Actor, ids: list[str]) -> Mapping[str, list[Instalment]]:
    """The plans of packages that the actor was already shown."""
    return await instalments_store.plans_of(ids)


PACKAGE = Loader(_packages)
HELD = Loader(_held)
HISTORY = Loader(_histories)
PLAN = Loader(_plans)
EXPLANATION = Loader(_explanations)
TERMS = Loader(reading.terms_by_ids)
