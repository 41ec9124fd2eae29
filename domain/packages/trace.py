"""What the ledgers keep of a package, and the steps that are told from it."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.ledger.accounts import Received
from domain.ledger.rules import Bucket, Origin
from domain.packages.notes import Noted
from domain.packages.trace_books import Books


@dataclass(frozen=True, slots=True)
class Moved:
    """Sessions of a lot that went from one bucket to another, with the value they carried.

    When they come in, `breakage_bp` is what was estimated then to be never used, whether or not the lot went by it.
    Those of a booking know when the visit was to start, by the clock of its branch, and what the operation made of it.
    Those that were handed on say to or from whom, as far as the reader may know.
    """

    lot_id: str
    origin: Origin
    bonus: bool
    item: int
    source: Bucket
    target: Bucket
    sessions: int
    value_minor: int
    service_id: str | None
    service: str | None
    practitioner_id: str | None = None
    booking_id: str | None = None
    booked_for: datetime | None = None
    booking_became: str | None = None
    tax_minor: int = 0
    breakage_minor: int = 0
    breakage_bp: int | None = None
    handed: str | None = None

    @property
    def sold(self) -> bool:
        """Whether these sessions were issued for a share of the price."""
        return self.source is Bucket.ISSUED and self.origin in (Origin.PURCHASE, Origin.BONUS)

    @property
    def topped_up(self) -> bool:
        """Whether these sessions were added for a price of their own."""
        return self.source is Bucket.ISSUED and self.origin is Origin.TOP_UP


@dataclass(frozen=True, slots=True)
class Revalued:
    """The value left of a lot, estimated anew because another share of it is expected never to be used."""

    lot_id: str
    value_change_minor: int
    breakage_bp: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A payment that was taken back."""

    received: Received


@dataclass(frozen=True, slots=True)
class Agreed:
    """A plan by which what is owed is paid in instalments: the day each is due, and how much."""

    instalments: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """One movement, payment or the like as the ledgers keep it, or an act that changed the package without any.

    A lapse that the clock has decided and no sweep has written down has no operation yet.
    """

    operation_id: str | None
    act: str
    recorded_at: datetime
    effective_at: datetime
    branch_id: str | None
    branch: str | None
    what: Moved | Revalued | Received | TakenBack | Agreed | Noted


@dataclass(frozen=True, slots=True)
class Balance:
    """Where the sessions of a package are, and its money."""

    issued: int
    available: int
    held: int
    consumed: int
    expired: int
    refunded: int
    moved: int
    books: Books

    @property
    def value_left_minor(self) -> int:
        """The value still owed as sessions."""
        return self.books.deferred_minor

    @property
    def outstanding_minor(self) -> int:
        """What is still to be paid."""
        return self.books.outstanding_minor


@dataclass(frozen=True, slots=True)
class Step:
    """What one movement, payment or act changed, why, and where the package stood after it."""

    operation_id: str | None
    act: str
    recorded_at: datetime
    effective_at: datetime
    label: str
    formula: str
    sessions_change: int
    change: Books
    after: Balance
    branch_id: str | None
    service_id: str | None
    lot_id: str | None
    practitioner_id: str | None = None
    booking_id: str | None = None

    @property
    def value_change_minor(self) -> int:
        """By how much the value still owed as sessions changed."""
        return self.change.deferred_minor

    @property
    def available_after(self) -> int:
        """Sessions available after it."""
        return self.after.available


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a package came to its balance at an instant; the last step leaves exactly that balance."""

    package_id: str
    currency: str
    at: datetime
    steps: tuple[Step, ...]
    balance: Balance

    @property
    def identity(self) -> str:
        """What became of the price, as a sum that is always true."""
        return self.balance.books.identity(self.currency)
