"""What the graph reads of upgrades."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.catalog.terms import UpgradeMethod
from domain.kernel.db import rows
from domain.kernel.quotes import DerivationStep


@dataclass(frozen=True, slots=True)
class UpgradeView:
    """A package that was closed for another one, and what that came to."""

    id: str
    package_id: str
    into_package_id: str
    branch_id: str
    operation_id: str
    into_operation_id: str
    method: UpgradeMethod
    currency: str
    used: int
    unused_value_minor: int
    difference_minor: int
    outstanding_carried_minor: int
    due_minor: int
    credit_minor: int
    sessions_after: int
    steps: tuple[DerivationStep, ...]
    upgraded_at: datetime


_COLUMNS = ", ".join(f"u.{name}" for name in UpgradeView.__slots__)


async def out_of(package_ids: Sequence[str]) -> dict[str, UpgradeView]:
    """How packages that the actor was already shown were closed for others, by their ids."""
    return await _by("package_id", package_ids)


async def into(package_ids: Sequence[str]) -> dict[str, UpgradeView]:
    """How packages that the actor was already shown were opened for others, by their ids."""
    return await _by("into_package_id", package_ids)


async def _by(side: str, package_ids: Sequence[str]) -> dict[str, UpgradeView]:
    found = await rows(f"SELECT {_COLUMNS} FROM upgrade u WHERE u.{side} = ANY($1)", list(package_ids))
    return {row[side]: _view(row) for row in found}


def _view(row: dict[str, Any]) -> UpgradeView:
    steps = tuple(DerivationStep(**step) for step in row["steps"])
    return UpgradeView(**row | {"method": UpgradeMethod(row["method"]), "steps": steps})
