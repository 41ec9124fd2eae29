"""Every statement about payments and what was charged that the acts on them need."""

from dataclasses import dataclass
from datetime import date, datetime

from domain.kernel.db import rows
from domain.kernel.errors import NotFound
from domain.ledger.accounts import PaymentMethod
from domain.ledger.persons import person, persons
from domain.payments.owed import Owing


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment that was recorded, and the operation that reversed it where there is one."""

    id: str
    operation_id: str
    package_id: str | None
    customer_id: str
    branch_id: str
    time_zone: str
    method: PaymentMethod
    amount_minor: int
    kept_minor: int
    currency: str
    recorded_at: datetime
    reversal_id: str | None
    reversed_at: datetime | None

    @property
    def settled_minor(self) -> int:
        """How much less was owed after it."""
        return self.amount_minor - self.kept_minor


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit without a package that was charged, and the reversal that took the charge back where there is one."""

    id: str
    customer_id: str
    branch_id: str
    time_zone: str
    recorded_at: datetime
    reversal_id: str | None
    reversed_at: datetime | None
    currency: str


async def payment(chain_id: str, payment_id: str) -> Paid:
    """A payment of the chain, or the refusal that there is none."""
    found = await rows(
        f"""SELECT y.id, y.operation_id, y.package_id, {person("y.customer_id")} AS customer_id, y.branch_id,
        b.time_zone, y.method, y.amount_minor, y.kept_minor, y.currency, o.recorded_at,
        r.operation_id AS reversal_id, r.reversed_at
        FROM payment y JOIN operation o ON o.id = y.operation_id JOIN branch b ON b.id = y.branch_id
        LEFT JOIN payment_reversal r ON r.payment_id = y.id WHERE y.chain_id = $1 AND y.id = $2""",
        chain_id,
        payment_id,
    )
    if not found:
        raise NotFound("payment", payment_id, "paymentId")
    return Paid(**found[0] | {"method": PaymentMethod(found[0]["method"])})


async def in_books_since(package_id: str) -> datetime:
    """When the package was sold, or brought in with what was owed for it by then."""
    (found,) = await rows("SELECT recorded_at FROM operation WHERE package_id = $1 AND package_version = 1", package_id)
    recorded_at: datetime = found["recorded_at"]
    return recorded_at


async def last_received(package_id: str) -> datetime | None:
    """When the latest money for the package came in."""
    found = await rows(
        """SELECT y.received_at FROM payment y WHERE y.package_id = $1
        AND NOT EXISTS (SELECT 1 FROM payment_reversal r WHERE r.payment_id = y.id)
        ORDER BY y.received_at DESC LIMIT 1""",
        package_id,
    )
    return found[0]["received_at"] if found else None


async def uses_last_first(package_id: str) -> list[tuple[str, int]]:
    """What used sessions of the package and was not reversed, the last first, with the value of each."""
    found = await rows(
        """SELECT m.operation_id, SUM(m.value_minor) AS value FROM movement m JOIN operation o ON o.id = m.operation_id
        WHERE m.package_id = $1 AND m.target = 'CONSUMED' AND o.act <> 'import_package'
        AND NOT EXISTS (SELECT 1 FROM operation r WHERE r.reverses = m.operation_id)
        GROUP BY m.operation_id ORDER BY MAX(m.id) DESC""",
        package_id,
    )
    return [(row["operation_id"], int(row["value"])) for row in found]


async def has_account(chain_id: str, customer_id: str) -> bool:
    """Whether this is a customer of the chain, who was not merged into another."""
    found = await rows(
        "SELECT id FROM customer WHERE chain_id = $1 AND id = $2 AND merged_into_id IS NULL", chain_id, customer_id
    )
    return bool(found)


async def lock_account(customer_id: str) -> datetime:
    """Let what is paid from or into a customer's account pass one by one; answers since when they are a customer.

    Who was merged into somebody meanwhile has no account any more.
    """
    found = await rows(
        "SELECT registered_at FROM customer WHERE id = $1 AND merged_into_id IS NULL FOR NO KEY UPDATE", customer_id
    )
    if not found:
        raise NotFound("customer", customer_id, "customerId")
    registered_at: datetime = found[0]["registered_at"]
    return registered_at


async def charges_owing(customer_id: str) -> list[Owing]:
    """The customer's charges that were not taken back, in the order of their visits."""
    found = await rows(
        f"""SELECT c.branch_id, c.amount_minor FROM charge c WHERE c.customer_id IN {persons("$1")}
        AND c.amount_minor > 0 AND NOT EXISTS (SELECT 1 FROM operation r WHERE r.reverses = c.operation_id)
        ORDER BY c.charged_at, c.id""",
        [customer_id],
    )
    return [Owing(row["branch_id"], row["amount_minor"]) for row in found]


async def visit(chain_id: str, operation_id: str) -> Visit:
    """A visit without a package that was charged, or the refusal that there is none."""
    found = await rows(
        f"""SELECT o.id, {person("c.customer_id")} AS customer_id, c.branch_id, b.time_zone, o.recorded_at,
        r.id AS reversal_id, r.recorded_at AS reversed_at, c.currency
        FROM operation o JOIN charge c ON c.operation_id = o.id AND c.sessions > 0 JOIN branch b ON b.id = c.branch_id
        LEFT JOIN operation r ON r.reverses = o.id
        WHERE o.chain_id = $1 AND o.id = $2 AND o.package_id IS NULL ORDER BY c.id LIMIT 1""",
        chain_id,
        operation_id,
    )
    if not found:
        raise NotFound("charge", operation_id, "operationId")
    return Visit(**found[0])


async def lock_branch(branch_id: str) -> None:
    """Let the payouts to a branch pass one by one."""
    await rows("SELECT id FROM branch WHERE id = $1 FOR NO KEY UPDATE", branch_id)


async def collected(branch_id: str, until: date) -> int:
    """What the provider has collected for the branch and not paid out, now and at the end of a day: what is less."""
    (found,) = await rows(
        """SELECT COALESCE(SUM(l.debit_minor - l.credit_minor), 0) AS now,
        COALESCE(SUM(CASE WHEN e.posted_on <= $2 THEN l.debit_minor - l.credit_minor ELSE 0 END), 0) AS then_
        FROM journal_line l JOIN journal_entry e ON e.id = l.entry_id
        WHERE l.branch_id = $1 AND l.account = 'PROVIDER_CLEARING'""",
        branch_id,
        until,
    )
    return min(int(found["now"]), int(found["then_"]))
