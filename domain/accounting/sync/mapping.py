"""Pure: what a leg is called in the other system, by the narrowest row that fits it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from domain.accounting.sync.legs import Leg
from domain.ledger.accounts import Account


@dataclass(frozen=True, slots=True)
class Mapped:
    """A role of accounts, at a branch, for a service, under a tax code, or for any; no account takes it back."""

    account: Account
    remote_account: str | None
    branch_id: str | None = None
    service_id: str | None = None
    tax_code: str | None = None
    dimensions: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[Account, str | None, str | None, str | None]:
        """What a later row with the same replaces."""
        return self.account, self.branch_id, self.service_id, self.tax_code


class Chart:
    """All that counts of a version of the mapping."""

    def __init__(self, version: int, rows: Iterable[Mapped]) -> None:
        """The rows oldest first."""
        self.version = version
        newest = {row.key: row for row in rows}
        self.rows = tuple(row for row in newest.values() if row.remote_account is not None)
        self._by_key = {row.key: row for row in self.rows}

    def called(self, leg: Leg) -> Mapped | None:
        """The row with the most that fits; of as many, a branch counts more than a service, and that than a tax."""
        for branch, service, tax in _NARROWEST_FIRST:
            key = (
                leg.account,
                leg.branch_id if branch else None,
                leg.service_id if service else None,
                leg.tax_code if tax else None,
            )
            if (found := self._by_key.get(key)) is not None:
                return found
        return None


_NARROWEST_FIRST = (
    (True, True, True),
    (True, True, False),
    (True, False, True),
    (False, True, True),
    (True, False, False),
    (False, True, False),
    (False, False, True),
    (False, False, False),
)
